"""Which words of a search also stand for others, spelling suggestions, and the second look at a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from inquiry_service.search.language.parser import parse, parse_plain
from inquiry_service.search.language.tree import describe
from inquiry_service.search.ranking.expansion import MOST_EXPANDED, Expanded, expand
from inquiry_service.search.ranking.feedback import agreement, telling_words
from inquiry_service.search.ranking.spelling import Speller, with_suggestions
from inquiry_service.search.ranking.wildcards import terms_like
from inquiry_service.search.words.analysis import terms_of
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.thesaurus import Thesaurus


@dataclass
class Library:
    """A library that holds everything but ``missing``, and tells ``beside`` of meanings."""

    missing: frozenset[str] = frozenset()
    beside: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    def holding(self, terms: Sequence[str]) -> int:
        joined = tuple(terms) in {("heartattack",), ("attackaspirin",), ("mismoker",)}
        return 0 if self.missing & set(terms) or joined else 5

    def together(self, terms: Sequence[str], others: Sequence[str]) -> int:
        return self.beside.get(tuple(terms), 0) if others else 0


def facts() -> Facts:
    known = Facts()
    known.abbreviations.update({("MI", "myocardial infarction"): 9, ("MI", "motivational interviewing"): 5})
    known.drugs.update({("sumatriptan",): 30, ("rizatriptan",): 9})
    known.words.update({("sumatriptan",): 340, ("migraine",): 500, ("incontinence",): 90, ("sumatryptan",): 1})
    return known


def expanded(text: str, library: Library | None = None) -> Expanded:
    return expand(parse(text).tree, Thesaurus(facts()), library or Library())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("triptans", "triptans (also sumatriptan, rizatriptan)"),
        ("title:triptans", "triptans (also sumatriptan, rizatriptan) in title"),
        ("=triptans", "triptans without synonyms"),
        ('"triptans"', "the phrase “triptans”"),
        ("aspirin NOT triptans", "NOT triptans"),
        ("author:triptans", "triptans in author"),
        ("triptan*", "words beginning with triptan"),
    ],
)
def test_synonyms_join_where_they_are_meant_and_nowhere_else(text: str, read: str) -> None:
    assert read in describe(expanded(text, Library(frozenset({"acetylsalicyl"}))).tree)


def test_an_expression_of_several_words_is_taken_as_one() -> None:
    found = expanded("heart attack aspirin")
    assert describe(found.tree).startswith("any of heart attack (also myocardial infarction")
    assert found.expansions[0].word == "heart attack"
    assert found.expansions[0].origin == "everyday words"


def test_what_the_library_does_not_hold_is_no_synonym() -> None:
    missing = Library(frozenset({*terms_of("myocardial"), *terms_of("coronary")}))
    assert "also" not in describe(expanded("heart attack", missing).tree)


def test_others_that_differ_in_case_or_ending_only_are_told_once() -> None:
    known = Facts()
    known.brands.update({("Zoltora", "zoltorine"): 2})
    known.abbreviations.update({("ZOLTORA", "zoltorine"): 1})
    found = expand(parse("zoltorine").tree, Thesaurus(known), Library())
    assert describe(found.tree) == "zoltorine (also Zoltora)"
    assert [expansion.added for expansion in found.expansions] == [("Zoltora",)]


def test_two_words_that_are_also_written_as_one_meet() -> None:
    assert "betablocker" in describe(expanded("beta blocker").tree)


@pytest.mark.parametrize(
    ("text", "beside", "chosen"),
    [
        ("MI infarction size", {}, "myocardial infarction"),
        ("MI for smokers", {("motiv", "interview"): 8, ("myocardi", "infarct"): 1}, "motivational interviewing"),
    ],
)
def test_an_ambiguous_abbreviation_is_decided_by_the_other_words(
    text: str, beside: Mapping[tuple[str, ...], int], chosen: str
) -> None:
    assert f"MI (also {chosen})" in describe(expanded(text, Library(beside=beside)).tree)


def test_an_abbreviation_that_stays_ambiguous_is_asked_about() -> None:
    found = expanded("MI")
    assert describe(found.tree) == "MI"
    assert found.notes == (
        "“MI” can mean myocardial infarction or motivational interviewing; write the one that you mean.",
    )


def test_only_so_many_expressions_are_given_synonyms_and_that_is_said() -> None:
    many = "edema hypotension bradycardia tachycardia syncope tremor vertigo myopia cataract tinnitus jaundice pruritus"
    found = expanded(f"{many} hematuria dysuria alopecia melena amnesia delirium jaundice pruritus")
    assert len({expansion.word for expansion in found.expansions}) == MOST_EXPANDED
    assert found.notes == (f"Synonyms of the first {MOST_EXPANDED} words that have any were used.",)


def held(word: str) -> int:
    return {"sumatriptan": 340, "migraine": 500, "incontinence": 90, "sumatryptan": 1}.get(word.lower(), 0)


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("sumatryptan for migrane", "sumatriptan for migraine"),
        ("title:(incontinense)", "title:(incontinence)"),
        ("migraine sumatriptan", ""),
        ("=sumatryptan", ""),
        ("migraine NOT sumatryptan", ""),
        ("xyzzyq", ""),
    ],
)
def test_doubtful_words_are_given_another_spelling(typed: str, suggested: str) -> None:
    found = Speller(facts).suggestions(parse(typed).tree, held)
    assert with_suggestions(typed, found) == suggested


def test_a_spelling_that_the_person_may_not_see_is_not_offered() -> None:
    assert Speller(facts).suggestions(parse("migrane").tree, lambda word: 0) == ()


def test_the_words_that_records_share_are_told_most_telling_first() -> None:
    texts = [(1.0, "Zoster vaccine and neuralgia"), (0.9, "Neuralgia after zoster"), (0.8, "Zoster, zoster again")]
    telling = telling_words(texts, lambda term: 2.0)
    assert [word.surface for word in telling] == ["zoster", "neuralgia"]
    assert telling[0].weight == 1.0
    assert telling_words([], lambda term: 1.0) == []


def test_one_record_far_above_the_others_makes_the_second_look_count_little() -> None:
    assert agreement([10.0, 9.9, 9.8]) > 0.9
    assert agreement([10.0, 2.0, 1.0]) < 0.05
    assert agreement([10.0, 9.0]) == 0.0


def test_only_a_question_as_written_gets_the_second_look() -> None:
    assert parse_plain("why migraine").tree != parse("why migraine").tree


def test_a_pattern_stands_for_one_letter_or_none() -> None:
    terms = set(terms_like("h?emoglobin"))
    assert {stem for word in ("haemoglobin", "hemoglobin") for stem in terms_of(word)} <= terms
    assert len(terms) <= 27
