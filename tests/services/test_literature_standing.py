"""What an import does to the standing of records that are in the library already (R69)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.store import literature as store
from tests.services.literature_files import load, pmid_record
from tests.services.test_literature import entries, outcomes


def payloads(session: Session) -> list[dict[str, Any]]:
    return list(session.scalars(select(OutboxJob.payload).order_by(OutboxJob.created_at, OutboxJob.id)))


def test_a_newer_record_of_a_retracted_work_marks_the_one_in_the_library(engine: Engine, session: Session) -> None:
    load(engine, pmid_record(11, "Sound study").encode(), "a.nbib")
    report = load(engine, pmid_record(11, "Sound study", "PT  - Retracted Publication", "RIN - Headache. PMID: 99")
                  .encode(), "b.nbib")
    row = session.scalars(select(LiteratureRecord)).one()
    assert (row.status, row.version) == (RecordStatus.RETRACTED, 3)
    assert outcomes(session, report.run_id) == [(
        "updated", "same PMID as newman1998; the file adds publication types; newman1998 is now retracted")]
    assert [version.content["status"] for version in store.versions(session, row.id)] == [
        "retracted", "current", "current"]
    assert "literature:retracted" in [entry["action"] for entry in entries(session)]
    assert payloads(session)[-1] == {"record_ids": [row.id]}


def test_a_retraction_notice_marks_the_article_that_it_speaks_of_and_not_itself(
    engine: Engine, session: Session
) -> None:
    load(engine, pmid_record(11, "Sound study").encode(), "a.nbib")
    notice = pmid_record(99, "Retraction notice", "PT  - Retraction of Publication", "ROF - Headache. PMID: 11")
    load(engine, notice.encode(), "b.nbib")
    found = {row.pmid: row.status for row in session.scalars(select(LiteratureRecord))}
    assert found == {"11": RecordStatus.RETRACTED, "99": RecordStatus.CURRENT}


def test_a_newer_record_never_lifts_a_retraction(engine: Engine, session: Session) -> None:
    load(engine, pmid_record(11, "Study", "PT  - Retracted Publication").encode(), "a.nbib")
    load(engine, pmid_record(11, "Study").encode(), "b.nbib")
    row = session.scalars(select(LiteratureRecord)).one()
    assert (row.status, row.version) == (RecordStatus.RETRACTED, 1)


@pytest.mark.parametrize(("link", "status"), [
    ("ECF", RecordStatus.EXPRESSION_OF_CONCERN), ("EFR", RecordStatus.CORRECTED),
    ("PROF", RecordStatus.EXPRESSION_OF_CONCERN), ("CON", RecordStatus.CURRENT),
])
def test_each_kind_of_notice_gives_its_own_standing_and_a_comment_gives_none(
    engine: Engine, session: Session, link: str, status: RecordStatus
) -> None:
    load(engine, pmid_record(11, "Sound study").encode(), "a.nbib")
    load(engine, pmid_record(99, "On a study", f"{link} - Headache. PMID: 11").encode(), "b.nbib")
    article = session.scalars(select(LiteratureRecord).where(LiteratureRecord.pmid == "11")).one()
    assert article.status is status
    assert bool(article.status_note) == (status is not RecordStatus.CURRENT)


def test_a_notice_and_its_article_may_stand_in_one_file_in_either_order(engine: Engine, session: Session) -> None:
    notice = pmid_record(99, "Retraction notice", "PT  - Retraction of Publication", "ROF - Headache. PMID: 11")
    article = pmid_record(11, "Sound study")
    load(engine, (notice + article).encode(), "a.nbib")
    found = {row.pmid: row.status for row in session.scalars(select(LiteratureRecord))}
    assert found == {"11": RecordStatus.RETRACTED, "99": RecordStatus.CURRENT}
