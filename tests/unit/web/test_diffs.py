"""A part under review: what changed is marked word by word, citations are links, nothing typed becomes markup."""

from __future__ import annotations

from inquiry_service.services.comparison import Comparison, Pair, Part
from inquiry_service.web.presenters.diffs import Block, blocks_of

NUMBERS = {"newman1998": 1, "pmid2": 2}


def block(old: str, new: str, *, locked: bool = False) -> Block:
    """Return one part of a letter that was ``old`` and is ``new``."""
    part = Part("summary", "Summary", new or old, locked, (1,), "label")
    (found,) = blocks_of(Comparison("Version 1", (Pair(part, old, new),), (), "1"), NUMBERS)
    return found


def test_an_unchanged_part_is_shown_as_the_letter_prints_it_with_linked_references() -> None:
    found = block("- **Not approved** [@newman1998].", "- **Not approved** [@newman1998].")
    assert found.changes == 0
    assert found.words == "same"
    assert "<li><strong>Not approved</strong>" in found.inline
    assert 'class="eh-cite" href="#reference-1"' in found.inline


def test_a_changed_word_is_marked_in_its_list_item_and_the_others_stay_as_they_are() -> None:
    old = "- In a study [@newman1998].\n- Nothing else."
    found = block(old, old.replace("a study", "one pilot study"))
    assert found.inline.count("<li>") == 2
    assert "<del>a" in found.inline
    assert "<ins>one pilot" in found.inline
    assert "<li>Nothing else.</li>" in found.inline
    assert 'href="#reference-1"' in found.inline
    assert found.changes == 1


def test_each_side_shows_only_its_own_words() -> None:
    found = block("It fell by about half.", "It fell by 50% or more.")
    assert "about half" in found.old
    assert "50%" not in found.old
    assert "50% or more" in found.new
    assert "about half" not in found.new


def test_a_new_part_is_added_as_a_whole_and_a_dropped_one_is_struck_through() -> None:
    assert "<ins>" in block("", "Words that are new.").inline
    assert "<del>" in block("Words that are gone.", "").inline


def test_a_citation_that_leads_nowhere_is_left_as_it_was_typed() -> None:
    assert "[@nobody2020]" in block("One.", "Two [@nobody2020].").inline


def test_two_citations_in_one_bracket_become_two_links() -> None:
    found = block("One.", "Two [@newman1998; @pmid2].")
    assert 'href="#reference-1"' in found.inline
    assert 'href="#reference-2"' in found.inline


def test_markup_that_somebody_typed_is_shown_and_never_taken_for_markup() -> None:
    for old, new in (("a", '<script>alert(1)</script> <ins class="x">b</ins>'), ("<b>x</b>", "<b>x</b>")):
        found = block(old, new)
        assert "<script" not in found.inline
        assert "<b>x" not in found.inline
        assert "<ins class" not in found.inline


def test_table_rows_are_compared_one_by_one() -> None:
    table = "| Study | Result |\n|---|---|\n| Newman | 52.4% |\n| Other | 10% |"
    found = block(table, table.replace("10%", "12%"))
    assert found.inline.count("<p>") >= 3
    assert "<del>10%" in found.inline
    assert "<del>52.4%" not in found.inline
