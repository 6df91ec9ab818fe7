"""Reading the library: records by id and key, duplicates by identity, import reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import NotFound
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.store import literature_pairs

_PORTION = 1000


def may_see(viewer: Actor, row: LiteratureRecord) -> bool:
    """Say whether a record exists for the viewer: confidential ones are for those with the right to them (R24)."""
    return not row.medical_only or viewer.is_system or viewer.may(Permission.LITERATURE_CONFIDENTIAL)


def record(session: Session, record_id: str, viewer: Actor, *, lock: bool = False) -> LiteratureRecord:
    """Return one record, optionally locked for a change.

    Raises:
        NotFound: there is none with this id, or not for this viewer.
    """
    # A row that was read before must be read again under its lock: what was decided on may have changed since.
    found = session.get(LiteratureRecord, record_id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None or not may_see(viewer, found):
        raise NotFound("There is no such record in the library.")
    return found


def records(session: Session, record_ids: Collection[str]) -> dict[str, LiteratureRecord]:
    """Return the records with these ids, by id."""
    if not record_ids:
        return {}
    rows = session.scalars(select(LiteratureRecord).where(LiteratureRecord.id.in_(record_ids)))
    return {row.id: row for row in rows}


def hidden_from(session: Session, viewer: Actor, record_ids: Collection[str]) -> set[str]:
    """Return those of these records that are confidential and not for the viewer (R24)."""
    if not record_ids or viewer.is_system or viewer.may(Permission.LITERATURE_CONFIDENTIAL):
        return set()
    return set(session.scalars(select(LiteratureRecord.id).where(
        LiteratureRecord.id.in_(record_ids), LiteratureRecord.medical_only)))


def known_to(session: Session, viewer: Actor, keys: Sequence[str]) -> list[str]:
    """Return those citation keys, in their order, that do not lead to a confidential record hidden from the viewer."""
    found = by_citation(session, keys)
    return [key for key in keys if key not in found or may_see(viewer, found[key])]


def by_citation(session: Session, keys: Collection[str]) -> dict[str, LiteratureRecord]:
    """Return the records that these citation keys lead to: ``newman1998`` or ``pmid9674831``; others are left out.

    The key of a record that was merged leads to the one that stands for the work now.
    """
    pmids = {key.removeprefix("pmid").lstrip(":") for key in keys if key.startswith("pmid")}
    if not keys:
        return {}
    rows = list(session.scalars(select(LiteratureRecord).where(
        or_(LiteratureRecord.citation_key.in_(keys), LiteratureRecord.pmid.in_(pmids)))))
    by_key = {row.citation_key: row for row in rows}
    by_pmid = {row.pmid: row for row in rows}
    found = {key: by_key.get(key) or by_pmid.get(key.removeprefix("pmid").lstrip(":")) for key in keys}
    named = {key: row for key, row in found.items() if row is not None}
    former = literature_pairs.led_to(session, {f"pmid:{pmid}" for pmid in pmids - by_pmid.keys()})
    named |= {key: row for key in set(keys) - named.keys()
              if (row := former.get(f"pmid:{key.removeprefix('pmid').lstrip(':')}"))}
    standing = literature_pairs.now_standing_for(session, {row.id: row for row in named.values()})
    return {key: standing[row.id] for key, row in named.items()}


def version(session: Session, record_id: str, number: int) -> LiteratureVersion:
    """Return a record as it stood in version ``number``.

    Raises:
        NotFound: there is no such version.
    """
    found = session.scalar(select(LiteratureVersion).where(
        LiteratureVersion.record_id == record_id, LiteratureVersion.version == number))
    if found is None:
        raise NotFound("There is no such version of the record.")
    return found


def versions(session: Session, record_id: str) -> list[LiteratureVersion]:
    """Return every version of a record, the newest first."""
    return list(session.scalars(
        select(LiteratureVersion).where(LiteratureVersion.record_id == record_id)
        .order_by(LiteratureVersion.version.desc())))


def contents_at(session: Session, versions: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Return what records said in the versions named, by record; one query.

    Args:
        versions: record id to the number of its version.
    """
    if not versions:
        return {}
    rows = session.execute(
        select(LiteratureVersion.record_id, LiteratureVersion.content)
        .where(tuple_(LiteratureVersion.record_id, LiteratureVersion.version).in_(list(versions.items()))))
    return {row.record_id: row.content for row in rows}


def identified(
    session: Session, *, dois: Collection[str], pmids: Collection[str], pmcids: Collection[str],
    works: Collection[str],
) -> list[LiteratureRecord]:
    """Return the records that share an identifier or a work key with the given ones."""
    wanted = ((LiteratureRecord.doi, dois), (LiteratureRecord.pmid, pmids), (LiteratureRecord.pmcid, pmcids),
              (LiteratureRecord.identity_key, works))
    conditions = [column.in_(values) for column, values in wanted if values]
    if not conditions:
        return []
    return list(session.scalars(select(LiteratureRecord).where(or_(*conditions))))


def taken_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Return those of these citation keys that are in use."""
    wanted, taken = sorted(keys), set[str]()
    # Exact keys, in portions: a range "from newman1998 to newman1998z" depends on the database's collation.
    for start in range(0, len(wanted), _PORTION):
        taken.update(session.scalars(select(LiteratureRecord.citation_key).where(
            LiteratureRecord.citation_key.in_(wanted[start:start + _PORTION]))))
    return taken


def count(session: Session) -> int:
    """Return how many works the library holds: a record that was merged into another one is none."""
    return session.scalar(
        select(func.count()).select_from(LiteratureRecord).where(LiteratureRecord.merged_into.is_(None))) or 0


def current_versions(session: Session) -> dict[str, int]:
    """Return record id -> version of the whole library, without the records that were merged into others."""
    statement = select(LiteratureRecord.id, LiteratureRecord.version).where(LiteratureRecord.merged_into.is_(None))
    return {row.id: row.version for row in session.execute(statement.order_by(LiteratureRecord.id))}


def every(session: Session, *, batch: int = 500) -> Iterator[Sequence[LiteratureRecord]]:
    """Yield the whole library in batches, in the order of ids: constant memory at any size."""
    last = ""
    while True:
        rows = list(session.scalars(
            select(LiteratureRecord).where(LiteratureRecord.id > last).order_by(LiteratureRecord.id).limit(batch)))
        if not rows:
            return
        yield rows
        last = rows[-1].id
        session.expunge_all()
