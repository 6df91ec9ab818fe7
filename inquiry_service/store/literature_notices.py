"""Reading what is said of works: links between records, and the lines of imported retraction lists (R69)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.literature import LiteratureLink, LiteratureRecord
from inquiry_service.models.literature_holdings import ListedNotice

_PORTION = 500


def links_of(session: Session, record_ids: Collection[str]) -> list[LiteratureLink]:
    """Return the links from or to these records, in the order in which they became known."""
    if not record_ids:
        return []
    return list(session.scalars(
        select(LiteratureLink)
        .where(or_(LiteratureLink.from_id.in_(record_ids), LiteratureLink.to_id.in_(record_ids)))
        .order_by(LiteratureLink.added_at, LiteratureLink.id)))


def half_links(session: Session, *, pmids: Collection[str], dois: Collection[str]) -> list[LiteratureLink]:
    """Return the links whose other end, not yet held, is one of these works."""
    named = [column.in_(values) for column, values in ((LiteratureLink.pmid, pmids), (LiteratureLink.doi, dois))
             if values]
    if not named:
        return []
    return list(session.scalars(
        select(LiteratureLink)
        .where(or_(LiteratureLink.from_id.is_(None), LiteratureLink.to_id.is_(None)), or_(*named))
        .order_by(LiteratureLink.id)))


def listed(session: Session, *, pmids: Collection[str], dois: Collection[str]) -> list[ListedNotice]:
    """Return the lines of all lists that speak of one of these works, in the order of their notices."""
    named = [column.in_(values) for column, values in ((ListedNotice.pmid, pmids), (ListedNotice.doi, dois)) if values]
    if not named:
        return []
    return list(session.scalars(
        select(ListedNotice).where(or_(*named))
        .order_by(ListedNotice.notice_date.is_not(None), ListedNotice.notice_date, ListedNotice.id)))


def listed_entries(session: Session, list_name: str, entries: Collection[str]) -> dict[str, ListedNotice]:
    """Return the lines of one list with these entry numbers, by number."""
    rows = session.scalars(select(ListedNotice).where(
        ListedNotice.list_name == list_name, ListedNotice.entry.in_(entries)))
    return {row.entry: row for row in rows}


def records_on_list(session: Session, list_name: str) -> Iterator[list[LiteratureRecord]]:
    """Yield the records of the library that a list may speak of, in portions: constant memory at any size.

    Those that others were merged into are always among them: a list may name an identifier that was given up.
    """
    of_list = select(ListedNotice.id).where(ListedNotice.list_name == list_name)
    by_doi = of_list.where(ListedNotice.doi == LiteratureRecord.doi).correlate(LiteratureRecord).exists()
    by_pmid = of_list.where(ListedNotice.pmid == LiteratureRecord.pmid).correlate(LiteratureRecord).exists()
    gone = aliased(LiteratureRecord)
    others = select(gone.id).where(gone.merged_into == LiteratureRecord.id)
    stands_for_others = others.correlate(LiteratureRecord).exists()
    last = ""
    while True:
        rows = list(session.scalars(
            select(LiteratureRecord).where(LiteratureRecord.id > last, or_(by_doi, by_pmid, stands_for_others))
            .order_by(LiteratureRecord.id).limit(_PORTION)))
        if not rows:
            return
        yield rows
        last = rows[-1].id


@dataclass(frozen=True)
class ListState:
    """One imported list: how many lines it holds, and since when it stands as it is.

    ``lines`` counts by the standing they give.
    """

    name: str
    sha256: str
    lines: int
    retractions: int
    newest_line: datetime


def lists(session: Session) -> list[ListState]:
    """Return the imported lists by name."""
    retracted = func.count().filter(ListedNotice.status == RecordStatus.RETRACTED)
    rows = session.execute(
        select(ListedNotice.list_name, func.max(ListedNotice.list_sha256), func.count(), retracted,
               func.max(ListedNotice.added_at))
        .group_by(ListedNotice.list_name).order_by(ListedNotice.list_name))
    return [ListState(*row) for row in rows]
