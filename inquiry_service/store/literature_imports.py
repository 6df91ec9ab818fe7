"""Reading imports: the runs, their records by finding or outcome, and how many there are of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import ImportChoice, ImportFinding, ImportOutcome
from inquiry_service.errors import NotFound
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.literature_imports import ImportItem, ImportRun

PORTION = 500


def run(session: Session, run_id: str, *, lock: bool = False) -> ImportRun:
    """Return one import.

    Args:
        lock: hold the row against other writers until the transaction ends.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(ImportRun, run_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def runs(session: Session, *, offset: int = 0, limit: int = 50) -> list[ImportRun]:
    """Return a page of imports, the newest first."""
    return list(session.scalars(
        select(ImportRun).order_by(ImportRun.started_at.desc(), ImportRun.id.desc()).offset(offset).limit(limit)))


def items(
    session: Session, run_id: str, *, finding: ImportFinding | None = None, outcome: ImportOutcome | None = None,
    offset: int = 0, limit: int = 100,
) -> list[ImportItem]:
    """Return a page of an import's records in the order of the file, all or those of one finding or outcome."""
    query = select(ImportItem).where(ImportItem.run_id == run_id)
    if finding is not None:
        query = query.where(ImportItem.finding == finding)
    if outcome is not None:
        query = query.where(ImportItem.outcome == outcome)
    return list(session.scalars(query.order_by(ImportItem.position).offset(offset).limit(limit)))


def has_confidential(session: Session, run_id: str) -> bool:
    """Say whether a record of an import is, or leads to, a confidential one of the library."""
    query = select(ImportItem.record_id).join(LiteratureRecord, LiteratureRecord.id == ImportItem.record_id)
    return session.scalar(
        query.where(ImportItem.run_id == run_id, LiteratureRecord.medical_only).limit(1)) is not None


def items_at(session: Session, run_id: str, first: int, last: int) -> dict[int, ImportItem]:
    """Return the records at the positions ``first`` to ``last``, by position."""
    rows = session.scalars(select(ImportItem).where(
        ImportItem.run_id == run_id, ImportItem.position >= first, ImportItem.position <= last))
    return {row.position: row for row in rows}


def every_item(session: Session, run_id: str) -> Iterator[Sequence[ImportItem]]:
    """Yield all records of an import in portions, in the order of the file: constant memory at any size."""
    last = 0
    while True:
        rows = list(session.scalars(
            select(ImportItem).where(ImportItem.run_id == run_id, ImportItem.position > last)
            .order_by(ImportItem.position).limit(PORTION)))
        if not rows:
            return
        yield rows
        last = rows[-1].position
        for row in rows:
            session.expunge(row)


def finding_counts(session: Session, run_id: str) -> dict[ImportFinding, int]:
    """Return how many records of an import have each finding."""
    rows = session.execute(select(ImportItem.finding, func.count()).where(ImportItem.run_id == run_id)
                           .group_by(ImportItem.finding))
    return dict.fromkeys(ImportFinding, 0) | {finding: count for finding, count in rows if finding is not None}


def choice_counts(session: Session, run_id: str) -> dict[str, int]:
    """Return how often each choice stands, as ``conflict: separate`` to its number."""
    rows = session.execute(
        select(ImportItem.finding, ImportItem.choice, func.count())
        .where(ImportItem.run_id == run_id, ImportItem.choice != "")
        .group_by(ImportItem.finding, ImportItem.choice).order_by(ImportItem.finding, ImportItem.choice))
    return {f"{finding.value}: {choice}": count for finding, choice, count in rows if finding is not None}


def note_checked(session: Session, run_id: str, total: int, moment: datetime) -> None:
    """Store how far a check is. That is no event, so it has no entry in the audit log (R83)."""
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(total=total, progress_at=moment))


def choose(session: Session, run_id: str, choices: Mapping[int, ImportChoice]) -> None:
    """Store what a person chose, by position; a position without a question is passed over."""
    for choice in ImportChoice:
        positions = [position for position, chosen in choices.items() if chosen is choice]
        if positions:
            session.execute(update(ImportItem).where(
                ImportItem.run_id == run_id, ImportItem.position.in_(positions), ImportItem.choice != "",
            ).values(choice=choice.value))


def choose_all(session: Session, run_id: str, finding: ImportFinding, choice: ImportChoice) -> None:
    """Store one choice for every record with this finding."""
    session.execute(update(ImportItem).where(ImportItem.run_id == run_id, ImportItem.finding == finding)
                    .values(choice=choice.value))


def first_and_latest(session: Session, record_ids: Collection[str]) -> list[LiteratureVersion]:
    """Return, of each record, the version it began with and the present one."""
    if not record_ids:
        return []
    return list(session.scalars(
        select(LiteratureVersion).join(LiteratureRecord, LiteratureRecord.id == LiteratureVersion.record_id)
        .where(LiteratureVersion.record_id.in_(record_ids),
               or_(LiteratureVersion.version == 1, LiteratureVersion.version == LiteratureRecord.version))
        .order_by(LiteratureVersion.record_id, LiteratureVersion.version)))


def forget_items(session: Session, run_id: str) -> None:
    """Take away what a check found, before the file is checked anew."""
    session.execute(delete(ImportItem).where(ImportItem.run_id == run_id))
