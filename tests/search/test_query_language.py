"""The search language: what it reads, what it refuses and where it points."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inquiry_service.errors import InvalidInput
from inquiry_service.search.language.caps import MOST_TERMS
from inquiry_service.search.language.parser import DEEPEST, Parsed, parse, parse_plain
from inquiry_service.search.language.tree import And, AnyOf, Not, Or, Phrase, Prefix, Word, YearRange, describe, leaves

PIECES = [
    "migraine", "TNF-α", "the", '"', "“", "”", "(", ")", "AND", "OR", "NOT", "title:", "year:", "author:(", "status:",
    "2004", "2019..2024", "..", "triptan*", "*", "te*", ":", "-", " ", "\t", "0.5 mg/kg", "foo:bar", "\x00", "É́",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "all records"),
        ("   ", "all records"),
        ("migraine", "migraine"),
        ("migraine Migraines MIGRAINE", "migraine"),
        ("triptan nausea", "any of triptan, nausea (best match first)"),
        ("0.5 mg/kg twice", "any of 0.5 mg/kg, twice (best match first)"),
        ('"menstrual migraine" sumatriptan', "sumatriptan AND the phrase “menstrual migraine”"),
        ("“menstrual migraine”", "the phrase “menstrual migraine”"),
        ("a1 b1 AND c1", "any of a1, b1 (best match first) AND c1"),
        ("a1 OR b1 AND c1", "a1 OR (b1 AND c1)"),
        ("a1 NOT b1 c1", "any of a1, c1 (best match first) AND NOT b1"),
        ("NOT b1 AND a1", "NOT b1 AND a1"),
        ("sumatriptan (oral)", "any of sumatriptan, oral (best match first)"),
        ("sumatriptan (oral OR nasal)", "sumatriptan AND (oral OR nasal)"),
        ("title:(a1 OR b1)", "a1 in title OR b1 in title"),
        ("title:triptan*", "words beginning with triptan in title"),
        ("year:2019..2024", "year 2019 to 2024"),
        ("year:2019-2024", "year 2019 to 2024"),
        ("year:2004", "year 2004"),
        ("year:2004..", "year from 2004"),
        ("year:..2004", "year up to 2004"),
        ('type:"clinical trial"', "type is “clinical trial”"),
        ("author:may", "may in author"),
        ("=MI aspirin", "any of MI without synonyms, aspirin (best match first)"),
        ("title:=MI", "MI without synonyms in title"),
        ("wom?n", "words like wom?n"),
        ("does it help women?", "any of help, women (best match first)"),
        ('kind:"data on file"', "kind is “data on file”"),
        ("fulltext:endpoint", "endpoint in fulltext"),
        ("CYP2D6*4", "any of CYP2D6, 4 (best match first)"),
        ("Note: http://x1.example", "any of Note, http, x1, example (best match first)"),
        ("and or not migraine", "migraine"),
    ],
)
def test_a_search_reads_as_it_was_meant(text: str, expected: str) -> None:
    assert describe(parse(text).tree) == expected


def test_the_tree_holds_what_was_typed() -> None:
    tree = parse('triptan* AND (nausea OR "cluster headache") NOT title:review year:..2004').tree
    assert tree == And(
        (
            AnyOf((Prefix("triptan"),)),
            Or((AnyOf((Word("nausea"),)), Phrase("cluster headache"))),
            Not(Word("review", "title")),
            YearRange(None, 2004),
        )
    )
    assert len(list(leaves(tree))) == 5


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("migraine AND", 9, "missing beside “AND”"),
        ("OR migraine", 0, "missing beside “OR”"),
        ("a1 AND OR b1", 7, "missing beside “OR”"),
        ("a1 NOT", 3, "NOT needs something"),
        ("NOT a1", 0, "NOT alone"),
        ("a1 OR NOT b1", 6, "NOT alone"),
        ("a1 NOT (NOT b1)", 3, "NOT alone"),
        ("(a1", 0, "never closed"),
        ("a1)", 2, "closes nothing"),
        ("a1 ()", 3, "empty"),
        ("(" * (DEEPEST + 1) + "a1" + ")" * (DEEPEST + 1), DEEPEST, "nested more than"),
        ('a1 "b1', 3, "never closed"),
        ("a1 *tan", 3, "cannot stand at the beginning"),
        ("a1 te*", 3, "too many words"),
        ("the*", 0, "too many words"),
        ("a1 w?m?n?s", 3, "could be too many words"),
        ("a1 titel:b1", 3, "no field “titel:”"),
        ("year:20", 5, "not a year"),
        ("year:2004..1999", 5, "run backwards"),
        ('title:""', 0, "needs a value"),
        ("the of", 0, "Nothing is left"),
        ("?!", 0, "Nothing is left"),
        ("a1 \ud800", 3, "broken"),
        ("x" * 8001, 8000, "characters long"),
        (" OR ".join(f"w{number:02}" for number in range(MOST_TERMS + 5)), MOST_TERMS * 7, "may have 20 terms"),
        ('"' + "word " * 25 + '"', 0, "may have 20 terms"),
    ],
)
def test_what_is_wrong_is_pointed_at(text: str, position: int, message: str) -> None:
    with pytest.raises(InvalidInput, match="at character") as caught:
        parse(text)
    assert message in caught.value.message
    assert caught.value.data["position"] == position
    assert caught.value.data["hint"] in caught.value.fields["q"]


def test_common_words_are_named_as_left_out() -> None:
    assert parse("What is the dose?").dropped == ("Too common to search: what, is, the.",)
    assert parse_plain("Is it?? Dose and (").dropped == ("Too common to search: is, it, and.",)


def test_a_message_in_capitals_is_read_like_any_other() -> None:
    assert parse_plain("WHAT IS THE DOSE FOR CHILDREN").dropped == ("Too common to search: what, is, the, for.",)
    assert describe(parse("WHO guideline").tree) == "any of WHO, guideline (best match first)"


def test_hundreds_of_plain_words_are_read_up_to_a_limit_and_said() -> None:
    parsed = parse(" ".join(f"w{number}x" for number in range(300)))
    assert isinstance(parsed.tree, AnyOf)
    assert len(parsed.tree.words) == 200
    assert parsed.dropped == ("Only the first 200 different words were read; 100 were not.",)


def _outcome(text: str) -> Parsed | InvalidInput:
    try:
        return parse(text)
    except InvalidInput as error:
        return error


def _read_or_refuse(text: str) -> None:
    outcome = _outcome(text)
    if isinstance(outcome, Parsed):
        assert describe(outcome.tree)
        assert len(list(leaves(outcome.tree))) <= 200 + MOST_TERMS * 2
    else:
        assert 0 <= outcome.data["position"] <= len(text)
        assert outcome.data["hint"]


@settings(max_examples=400)
@given(st.text())
@example("(" * 3000)
@example('"' * 3001)
@example("title:" * 2000)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    _read_or_refuse(text)


@settings(max_examples=800)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["", " "]))
def test_any_mixture_of_operators_is_read_or_refused(pieces: list[str], glue: str) -> None:
    _read_or_refuse(glue.join(pieces))


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_a_verbatim_question_is_refused_only_if_it_says_nothing(pieces: list[str]) -> None:
    text = " ".join([*pieces, "migraine"])
    words = [leaf.text for leaf in leaves(parse_plain(text).tree) if isinstance(leaf, Word)]
    assert "migraine" in words
