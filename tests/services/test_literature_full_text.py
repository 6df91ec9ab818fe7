"""Files of records: kept by content, read page by page, every failure listed, found by what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from config import Config
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.vocabulary import ExtractionState, Role
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.jobs.handlers import Tools, extract_text
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import library_index, literature_full_text
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as literature_store
from inquiry_service.store import literature_holdings as store
from tests.services.literature_files import LIBRARIAN, load, numbered
from tests.services.test_literature import entries

PAPER = b"Methods of the trial.\fDizziness in four women."
BROKEN = b"%PDF-1.4 nothing of a document"
SAFETY = Actor("u-saf", "Safety 1", frozenset({Role.SAFETY_CONTACT}), "s-saf")


@pytest.fixture
def runtime(config: Config, database_url: str) -> Iterator[Runtime]:
    """A runtime whose library holds three records."""
    opened = Runtime.open(replace(config, database_url=database_url))
    load(opened.engine, numbered(3))
    yield opened
    opened.close()


def record(runtime: Runtime, pmid: int = 1) -> LiteratureRecord:
    with runtime.reading() as session:
        return literature_store.by_citation(session, [f"pmid{pmid}"])[f"pmid{pmid}"]


def held(runtime: Runtime, data: bytes = PAPER, *, name: str = "paper.txt", pmid: int = 1) -> str:
    """Attach a file and take its text out as the worker does."""
    with runtime.transaction() as session:
        file_id = literature_full_text.attach(
            session, LIBRARIAN, runtime.blobs, record(runtime, pmid).id, name, data).id
    extract_text(Tools(runtime), {"file_id": file_id})
    return file_id


def test_a_file_is_kept_and_its_text_taken_out_page_by_page(runtime: Runtime) -> None:
    file_id = held(runtime)
    with runtime.reading() as session:
        file = store.file(session, file_id)
        assert (file.state, file.page_count, file.failure) == (ExtractionState.EXTRACTED, 2, "")
        assert [(page.number, page.text) for page in store.pages_of(session, file_id, first=1, most=100)] == [
            (1, "Methods of the trial."), (2, "Dizziness in four women.")]
        assert runtime.blobs.get(file.sha256) == PAPER


def test_what_cannot_be_read_is_listed_with_the_reason_and_can_be_tried_again(runtime: Runtime) -> None:
    file_id = held(runtime, BROKEN, name="scan.pdf")
    held(runtime)
    with runtime.transaction() as session:
        ((file, _),) = store.files_without_text(session)
        assert (file.id, file.state, bool(file.failure)) == (file_id, ExtractionState.FAILED, True)
        assert "literature:file_unreadable" in [entry["action"] for entry in entries(session)]
        assert literature_full_text.retry(session, LIBRARIAN, file_id).state is ExtractionState.WAITING
        with pytest.raises(Refused, match="waiting for its turn"):
            literature_full_text.retry(session, LIBRARIAN, file_id)


def test_a_job_that_was_put_aside_leaves_its_file_on_the_list(runtime: Runtime) -> None:
    with runtime.transaction() as session:
        row = literature_full_text.attach(session, LIBRARIAN, runtime.blobs, record(runtime).id, "a.txt", PAPER)
        literature_full_text.give_up(session, row.id, "no memory")
        assert (row.state, row.failure) == (ExtractionState.FAILED, "Given up: no memory")


def test_taking_the_text_out_twice_changes_nothing_and_a_file_that_is_gone_is_no_error(runtime: Runtime) -> None:
    file_id = held(runtime)
    extract_text(Tools(runtime), {"file_id": file_id})
    extract_text(Tools(runtime), {"file_id": "gone"})
    with runtime.reading() as session:
        assert len(store.pages_of(session, file_id, first=1, most=100)) == 2


@pytest.mark.parametrize(("data", "words"), [
    (b"", "The file is empty."), (b"PK\x03\x04 a zip", "Choose a PDF"), (b"<html><p>x</p></html>", "Choose a PDF")])
def test_a_file_of_another_kind_is_refused(runtime: Runtime, data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        held(runtime, data)


def test_one_file_is_held_once_by_a_record_and_may_be_held_by_two(runtime: Runtime) -> None:
    held(runtime)
    with pytest.raises(Refused, match="this very file already"):
        held(runtime)
    held(runtime, pmid=2)


def test_a_removed_file_leaves_record_and_pages_and_the_bytes_stay_for_others(runtime: Runtime) -> None:
    file_id = held(runtime)
    held(runtime, pmid=2)
    with runtime.transaction() as session:
        literature_full_text.remove(session, LIBRARIAN, file_id, "Wrong paper")
    with runtime.reading() as session:
        with pytest.raises(NotFound):
            store.file(session, file_id)
        assert store.pages_of(session, file_id, first=1, most=100) == []
        assert runtime.blobs.get(store.files_of(session, record(runtime, 2).id)[0].sha256) == PAPER
        assert entries(session)[-1]["action"] == "literature:file_removed"


def test_who_may_read_letters_downloads_and_it_is_on_record(runtime: Runtime) -> None:
    file_id = held(runtime, name="../../x.txt")
    with runtime.transaction() as session:
        found = literature_full_text.download(session, LIBRARIAN, runtime.blobs, file_id)
        assert (found.data, found.media_type, "/" in found.name) == (PAPER, "text/plain", False)
        with pytest.raises(Forbidden):
            literature_full_text.download(session, SAFETY, runtime.blobs, file_id)
    with runtime.reading() as session:
        assert entries(session)[-1]["action"] == "literature:file_downloaded"


def test_what_a_file_says_goes_to_the_index_with_its_record_and_merged_records_do_not(
    runtime: Runtime, session: Session
) -> None:
    held(runtime)
    with runtime.transaction() as changing:
        literature_store.record(changing, record(runtime, 3).id, SYSTEM).merged_into = record(runtime).id
        literature_full_text.attach(changing, LIBRARIAN, runtime.blobs, record(runtime, 2).id, "b.txt", BROKEN)
    documents = {document.pmid: document for document in library_index._documents(session)}
    assert {pmid: document.pages for pmid, document in documents.items()} == {
        "1": ("Methods of the trial.", "Dizziness in four women."), "2": ()}


def test_reading_texts_takes_one_query_whatever_the_number_of_records(runtime: Runtime, session: Session) -> None:
    for pmid in (1, 2, 3):
        held(runtime, PAPER + str(pmid).encode(), pmid=pmid)
    ids = [record(runtime, pmid).id for pmid in (1, 2, 3)]
    assert {record_id for record_id, _ in store.texts_of(session, ids)} == set(ids)


def test_a_new_file_asks_for_its_text_and_then_for_its_place_in_the_index(runtime: Runtime, session: Session) -> None:
    file_id = held(runtime)
    jobs = [(job.kind, job.payload) for job in session.query(OutboxJob).order_by(OutboxJob.created_at, OutboxJob.id)]
    assert jobs[-2:] == [("extract_text", {"file_id": file_id}),
                         ("index_records", {"record_ids": [record(runtime).id]})]
