"""Importing a file in one go: checked, confirmed with the defaults, and carried out.

The command line, the demonstration and tests import this way; the pages take the same steps one by one
(:mod:`literature_imports`). The database is the truth; the index is fed through the outbox in the same
transactions. Importing a file again does no harm: what is there already is a duplicate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.container import seekable
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.services import literature_import_work as import_work
from inquiry_service.services import literature_imports as steps
from inquiry_service.services.access import require
from inquiry_service.services.attachments import shown_name
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.literature_import_work import Work
from inquiry_service.services.literature_imports import Upload
from inquiry_service.store import literature_imports as store

_CHUNK = 1 << 20

Progress = Callable[[int, int | None], None]
"""Called with the records done and their number; the number is None while the file is still being checked."""


@dataclass(frozen=True)
class ImportReport:
    """The counts of one import; ``read`` always equals ``created + updated + duplicate + rejected``."""

    run_id: str
    file_name: str
    format: str
    read: int
    created: int
    updated: int
    duplicate: int
    rejected: int


def import_file(
    factory: SessionFactory, actor: Actor, file_name: str, data: bytes | BinaryIO, *,
    products: Sequence[str] = (), mapping: Mapping[str, str] | None = None, via: str = "", request_id: str = "",
    progress: Progress | None = None, blobs: BlobStore | None = None,
) -> ImportReport:
    """Import one file: each of its records is created, updates a known one, is a duplicate, or is rejected.

    Args:
        factory: sessions; the import commits batch by batch. No other write transaction may be open here.
        data: the file's bytes or an open binary stream; the format is recognised from the content.
        products: keys of products to tag the new records with.
        mapping: of a table, column to field; without it the columns are recognised by their names.
        via: how it was started, if not from a page; goes into the audit.
        request_id: the request in which it happens, if any.
        blobs: where the file is kept, so that an import that stopped can be taken up from its page.

    Raises:
        Forbidden: the right is missing.
        InvalidInput: the file as a whole cannot be read, or there is no such product; nothing was stored.
    """
    with seekable(data) as stream:
        work = _begun(factory, actor, _upload(stream, file_name, blobs), stream, products=products, mapping=mapping,
                      via=via, request_id=request_id)
        with import_work.noting_failure(work):
            total = _check(work, progress)
            with work.unit() as session:
                steps.confirm(session, actor, work.run_id, by_worker=False)
            import_work.carry_out(work.reporting(progress and (lambda done: progress(done, total))))
    return _report(factory, work.run_id)


def check_file(
    factory: SessionFactory, actor: Actor, file_name: str, data: bytes | BinaryIO, *, blobs: BlobStore,
    products: Sequence[str] = (), mapping: Mapping[str, str] | None = None, via: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Check one file and let it wait for its confirmation; arguments and errors as of :func:`import_file`."""
    with seekable(data) as stream:
        work = _begun(factory, actor, _upload(stream, file_name, blobs), stream, products=products, mapping=mapping,
                      via=via, request_id="")
        with import_work.noting_failure(work):
            _check(work, progress)
    return _report(factory, work.run_id)


def _report(factory: SessionFactory, run_id: str) -> ImportReport:
    with factory() as session:
        run = store.run(session, run_id)
        return ImportReport(run.id, run.file_name, run.format, run.read, run.created, run.updated, run.duplicate,
                            run.rejected)


def _begun(
    factory: SessionFactory, actor: Actor, upload: Upload, stream: BinaryIO, *, products: Sequence[str],
    mapping: Mapping[str, str] | None, via: str, request_id: str,
) -> Work:
    require(actor, Permission.LITERATURE_IMPORT)
    with transaction(factory) as session:
        session.info["request_id"] = request_id
        steps.check_products(session, products)
        run = steps.begin(session, actor, upload, products=products, via=via, mapping=mapping)
        session.flush()
        return Work(factory, actor, run.id, lambda: _from_the_start(stream), request_id)


def _check(work: Work, progress: Progress | None) -> int | None:
    """Check the file and return how many records it holds."""
    import_work.check(work.reporting(progress and (lambda done: progress(done, None))))
    with work.factory() as session:
        return store.run(session, work.run_id).total


@contextmanager
def _from_the_start(stream: BinaryIO) -> Iterator[BinaryIO]:
    stream.seek(0)
    yield stream


def _upload(stream: BinaryIO, file_name: str, blobs: BlobStore | None) -> Upload:
    if blobs is not None:
        return steps.receive(blobs, file_name, stream)
    facts, sha256 = formats.inspect(stream, file_name), hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        sha256.update(chunk)
    return Upload(shown_name(file_name), sha256.hexdigest(), facts)
