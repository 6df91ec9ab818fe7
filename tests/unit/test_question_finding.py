"""The question inside a message: what asks is found, what is courtesy is left out, every place is true."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inquiry_service.domain.message_parts import WORD, Part, sentences
from inquiry_service.domain.question_finding import MOST_TERMS, Finding, compose, find
from inquiry_service.domain.question_terms import Lexicon, TermKind, singular

LEXICON = Lexicon.of(
    products=["Imigran", "sumatriptan", "estradiol/norethisterone"],
    headings=["Migraine Disorders", "Diabetes Mellitus, Type 2", "Hot Flashes", "Pregnancy", "Humans"])
MAIL = """Subject: prevention with Imigran
Dear Sir or Madam,

my name is [NAME] and I am a nurse in [LOCATION]. I love your website.
My patient has had menstrual migraine for eight years and she was told by her doctor that nothing helps.
I would like to know if sumatriptan 25 mg can be taken for the prevention of menstrual migraine.
Is it safe during pregnancy?

Thank you very much for your time.
Kind regards,
A. Nurse
+44 20 7946 0000

On Monday the clinic wrote:
> does naratriptan cause a rash?
"""


def words_of(finding: Finding) -> set[str]:
    return {word.lower() for word in finding.query.split()}


def kinds(text: str, lexicon: Lexicon = LEXICON) -> dict[str, TermKind]:
    return {found.term.text: found.term.kind for found in find(text, lexicon).terms}


def test_the_sentences_that_ask_are_found_and_the_rest_is_left_out() -> None:
    found = find(MAIL, LEXICON)
    assert [question.text for question in found.questions] == [
        "I would like to know if sumatriptan 25 mg can be taken for the prevention of menstrual migraine.",
        "Is it safe during pregnancy?"]
    assert {"sumatriptan", "25", "mg", "prevention", "menstrual", "migraine", "safe", "pregnancy", "imigran"} <= \
        words_of(found)
    assert not words_of(found) & {
        "dear", "sir", "thank", "kind", "regards", "nurse", "name", "website", "doctor", "like", "know", "clinic",
        "naratriptan", "rash", "monday", "7946", "message", "subject"}


def test_every_part_of_a_letter_is_taken_for_what_it_is() -> None:
    parts = {one.text: one.part for one in sentences(MAIL)}
    assert parts["prevention with Imigran"] is Part.SUBJECT
    assert parts["Dear Sir or Madam,"] is Part.COURTESY
    assert parts["Thank you very much for your time."] is Part.COURTESY
    assert parts["Kind regards,"] is Part.SIGNATURE
    assert parts["A. Nurse"] is Part.SIGNATURE
    assert parts["+44 20 7946 0000"] is Part.SIGNATURE
    assert parts["> does naratriptan cause a rash?"] is Part.QUOTED
    assert parts["Is it safe during pregnancy?"] is Part.ASKS


def test_terms_are_told_apart_by_what_they_speak_of() -> None:
    assert kinds("Can sumatriptan 25 mg be given orally to children with type 2 diabetes mellitus and hot flashes, "
                 "or are there drug interactions with grapefruit juice?") == {
        "sumatriptan": TermKind.PRODUCT, "25 mg": TermKind.DOSE, "orally": TermKind.DOSE,
        "children": TermKind.POPULATION, "type 2 diabetes mellitus": TermKind.CONDITION,
        "hot flashes": TermKind.OTHER, "drug interactions": TermKind.OUTCOME, "grapefruit": TermKind.OTHER,
        "juice": TermKind.OTHER}


def test_a_question_without_any_letter_around_it_loses_nothing() -> None:
    question = "sumatriptan menstrual migraine prevention trial"
    assert words_of(find(question, LEXICON)) == set(question.split())
    asked = find("Does sumatriptan prevent menstrual migraine?", LEXICON)
    assert words_of(asked) == {"sumatriptan", "prevent", "menstrual", "migraine"}


def test_a_question_that_means_what_was_told_before_takes_it_along() -> None:
    found = find("I have been on finasteride since my gastritis began. Can I stop taking it?",
                 Lexicon.of(products=["finasteride"]))
    assert {"finasteride", "gastritis"} <= words_of(found)


def test_what_is_told_beside_a_question_that_names_its_subject_is_offered_and_not_chosen() -> None:
    found = find("My brother has psoriasis. Can sumatriptan cause dizziness?", LEXICON)
    offered = {one.term.text for one in found.terms if not one.chosen}
    assert offered == {"psoriasis"}
    assert "psoriasis" not in words_of(found)


@pytest.mark.parametrize(("text", "wanted"), [
    ("what are the side effects of imigran", {"side", "effects", "imigran"}),
    ("SUBJECT: shingles\nMESSAGE: Should I still get the vaccine?", {"shingles", "vaccine"}),
    ("retinitis pigmentosa. I was diagnosed at twelve and wonder what treatments there are.",
     {"retinitis", "pigmentosa", "treatments"}),
    ("pls suggest treatment for optic nerve atrophy", {"treatment", "optic", "nerve", "atrophy"}),
    ("Please AND thank you OR NOT", {"please", "thank"}),
    ("aids", {"aids"}),
])
def test_messages_as_people_write_them(text: str, wanted: set[str]) -> None:
    assert wanted <= words_of(find(text, LEXICON))


def test_several_questions_are_all_found_in_their_order() -> None:
    found = find("1. Does it interact with warfarin? 2. What is the half-life? Thanks!")
    assert [question.text for question in found.questions][-1] == "What is the half-life?"
    assert {"interact", "warfarin", "half-life"} <= words_of(found)


def test_a_quoted_question_is_read_when_there_is_nothing_else() -> None:
    forwarded = "On 3 May the clinic wrote:\nDoes sumatriptan cause dizziness?"
    assert {"sumatriptan", "dizziness"} <= words_of(find(forwarded, LEXICON))


@pytest.mark.parametrize("text", ["Dear Sir, thank you!", "Hello", "???", "Who are you?"])
def test_a_message_without_a_subject_still_gives_its_own_words_or_none(text: str) -> None:
    assert words_of(find(text)) <= {match[0].lower() for match in WORD.finditer(text)}


def test_nothing_is_found_in_nothing() -> None:
    assert find("") == Finding((), (), ())
    assert find(" \n ").query == ""


def test_headings_that_our_own_lists_know_better_stay_what_they_are() -> None:
    assert kinds("Is it used in pregnancy?")["pregnancy"] is TermKind.POPULATION


@pytest.mark.parametrize(("word", "plain"), [
    ("migraines", "migraine"), ("studies", "study"), ("arthritis", "arthritis"), ("virus", "virus"), ("gas", "gas"),
    ("Wilson's", "wilson"), ("illness", "illness"),
])
def test_plurals_are_compared_without_their_ending(word: str, plain: str) -> None:
    assert singular(word) == plain


@settings(max_examples=150, deadline=None)
@given(st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([
        "Dear Sir,", "Thank you.", "sumatriptan 25 mg", "Is it safe?", "MESSAGE:", "> quoted", "\n", "Kind regards",
        "what about", "[NAME]", "menstrual migraine", "a@b.org", "e.g. this", "NOT", "Diabetes Mellitus, Type 2", "–",
    ]), max_size=25).map(" ".join)))
def test_every_place_points_at_its_words_and_the_search_can_be_read(text: str) -> None:
    found = find(text, LEXICON)
    for sentence in found.sentences:
        assert text[sentence.start:sentence.end] == sentence.text
    for one in found.terms:
        assert text[one.term.start:one.term.end] == one.term.text
    places = [(one.term.start, one.term.end) for one in found.terms]
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    assert sum(one.chosen for one in found.terms) <= MOST_TERMS
    assert bool(found.query) == bool(WORD.search(text))
    assert not {"AND", "OR", "NOT"} & set(found.query.split())
    assert not set('":()*') & set(found.query)
    assert find(text, LEXICON) == found, "the same message gives the same proposal"


def test_composing_says_no_word_twice_and_makes_no_operator() -> None:
    assert compose(["menstrual migraine", "Migraine", "this OR that", "(25 mg)"]) == \
        "menstrual migraine this or that 25 mg"
