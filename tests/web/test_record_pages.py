"""The pages about one record: standing, description, rights, files, versions; and the retraction lists."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from inquiry_service.domain.vocabulary import ExtractionState, RecordKind, RecordStatus, Role
from inquiry_service.jobs.handlers import Tools, extract_text
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as store
from inquiry_service.store import literature_holdings as holdings
from tests.services.literature_files import load, pmid_record
from tests.services.test_retraction_lists import line, listed
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def librarian(browser_of: BrowserOf) -> Browser:
    """A content owner's browser."""
    return browser_of(Role.CONTENT_OWNER)


@pytest.fixture
def record_id(runtime: Runtime) -> str:
    """An article without an abstract."""
    load(runtime.engine, pmid_record(11, "Sound study").encode(), "a.nbib")
    return str(row(runtime, "pmid11").id)


def row(runtime: Runtime, key: str) -> Any:
    with runtime.reading() as session:
        return store.by_citation(session, [key])[key]


def test_the_page_says_where_the_record_stands_how_that_is_known_and_who_says_so(
    runtime: Runtime, librarian: Browser, record_id: str
) -> None:
    sound = librarian.get("literature.record", record_id=record_id).text
    assert "No letter cites it." in sound
    assert "cannot be kept as evidence" not in sound
    assert "Retraction lists say" not in sound
    notice = pmid_record(99, "Retraction notice", "PT  - Retraction of Publication", "ROF - Headache. PMID: 11")
    load(runtime.engine, notice.encode(), "b.nbib")
    page = librarian.get("literature.record", record_id=record_id).text
    assert "Retracted according to the notice newman1998b (PMID 99)" in page
    assert "It can be read, not kept as evidence." in page
    assert "It is the retraction notice of this record" in page
    assert f"/literature/{row(runtime, 'pmid99').id}" in page


def test_a_retraction_list_is_imported_with_its_report_and_its_age_is_told(
    runtime: Runtime, librarian: Browser, record_id: str
) -> None:
    assert "No retraction list was imported yet" in librarian.get("retraction_lists.overview").text
    data = listed(line(1, 11, "Retraction"), "2,No work,,,,,,Retraction,")
    librarian.post("retraction_lists.upload", {"file": (BytesIO(data), "list.csv"), "name": "Test list"})
    page = librarian.get("retraction_lists.overview").text
    assert "2 lines read = 1 added + 0 unchanged + 1 rejected" in page
    assert ">newman1998</a>" in page
    assert "gives neither a DOI nor a PMID" in page
    assert "imported today" in page
    assert "Retraction: Test list, notice of 2010-02-06" in librarian.get("literature.record", record_id=record_id).text


def test_a_file_that_is_no_retraction_list_is_refused_in_words(librarian: Browser) -> None:
    sent = {"file": (BytesIO(b"title,year\nA,1999\n"), "x.csv"), "name": "Test list"}
    assert "This is not a retraction list" in librarian.post("retraction_lists.upload", sent, expect=422).text


def test_a_source_is_added_by_hand_and_what_is_wrong_loses_nothing(runtime: Runtime, librarian: Browser) -> None:
    form = {"kind": "data_on_file", "title": f"Stability {HOSTILE}", "authors": "", "journal": "Example Pharma",
            "issue": "DOF-17", "year": "1200", "doi": "", "pmid": "", "abstract": "Stable.", "medical_only": "y"}
    refused = librarian.post("literature_records.add", form, expect=422).text
    assert "Enter a year from 1500" in refused
    assert "DOF-17" in refused
    assert HOSTILE not in refused
    librarian.post("literature_records.add", form | {"year": "2026"})
    with runtime.reading() as session:
        (found,) = [one for batch in store.every(session) for one in batch]
        assert (found.kind, found.issue, found.year, found.medical_only) == (
            RecordKind.DATA_ON_FILE, "DOF-17", 2026, True)
    page = librarian.get("literature.record", record_id=found.id).text
    assert "Medical staff only" in page
    assert HOSTILE not in page


def test_a_description_is_saved_and_the_versions_show_what_changed(
    runtime: Runtime, librarian: Browser, record_id: str
) -> None:
    form = {"version": "1", "design": "rct", "participants": "120", "peer_review": "reviewed", "funding": "A society",
            "limits": "Short follow-up.", "populations": ["adults"], "keywords": "menstrual\nmigraine"}
    librarian.post("literature_records.describe", form, record_id=record_id)
    page = librarian.get("literature.record", record_id=record_id).text
    assert "Randomised controlled trial" in page
    assert "Short follow-up." in page
    versions = librarian.get("literature_records.versions", record_id=record_id).text
    assert "<ins>Short follow-up.</ins>" in versions
    later = form | {"limits": "Mine"}
    stale = librarian.post("literature_records.describe", later, record_id=record_id, expect=422).text
    assert "you saw version 1" in stale
    assert "Mine" in stale


def test_a_standing_is_decided_with_a_reason(runtime: Runtime, librarian: Browser, record_id: str) -> None:
    form = {"version": "1", "status": "expression_of_concern", "reason": ""}
    assert "Say how you know" in librarian.post(
        "literature_records.decide_standing", form, record_id=record_id, expect=422).text
    librarian.post("literature_records.decide_standing", form | {"reason": "Letter of the editor"},
                   record_id=record_id)
    assert row(runtime, "pmid11").status is RecordStatus.EXPRESSION_OF_CONCERN
    assert "Letter of the editor" in librarian.get("literature.record", record_id=record_id).text


def test_a_right_is_recorded_shown_and_ended(runtime: Runtime, librarian: Browser, record_id: str) -> None:
    assert "No copy may be sent" in librarian.get("literature.record", record_id=record_id).text
    form = {"kind": "purchased_reprints", "scope": "send_to_professionals", "holder": "Publisher",
            "proof": "Order 4711", "copies": "", "expires_on": ""}
    assert "Say how many copies" in librarian.post(
        "literature_rights.record", form, record_id=record_id, expect=422).text
    librarian.post("literature_rights.record", form | {"copies": "100"}, record_id=record_id)
    assert "100 of 100 copies left" in librarian.get("literature.record", record_id=record_id).text
    with runtime.reading() as session:
        (right,) = holdings.rights_of(session, record_id)
    librarian.post("literature_rights.end", {"reason": "Withdrawn"}, right_id=right.id)
    assert "No copy may be sent" in librarian.get("literature.record", record_id=record_id).text


def test_a_file_is_added_read_downloaded_and_removed(runtime: Runtime, librarian: Browser, record_id: str) -> None:
    sent = {"file": (BytesIO(b"First page.\fSecond page."), "paper.txt")}
    librarian.post("literature_files.add", sent, record_id=record_id)
    with runtime.reading() as session:
        (file,) = holdings.files_of(session, record_id)
        assert file.state is ExtractionState.WAITING
    assert "paper.txt" in librarian.get("literature_files.without_text").text
    extract_text(Tools(runtime), {"file_id": file.id})
    assert "Every file has its text" in librarian.get("literature_files.without_text").text
    assert "Second page." in librarian.get("literature_files.text", file_id=file.id).text
    answer = librarian.get("literature_files.download", file_id=file.id)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="newman1998-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    librarian.post("literature_files.remove", {"reason": "Wrong paper"}, file_id=file.id)
    assert "No file is held." in librarian.get("literature.record", record_id=record_id).text


def test_a_file_without_text_is_listed_and_tried_again(runtime: Runtime, librarian: Browser, record_id: str) -> None:
    sent = {"file": (BytesIO(b"%PDF-1.4 broken"), "scan.pdf")}
    librarian.post("literature_files.add", sent, record_id=record_id)
    with runtime.reading() as session:
        (file,) = holdings.files_of(session, record_id)
    extract_text(Tools(runtime), {"file_id": file.id})
    assert "No text could be extracted" in librarian.get("literature_files.without_text").text
    librarian.post("literature_files.retry", {}, file_id=file.id)
    with runtime.reading() as session:
        assert holdings.file(session, file.id).state is ExtractionState.WAITING


def test_who_may_only_read_sees_no_way_to_change(browser_of: BrowserOf, runtime: Runtime, record_id: str) -> None:
    page = browser_of(Role.MEDICAL_REVIEWER).get("literature.record", record_id=record_id).text
    for word in ("Describe", "Record a right", "Add a file", "Decide</a>"):
        assert word not in page


def test_the_page_of_a_record_costs_the_same_with_many_links_and_files(
    runtime: Runtime, librarian: Browser, record_id: str, count_queries: Any
) -> None:
    def cost() -> int:
        with count_queries() as queries:
            librarian.get("literature.record", record_id=record_id)
        return len(queries)

    cost()
    before = cost()
    for pmid in range(50, 60):
        load(runtime.engine, pmid_record(pmid, f"Comment {pmid}", "CON - Headache. PMID: 11").encode(), f"{pmid}.nbib")
    assert cost() <= before + 1


def test_a_long_text_is_shown_some_pages_at_a_time(runtime: Runtime, librarian: Browser, record_id: str) -> None:
    text = "\f".join(f"This is what sheet {number} says." for number in range(1, 46))
    librarian.post("literature_files.add", {"file": (BytesIO(text.encode()), "long.txt")}, record_id=record_id)
    with runtime.reading() as session:
        (file,) = holdings.files_of(session, record_id)
    extract_text(Tools(runtime), {"file_id": file.id})
    first = librarian.get("literature_files.text", file_id=file.id).text
    assert "Pages 1 to 20 of 45" in first
    assert "sheet 20 says" in first
    assert "sheet 21 says" not in first
    assert "page=21" in first
    last = librarian.get("literature_files.text", file_id=file.id, page=41).text
    assert "Pages 41 to 45 of 45" in last
    assert "sheet 45 says" in last
    assert "sheet 45 says" in librarian.get("literature_files.text", file_id=file.id, page=999).text


def test_a_decision_on_an_older_state_is_refused_once_and_can_then_be_made(
    runtime: Runtime, librarian: Browser, record_id: str
) -> None:
    form = {"status": "corrected", "reason": "Read the erratum", "version": "0"}
    page = librarian.post("literature_records.decide_standing", form, record_id=record_id, expect=422).text
    with runtime.reading() as session:
        version = store.records(session, [record_id])[record_id].version
    assert f'name="version" type="hidden" value="{version}"' in page
    librarian.post("literature_records.decide_standing", form | {"version": str(version)}, record_id=record_id)
    with runtime.reading() as session:
        assert store.records(session, [record_id])[record_id].status is RecordStatus.CORRECTED
