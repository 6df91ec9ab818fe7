"""Reading what is held of a record: rights, files, and their text page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import attrgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import ExtractionState
from inquiry_service.errors import NotFound
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.literature_holdings import FullText, FullTextPage, LiteratureRight

MOST_WITHOUT_TEXT = 200


def rights_of(session: Session, record_id: str) -> list[LiteratureRight]:
    """Return every right recorded for a record, the newest first; ended ones too."""
    return list(session.scalars(
        select(LiteratureRight).where(LiteratureRight.record_id == record_id)
        .order_by(LiteratureRight.recorded_at.desc(), LiteratureRight.id.desc())))


def right(session: Session, right_id: str, *, lock: bool = False) -> LiteratureRight:
    """Return one right, optionally locked for a change.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(LiteratureRight, right_id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None:
        raise NotFound("There is no such right on record.")
    return found


def files_of(session: Session, record_id: str) -> list[FullText]:
    """Return the files of a record, the oldest first."""
    return list(session.scalars(
        select(FullText).where(FullText.record_id == record_id).order_by(FullText.added_at, FullText.id)))


def file(session: Session, file_id: str, *, lock: bool = False) -> FullText:
    """Return one held file, optionally locked for a change.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(FullText, file_id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None:
        raise NotFound("There is no such file in the library.")
    return found


def file_of_record(session: Session, record_id: str, sha256: str) -> FullText | None:
    """Return the file of a record with this content, if it holds it."""
    return session.scalar(select(FullText).where(FullText.record_id == record_id, FullText.sha256 == sha256))


def files_without_text(session: Session, *, offset: int = 0) -> list[tuple[FullText, LiteratureRecord]]:
    """Return a page of the files whose text is missing, each with its record: failed ones first, then waiting ones."""
    rows = session.execute(
        select(FullText, LiteratureRecord).join(LiteratureRecord, LiteratureRecord.id == FullText.record_id)
        .where((FullText.state != ExtractionState.EXTRACTED) | (FullText.failure != ""))
        .order_by(FullText.state == ExtractionState.WAITING, FullText.added_at, FullText.id)
        .offset(offset).limit(MOST_WITHOUT_TEXT))
    return [(row[0], row[1]) for row in rows]


def count_without_text(session: Session) -> int:
    """Return how many files have no text, or not all of it."""
    return session.scalar(
        select(func.count()).select_from(FullText)
        .where((FullText.state != ExtractionState.EXTRACTED) | (FullText.failure != ""))) or 0


def pages_of(session: Session, file_id: str, *, first: int, most: int) -> list[FullTextPage]:
    """Return the text of at most ``most`` pages of a file, from the page ``first`` on."""
    return list(session.scalars(
        select(FullTextPage).where(FullTextPage.full_text_id == file_id, FullTextPage.number >= first)
        .order_by(FullTextPage.number).limit(most)))


def texts_of(session: Session, record_ids: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield record id and the pages of all its files, one record at a time in the order of ids, in one query.

    A record without text is not yielded. Only one record's pages are in memory at a time.
    """
    if not record_ids:
        return
    rows = session.execute(
        select(FullText.record_id, FullTextPage.text)
        .join(FullText, FullText.id == FullTextPage.full_text_id)
        .where(FullText.record_id.in_(record_ids))
        .order_by(FullText.record_id, FullText.added_at, FullText.id, FullTextPage.number)
        .execution_options(yield_per=200))
    for record_id, pages in groupby(rows, key=attrgetter("record_id")):
        yield record_id, tuple(page.text for page in pages)
