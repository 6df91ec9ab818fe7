"""Every rule of the gate: it fires on its case, alone; it stays silent on the good one; without it the case passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inquiry_service.domain import gate
from inquiry_service.domain.dossier import Dossier, KeptRecord
from inquiry_service.domain.draft import Block, parse_source
from inquiry_service.domain.findings import blockers
from inquiry_service.domain.vocabulary import (
    BlockKind,
    ContentState,
    LabelState,
    LabelStatus,
    Lane,
    RecordStatus,
    Severity,
    Stance,
)
from inquiry_service.errors import Refused
from tests.unit.rules.dossiers import (
    LABEL,
    LOCKED_TEXTS,
    NEWMAN,
    PATIENT_SOURCE,
    PUBLIC_SOURCE,
    QUESTION,
    SMITH,
    SOURCE,
    TEMPLATE,
    TODAY,
    adding,
    good,
    locked_blocks,
    patient,
    public,
    with_locked,
)

CONTRARY = SOURCE[SOURCE.index("A randomized trial"):]
BOXED = replace(LABEL, boxed_warning="WARNING: heart attacks have occurred.")
INVESTIGATIONAL = replace(QUESTION, label_status=LabelStatus.INVESTIGATIONAL)
UNLOCKED = tuple(replace(block, locked=block.kind is not BlockKind.OPENING) for block in locked_blocks())


def _with_newman(**changes: object) -> Dossier:
    return good(citations={"newman1998": replace(NEWMAN, **changes), "smith2001": SMITH})


CASES: dict[str, Dossier] = {
    "screen_undecided": good(screened=False),
    "question_unclassified": good(questions=(replace(QUESTION, label_status=None),)),
    "requester_does_not_fit": good(requester_verified=False),
    "template_not_effective": good(template=replace(TEMPLATE, state=ContentState.SUSPENDED)),
    "template_expired": good(template=replace(TEMPLATE, expires=TODAY)),
    "template_review_overdue": good(template=replace(TEMPLATE, review_due=TODAY)),
    "template_does_not_fit": good(template=replace(TEMPLATE, lane=Lane.PAYER)),
    "template_on_old_label": good(template=replace(TEMPLATE, label_version="2024-12")),
    "label_not_current": good(label=replace(LABEL, state=LabelState.RETIRED)),
    "part_missing": with_locked(opening=""),
    "off_label_part_missing": with_locked(status="Example tablets are indicated for migraine attacks in adults."
                                                 "\n\nThey are not for prevention."),
    "boxed_warning_missing": good(label=BOXED),
    "locked_part_altered": good(locked_texts={**LOCKED_TEXTS, BlockKind.CLOSING: "As approved."}),
    "investigational_statement_missing": good(questions=(INVESTIGATIONAL,)),
    "patient_lane_exceeded": patient(PATIENT_SOURCE + "\n## Data {q=1}\n\nA study was done.\n"),
    "patient_nudged": patient(PATIENT_SOURCE + "\nAsk your doctor for a prescription.\n"),
    "public_reply_answers": public(PUBLIC_SOURCE + "\nSee https://example.com for the data.\n"),
    "decision_not_returned": with_locked(closing="Please report adverse events to us."),
    "individual_advice": adding("Your patient should receive the tablets, as the label allows."),
    "event_reporting_missing": with_locked(closing="This is not a recommendation."),
    "field_empty": good(missing_fields=("The use asked about",)),
    "character_unprintable": good(unprintable=("\U0001f600",)),
    "question_not_answered": good(questions=(QUESTION, replace(QUESTION, number=2))),
    "part_without_question": good(SOURCE.replace("## Background {q=1}", "## Background")),
    "contrary_evidence_missing": good(SOURCE.replace(CONTRARY, "None.")),
    "search_missing": good(searches=()),
    "contrary_record_not_cited": good(kept=(*good().kept, KeptRecord("r3", "lee2003", "A trial", Stance.MIXED))),
    "uncited_fact": adding("Nausea occurred in 12% of women."),
    "citation_unknown": adding("Nausea occurred in 12% of women [@nobody1900]."),
    "retracted_work_cited": _with_newman(status=RecordStatus.RETRACTED),
    "concern_on_cited_work": _with_newman(status=RecordStatus.EXPRESSION_OF_CONCERN),
    "kept_record_not_cited": good(kept=(*good().kept, KeptRecord("r3", "lee2003", "A trial", Stance.NEUTRAL))),
    "cited_record_not_kept": _with_newman(kept=False),
    "record_cited_twice": replace(
        adding("Severity was reduced in 42% [@pmid9674831]."),
        citations={**good().citations, "pmid9674831": replace(NEWMAN, key="pmid9674831")}),
    "summary_one_sided": good(SOURCE.replace("- The study had no control group, and a trial of another dose failed "
                                             "[@smith2001].\n", "")),
    "promotional_wording": adding("This breakthrough treatment reduced headache in 42% [@newman1998]."),
    "unqualified_claim": adding("The tablets are safe in women with migraine [@newman1998]."),
    "comparison_without_head_to_head": adding("The tablets relieved more pain and were superior to ibuprofen "
                                              "[@newman1998]."),
}
"""Rule id to a dossier that breaks this rule and no other."""


def _rules(dossier: Dossier, rules: tuple[gate.Rule, ...] = gate.RULES) -> set[str]:
    return {finding.rule for finding in gate.check(dossier, rules)}


@pytest.mark.parametrize("dossier", [good(), patient(), public()], ids=["hcp", "patient", "public"])
def test_nothing_is_found_where_everything_is_in_order(dossier: Dossier) -> None:
    assert gate.check(dossier) == ()


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {rule.id for rule in gate.RULES}
    assert len({rule.id for rule in gate.RULES}) == len(gate.RULES)


@pytest.mark.parametrize("rule", gate.RULES, ids=lambda rule: rule.id)
def test_a_rule_fires_on_its_case_and_only_there(rule: gate.Rule) -> None:
    found = gate.check(CASES[rule.id])
    assert {finding.rule for finding in found} == {rule.id}
    for finding in found:
        assert finding.severity is rule.severity
        assert finding.requirement == rule.requirement
        assert finding.message.endswith(".")
        assert finding.fix.endswith(".")
        assert finding.where


@pytest.mark.parametrize("rule", gate.RULES, ids=lambda rule: rule.id)
def test_without_its_rule_the_case_passes(rule: gate.Rule) -> None:
    others = tuple(other for other in gate.RULES if other is not rule)
    assert gate.check(CASES[rule.id], others) == ()


@pytest.mark.parametrize("rule", gate.RULES, ids=lambda rule: rule.id)
def test_a_rule_says_in_one_sentence_what_it_asks(rule: gate.Rule) -> None:
    assert rule.title
    assert rule.requirement.startswith("R")


def test_blockers_come_first_and_become_conditions_of_the_workflow() -> None:
    dossier = replace(CASES["promotional_wording"], screened=False)
    found = gate.check(dossier)
    assert [finding.severity for finding in found] == [Severity.BLOCKER, Severity.WARNING]
    (unmet,) = blockers(found)
    assert (unmet.code, unmet.where, unmet.requirement) == ("screen_undecided", "safety", "R34")


def test_signing_is_refused_with_every_blocker_and_warnings_are_left_to_the_reviewer() -> None:
    with pytest.raises(Refused) as refused:
        gate.refuse_blockers(good(screened=False, searches=()))
    assert {unmet.code for unmet in refused.value.unmet} == {"screen_undecided", "search_missing"}
    (warning,) = gate.refuse_blockers(CASES["promotional_wording"])
    assert warning.excerpt.startswith("This breakthrough treatment")
    assert warning.line == 1


def test_of_an_empty_dossier_nothing_passes_by_default() -> None:
    found = _rules(Dossier(Lane.HCP, "US", TODAY))
    assert {"screen_undecided", "question_unclassified", "label_not_current", "part_missing", "requester_does_not_fit",
            "contrary_evidence_missing", "search_missing"} <= found


def test_an_undecided_question_counts_as_off_label() -> None:
    dossier = good(questions=(replace(QUESTION, label_status=None),), requester_verified=False, searches=())
    assert _rules(dossier) == {"question_unclassified", "requester_does_not_fit", "search_missing"}


def test_a_label_superseded_after_the_draft_blocks_it() -> None:
    assert _rules(good(label=replace(LABEL, state=LabelState.SUPERSEDED))) == {"label_not_current"}
    assert "label_not_current" in _rules(good(label=None))


def test_on_the_day_before_expiry_content_may_still_be_used() -> None:
    assert _rules(good(template=replace(TEMPLATE, expires=TODAY + timedelta(days=1), review_due=TODAY))) == {
        "template_review_overdue"}


def test_the_boxed_warning_counts_only_in_full() -> None:
    safety = f"**Boxed warning.** {BOXED.boxed_warning}\n\nCoronary artery disease."
    assert _rules(replace(with_locked(safety_information=safety), label=BOXED)) == set()
    cut = safety.replace("have occurred", "")
    assert _rules(replace(with_locked(safety_information=cut), label=BOXED)) == {"boxed_warning_missing"}


def test_the_investigational_statement_satisfies_its_rule() -> None:
    status = "Example is investigational. Its safety and efficacy have not been established."
    dossier = with_locked(status=status)
    assert _rules(replace(dossier, questions=(INVESTIGATIONAL,))) == set()


def test_an_unlocked_part_is_found_even_with_the_right_words() -> None:
    dossier = good(blocks=(*UNLOCKED, *parse_source(SOURCE)))
    assert _rules(dossier) == {"locked_part_altered"}


def test_off_label_questions_are_refused_in_the_patient_lane() -> None:
    question = replace(QUESTION, lane=Lane.PATIENT)
    assert "patient_lane_exceeded" in _rules(patient(questions=(question,)))


def test_a_decline_reports_no_data() -> None:
    source = "## Summary {q=1}\n\nYour doctor can ask us.\n\n## Data {q=1}\n\nSee the data.\n"
    blocks = (Block(BlockKind.CLOSING, "Closing", LOCKED_TEXTS[BlockKind.CLOSING], locked=True), *parse_source(source))
    declined = replace(public(), lane=Lane.DECLINE, blocks=blocks, template=None)
    assert _rules(declined) == {"public_reply_answers"}


def test_a_section_of_a_question_that_nobody_asked_is_found() -> None:
    assert _rules(good(SOURCE.replace("## Background {q=1}", "## Background {q=3}"))) == {"part_without_question"}


@pytest.mark.parametrize("left", ["[Placeholder: dose]", "{{ product.name }}", "{% if x %}", "<<name>>"])
def test_what_is_left_to_fill_in_is_found(left: str) -> None:
    assert _rules(adding(f"The label says {left}.")) == {"field_empty"}


@pytest.mark.parametrize("words", [
    "", "None.", "None found.", "N/A", "Not applicable", "No contrary evidence was found.", "No such studies.",
    "There is nothing to say.",
])
def test_empty_words_do_not_count_as_contrary_evidence(words: str) -> None:
    assert "contrary_evidence_missing" in _rules(good(SOURCE.replace(CONTRARY, words)))


def test_a_dated_statement_that_nothing_was_found_replaces_the_section() -> None:
    supporting = {"newman1998": NEWMAN, "smith2001": replace(SMITH, stance=Stance.NEUTRAL)}
    kept = tuple(replace(record, stance=Stance.NEUTRAL) for record in good().kept)
    dossier = good(SOURCE.replace(CONTRARY, ""), none_found_on=TODAY, citations=supporting, kept=kept)
    assert _rules(dossier) == set()
    assert _rules(replace(dossier, none_found_on=date(2026, 11, 1))) == {"contrary_evidence_missing"}


def test_the_statement_does_not_stand_beside_evidence_kept_as_against() -> None:
    assert _rules(good(none_found_on=TODAY)) == {"contrary_evidence_missing"}


def test_a_retracted_article_is_flagged_and_its_notice_is_not() -> None:
    assert _rules(_with_newman(status=RecordStatus.RETRACTED)) == {"retracted_work_cited"}
    assert _rules(_with_newman(status=RecordStatus.RETRACTED, is_notice=True)) == set()


def test_a_corrected_article_is_a_warning() -> None:
    (finding,) = gate.check(_with_newman(status=RecordStatus.CORRECTED))
    assert (finding.rule, finding.severity) == ("concern_on_cited_work", Severity.WARNING)


@pytest.mark.parametrize("mark", ["[@]", "[@ newman1998]", "[@newman1998, smith2001]", "[@newman1998"])
def test_a_broken_citation_is_not_taken_for_a_citation(mark: str) -> None:
    assert "citation_unknown" in _rules(adding(f"Nausea occurred in 12% of women {mark}."))


def test_a_contrary_record_cited_by_another_of_its_keys_counts_as_cited() -> None:
    by_pmid = replace(SMITH, key="pmid111")
    source = SOURCE.replace("smith2001", "pmid111")
    assert _rules(good(source, citations={"newman1998": NEWMAN, "pmid111": by_pmid})) == set()


def test_a_comparison_that_cites_a_controlled_trial_is_accepted() -> None:
    assert _rules(adding("The tablets were superior to ibuprofen in 42% [@smith2001].")) == set()
