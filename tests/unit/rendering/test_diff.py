"""Word diff: what changed, in semantic HTML, with the author's markup inert."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from inquiry_service.rendering.diff import compare


def test_an_inserted_not_is_seen_as_a_word() -> None:
    diff = compare("Sumatriptan is approved to prevent migraine.", "Sumatriptan is not approved to prevent migraine.")
    assert diff.html == "<p>Sumatriptan is <ins>not </ins>approved to prevent migraine.</p>"
    assert (diff.words_added, diff.words_removed, diff.changes) == (1, 0, 1)


def test_a_changed_figure_shows_both_values_whole() -> None:
    diff = compare("absent in 52.4% of cycles", "absent in 25.4% of cycles")
    assert "<del>52.4% </del><ins>25.4% </ins>" in diff.html


def test_equal_texts_have_no_changes() -> None:
    diff = compare("a b\n\nc", "a b\n\nc")
    assert diff.same
    assert diff.html == "<p>a b</p>\n<p>c</p>"


def test_new_paragraphs_are_inserted_paragraphs() -> None:
    diff = compare("one\n\nthree", "one\n\ntwo words\n\nthree")
    assert "<p><ins>two words </ins></p>" in diff.html
    assert diff.words_added == 2


def test_markup_in_either_text_stays_text() -> None:
    diff = compare("<b onclick=x>a</b> ¶ ¦", "<script>alert(1)</script> a ¶ ¦")
    assert set(re.findall(r"<(/?\w+)", diff.html)) <= {"p", "/p", "del", "/del", "ins", "/ins"}
    assert "&lt;script&gt;" in diff.html
    assert "¶" in diff.html


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_can_add_tags_or_attributes(old: str, new: str) -> None:
    tags = re.findall(r"<([^>]*)>", compare(old, new).html)
    assert set(tags) <= {"p", "/p", "del", "/del", "ins", "/ins"}
    assert tags.count("ins") == tags.count("/ins")
    assert tags.count("del") == tags.count("/del")
