"""Reading the library: records by id and key, duplicates by identity, import reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import ImportOutcome
from inquiry_service.errors import NotFound
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.literature_imports import ImportItem, ImportRun

_PORTION = 1000


def record(session: Session, record_id: str) -> LiteratureRecord:
    """Return one record.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(LiteratureRecord, record_id)
    if found is None:
        raise NotFound("There is no such record in the library.")
    return found


def records(session: Session, record_ids: Collection[str]) -> dict[str, LiteratureRecord]:
    """Return the records with these ids, by id."""
    if not record_ids:
        return {}
    rows = session.scalars(select(LiteratureRecord).where(LiteratureRecord.id.in_(record_ids)))
    return {row.id: row for row in rows}


def by_citation(session: Session, keys: Collection[str]) -> dict[str, LiteratureRecord]:
    """Return the records that these citation keys lead to: ``newman1998`` or ``pmid9674831``; others are left out."""
    pmids = {key.removeprefix("pmid").lstrip(":") for key in keys if key.startswith("pmid")}
    if not keys:
        return {}
    rows = list(session.scalars(select(LiteratureRecord).where(
        or_(LiteratureRecord.citation_key.in_(keys), LiteratureRecord.pmid.in_(pmids)))))
    by_key = {row.citation_key: row for row in rows}
    by_pmid = {row.pmid: row for row in rows}
    found = {key: by_key.get(key) or by_pmid.get(key.removeprefix("pmid").lstrip(":")) for key in keys}
    return {key: row for key, row in found.items() if row is not None}


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
    """Return how many records the library holds."""
    return session.scalar(select(func.count()).select_from(LiteratureRecord)) or 0


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


def import_run(session: Session, run_id: str) -> ImportRun:
    """Return one import report.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(ImportRun, run_id)
    if found is None:
        raise NotFound("There is no such import report.")
    return found


def import_runs(session: Session, *, offset: int = 0, limit: int = 50) -> list[ImportRun]:
    """Return a page of imports, the newest first."""
    return list(session.scalars(
        select(ImportRun).order_by(ImportRun.started_at.desc(), ImportRun.id.desc()).offset(offset).limit(limit)))


def import_items(
    session: Session, run_id: str, *, outcome: ImportOutcome | None = None, offset: int = 0, limit: int = 100
) -> list[ImportItem]:
    """Return a page of an import's records in the order of the file, all or those of one outcome."""
    query = select(ImportItem).where(ImportItem.run_id == run_id)
    if outcome is not None:
        query = query.where(ImportItem.outcome == outcome)
    return list(session.scalars(query.order_by(ImportItem.position).offset(offset).limit(limit)))
