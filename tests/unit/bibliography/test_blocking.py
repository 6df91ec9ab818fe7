"""Keys of likely doubles: a damaged copy still shares one, another work of the field does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inquiry_service.bibliography.blocking import block_keys
from inquiry_service.bibliography.likeness import first_page, same_journal
from inquiry_service.bibliography.record import Author, ParsedRecord
from inquiry_service.bibliography.title_words import lay, title_of

RECORD = ParsedRecord(
    title="Sumatriptan nasal spray in adolescent migraine: a randomised trial", source_format="test", raw_position=1,
    authors=(Author("Newman", "Lawrence C", "LC"), Author("Lipton", "Richard B", "RB")), year=1998, volume="38",
    pages="12-19", journal="Headache", abstract="We randomised one hundred adolescents to sumatriptan or placebo. " * 3)
BARE = replace(RECORD, abstract="", volume="", pages="")


@pytest.mark.parametrize("copy", [
    replace(BARE, title="Sumatriptan nasal spray in adolescent migraine"),
    replace(BARE, title="Sumatripan nasal spray in adolescent migrane: a randomized trial", authors=()),
    replace(BARE, authors=(), year=1999),
    replace(RECORD, title="[Sumatriptan-Nasenspray bei Jugendlichen]"),
    replace(RECORD, title="Nasal sumatriptan", abstract=""),
], ids=["subtitle", "typing errors", "nobody named", "same abstract", "same page"])
def test_a_damaged_copy_shares_a_key(copy: ParsedRecord) -> None:
    assert set(block_keys(RECORD)) & set(block_keys(copy))


def test_another_work_of_the_field_shares_no_key() -> None:
    other = replace(BARE, title="Zolmitriptan tablets for cluster headache at night: open experience",
                    authors=(Author("Kudrow"),))
    assert not set(block_keys(RECORD)) & set(block_keys(other))


def test_headings_are_found_together_only_with_their_author_and_year() -> None:
    first, second = replace(BARE, title="Editorial"), replace(BARE, title="Editorial", authors=(Author("Kudrow"),))
    assert set(block_keys(first)) & set(block_keys(replace(first, pages="1")))
    assert not set(block_keys(first)) & set(block_keys(second))


def test_keys_are_short_and_the_same_each_time() -> None:
    keys = block_keys(RECORD)
    assert keys == block_keys(RECORD)
    assert max(map(len, keys)) <= 20
    assert len(set(keys)) == len(keys) <= 8


@pytest.mark.parametrize(("first", "second", "same"), [
    ("Am J Trop Med Hyg", "American journal of tropical medicine and hygiene", True),
    ("The Lancet", "Lancet (London, England)", True),
    ("Médecine tropicale : revue du Corps de santé colonial", "Med Trop (Mars)", True),
    ("Lancet", "Lancet Infect Dis", False),
    ("Headache", "Cephalalgia", False),
])
def test_journals_are_told_by_their_abbreviations(first: str, second: str, same: bool) -> None:
    assert same_journal(first, second) is same


def test_first_pages_and_e_locations_are_read() -> None:
    assert [first_page(text) for text in ("1968-74", "e0187376", "S4-S9", "", "no pages")] == [
        "1968", "e0187376", "s4", "", ""]


def test_titles_are_laid_side_by_side_whatever_the_order_and_slips() -> None:
    first = title_of("A double-blind trial of hepatitis A vaccine")
    assert lay(first, title_of("Hepatitis A vaccine: a doubleblind trial")).same
    assert lay(first, title_of("A double-blind trial of hepatitis B vaccine")).only_second == ("b",)
    assert lay(title_of("Phase 2 trial"), title_of("Phase 3 trial")).only_first == ("2",)
