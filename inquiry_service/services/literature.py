"""Importing records into the library, with a report on each one; nothing is dropped in silence.

The database is the truth; the index is fed through the outbox in the same transaction. A file is read as a
stream and stored batch by batch, each batch with its part of the report, so that an import that stops half way
leaves a report which says so. Importing the file again does no harm: what is there already is a duplicate.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.encoding import SAMPLE_BYTES
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, new_id, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ImportOutcome, ImportState
from inquiry_service.errors import EvenhandError, InvalidInput
from inquiry_service.models.literature_imports import ImportRun
from inquiry_service.services import audit, outbox
from inquiry_service.services.access import require
from inquiry_service.services.literature_batch import Batch
from inquiry_service.store import literature as store
from inquiry_service.store import products as product_store

BATCH = 200
"""Records a transaction: an import of any size holds the write lock only for moments."""
LONGEST_FILE_NAME = 200

_TRIES = 3
_CHUNK = 1 << 20
_IN_MEMORY = 4 << 20

Progress = Callable[[int], None]


@dataclass(frozen=True)
class ImportReport:
    """The counts of one import; ``read`` always equals ``created + duplicate + rejected``."""

    run_id: str
    file_name: str
    format: str
    read: int
    created: int
    duplicate: int
    rejected: int


@dataclass
class _Import:
    """One import under way: on whose behalf, and how far it is."""

    factory: SessionFactory
    actor: Actor
    products: tuple[str, ...]
    request_id: str
    run_id: str = field(default_factory=new_id)
    read: int = 0

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """A transaction of this import."""
        with transaction(self.factory) as session:
            session.info["request_id"] = self.request_id
            yield session


def import_file(
    factory: SessionFactory, actor: Actor, file_name: str, data: bytes | BinaryIO, *,
    products: Sequence[str] = (), via: str = "", request_id: str = "", progress: Progress | None = None,
) -> ImportReport:
    """Import one file: each of its records is created, found to be a duplicate, or rejected with its reason.

    Args:
        factory: sessions; the import commits batch by batch. No other write transaction may be open here.
        data: the file's bytes or an open binary stream; the format is recognised from the content.
        products: keys of products to tag the new records with.
        via: how it was started, if not from a page; goes into the audit.
        request_id: the request in which it happens, if any.
        progress: called with the number of records read.

    Raises:
        Forbidden: the right is missing.
        InvalidInput: the file as a whole cannot be read, or there is no such product; nothing was stored.
    """
    require(actor, Permission.LITERATURE_IMPORT)
    work = _Import(factory, actor, tuple(products), request_id)
    _check_products(work)
    with _rewindable(data) as stream:
        sha256, kind = _fingerprint(stream), _recognise(stream, file_name)
        with closing(formats.read(stream, file_name)) as results:
            _begin(work, file_name[:LONGEST_FILE_NAME], sha256, kind, via)
            return _run(work, results, progress)


def _run(work: _Import, results: Iterator[ParsedRecord | Rejected], progress: Progress | None) -> ImportReport:
    try:
        while batch := list(islice(results, BATCH)):
            _store(work, batch)
            if progress:
                progress(work.read)
        return _finish(work)
    except BaseException as error:
        _stop(work, error)
        raise


def _check_products(work: _Import) -> None:
    with work.unit() as session:
        for key in work.products:
            if product_store.by_key(session, key) is None:
                known = ", ".join(product.key for product in product_store.products(session)) or "none"
                message = f"There is no product “{key}”. Known are: {known}."
                raise InvalidInput(message, fields={"product": message})


@contextmanager
def _rewindable(data: bytes | BinaryIO) -> Iterator[BinaryIO]:
    """The file as a stream that can be read twice; of a pipe, a copy that goes to disk when it grows."""
    if isinstance(data, bytes):
        yield BytesIO(data)
    elif data.seekable():
        yield data
    else:
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            while chunk := data.read(_CHUNK):
                copy.write(chunk)
            copy.seek(0)
            yield cast(BinaryIO, copy)


def _fingerprint(stream: BinaryIO) -> str:
    start, sha256 = stream.tell(), hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        sha256.update(chunk)
    stream.seek(start)
    return sha256.hexdigest()


def _recognise(stream: BinaryIO, file_name: str) -> str:
    start = stream.tell()
    label = formats.recognise(stream.read(SAMPLE_BYTES), file_name).label
    stream.seek(start)
    return label


def _begin(work: _Import, file_name: str, sha256: str, kind: str, via: str) -> None:
    with work.unit() as session:
        run = ImportRun(
            id=work.run_id, state=ImportState.RUNNING, file_name=file_name, file_sha256=sha256, format=kind,
            products=list(work.products), read=0, created=0, updated=0, duplicate=0, rejected=0,
            started_at=now(), progress_at=now(), imported_by=work.actor.name,
        )
        session.add(run)
        audit.record(session, work.actor, Event.LITERATURE_IMPORT_STARTED, run, label=file_name, changes={
            "sha256": (None, sha256), "format": (None, kind), "products": (None, list(work.products)),
            "via": (None, via),
        })


def _store(work: _Import, results: Sequence[ParsedRecord | Rejected]) -> None:
    """Store one batch; when another import got in between with the same work, look again and call it a duplicate."""
    for attempt in range(1, _TRIES + 1):
        try:
            with work.unit() as session:
                _store_once(session, work, results)
            break
        except IntegrityError:
            if attempt == _TRIES:
                raise
    work.read += len(results)


def _store_once(session: Session, work: _Import, results: Sequence[ParsedRecord | Rejected]) -> None:
    batch = Batch(session, work.actor, work.run_id, work.products)
    batch.store(results, first_position=work.read + 1)
    counts = Counter(item.outcome for item in batch.items)
    run = store.import_run(session, work.run_id)
    run.read += len(batch.items)
    run.created += counts[ImportOutcome.CREATED]
    run.duplicate += counts[ImportOutcome.DUPLICATE]
    run.rejected += counts[ImportOutcome.REJECTED]
    run.progress_at = now()
    ref = ObjectRef("import_run", run.id, label=f"records {work.read + 1} to {run.read}")
    audit.record(session, work.actor, Event.LITERATURE_IMPORTED, ref, changes={
        "created": (None, batch.created), "changed": (None, batch.changed),
    })
    if batch.created or batch.changed:
        outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [*batch.created, *batch.changed]})


def _finish(work: _Import) -> ImportReport:
    with work.unit() as session:
        run = store.import_run(session, work.run_id)
        run.finished_at, run.state = now(), ImportState.FINISHED
        audit.record(session, work.actor, Event.LITERATURE_IMPORT_FINISHED, run, label=run.file_name, changes={
            "read": (None, run.read), "created": (None, run.created), "duplicate": (None, run.duplicate),
            "rejected": (None, run.rejected),
        })
        return ImportReport(run.id, run.file_name, run.format, run.read, run.created, run.duplicate, run.rejected)


def _stop(work: _Import, error: BaseException) -> None:
    """Leave in the report why it ends before the file does."""
    cause = error.message if isinstance(error, EvenhandError) else f"Stopped by {type(error).__name__}."
    # When the database is the trouble, the report cannot be reached either; its missing end then says enough.
    with suppress(SQLAlchemyError), work.unit() as session:
        run = store.import_run(session, work.run_id)
        run.failure, run.state = cause, ImportState.FAILED
        audit.record(session, work.actor, Event.LITERATURE_IMPORT_STOPPED, run, label=run.file_name,
                     changes={"read": (None, run.read), "failure": (None, cause)})
