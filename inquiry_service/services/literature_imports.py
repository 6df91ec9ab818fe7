"""The steps of an import that a person takes: hand in a file, name its columns, choose, confirm, cancel, try again.

The work between the steps is done by :mod:`literature_import_work`, in the worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.formats import FileFacts
from inquiry_service.bibliography.table_columns import Table, checked
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ImportChoice, ImportFinding, ImportState
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.literature_imports import ImportRun
from inquiry_service.services import audit, literature_import_report, outbox
from inquiry_service.services.access import require
from inquiry_service.services.attachments import shown_name
from inquiry_service.services.blobs import BlobStore
from inquiry_service.store import literature_imports as store
from inquiry_service.store import products as product_store

OFFERED: Mapping[ImportFinding, tuple[ImportChoice, ...]] = {
    ImportFinding.CHANGED: (ImportChoice.UPDATE, ImportChoice.SKIP),
    ImportFinding.CONFLICT: (ImportChoice.SKIP, ImportChoice.SEPARATE, ImportChoice.UPDATE),
}
"""What a person may choose for a record with this finding; the others leave no choice."""

_UNDER_WAY = (ImportState.MAPPING, ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED)


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and kept.

    Attributes:
        sha256: of its bytes. facts: format, encoding and, of a table, its columns.
    """

    name: str
    sha256: str
    facts: FileFacts


def receive(blobs: BlobStore, file_name: str, stream: BinaryIO) -> Upload:
    """Look at a file and keep it; no transaction is open while that takes its time.

    Args:
        stream: seekable, at the beginning of the file.

    Raises:
        InvalidInput: the file is empty or of no format that can be imported; nothing was kept.
    """
    start = stream.tell()
    facts = formats.inspect(stream, file_name)
    stream.seek(start)
    return Upload(shown_name(file_name), blobs.put_stream(stream), facts)


def stage(
    session: Session, actor: Actor, upload: Upload, *, products: Sequence[str] = (), via: str = "",
    mapping: Mapping[str, str] | None = None,
) -> ImportRun:
    """Begin an import of a file that was received; a table waits for its columns, everything else is checked.

    Args:
        products: keys of products to tag the new records with.
        via: how it was started, if not from a page; goes into the audit.
        mapping: of a table, column to field, when it is known already.

    Raises:
        Forbidden: the right is missing. InvalidInput: there is no such product, or the columns do not fit.
    """
    require(actor, Permission.LITERATURE_IMPORT)
    check_products(session, products)
    run = begin(session, actor, upload, products=products, via=via, mapping=mapping)
    if upload.facts.table is not None and mapping is None:
        run.state = ImportState.MAPPING
        session.flush()
    else:
        _enqueue(session, actor, run)
    return run


def begin(
    session: Session, actor: Actor, upload: Upload, *, products: Sequence[str], via: str,
    mapping: Mapping[str, str] | None,
) -> ImportRun:
    """Write the row of an import that is going to be checked."""
    if mapping is not None:
        if upload.facts.table is None:
            raise InvalidInput("Only a table has columns to be named; this file is no table.")
        checked(upload.facts.table.columns, mapping)
    run = ImportRun(
        state=ImportState.CHECKING, file_name=upload.name, file_sha256=upload.sha256, format=upload.facts.label,
        encoding=upload.facts.encoding.name, encoding_note=upload.facts.encoding.note, mapping=dict(mapping or {}),
        products=list(products), read=0, created=0, updated=0, duplicate=0, rejected=0, started_at=now(),
        progress_at=now(), imported_by=actor.name,
    )
    session.add(run)
    audit.record(session, actor, Event.LITERATURE_IMPORT_STARTED, run, label=run.file_name, changes={
        "sha256": (None, run.file_sha256), "format": (None, run.format), "products": (None, run.products),
        "via": (None, via)})
    return run


def check_products(session: Session, products: Sequence[str]) -> None:
    """Refuse products that do not exist.

    Raises:
        InvalidInput: names them and those that do.
    """
    known = [product.key for product in product_store.products(session)]
    for key in products:
        if key not in known:
            message = f"There is no product “{key}”. Known are: {', '.join(known) or 'none'}."
            raise InvalidInput(message, fields={"products": message})


def set_mapping(
    session: Session, actor: Actor, run_id: str, table: Table, mapping: Mapping[str, str]
) -> None:
    """Say which column of a table holds what, and have the file checked, also once more.

    Args:
        table: the file's columns, as :func:`formats.inspect` tells them.

    Raises:
        Forbidden: the right is missing. Refused: the import is past this step.
        InvalidInput: no column holds the title, or the columns do not fit the file.
    """
    run = _locked(session, actor, run_id)
    _expect(run, _UNDER_WAY, "The columns can be changed only before the import is confirmed.")
    if run.confirmed_at is not None:
        raise Refused("The columns can be changed only before the import is confirmed.")
    checked(table.columns, mapping)
    store.forget_items(session, run.id)
    before, run.mapping = run.mapping, dict(mapping)
    run.total, run.failure, run.state = None, "", ImportState.CHECKING
    audit.record(session, actor, Event.LITERATURE_IMPORT_MAPPED, run, label=run.file_name,
                 changes={"mapping": (before, run.mapping)})
    _enqueue(session, actor, run)


def choose(session: Session, actor: Actor, run_id: str, choices: Mapping[int, ImportChoice]) -> None:
    """Keep what a person chose for single records, by position; it may be changed until the import is confirmed.

    Raises:
        Forbidden: the right is missing. Refused: the import is past this step.
        InvalidInput: a choice is not offered for its record.
    """
    run = _to_be_confirmed(session, actor, run_id)
    if choices:
        items = store.items_at(session, run.id, min(choices), max(choices))
        for position, choice in choices.items():
            item = items.get(position)
            if item is None or item.finding is None or choice not in OFFERED.get(item.finding, ()):
                raise InvalidInput(f"For record {position} this cannot be chosen.")
        store.choose(session, run.id, choices)


def choose_all(
    session: Session, actor: Actor, run_id: str, finding: ImportFinding, choice: ImportChoice
) -> None:
    """Choose the same for every record with this finding.

    Raises:
        as :func:`choose`.
    """
    run = _to_be_confirmed(session, actor, run_id)
    if choice not in OFFERED.get(finding, ()):
        raise InvalidInput("This cannot be chosen for such records.")
    store.choose_all(session, run.id, finding, choice)


def confirm(session: Session, actor: Actor, run_id: str, *, by_worker: bool = True) -> None:
    """Have the checked file imported, with the choices as they stand now.

    Args:
        by_worker: hand the work to the worker; otherwise the caller does it.

    Raises:
        Forbidden: the right is missing. Refused: the import is past this step, or not checked yet.
    """
    run = _to_be_confirmed(session, actor, run_id)
    run.state, run.confirmed_at, run.progress_at, run.imported_by = ImportState.RUNNING, now(), now(), actor.name
    audit.record(session, actor, Event.LITERATURE_IMPORT_CONFIRMED, run, label=run.file_name, changes={
        name: (None, count) for name, count in store.choice_counts(session, run.id).items()})
    if by_worker:
        _enqueue(session, actor, run)


def cancel(session: Session, actor: Actor, run_id: str) -> None:
    """End an import before its end: at once while nothing runs, otherwise between two batches.

    What was stored stays and is reported; asking twice changes nothing.

    Raises:
        Forbidden: the right is missing. Refused: the import has ended.
    """
    run = _locked(session, actor, run_id)
    if run.state not in (*_UNDER_WAY, ImportState.RUNNING):
        raise Refused("This import has ended already.")
    if run.cancel_asked_at is not None:
        return
    run.cancel_asked_at = now()
    audit.record(session, actor, Event.LITERATURE_IMPORT_CANCELLED, run, label=run.file_name,
                 changes={"read": (None, run.read)})
    if run.state is not ImportState.RUNNING:
        literature_import_report.close(session, actor, run, ImportState.CANCELLED)


def try_again(session: Session, actor: Actor, run_id: str) -> None:
    """Go on with an import that an error stopped; nothing is done twice.

    Raises:
        Forbidden: the right is missing. Refused: it was not stopped by an error.
    """
    run = _locked(session, actor, run_id)
    _expect(run, (ImportState.FAILED,), "Only an import that an error stopped can be tried again.")
    run.state = ImportState.CHECKING if run.confirmed_at is None else ImportState.RUNNING
    before, run.failure = run.failure, ""
    audit.record(session, actor, Event.LITERATURE_IMPORT_RESUMED, run, label=run.file_name,
                 changes={"failure": (before, "")})
    _enqueue(session, actor, run)


def _enqueue(session: Session, actor: Actor, run: ImportRun) -> None:
    session.flush()
    kind = outbox.RUN_IMPORT if run.state is ImportState.RUNNING else outbox.CHECK_IMPORT
    payload: dict[str, Any] = {"run_id": run.id, "actor_id": actor.user_id}
    outbox.enqueue(session, kind, payload)


def _locked(session: Session, actor: Actor, run_id: str) -> ImportRun:
    require(actor, Permission.LITERATURE_IMPORT)
    return store.run(session, run_id, lock=True)


def _to_be_confirmed(session: Session, actor: Actor, run_id: str) -> ImportRun:
    run = _locked(session, actor, run_id)
    _expect(run, (ImportState.CHECKED,), "This import does not wait for a confirmation.")
    return run


def _expect(run: ImportRun, states: Sequence[ImportState], words: str) -> None:
    if run.state not in states:
        raise Refused(f"{words} Its state is: {run.state.label.lower()}.")
