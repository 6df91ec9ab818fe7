"""Doing an import: the dry run, then the import itself, batch by batch, each in a transaction of its own.

Either can stop at any moment, by a cancellation, a crash or because other work is waiting, and goes on where it
stopped: how far it is stands in the row of the import and is written together with the batch. Before each batch the
row is locked and looked at, so that two workers on one import do no harm.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import ImportFinding, ImportOutcome, ImportState
from inquiry_service.errors import EvenhandError
from inquiry_service.models.literature_imports import ImportItem, ImportRun
from inquiry_service.services import audit, literature_import_report, outbox
from inquiry_service.services.literature_batch import Batch
from inquiry_service.services.literature_findings import Examined, Examiner, Result, fault_of, identifier_of
from inquiry_service.services.literature_seen import SeenInFile
from inquiry_service.services.literature_twins import Match
from inquiry_service.store import literature_imports as store

BATCH = 200
"""Records a transaction: an import of any size holds the write lock only for moments."""
_TRIES = 3

Progress = Callable[[int], None]
_Step = Callable[[Session, ImportRun, Sequence[Result]], None]


class Pace(Enum):
    """How a piece of work ended."""

    DONE = "done"
    STOPPED = "stopped"
    PAUSED = "paused"


@dataclass(frozen=True)
class Work:
    """An import to be worked on.

    Attributes:
        actor: on whose behalf. opened: opens the file from its beginning.
        until: moment of :func:`time.monotonic` after which to pause between batches; None: never.
    """

    factory: SessionFactory
    actor: Actor
    run_id: str
    opened: Callable[[], AbstractContextManager[BinaryIO]]
    request_id: str = ""
    progress: Progress | None = None
    until: float | None = None

    def reporting(self, progress: Progress | None) -> Work:
        """Return the same work with another listener."""
        return replace(self, progress=progress)

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """A transaction of this import."""
        with transaction(self.factory) as session:
            session.info["request_id"] = self.request_id
            yield session


def check(work: Work) -> Pace:
    """Say of each record what it is beside the library and the rest of the file; nothing is stored in the library.

    Raises:
        InvalidInput: the file cannot be read as a whole.
    """
    with closing(SeenInFile()) as seen:

        def step(session: Session, run: ImportRun, batch: Sequence[Result]) -> None:
            first = (run.total or 0) + 1
            session.execute(insert(ImportItem), list(_checked_items(session, run, batch, seen, first)))
            store.note_checked(session, run.id, first - 1 + len(batch), now())

        pace = _walk(work, ImportState.CHECKING, step, seen)
    if pace is Pace.DONE:
        _end_check(work)
    return pace


def carry_out(work: Work) -> Pace:
    """Import the file: each of its records is created, updates a known one, is a duplicate of one, or is rejected.

    Raises:
        InvalidInput: the file cannot be read as a whole.
    """

    def step(session: Session, run: ImportRun, batch: Sequence[Result]) -> None:
        _store(session, work.actor, run, batch)

    pace = _walk(work, ImportState.RUNNING, step)
    if pace is Pace.DONE:
        with work.unit() as session:
            run = store.run(session, work.run_id, lock=True)
            if run.state is ImportState.RUNNING:
                literature_import_report.close(session, work.actor, run, ImportState.FINISHED)
    return pace


def give_up(session: Session, actor: Actor, run_id: str, cause: str) -> None:
    """Leave in the report why an import ends before the file does; it can be tried again."""
    run = store.run(session, run_id, lock=True)
    if run.state in (ImportState.CHECKING, ImportState.RUNNING):
        run.failure, run.state = cause, ImportState.FAILED
        audit.record(session, actor, Event.LITERATURE_IMPORT_STOPPED, run, label=run.file_name,
                     changes={"read": (None, run.read), "failure": (None, cause)})


@contextmanager
def noting_failure(work: Work) -> Iterator[None]:
    """Leave in the report what ends the block before its time, and pass it on."""
    try:
        yield
    except BaseException as error:
        cause = error.message if isinstance(error, EvenhandError) else f"Stopped by {type(error).__name__}."
        # When the database is the trouble, the report cannot be reached either; its missing end then says enough.
        with suppress(SQLAlchemyError), work.unit() as session:
            give_up(session, work.actor, work.run_id, cause)
        raise


def _walk(work: Work, state: ImportState, step: _Step, seen: SeenInFile | None = None) -> Pace:
    with work.factory() as session:
        run = store.run(session, work.run_id)
    if run.state is not state:
        return Pace.STOPPED
    done = _position(run)
    with work.opened() as stream, closing(_records(stream, run)) as results:
        for position, result in enumerate(islice(results, done), 1):
            if seen is not None and isinstance(result, ParsedRecord):
                seen.add(result, position)
        while batch := list(islice(results, BATCH)):
            if not _attempt(work, run, done, step, batch):
                return Pace.STOPPED
            done += len(batch)
            if work.progress:
                work.progress(done)
            if work.until is not None and time.monotonic() > work.until:
                return Pace.PAUSED
    return Pace.DONE


def _records(stream: BinaryIO, run: ImportRun) -> Generator[Result, None, None]:
    return formats.read(stream, run.file_name, run.mapping or None)


def _position(run: ImportRun) -> int:
    """How far an import is: the dry run counts its records in the total, the import in those read."""
    return (run.total or 0) if run.state is ImportState.CHECKING else run.read


def _attempt(work: Work, begun: ImportRun, done: int, step: _Step, batch: Sequence[Result]) -> bool:
    """Do one batch; when another import got in between with the same work, look again.

    Args:
        begun: the import as it was when its file was opened.

    Returns:
        False when there is nothing more to do here: the import was cancelled, somebody else is further, or the
        columns of the file were named anew, for which another job waits.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with work.unit() as session:
                run = store.run(session, work.run_id, lock=True)
                if run.state is not begun.state or _position(run) != done or run.mapping != begun.mapping:
                    return False
                if run.cancel_asked_at is not None:
                    literature_import_report.close(session, work.actor, run, ImportState.CANCELLED)
                    return False
                step(session, run, batch)
            return True
        except IntegrityError:
            if attempt == _TRIES:
                raise
    return False


def _checked_items(
    session: Session, run: ImportRun, batch: Sequence[Result], seen: SeenInFile, first: int
) -> Iterator[dict[str, Any]]:
    examiner = Examiner(session, batch)
    matches = [examiner.known.match(result) if isinstance(result, ParsedRecord) and not fault_of(result) else None
               for result in batch]
    examiner.learn([match.row for match in matches if match is not None])
    for position, (result, match) in enumerate(zip(batch, matches, strict=True), first):
        examined = _examined(examiner, result, match, seen, position)
        yield {
            "run_id": run.id, "position": position, "finding": examined.finding, "choice": examined.default or "",
            "record_id": examined.row.id if examined.row is not None else None, "identifier": identifier_of(result),
            "title": result.title if isinstance(result, ParsedRecord) else "", "reason": examined.reason,
            "details": examined.details}


def _examined(
    examiner: Examiner, result: Result, match: Match | None, seen: SeenInFile, position: int
) -> Examined:
    fault = fault_of(result)
    if not isinstance(result, ParsedRecord) or fault:
        return Examined(ImportFinding.ERROR, fault)
    twin = seen.twin_of(result)
    seen.add(result, position)
    if twin is not None and (match is None or not match.certain):
        place = f"record {twin.position:,} of this file"
        if twin.certain:
            return Examined(ImportFinding.DUPLICATE, f"{twin.why} as {place}")
        return Examined(ImportFinding.CONFLICT, f"looks like {place}: {twin.why}", certain=False)
    return examiner.examine(result, match)


def _end_check(work: Work) -> None:
    with work.unit() as session:
        run = store.run(session, work.run_id, lock=True)
        if run.state is ImportState.CHECKING:
            run.state = ImportState.CHECKED
            audit.record(session, work.actor, Event.LITERATURE_IMPORT_CHECKED, run, label=run.file_name, changes={
                finding.value: (None, count) for finding, count in store.finding_counts(session, run.id).items()})


def _store(session: Session, actor: Actor, run: ImportRun, results: Sequence[Result]) -> None:
    first = run.read + 1
    batch = Batch(session, actor, run.id, run.products)
    batch.store(results, store.items_at(session, run.id, first, run.read + len(results)), first_position=first)
    counts = Counter(item.outcome for item in batch.items)
    run.read += len(batch.items)
    run.created += counts[ImportOutcome.CREATED]
    run.updated += counts[ImportOutcome.UPDATED]
    run.duplicate += counts[ImportOutcome.DUPLICATE]
    run.rejected += counts[ImportOutcome.REJECTED]
    run.progress_at = now()
    ref = ObjectRef("import_run", run.id, label=f"records {first} to {run.read}")
    audit.record(session, actor, Event.LITERATURE_IMPORTED, ref, changes={
        "created": (None, batch.created), "changed": (None, batch.changed)})
    if batch.created or batch.changed:
        outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [*batch.created, *batch.changed]})
