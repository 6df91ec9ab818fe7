"""Importing literature: every record accounted for, duplicates found, files streamed, an end that can be trusted."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config import Config
from inquiry_service.bibliography import formats
from inquiry_service.clock import now
from inquiry_service.db import new_id, session_factory
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import ImportOutcome, JobState, RecordStatus, Role
from inquiry_service.errors import Forbidden, InvalidInput
from inquiry_service.jobs.handlers import HANDLERS, Tools
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.literature_imports import ImportRun
from inquiry_service.search.port import Query
from inquiry_service.services import jobs, library_index, literature, literature_versions
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import audit as audit_store
from inquiry_service.store import literature as store
from inquiry_service.store import literature_imports as import_store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.services.audit_log import check
from tests.services.literature_files import (
    LIBRARIAN,
    Measured,
    Pipe,
    article,
    breaking_off,
    load,
    numbered,
    ris,
    table,
)


def entries(session: Session) -> list[dict[str, Any]]:
    return [row.data for row in audit_store.in_order(session, AuditFilter(), audit_store.head(session).size)]


def outcomes(session: Session, run_id: str) -> list[tuple[str, str]]:
    return [(item.outcome.value, item.reason) for item in import_store.items(session, run_id, limit=1000)]


def keys(session: Session) -> list[str]:
    return sorted(session.scalars(select(LiteratureRecord.citation_key)))


def test_each_record_of_a_file_is_created_duplicate_or_rejected_and_nothing_else(
    engine: Engine, session: Session
) -> None:
    data = table([
        {"pmid": 1, "title": "First"}, {"pmid": 2, "title": "Second"}, {"pmid": 1, "title": "First, again"},
        {"pmid": 3, "title": ""},
    ])
    report = load(engine, data)
    assert (report.read, report.created, report.duplicate, report.rejected) == (4, 2, 1, 1)
    assert [outcome for outcome, _ in outcomes(session, report.run_id)] == [
        "created", "created", "duplicate", "rejected"]
    assert outcomes(session, report.run_id)[2][1] == "same PMID as newman1998"
    assert "title" in outcomes(session, report.run_id)[3][1]


@pytest.mark.parametrize("count", [1, 199, 200, 201, 450])
def test_the_counts_add_up_whatever_the_size_of_the_file(engine: Engine, session: Session, count: int) -> None:
    seen: list[tuple[int, int | None]] = []
    report = load(engine, numbered(count), progress=lambda done, total: seen.append((done, total)))
    run = import_store.run(session, report.run_id)
    items = import_store.items(session, report.run_id, limit=1000)
    assert report.read == report.created + report.updated + report.duplicate + report.rejected == count
    assert (run.read, run.created, run.duplicate, run.rejected) == (count, count, 0, 0)
    assert [item.position for item in items] == list(range(1, count + 1))
    assert seen[-1] == (count, count)
    assert run.finished_at is not None
    assert run.failure == ""


def test_importing_a_file_again_creates_nothing(engine: Engine, session: Session) -> None:
    load(engine, numbered(5))
    again = load(engine, numbered(7))
    assert (again.created, again.duplicate) == (2, 5)
    assert store.count(session) == 7


def test_a_record_that_only_looks_like_a_known_one_is_kept_apart_and_the_report_says_so(
    engine: Engine, session: Session
) -> None:
    load(engine, table([{"pmid": 7, "title": "Triptans in menstrual migraine", "authors": "Newman L"}]))
    with_doi = load(engine, ris(article("Triptans in menstrual migraine.", DO="10.1000/7")), "a.ris")
    [(outcome, reason)] = outcomes(session, with_doi.run_id)
    assert outcome == "created"
    assert reason.startswith("looks like newman1998: same title")
    assert reason.endswith("kept as a separate record")


def test_two_works_of_one_title_with_different_identifiers_stay_two(engine: Engine, session: Session) -> None:
    report = load(engine, ris(article("Editorial comment on triptans", DO="10.1000/1"),
                              article("Editorial comment on triptans", DO="10.1000/2")), "a.ris")
    assert report.created == 2
    assert keys(session) == ["newman1998", "newman1998b"]


def test_citation_keys_stay_apart_beyond_the_alphabet(engine: Engine, session: Session) -> None:
    load(engine, numbered(20))
    load(engine, numbered(40, first=100))
    found = keys(session)
    assert len(found) == len(set(found)) == 60
    assert {"newman1998", "newman1998b", "newman1998z", "newman1998aa"} <= set(found)


def test_texts_longer_than_their_column_are_cut_with_a_remark_or_rejected_with_a_reason(
    engine: Engine, session: Session
) -> None:
    report = load(engine, ris(
        article("A" * 3000, author="B" * 300 + ", C", VL="9" * 400),
        article("Overlong", DO="10.1000/" + "x" * 300),
    ), "a.ris")
    first, second = outcomes(session, report.run_id)
    assert first == ("created", "volume was cut to 200 characters")
    assert second == ("rejected", "The DOI has 308 characters; at most 255 can be kept.")
    assert len(keys(session)[0]) == 60


def test_a_record_keeps_the_content_that_it_was_made_from(engine: Engine, session: Session) -> None:
    load(engine, numbered(1, abstract="p < 0.001 & “quoted”"))
    row = session.scalars(select(LiteratureRecord)).one()
    version = store.version(session, row.id, 1)
    assert version.content["abstract"] == row.abstract == "p < 0.001 & “quoted”"
    assert version.sha256 == digest(version.content)


def test_an_import_is_audited_from_beginning_to_end_and_names_how_it_was_started(
    engine: Engine, session: Session
) -> None:
    with session_factory(engine)() as own:
        made = factories.product(own, key="tryptanol-tablets")
        own.commit()
    report = load(engine, numbered(201), products=[made.key], via="command line", request_id="r-1")
    found = [entry for entry in entries(session) if entry["action"].startswith("literature:")]
    assert [entry["action"] for entry in found] == [
        "literature:import_started", "literature:import_checked", "literature:import_confirmed",
        "literature:imported", "literature:imported", "literature:import_finished"]
    assert {entry["actor"]["name"] for entry in found} == {"Librarian 1"}
    assert {entry["request_id"] for entry in found} == {"r-1"}
    assert found[0]["changes"]["via"]["new"] == "command line"
    assert found[0]["changes"]["products"]["new"] == ["tryptanol-tablets"]
    assert found[1]["changes"]["new"]["new"] == 201
    assert found[3]["object"] == {"type": "import_run", "id": report.run_id, "version": None, "inquiry": None,
                                  "label": "records 1 to 200"}
    assert found[5]["changes"]["created"]["new"] == 201
    assert found[5]["changes"]["report_sha256"]["new"] == import_store.run(session, report.run_id).report_sha256
    session.rollback()
    check(engine)


def test_who_may_not_import_changes_nothing(engine: Engine, session: Session) -> None:
    reviewer = Actor("u", "Reviewer", frozenset({Role.MEDICAL_REVIEWER}))
    for actor in (reviewer, OPERATOR):
        with pytest.raises(Forbidden, match="literature:import"):
            literature.import_file(session_factory(engine), actor, "a.csv", numbered(1))
    assert session.scalars(select(ImportRun)).all() == []


def test_a_file_of_no_known_format_and_an_unknown_product_leave_no_report(engine: Engine, session: Session) -> None:
    with pytest.raises(InvalidInput, match="not a literature file"):
        load(engine, b"\x7fELF" + bytes(100), "program")
    with pytest.raises(InvalidInput, match="no product “tryptanoll”"):
        load(engine, numbered(1), products=["tryptanoll"])
    assert session.scalars(select(ImportRun)).all() == []


def test_a_file_is_read_in_pieces_and_left_open(engine: Engine) -> None:
    data = numbered(3, abstract="word " * 200_000)
    stream = Measured(data)
    report = literature.import_file(session_factory(engine), LIBRARIAN, "big.csv", stream)
    assert report.created == 3
    assert len(data) > 2_900_000
    assert stream.largest <= 1 << 20
    assert not stream.closed


def test_a_pipe_can_be_imported(engine: Engine, session: Session) -> None:
    report = literature.import_file(session_factory(engine), LIBRARIAN, "-", Pipe(numbered(3)))  # type: ignore[arg-type]
    assert report.created == 3
    assert import_store.run(session, report.run_id).file_sha256 == hashlib.sha256(numbered(3)).hexdigest()


def test_an_import_that_breaks_off_leaves_what_it_stored_and_says_so(
    engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = iter([breaking_off(250, whole=True), breaking_off(250)])
    monkeypatch.setattr(formats, "read", lambda *_: next(readings))
    with pytest.raises(RuntimeError, match="gave up"):
        load(engine, numbered(1))
    run = session.scalars(select(ImportRun)).one()
    assert (run.read, run.created, run.finished_at) == (200, 200, None)
    assert run.failure == "Stopped by RuntimeError."
    assert store.count(session) == 200
    assert entries(session)[-1]["action"] == "literature:import_stopped"


def test_an_xml_file_that_breaks_off_is_reported_with_the_place(engine: Engine, session: Session) -> None:
    whole = (b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>5</PMID><Article>"
             b"<ArticleTitle>One</ArticleTitle></Article></MedlineCitation></PubmedArticle>")
    report = load(engine, whole + b"<PubmedArticle><MedlineCitation><PMID>6</PM", "cut.xml")
    assert (report.read, report.created, report.rejected) == (2, 1, 1)
    assert "cannot be read on from here" in outcomes(session, report.run_id)[1][1]


def test_two_imports_of_one_work_at_the_same_time_make_one_record(engine: Engine, session: Session) -> None:
    """The other import has the record stored and not yet committed while this one looks for it."""
    factory = session_factory(engine)
    reports: list[literature.ImportReport] = []
    with factory() as other:
        known = _record(pmid="1", citation_key="other2000")
        other.add(known)
        other.flush()
        literature_versions.first(other, known, {"title": "Sumatriptan study 1", "pmid": "1", "year": 2000})
        own = threading.Thread(target=lambda: reports.append(load(engine, numbered(3))))
        own.start()
        own.join(timeout=0.5)
        assert own.is_alive(), "the import should wait for the other one"
        other.commit()
        own.join(timeout=20)
    assert (reports[0].created, reports[0].updated) == (2, 1)
    assert outcomes(session, reports[0].run_id)[0][1].startswith("same PMID as other2000; the file adds authors")


def _record(**fields: Any) -> LiteratureRecord:
    return LiteratureRecord(**{"id": new_id(), "identity_key": "", "title": "Sumatriptan study 1", "year": 1998,
                               "added_at": now(), "added_by": "other", "status": RecordStatus.CURRENT,
                               "is_notice": False, **fields})


def test_new_records_reach_the_index_through_the_outbox(
    config: Config, database_url: str, engine: Engine, session: Session
) -> None:
    assert config.database_url == database_url
    load(engine, numbered(3))
    runtime = Runtime.open(config)
    with Tools(runtime) as tools, runtime.transaction() as own:
        held = jobs.claim(own)
        assert held is not None
        own.commit()
        assert runtime.index.search(Query("sumatriptan", may_see_medical_only=True)).total == 0
        HANDLERS[held.kind](tools, held.payload)
        HANDLERS[held.kind](tools, held.payload)
        jobs.complete(own, held)
    assert runtime.index.search(Query("sumatriptan", may_see_medical_only=True)).total == 3
    assert session.scalars(select(OutboxJob.state)).all() == [JobState.DONE]
    assert library_index.differences(session, runtime.index) == []
    runtime.close()


def test_an_index_out_of_step_with_the_library_is_noticed_and_mended_by_a_rebuild(
    config: Config, database_url: str, engine: Engine, session: Session
) -> None:
    load(engine, numbered(3))
    runtime = Runtime.open(config)
    assert [difference.kind for difference in library_index.differences(session, runtime.index)] == ["missing"] * 3
    generation = library_index.rebuild(session, runtime.index)
    assert generation.documents == 3
    assert library_index.differences(session, runtime.index) == []
    runtime.close()


def test_reading_the_whole_library_yields_each_record_once_in_batches(engine: Engine, session: Session) -> None:
    load(engine, numbered(7))
    batches = [[row.id for row in batch] for batch in store.every(session, batch=3)]
    assert [len(batch) for batch in batches] == [3, 3, 1]
    flat = [record_id for batch in batches for record_id in batch]
    assert flat == sorted(set(flat))


def test_a_page_of_a_report_can_be_narrowed_to_one_outcome(engine: Engine, session: Session) -> None:
    report = load(engine, table([{"pmid": 1, "title": "A"}, {"pmid": 2, "title": ""}, {"pmid": 3, "title": "C"}]))
    rejected = import_store.items(session, report.run_id, outcome=ImportOutcome.REJECTED)
    assert [item.position for item in rejected] == [2]
    assert [item.position for item in import_store.items(session, report.run_id, offset=1, limit=1)] == [2]


def test_every_version_of_the_library_is_unique(engine: Engine, session: Session) -> None:
    load(engine, numbered(3))
    rows = session.scalars(select(LiteratureVersion)).all()
    assert len({(row.record_id, row.version) for row in rows}) == len(rows) == 3
