"""Synonyms that the library's own MeSH headings teach: what is learned, and what must not be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from inquiry_service.search.port import IndexDocument
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.mesh_entries import MOST_KEPT, expressions, forget_rarest
from inquiry_service.search.words.mesh_headings import descriptors, natural_order, topics
from inquiry_service.search.words.mesh_synonyms import EntryWord, entry_words
from inquiry_service.search.words.thesaurus import HEADING, Thesaurus, key_of
from tests.search.corpus import made_up
from tests.search.mesh_library import NAMED, SAYING_SO, mesh_library


def told_by(documents: list[IndexDocument]) -> Facts:
    facts = Facts()
    for document in documents:
        facts.add(document)
    return facts


def learned(documents: list[IndexDocument]) -> list[EntryWord]:
    facts = told_by(documents).thinned(len(documents))
    return entry_words(facts.headings, facts.entries, key_of)


def others(facts: Facts, text: str) -> set[str]:
    meanings = Thesaurus(facts).meanings(key_of(text))
    return {other for meaning in meanings if meaning.origin == HEADING for other in meaning.others}


def titled(titles: dict[str, int], *mesh: str) -> list[IndexDocument]:
    """Records under the headings ``mesh``, so many of each title."""
    return [
        replace(made_up(f"{title}-{number}", title), mesh=mesh)
        for title, count in titles.items()
        for number in range(count)
    ]


def beside(records: list[IndexDocument]) -> list[EntryWord]:
    """What is learned when ``records`` stand in a library about other things."""
    return [word for word in learned([*records, *mesh_library()]) if word.expression not in NAMED]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Diabetes Mellitus, Type 2", "Type 2 Diabetes Mellitus"),
        ("Anemia, Iron-Deficiency", "Iron-Deficiency Anemia"),
        ("Leukemia, Myelogenous, Chronic", "Chronic Myelogenous Leukemia"),
        ("2,3-Diphosphoglycerate", "2,3-Diphosphoglycerate"),
        ("Hypertension", "Hypertension"),
    ],
)
def test_an_inverted_heading_is_known_by_its_natural_order(heading: str, said: str) -> None:
    assert natural_order(heading) == said
    facts = told_by([replace(made_up("a", "Untitled"), mesh=(f"{heading}/*drug therapy",))])
    assert others(facts, said) == ({heading} if said != heading else set())
    assert others(facts, heading) == ({said} if said != heading else set())


def test_qualifiers_stars_and_check_tags_are_taken_off() -> None:
    mesh = ("Humans", "*Migraine Disorders/drug therapy", "Migraine Disorders/*genetics", "Adult", "Sumatriptan")
    assert topics(mesh) == ("Migraine Disorders",)
    assert descriptors(mesh) == ("Migraine Disorders", "Sumatriptan")
    assert topics(("Humans", "Sumatriptan/adverse effects")) == ("Sumatriptan",)
    assert topics(("Humans", "Female", "Double-Blind Method")) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Management of high blood pressure in women", {"high blood pressure", "high blood", "blood pressure"}),
        ("Shingles, a randomised trial", {"shingles"}),
        ("Severe shingles", {"severe shingles", "shingles"}),
        ("Ringing in the ears", {"ringing", "ears", "ringing in the ears"}),
        ("Effects of sumatriptan treatment in patients", set()),
        ("A double-blind placebo-controlled study in 24 adults", set()),
    ],
)
def test_expressions_lie_between_words_that_every_title_has(text: str, found: set[str]) -> None:
    assert set(expressions(text)) == found


def test_every_expression_of_the_library_leads_to_its_heading_and_back() -> None:
    documents = mesh_library()
    assert {word.expression: word.heading for word in learned(documents)} == NAMED
    assert {word.records for word in learned(documents)} == {SAYING_SO}
    facts = told_by(documents).thinned(len(documents))
    assert others(facts, "Marsh coughs") == {"Pneumonitis, Palustrine", "Palustrine Pneumonitis"}
    assert others(facts, "palustrine pneumonitis") == {"Pneumonitis, Palustrine", "marsh cough"}


@pytest.mark.parametrize("seed", range(5))
def test_headings_dealt_out_at_random_teach_nothing(seed: int) -> None:
    assert learned(mesh_library(shuffled=seed)) == []


def test_an_expression_needs_enough_records_and_nearly_all_of_them() -> None:
    assert beside(titled({"Rope skin": 2}, "Funicular Dermatosis")) == []
    rope = titled({"Rope skin": 7}, "Funicular Dermatosis")
    assert beside(rope) == [EntryWord("rope skin", "Funicular Dermatosis", 7)]
    assert beside([*rope, *titled({"Rope skin again": 4}, "Dermatology")]) == []


def test_an_expression_that_goes_with_two_headings_is_not_decided() -> None:
    assert beside(titled({"Rope skin": 8}, "Funicular Dermatosis", "Skin Aging")) == []
    mostly = [*titled({"Rope skin": 7}, "Funicular Dermatosis"), *titled({"Rope  skin": 1}, "Skin Aging")]
    assert [word.heading for word in beside(mostly)] == ["Funicular Dermatosis"]


def test_what_says_the_heading_already_and_headings_themselves_are_no_entry_words() -> None:
    assert beside(titled({"Funicular dermatoses": 8}, "Dermatosis, Funicular")) == []
    named = titled({"Rope skin": 8}, "Funicular Dermatosis")
    assert beside([*named, *titled({"Ropes": 1}, "Rope Skin")]) == []


def test_parts_and_longer_forms_of_an_expression_are_no_entry_words() -> None:
    records = titled({"Dry rope skin": 8}, "Funicular Dermatosis")
    assert [word.expression for word in beside(records)] == ["dry rope skin"]
    records += titled({"Rope skin": 12}, "Funicular Dermatosis")
    assert [word.expression for word in beside(records)] == ["rope skin"]


def test_a_heading_of_a_large_part_of_the_library_stands_for_nothing() -> None:
    assert beside(titled({"Rope skin": 8, "Else": 40}, "Funicular Dermatosis")) == []


def test_records_without_headings_and_for_medical_staff_say_nothing_for_or_against() -> None:
    rope = titled({"Rope skin": 7}, "Funicular Dermatosis")
    unread = titled({"On rope skin": 9})
    assert [word.records for word in beside([*rope, *unread])] == [7]
    hidden = [replace(record, medical_only=True) for record in rope]
    assert beside(hidden) == []


def test_author_keywords_and_explained_long_forms_count_like_titles() -> None:
    plain = titled({"Untitled": 7}, "Funicular Dermatosis")
    assert beside([replace(record, keywords=("Rope skin",)) for record in plain])[0].expression == "rope skin"
    assert beside([replace(record, abstract="Rope skin (RS) is odd.") for record in plain])[0].expression == "rope skin"


def test_of_too_many_rows_the_most_frequent_stay() -> None:
    rows: Counter[tuple[str, ...]] = Counter({(str(number),): 1 + number // 100 for number in range(1_000)})
    forget_rarest(rows, 1_000)
    assert len(rows) == 1_000
    forget_rarest(rows, 900)
    assert len(rows) == 600
    assert min(rows.values()) == 5


def test_the_facts_of_a_large_change_stay_small() -> None:
    facts = Facts()
    facts.entries.update({(f"expression {number}", "Heading"): 1 + number % 3 for number in range(2 * MOST_KEPT)})
    assert 0 < len(facts.bounded().entries) <= MOST_KEPT
