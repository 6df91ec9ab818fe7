"""What a file adds to a known record, and where the two cannot both be right."""

from __future__ import annotations

from typing import Any

import pytest

from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.services.literature_changes import compare, is_graver, is_richer

ABSTRACT = "Twenty women took sumatriptan for menstrual migraine and most had relief within two hours."
FULLER = f"{ABSTRACT} Nausea was rare. No woman stopped the treatment because of an adverse event."
HELD: dict[str, Any] = {
    "doi": "10.1000/1", "pmid": "1", "title": "Sumatriptan in menstrual migraine.", "abstract": ABSTRACT,
    "authors": [{"family": "Newman"}], "journal": "Headache", "pages": "307", "year": 1998, "mesh": ["Triptans"],
}


def test_what_the_library_lacks_is_a_gain() -> None:
    found = compare({**HELD, "abstract": "", "pmid": None, "year": None, "mesh": []}, HELD)
    assert set(found.gains) == {"abstract", "pmid", "year", "mesh"}
    assert found.gains["pmid"] == (None, "1")
    assert not found.contradictions


def test_a_record_that_says_the_same_or_less_brings_nothing() -> None:
    for less in (HELD, {**HELD, "abstract": "", "authors": [], "mesh": [], "year": None, "doi": ""}):
        found = compare(HELD, less)
        assert (dict(found.gains), dict(found.contradictions)) == ({}, {})


def test_last_page_further_authors_and_further_headings_are_gains() -> None:
    found = compare(HELD, {**HELD, "pages": "307-9", "authors": [{"family": "Newman"}, {"family": "Lipton"}],
                           "mesh": ["Triptans", "Migraine Disorders"]})
    assert set(found.gains) == {"pages", "authors", "mesh"}


def test_another_order_of_authors_or_other_pages_are_not_taken_over() -> None:
    found = compare(HELD, {**HELD, "pages": "12-19", "authors": [{"family": "Lipton"}, {"family": "Newman"}],
                           "mesh": ["Migraine Disorders"], "journal": "Cephalalgia"})
    assert not found.gains


@pytest.mark.parametrize(("new", "old", "richer"), [
    (FULLER, ABSTRACT, True), (ABSTRACT, FULLER, False), (ABSTRACT, "", True), ("", ABSTRACT, False),
    (ABSTRACT, ABSTRACT, False), ("A wholly different and much longer text on the cost of hospital stays in winter, "
                                  "which has nothing in common with it at all.", ABSTRACT, False),
    ("BACKGROUND: Twenty women.\n\nRESULTS: Relief.", "BACKGROUND: Twenty women. RESULTS: Relief.", True),
])
def test_an_abstract_is_replaced_by_a_fuller_form_of_itself_only(new: str, old: str, richer: bool) -> None:
    assert is_richer(new, old) is richer


def test_two_identifiers_of_one_kind_and_two_titles_contradict_each_other() -> None:
    found = compare(HELD, {**HELD, "doi": "10.1000/2", "title": "Costs of hospital care in winter"})
    assert set(found.contradictions) == {"doi", "title"}
    assert not compare(HELD, {**HELD, "doi": "10.1000/1".upper()}).contradictions, "a DOI has no case"


def test_what_a_person_changed_is_never_a_gain() -> None:
    found = compare({**HELD, "abstract": "", "pages": ""}, HELD, edited={"abstract"})
    assert set(found.contradictions) == {"abstract"}
    assert set(found.gains) == {"pages"}


def test_a_standing_is_graver_in_the_order_from_sound_to_retracted() -> None:
    assert is_graver(RecordStatus.RETRACTED, RecordStatus.CORRECTED)
    assert not is_graver(RecordStatus.CURRENT, RecordStatus.CURRENT)
    assert not is_graver(RecordStatus.CORRECTED, RecordStatus.EXPRESSION_OF_CONCERN)
