"""Cutting Markdown into sentences: abbreviations, decimals, citations behind the full stop, lists and tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.domain.draft import Block
from inquiry_service.domain.sentences import Sentence, plain_words, sentences_of, split
from inquiry_service.domain.vocabulary import BlockKind


def _sentences(text: str) -> tuple[Sentence, ...]:
    return sentences_of(Block(BlockKind.DATA, "Data", text, questions=(1, 2)))


@pytest.mark.parametrize(("text", "count"), [
    ("Relief was reported by 52.4% of women. It lasted.", 2),
    ("Sumatriptan vs. placebo was tested by Newman et al. in 20 women.", 1),
    ("Doses of e.g. 25 mg were given.", 1),
    ("The study (Fig. 2) had no control.", 1),
    ("L. C. Newman wrote it. R. B. Lipton too.", 2),
    ("The result was significant (P <. 001) at 2 h.", 1),
    ("It is given s.c. in adults.", 1),
    ("Is it approved? No! It is not.", 3),
    ("The authors wrote “it may help.” Others did not.", 2),
    ("It works in the ED. Oral doses do not.", 2),
    ("Use vitamin C. The label allows it.", 2),
    ("It was given on 3 Nov. 2026 to one woman.", 1),
    ("Ödema occurred. Übelkeit too.", 2),
    ("", 0),
])
def test_text_is_cut_where_sentences_end(text: str, count: int) -> None:
    assert len(split(text)) == count


def test_a_citation_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    first, second = _sentences("Headache was absent in 52.4%.[@newman1998] The label is silent. [@smith2001]")
    assert first.citations == ("newman1998",)
    assert second.citations == ("smith2001",)
    assert first.words == "Headache was absent in 52.4%."


def test_each_list_item_is_judged_by_itself_and_knows_its_line() -> None:
    found = _sentences("Results:\n\n- First *result* [@a1].\n  It goes on.\n- Second result.\n1. Third.")
    assert [(s.words, s.line, s.item) for s in found] == [
        ("Results:", 1, False), ("First result .", 3, True), ("It goes on.", 4, True), ("Second result.", 5, True),
        ("Third.", 6, True)]
    assert [s.citations for s in found] == [(), ("a1",), (), (), ()]
    assert {s.questions for s in found} == {(1, 2)}


def test_a_table_row_answers_for_its_cells_and_its_continuation_for_the_same_study() -> None:
    found = _sentences(
        "Table: Trials\n\n| Study | Result |\n|---|---|\n| One [@a1] | 5 of 9 |\n| | 2 of 9 |\n| Two | 3 |")
    assert [(s.words, s.citations, s.row) for s in found] == [
        ("One ; 5 of 9", ("a1",), True), ("2 of 9", ("a1",), True), ("Two; 3", (), True)]


def test_a_citation_in_the_header_covers_every_row() -> None:
    found = _sentences("| Study [@a1] | Result |\n|---|---|\n| One | 5 of 9 |")
    assert [s.citations for s in found] == [("a1",)]


def test_headings_are_left_out_and_quotations_are_known() -> None:
    found = _sentences("### Findings\n\n> The label says so.\n\nA sentence.")
    assert [(s.words, s.quoted) for s in found] == [("The label says so.", True), ("A sentence.", False)]


def test_a_bold_lead_in_is_known_when_more_follows() -> None:
    lead, rest = _sentences("**The routes disagree.** One trial failed [@a1].")
    assert (lead.lead, rest.lead) == (True, False)
    assert [s.lead for s in _sentences("**It works.**")] == [False]


@given(st.text(alphabet=st.sampled_from("Aa b.[@]*|>#\n-1“”()"), max_size=120))
def test_no_text_breaks_the_cutting_and_no_word_is_lost(text: str) -> None:
    found = _sentences(text)
    assert all(1 <= sentence.line <= text.count("\n") + 1 for sentence in found)
    assert "".join("".join(part.split()) for part in split(text)) == "".join(text.split())


def test_emphasis_and_citations_are_no_words() -> None:
    assert plain_words("It is **not** _approved_ [@a1; @b2] for 5_HT `use`.") == "It is not approved for 5_HT use."
