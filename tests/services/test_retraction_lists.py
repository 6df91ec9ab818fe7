"""Retraction lists: read = added + unchanged + rejected, held against the library now and against what comes (R69)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import RecordStatus, Role
from inquiry_service.errors import Forbidden, InvalidInput
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.literature_holdings import ListedNotice
from inquiry_service.services import literature_standing, retraction_lists
from inquiry_service.services.retraction_lists import ListReport
from tests.database import CountQueries
from tests.services.literature_files import LIBRARIAN, load, pmid_record
from tests.services.test_literature import entries

SAMPLE = Path(__file__).parents[1] / "data" / "bibliography" / "retraction_watch_sample.csv"
HEADER = "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason"  # noqa: E501


def listed(*lines: str) -> bytes:
    """A list with these lines."""
    return "\n".join((HEADER, *lines)).encode()


def line(entry: int, pmid: int, nature: str, date: str = "2/6/2010 0:00") -> str:
    return f"{entry},A title,{date},10.1000/n{entry},0,Unavailable,{pmid},{nature},+Error in Data;"


def imported(session: Session, data: bytes, actor: Actor = LIBRARIAN, name: str = "Test list") -> ListReport:
    report = retraction_lists.import_list(session, actor, BytesIO(data), name=name)
    db.commit(session)
    return report


def record(session: Session, pmid: int = 11) -> LiteratureRecord:
    return session.scalars(select(LiteratureRecord).where(LiteratureRecord.pmid == str(pmid))).one()


def test_a_list_is_read_line_by_line_and_what_names_no_work_is_rejected_with_its_reason(session: Session) -> None:
    report = imported(session, SAMPLE.read_bytes())
    assert (report.read, report.added, report.unchanged, report.rejected) == (11, 9, 0, 2)
    assert [(entry, reason) for _, entry, reason in report.rejections] == [
        (number, "The line gives neither a DOI nor a PMID of the work.") for number in ("90003", "90004")]
    again = imported(session, SAMPLE.read_bytes())
    assert (again.read, again.added, again.unchanged, again.rejected, again.gone) == (11, 0, 9, 2, 0)


@pytest.mark.parametrize(("nature", "status"), [
    ("Retraction", RecordStatus.RETRACTED), ("Expression of concern", RecordStatus.EXPRESSION_OF_CONCERN),
    ("Correction", RecordStatus.CORRECTED), ("Reinstatement", RecordStatus.CURRENT),
    ("Something new", RecordStatus.EXPRESSION_OF_CONCERN),
])
def test_what_the_library_holds_stands_as_the_list_says_and_nothing_else_changes(
    engine: Engine, session: Session, nature: str, status: RecordStatus
) -> None:
    load(engine, (pmid_record(11, "Listed study") + pmid_record(12, "Other study")).encode(), "a.nbib")
    report = imported(session, listed(line(1, 11, nature)))
    assert (record(session).status, record(session, 12).status) == (status, RecordStatus.CURRENT)
    assert len(report.lowered) == (status is not RecordStatus.CURRENT)


def test_what_is_imported_after_the_list_is_held_against_it(engine: Engine, session: Session) -> None:
    imported(session, listed(line(1, 11, "Retraction")))
    load(engine, (pmid_record(11, "Listed study") + pmid_record(12, "Other study")).encode(), "a.nbib")
    assert (record(session).status, record(session, 12).status) == (RecordStatus.RETRACTED, RecordStatus.CURRENT)
    assert record(session).status_note == (
        "Retraction according to Test list, notice of 2010-02-06 (10.1000/n1): Error in Data")


def test_a_reinstatement_withdraws_what_the_list_said_before_it_and_not_what_comes_after(
    engine: Engine, session: Session
) -> None:
    load(engine, (pmid_record(11, "Reinstated") + pmid_record(12, "Retracted again")).encode(), "a.nbib")
    imported(session, listed(
        line(1, 11, "Retraction", "1/1/2020"), line(2, 11, "Reinstatement", "1/1/2022"),
        line(3, 12, "Reinstatement", "1/1/2020"), line(4, 12, "Retraction", "1/1/2022")))
    assert (record(session).status, record(session, 12).status) == (RecordStatus.CURRENT, RecordStatus.RETRACTED)


def test_a_newer_list_replaces_the_former_one_of_its_name_and_leaves_others_alone(session: Session) -> None:
    imported(session, listed(line(1, 11, "Retraction"), line(2, 12, "Retraction")))
    imported(session, listed(line(9, 13, "Retraction")), name="Another list")
    report = imported(session, listed(line(1, 11, "Retraction"), line(2, 12, "Correction"), line(3, 14, "Retraction")))
    assert (report.read, report.added, report.unchanged, report.gone) == (3, 2, 1, 0)
    report = imported(session, listed(line(1, 11, "Retraction")))
    assert (report.unchanged, report.gone) == (1, 2)
    assert session.scalar(select(func.count()).select_from(ListedNotice)) == 2


def test_a_number_that_stands_twice_with_different_words_is_rejected_and_with_the_same_is_unchanged(
    session: Session
) -> None:
    report = imported(session, listed(line(1, 11, "Retraction"), line(1, 11, "Retraction"), line(1, 12, "Correction")))
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 1)


def test_a_file_that_is_no_list_changes_nothing(session: Session) -> None:
    imported(session, listed(line(1, 11, "Retraction")))
    with pytest.raises(InvalidInput, match="not a retraction list"):
        retraction_lists.import_list(session, LIBRARIAN, BytesIO(b"title,year\nA,1999\n"), name="Test list")
    with pytest.raises(InvalidInput, match="no usable line"):
        retraction_lists.import_list(session, LIBRARIAN, BytesIO(listed("1,A,,,,,,Retraction,")), name="Test list")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ListedNotice)) == 1


def test_who_may_not_manage_the_library_imports_no_list(session: Session) -> None:
    reviewer = Actor("u-rev", "Reviewer 1", frozenset({Role.MEDICAL_REVIEWER}), "s-rev")
    with pytest.raises(Forbidden):
        imported(session, listed(line(1, 11, "Retraction")), reviewer)


def test_a_persons_decision_holds_against_what_was_known_and_not_against_what_is_new(
    engine: Engine, session: Session
) -> None:
    load(engine, pmid_record(11, "Listed study").encode(), "a.nbib")
    imported(session, listed(line(1, 11, "Retraction")))
    row = record(session)
    literature_standing.decide(session, LIBRARIAN, row.id, RecordStatus.CURRENT, "Wrong paper, see notice", row.version)
    db.commit(session)
    imported(session, listed(line(1, 11, "Retraction")))
    load(engine, pmid_record(11, "Listed study", "PT  - Retracted Publication").encode(), "b.nbib")
    session.expire_all()
    assert record(session).status is RecordStatus.CURRENT
    imported(session, listed(line(1, 11, "Retraction"), line(2, 11, "Expression of concern", "3/3/2024")))
    assert record(session).status is RecordStatus.EXPRESSION_OF_CONCERN


def test_the_import_of_a_list_is_audited_with_its_counts(session: Session) -> None:
    imported(session, listed(line(1, 11, "Retraction")))
    (entry,) = [entry for entry in entries(session) if entry["action"] == "literature:list_imported"]
    assert {name: entry["changes"][name]["new"] for name in ("read", "added", "unchanged", "rejected")} == {
        "read": 1, "added": 1, "unchanged": 0, "rejected": 0}


def test_the_number_of_queries_grows_with_portions_and_not_with_lines(
    session: Session, count_queries: CountQueries
) -> None:
    def cost(lines: int) -> int:
        with count_queries() as counted:
            imported(session, listed(*(line(number, number, "Retraction") for number in range(1, lines + 1))))
        return len(counted)

    assert cost(400) <= cost(4) + 2
