"""How text is cut into index terms."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.search.words.analysis import BREAK, fold, lexemes, name_terms, stem, terms, terms_of


def wholes(text: str) -> list[str | None]:
    return [lexeme.whole for lexeme in lexemes(text) if lexeme.terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TNF-α", ["tnfalpha"]),
        ("TNFα", ["tnfalpha"]),
        ("TNF-ALPHA", ["tnfalpha"]),
        ("5-HT3", ["5ht3"]),
        ("5‑HT₃", ["5ht3"]),
        ("0.5 mg/kg", ["0.5mg/kg"]),
        ("0,5 mg / kg", ["0.5mg/kg"]),
        ("50-mg", ["50mg"]),
        ("50-100 mg", [None, "100mg"]),
        ("1,000 IU", ["1000iu"]),
        ("20 µg", ["20mcg"]),
        ("24-hour", ["24hour"]),
        ("52.4%", ["52.4%"]),
        ("IL-6 and COX2", ["il6", "cox2"]),
        ("sumatriptan", [None]),
    ],
)
def test_names_and_doses_stay_whole(text: str, expected: list[str | None]) -> None:
    assert wholes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the dose of sumatriptan?", ("dose", "sumatriptan")),
        ("running ran stopped", ("run", "ran", "stop")),
        ("Crohn's O’Brien", ("crohn", "obrien")),
        ("WHO who", ("who",)),
        ("migraine without aura", ("migrain", "without", "aura")),
        ("Me\u0301nie\u0300re Ménière", ("menier", "menier")),
        ("", ()),
        ("?!…", ()),
    ],
)
def test_words_are_folded_stemmed_and_stopped(text: str, expected: tuple[str, ...]) -> None:
    assert terms_of(text) == expected


def test_the_stemmer_is_the_one_that_undoubles_consonants() -> None:
    assert (stem("running"), stem("run")) == ("run", "run")


def test_names_of_people_are_neither_stemmed_nor_stopped() -> None:
    assert name_terms("May A; So-Jones MØ; O'Brien") == ("may", "a", "so", "jones", "mø", "obrien")


def test_a_whole_shares_the_place_of_its_first_part() -> None:
    assert terms("low 5-HT3 level") == [("low", 0), ("5", 1), ("ht", 2), ("3", 3), ("5ht3", 1), ("level", 4)]


def test_a_break_keeps_fields_apart() -> None:
    (_, first), (_, second) = terms(f"aspirin{BREAK}warfarin")
    assert second - first > 10


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_cut_into_pieces_that_lie_in_it_in_order(text: str) -> None:
    end = 0
    for lexeme in lexemes(text):
        assert end <= lexeme.start < lexeme.end <= len(text)
        assert all(term and len(term) <= 60 for term in lexeme.terms)
        end = lexeme.end


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_case_never_matters_but_for_stop_words_in_capitals(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("unit", ["a-", "1-", "1.", "1,", "mg/", "1 mg/", "α", "'s", "é́", "-"])
def test_the_time_grows_no_faster_than_the_text(unit: str) -> None:
    started = time.perf_counter()
    assert sum(1 for _ in lexemes(unit * 50_000)) >= 0
    assert time.perf_counter() - started < 5
