"""What counts as a fact that needs a source, and which words are warned about; with what must be left alone."""

from __future__ import annotations

import pytest

from inquiry_service.domain.claims import states_a_fact
from inquiry_service.domain.draft import Block
from inquiry_service.domain.sentences import sentences_of
from inquiry_service.domain.vocabulary import BlockKind
from inquiry_service.domain.wording import ADVICE, NUDGE, PROMOTIONAL, comparative_claim, hits, unqualified_claim


@pytest.mark.parametrize("text", [
    "Headache was absent in 52.4% of cycles.",
    "Three of 23 children withdrew.",
    "The drug was superior to placebo.",
    "Sumatriptan reduced nausea.",
    "One serious adverse event occurred.",
    "An open-label design was used.",
    "Chest symptoms are common and often brief, usually within an hour.",
    "Migraine is more likely before menstruation.",
    "Sumatriptan is effective.",
    "Several trials enrolled adolescents.",
    "In 61% of women the approved dose gave relief.",
    "Off-label use was reported by 12% of women.",
    "In an open label study relief was common.",
])
def test_a_statement_about_studies_or_the_world_needs_a_source(text: str) -> None:
    assert states_a_fact(sentences_of(Block(BlockKind.DATA, "Data", text))[0])


@pytest.mark.parametrize("text", [
    "The label states that the maximum dose is 200 mg in 24 hours.",
    "Sumatriptan tablets are not approved for this use.",
    "Safety and effectiveness have not been established.",
    "No randomized trial was found in the library searched.",
    "Not found: comparisons with other treatments.",
    "The library was searched on 18 November 2026.",
    "This letter reports three studies.",
    "Three trials were found.",
    "The following results were reported:",
    "Does it reduce headache?",
    "Please call 1-800-555-0199.",
    "See section 8.4 and table 2.",
    "The 5-HT1B receptor is a target.",
    "Literature from 1993 to 2003 is covered.",
    "**Placebo responses are high.** The label is silent on this.",
])
def test_label_search_letter_and_bare_numbers_need_none(text: str) -> None:
    assert not states_a_fact(sentences_of(Block(BlockKind.DATA, "Data", text))[0])


@pytest.mark.parametrize("text", [
    "This is the most effective triptan.",
    "The best treatment for migraine.",
    "It is the treatment of choice.",
    "A breakthrough in migraine care.",
    "Outstanding results were seen.",
    "It has proven efficacy.",
    "It is highly effective.",
    "It can be taken without side effects.",
    "A convenient tablet.",
    "Results are guaranteed.",
])
def test_promotional_words_are_found_with_a_reason_and_a_suggestion(text: str) -> None:
    (hit, *_) = hits(PROMOTIONAL, text)
    assert hit.words.lower() in text.lower()
    assert hit.reason
    assert hit.suggestion.endswith(".")


@pytest.mark.parametrize("text", [
    "Breakthrough headaches were rare.",
    "The rating was good to excellent in 84%.",
    "Best supportive care was the comparator.",
    "Best corrected visual acuity was measured.",
    "The effect is best achieved early.",
    "The most common adverse event was nausea.",
    "No adverse events were reported.",
    "No side effects of the placebo were observed.",
    "Gold standard for diagnosis was angiography.",
    "A leading cause of absence from work.",
])
def test_plain_clinical_words_are_left_alone(text: str) -> None:
    assert list(hits(PROMOTIONAL, text)) == []


def test_a_source_may_be_quoted_and_a_result_reported_when_it_is_cited() -> None:
    quoted = "The authors call it “the most effective” dose."
    assert list(hits(PROMOTIONAL, quoted, cited=True)) == []
    assert list(hits(PROMOTIONAL, quoted, cited=False)) != []
    result = "Of 148 patients, all took it without adverse events."
    assert list(hits(PROMOTIONAL, result, cited=True)) == []
    assert list(hits(PROMOTIONAL, "It is the most effective dose.", cited=True)) != []


@pytest.mark.parametrize(("text", "claim"), [
    ("The tablets are safe.", "safe"),
    ("Sumatriptan is effective in women.", "effective"),
    ("In an open-label study it was effective.", "effective"),
    ("It was well tolerated.", "well tolerated"),
    ("The authors concluded that it was effective.", ""),
    ("It was described as well tolerated.", ""),
    ("It was effective in 61% of women.", ""),
    ("It is not known whether it is safe.", ""),
    ("The label says that it is effective.", ""),
    ("The label is effective from 2 March.", ""),
    ("Safety was assessed.", ""),
    ("It was “effective and well tolerated”.", ""),
    ("A cost-effective measure.", ""),
])
def test_safe_and_effective_need_a_figure_a_limit_or_somebody_who_judged(text: str, claim: str) -> None:
    assert unqualified_claim(text) == claim


@pytest.mark.parametrize(("text", "claim"), [
    ("It was superior to ibuprofen.", "superior to"),
    ("It works faster than other triptans.", "faster than"),
    ("It has advantages over ergotamine.", "advantages over"),
    ("It was superior to placebo.", ""),
    ("50 mg was more effective than 25 mg.", ""),
    ("Scores were lower than at baseline.", ""),
])
def test_a_comparison_with_another_treatment_is_told_from_one_with_placebo(text: str, claim: str) -> None:
    assert comparative_claim(text) == claim


@pytest.mark.parametrize("text", [
    "Your patient should receive 50 mg.",
    "We recommend the lower dose.",
    "You should stop the tablets.",
    "Take 50 mg at the onset.",
    "In this case it is appropriate.",
])
def test_advice_on_a_patient_is_found(text: str) -> None:
    assert list(hits(ADVICE, text))


@pytest.mark.parametrize("text", [
    "Patients should be observed, according to the label.",
    "The authors recommend caution.",
    "Women took 50 mg twice daily.",
    "Please do not start, stop or change a medicine because of this letter.",
    "We recommend that you read the enclosed information.",
])
def test_reporting_is_no_advice(text: str) -> None:
    assert list(hits(ADVICE, text)) == []


@pytest.mark.parametrize(("text", "nudges"), [
    ("Ask your doctor for sumatriptan.", True),
    ("Ask your doctor to prescribe it.", True),
    ("Ask your doctor if sumatriptan is right for you.", True),
    ("Please speak to your doctor or pharmacist.", False),
    ("Ask your doctor for advice.", False),
])
def test_nudging_a_patient_is_found(text: str, nudges: bool) -> None:
    assert bool(list(hits(NUDGE, text))) is nudges
