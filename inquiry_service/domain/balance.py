"""Is this draft balanced and complete? One pure function per rule, listed in RULES (R52, R56-R59, R69)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from inquiry_service.domain.claims import states_a_fact, states_the_label
from inquiry_service.domain.dossier import CitedRecord, Dossier
from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.findings import Issue, Rule
from inquiry_service.domain.patterns import phrases
from inquiry_service.domain.sentences import Sentence, plain_words, sentences_of
from inquiry_service.domain.vocabulary import BlockKind, RecordStatus, Severity, Stance, StudyDesign
from inquiry_service.domain.wording import PROMOTIONAL, comparative_claim, hits, unqualified_claim

_NOTHING_SAID = re.compile(
    r"^\W*(?:none|no|nil|n/?a|not applicable|not available|see above|tbd|nothing|there (?:is|are) none|"
    r"(?:no|none)\b[^.]{0,60}\b(?:was |were )?(?:found|identified|known|available)|"
    r"no (?:contrary|conflicting|negative|such) (?:evidence|data|studies))\W*$", re.IGNORECASE)
_FEWEST_WORDS = 8
"""Fewer words cannot say which evidence, from where, and what it shows."""
_UNFAVOURABLE = phrases(
    "not (?:sufficient|statistically|significant|superior|better|reach|separate|studied|assessed|known|found|"
    "established|controlled|randomi[sz]ed|excluded?|rule)",
    r"no (?:significant |statistical\w* )?(?:difference|effect|benefit|control|placebo|advantage)",
    r"no (?:\w+ ){0,3}(?:trial|study|studies|data)",
    "did not|does not|do not|cannot|could not|failed|fail(?:s|ure)",
    "however|but|although",
    r"limit(?:s|ed|ations?)|uncertain\w*|unclear|unknown|insufficient|lack(?:s|ed|ing)?|missing",
    r"small(?: \w+)? (?:number|study|trial|sample)",
    "uncontrolled|without (?:a )?(?:control|comparison)",
    r"adverse|serious|worse|withdr[ae]w\w*|recurr\w+|risk|caution",
    r"contradict\w*|conflict\w*|inconsistent|null|negative|unfavou?rable",
)
_REGULATORY = phrases("not approved", "not indicated")
_HEAD_TO_HEAD = frozenset({StudyDesign.RCT, StudyDesign.META_ANALYSIS, StudyDesign.CONTROLLED})
_BROKEN_CITATION = re.compile(r"\[@[^\[\]\n]*\]?")
_WELL_FORMED = re.compile(r"\[@[A-Za-z0-9][\w:.-]*(?:\s*[;,]\s*@[A-Za-z0-9][\w:.-]*)*\]")
_LONGEST_EXCERPT = 160


def _written(dossier: Dossier) -> Iterator[Sentence]:
    for block in dossier.editable:
        yield from sentences_of(block)


def _at(sentence: Sentence, message: str, fix: str, excerpt: str = "") -> Issue:
    quoted = excerpt or sentence.words
    return Issue(message, sentence.where.value, fix, quoted, sentence.line, sentence.questions)


def _cited(dossier: Dossier) -> dict[str, CitedRecord]:
    """The records cited anywhere in the letter, by record id; spelled once even when cited under two keys."""
    records = (dossier.citations.get(key) for block in dossier.blocks for key in citations_in(block.text))
    return {record.record_id: record for record in records if record is not None}


def _short(title: str) -> str:
    return title if len(title) <= 90 else title[:89].rstrip() + "…"


def contrary_evidence_is_stated(dossier: Dossier) -> Iterator[Issue]:
    """The section on conflicting, negative or missing evidence says something, or a signed search does (R52)."""
    if not dossier.for_professionals:
        return
    if dossier.none_found_on is not None:
        yield from _none_found_holds(dossier, dossier.none_found_on)
        return
    words = plain_words(dossier.text_of(BlockKind.CONTRARY_EVIDENCE))
    if not words or _NOTHING_SAID.match(words) or len(words.split()) < _FEWEST_WORDS:
        yield Issue(
            "The section “Conflicting, negative or missing evidence” is empty.",
            BlockKind.CONTRARY_EVIDENCE.value,
            "Write what speaks against, what is uncertain and what was not studied, or sign the statement "
            "that a search found none.", words)


def _none_found_holds(dossier: Dossier, signed: date) -> Iterator[Issue]:
    mend = "Write the section, or sign the statement anew."
    where = BlockKind.CONTRARY_EVIDENCE.value
    if any(record.stance in (Stance.AGAINST, Stance.MIXED) for record in dossier.kept):
        yield Issue("The statement that no contrary evidence was found stands beside evidence kept as against "
                    "or mixed.", where, mend)
    elif any(search.run_on > signed for search in dossier.searches):
        yield Issue(f"The literature was searched again after {signed.isoformat()}, the day of the statement that "
                    "no contrary evidence was found.", where, mend)


def a_search_is_recorded(dossier: Dossier) -> Iterator[Issue]:
    """An answer to a professional rests on a recorded literature search, which the letter describes (R52)."""
    if dossier.for_professionals and not dossier.searches:
        yield Issue("No literature search is recorded for this answer.", "evidence",
                    "Run the search on this inquiry and decide on its hits.")


def contrary_records_are_cited(dossier: Dossier) -> Iterator[Issue]:
    """Evidence kept as against or mixed appears in the letter (R52)."""
    cited = _cited(dossier)
    for record in dossier.kept:
        if record.stance in (Stance.AGAINST, Stance.MIXED) and record.record_id not in cited:
            stance = record.stance.label.lower()
            yield Issue(f"“{_short(record.title)}” was kept as {stance} and is not cited.", "evidence",
                        f"Report it with [@{record.key}], or revise the decision with a reason.",
                        record.title)


def kept_records_are_used(dossier: Dossier) -> Iterator[Issue]:
    """Evidence that was kept is cited somewhere (R52, R56)."""
    cited = _cited(dossier)
    for record in dossier.kept:
        if record.stance not in (Stance.AGAINST, Stance.MIXED) and record.record_id not in cited:
            yield Issue(f"“{_short(record.title)}” was kept and is not cited.", "evidence",
                        f"Cite it with [@{record.key}], or reject it with a reason.", record.title)


def cited_records_were_assessed(dossier: Dossier) -> Iterator[Issue]:
    """Each cited record was kept as evidence for this inquiry, with a stance (R52, R71)."""
    for record in _cited(dossier).values():
        if not record.kept:
            yield Issue(f"“{_short(record.title)}” is cited and was not kept as evidence on this inquiry.",
                        "evidence", "Keep it with its stance, or take the citation out.", record.title)


def factual_sentences_are_cited(dossier: Dossier) -> Iterator[Issue]:
    """Each factual sentence names its source; statements of the label are exempt (R56)."""
    if not dossier.for_professionals:
        return  # the other lanes report the label, and may cite nothing else (R19)
    label_quoted = False
    for sentence in _written(dossier):
        # A quotation that a sentence about the label introduces is the label's own text.
        exempt = sentence.quoted and label_quoted
        if not sentence.citations and not exempt and states_a_fact(sentence):
            yield _at(sentence, "This sentence states a fact and names no source.",
                      "Cite the record that shows it, or say that the label states it.",
                      sentence.words[:_LONGEST_EXCERPT])
        label_quoted = exempt or states_the_label(sentence.words)


def citations_resolve(dossier: Dossier) -> Iterator[Issue]:
    """Each citation leads to a record of the library (R56)."""
    for block in dossier.blocks:
        for number, line in enumerate(block.text.split("\n"), start=1):
            for key in dict.fromkeys(citations_in(line)):
                if key not in dossier.citations:
                    yield Issue(f"No record in the library has the key “{key}”.", block.kind.value,
                                "Correct the key, or import the record.", f"[@{key}]", number,
                                block.questions)
            for mark in _BROKEN_CITATION.findall(line):
                if not _WELL_FORMED.fullmatch(mark):
                    yield Issue(f"“{mark[:60]}” is not a citation.", block.kind.value,
                                "Write [@key] or [@key1; @key2].", mark, number, block.questions)


def no_record_is_cited_under_two_keys(dossier: Dossier) -> Iterator[Issue]:
    """One record has one number in the reference list (R57)."""
    seen: dict[str, str] = {}
    for key in dict.fromkeys(key for block in dossier.blocks for key in citations_in(block.text)):
        record = dossier.citations.get(key)
        if record is None:
            continue
        first = seen.setdefault(record.record_id, key)
        if first != key:
            yield Issue(f"[@{first}] and [@{key}] are the same record.", "references",
                        f"Write [@{first}] in both places.", f"[@{key}]")


def no_retracted_work_is_cited(dossier: Dossier) -> Iterator[Issue]:
    """No retracted work stands in the letter as evidence; its notice may (R69)."""
    for record in _cited(dossier).values():
        if record.status is RecordStatus.RETRACTED and not record.is_notice:
            yield Issue(f"“{_short(record.title)}” has been retracted.", "references",
                        "Take it out, with every statement that rests on it alone.", record.title)


def concerns_are_known(dossier: Dossier) -> Iterator[Issue]:
    """An expression of concern or a correction on a cited work is seen before signing (R69)."""
    for record in _cited(dossier).values():
        if record.is_notice:
            continue
        if record.status is RecordStatus.EXPRESSION_OF_CONCERN:
            yield Issue(f"An expression of concern stands on “{_short(record.title)}”.", "references",
                        "Leave it out, or tell the reader of the concern.", record.title)
        elif record.status is RecordStatus.CORRECTED:
            yield Issue(f"“{_short(record.title)}” has been corrected since it appeared.", "references",
                        "Check that the figures used are the corrected ones.", record.title)


def the_tone_is_scientific(dossier: Dossier) -> Iterator[Issue]:
    """No superlatives, slogans or praise (R59)."""
    for sentence in _written(dossier):
        if sentence.quoted:
            continue
        for hit in hits(PROMOTIONAL, sentence.words, cited=bool(sentence.citations)):
            yield _at(sentence, f"“{hit.words}” {hit.reason}.", hit.suggestion)


def safe_and_effective_are_qualified(dossier: Dossier) -> Iterator[Issue]:
    """“Safe”, “effective”, “well tolerated” carry a figure, a limit, or who judged so (R59)."""
    for sentence in _written(dossier):
        claim = "" if sentence.quoted else unqualified_claim(sentence.words)
        if claim:
            yield _at(sentence, f"“{claim}” stands without a figure or the name of who judged so.",
                      "Give the result, or write “the authors concluded …”.")


def comparisons_have_head_to_head_data(dossier: Dossier) -> Iterator[Issue]:
    """A comparison with another treatment cites a study that compared the two (R59)."""
    for sentence in _written(dossier):
        claim = comparative_claim(sentence.words)
        cited = [dossier.citations[key] for key in sentence.citations if key in dossier.citations]
        if claim and not any(record.design in _HEAD_TO_HEAD for record in cited):
            yield _at(sentence, f"“{claim}” compares, and no controlled comparison is cited for it.",
                      "Cite the head-to-head study, or report each result by itself.")


def the_summary_shows_both_sides(dossier: Dossier) -> Iterator[Issue]:
    """A summary with favourable findings has unfavourable or uncertain ones too (R58)."""
    if not dossier.for_professionals:
        return
    points = [sentence for sentence in _written(dossier)
              if sentence.where is BlockKind.SUMMARY and sentence.citations]
    against = [sentence for sentence in points if _speaks_against(dossier, sentence)]
    if points and not against:
        yield Issue("The summary reports findings in favour and none against or uncertain.",
                    BlockKind.SUMMARY.value,
                    "Add the limits, the negative results or what is not known, in equal weight.",
                    points[0].words[:_LONGEST_EXCERPT], points[0].line, points[0].questions)


def _speaks_against(dossier: Dossier, sentence: Sentence) -> bool:
    records = [dossier.citations[key] for key in sentence.citations if key in dossier.citations]
    contrary = any(record.stance in (Stance.AGAINST, Stance.MIXED) for record in records)
    return contrary or bool(_UNFAVOURABLE.search(_REGULATORY.sub("", sentence.words)))


_B, _W = Severity.BLOCKER, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule("contrary_evidence_missing", contrary_evidence_is_stated, _B, "R52"),
    Rule("search_missing", a_search_is_recorded, _B, "R52"),
    Rule("contrary_record_not_cited", contrary_records_are_cited, _B, "R52"),
    Rule("uncited_fact", factual_sentences_are_cited, _B, "R56"),
    Rule("citation_unknown", citations_resolve, _B, "R56"),
    Rule("retracted_work_cited", no_retracted_work_is_cited, _B, "R69"),
    Rule("concern_on_cited_work", concerns_are_known, _W, "R69"),
    Rule("kept_record_not_cited", kept_records_are_used, _W, "R56"),
    Rule("cited_record_not_kept", cited_records_were_assessed, _W, "R52"),
    Rule("record_cited_twice", no_record_is_cited_under_two_keys, _W, "R57"),
    Rule("summary_one_sided", the_summary_shows_both_sides, _W, "R58"),
    Rule("promotional_wording", the_tone_is_scientific, _W, "R59"),
    Rule("unqualified_claim", safe_and_effective_are_qualified, _W, "R59"),
    Rule("comparison_without_head_to_head", comparisons_have_head_to_head_data, _W, "R59"),
)
"""In the order in which the findings are shown."""
