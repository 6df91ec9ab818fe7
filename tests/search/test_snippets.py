"""Titles and passages as safe HTML."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.search.ranking.snippets import PASSAGE_LENGTH, Highlighted, Wanted
from tests.search.contract_base import is_safe

WANTED = Wanted({"migrain": "migraine", "tnfalpha": "TNF-α", "script": "script"}, {"migrain": 1.5, "tnfalpha": 6.0})
PIECES = st.sampled_from(["<script>", "</mark>", "<mark>", "&lt;", '"', "'", " ", "migraine", "TNF-α", ". ", "word "])


@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_only_marks_are_added_and_nothing_is_lost(text: str) -> None:
    highlighted = Highlighted(text, WANTED)
    assert is_safe(highlighted.whole())
    assert is_safe(highlighted.passage())
    assert html.unescape(re.sub(r"</?mark>", "", highlighted.whole())) == html.unescape(html.escape(text))


def test_the_check_for_safety_sees_what_is_not_safe() -> None:
    for markup in ("<script>", "<mark>a", "a</mark>", "<mark onclick=x>a</mark>", "<mark><b></mark>", "a > b"):
        assert not is_safe(markup)
    assert is_safe("a &lt; <mark>b</mark>")


def test_the_passage_with_the_rarest_words_is_chosen() -> None:
    filler = "Nothing of note was seen in this part of the report. " * 8
    text = f"Migraine here. {filler}Blocking TNF-α lessens migraine in some patients. {filler}"
    shown = Highlighted(text, WANTED).passage()
    assert "<mark>TNF-α</mark> lessens <mark>migraine</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_a_late_word_of_an_endless_sentence_is_still_shown() -> None:
    text = "word " * 500 + "migraine" + " word" * 500
    shown = Highlighted(text, WANTED).passage()
    assert "<mark>migraine</mark>" in shown
    assert len(re.sub(r"</?mark>", "", shown)) <= PASSAGE_LENGTH + 4


def test_without_a_match_the_beginning_is_shown() -> None:
    assert Highlighted("Background. Nothing else.", WANTED).passage() == "Background. Nothing else."
    assert Highlighted("", WANTED).passage() == ""
