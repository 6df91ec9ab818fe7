"""Files of a record: stored by their SHA-256, their text taken out page by page, every failure on record.

A file is kept at once; the worker takes its text out. What cannot be read is listed and can be tried again or
replaced, never skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inquiry_service.bibliography.full_text import LONGEST_FILE, media_type_of, text_of
from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ExtractionState, ReasonCode
from inquiry_service.errors import EvenhandError, InvalidInput, NotFound, Refused
from inquiry_service.models.literature_holdings import FullText, FullTextPage
from inquiry_service.services import audit, literature_versions, outbox
from inquiry_service.services.access import require
from inquiry_service.services.attachments import shown_name
from inquiry_service.services.blobs import BlobStore
from inquiry_service.store import literature as literature_store
from inquiry_service.store import literature_holdings as store

_ENDINGS = {"application/pdf": "pdf", "application/xml": "xml", "text/plain": "txt"}


def attach(
    session: Session, actor: Actor, blobs: BlobStore, record_id: str, file_name: str, data: bytes
) -> FullText:
    """Keep a file with a record and have its text taken out.

    Args:
        file_name: as the sender calls it; shown, never a path. data: PDF, plain text or JATS XML.

    Raises:
        Forbidden: the right is missing; NotFound: no such record.
        InvalidInput: the file is empty, too large or of no kind whose text can be read.
        Refused: the record holds this very file already, or was merged into another one.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    media_type = media_type_of(data)
    fault = _fault(data, media_type)
    if fault:
        raise InvalidInput(fault, fields={"file": fault})
    record = literature_versions.locked(session, actor, record_id)
    sha256 = blobs.put(data)
    if store.file_of_record(session, record_id, sha256) is not None:
        raise Refused(f"{record.citation_key} holds this very file already.")
    row = FullText(
        record_id=record_id, sha256=sha256, file_name=shown_name(file_name), media_type=media_type, size=len(data),
        state=ExtractionState.WAITING, added_at=now(), added_by=actor.name)
    session.add(row)
    session.flush()
    audit.record(session, actor, Event.LITERATURE_FILE_ADDED, row, label=record.citation_key, changes={
        "record": (None, record_id), "file_name": (None, row.file_name), "sha256": (None, sha256),
        "size": (None, row.size)})
    outbox.enqueue(session, outbox.EXTRACT_TEXT, {"file_id": row.id})
    return row


def extract(factory: SessionFactory, blobs: BlobStore, file_id: str) -> None:
    """Take the text out of a held file; a second run does nothing, a file that is gone meanwhile is no error.

    The text is taken out with no transaction open: a long document must not hold up anybody.
    """
    with factory() as reading:
        row = reading.get(FullText, file_id)
        waiting = row is not None and row.state is ExtractionState.WAITING
    if row is None or not waiting:
        return
    pages, failure = _read(blobs, row.sha256, row.media_type)
    with transaction(factory) as session:
        try:
            held = store.file(session, file_id, lock=True)
        except NotFound:
            return
        if held.state is ExtractionState.WAITING:
            _keep(session, held, pages, failure)


def give_up(session: Session, file_id: str, words: str) -> None:
    """Record that the job was put aside, so that the file is listed; a file that is gone meanwhile is no error."""
    row = session.get(FullText, file_id)
    if row is not None and row.state is ExtractionState.WAITING:
        _keep(session, row, (), f"Given up: {words}")


def retry(session: Session, actor: Actor, file_id: str) -> FullText:
    """Have the text of a file taken out once more.

    Raises:
        Forbidden: the right is missing; NotFound: no such file; Refused: it is waiting already.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    row = store.file(session, file_id, lock=True)
    if row.state is ExtractionState.WAITING:
        raise Refused("The file is waiting for its turn already.")
    before, row.state = row.state, ExtractionState.WAITING
    session.flush()
    audit.record(session, actor, Event.LITERATURE_CHANGED, row, label=row.file_name,
                 changes={"state": (before, row.state), "failure": (row.failure, row.failure)})
    outbox.enqueue(session, outbox.EXTRACT_TEXT, {"file_id": row.id})
    return row


def remove(session: Session, actor: Actor, file_id: str, reason: str) -> None:
    """Take a file with its text away from its record; the stored bytes stay, for others may use them.

    Raises:
        Forbidden: the right is missing; NotFound: no such file; InvalidInput: no reason is given.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    row = store.file(session, file_id, lock=True)
    if not reason.strip():
        raise InvalidInput("The file was not removed.", fields={"reason": "Say why it is removed."})
    record = literature_store.record(session, row.record_id, actor)
    audit.record(session, actor, Event.LITERATURE_FILE_REMOVED, row, label=record.citation_key,
                 reason=Reason(ReasonCode.OTHER.value, reason.strip()),
                 changes={"file_name": (row.file_name, None), "sha256": (row.sha256, None)})
    session.execute(delete(FullTextPage).where(FullTextPage.full_text_id == row.id))
    session.delete(row)
    session.flush()
    outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [record.id]})


@dataclass(frozen=True)
class TakenOut:
    """A held file on its way out; ``name`` is made from the record's key, so it is safe in a header."""

    data: bytes
    media_type: str
    name: str


def download(session: Session, actor: Actor, blobs: BlobStore, file_id: str) -> TakenOut:
    """Return a file with its bytes verified, and record who took it.

    Raises:
        Forbidden: the right to read letters is missing, and with it the ground to read copies.
        NotFound: no such file; IntegrityBroken: the stored file was changed.
    """
    require(actor, Permission.DRAFT_READ)
    row = store.file(session, file_id)
    record = literature_store.record(session, row.record_id, actor)
    data = blobs.get(row.sha256)
    audit.record(session, actor, Event.LITERATURE_FILE_DOWNLOADED, row, label=record.citation_key,
                 changes={"sha256": (None, row.sha256)})
    return TakenOut(data, row.media_type, f"{record.citation_key}-{row.sha256[:8]}.{_ENDINGS[row.media_type]}")


def _fault(data: bytes, media_type: str) -> str:
    if not data:
        return "The file is empty."
    if len(data) > LONGEST_FILE:
        return f"The file has {len(data) >> 20} MB; at most {LONGEST_FILE >> 20} MB can be kept."
    return "" if media_type else "Choose a PDF, a plain text or a JATS XML file; the content tells, not the name."


def _read(blobs: BlobStore, sha256: str, media_type: str) -> tuple[tuple[str, ...], str]:
    try:
        found = text_of(blobs.get(sha256), media_type)
    except EvenhandError as error:
        return (), error.message
    return found.pages, found.failure


def _keep(session: Session, row: FullText, pages: tuple[str, ...], failure: str) -> None:
    session.execute(delete(FullTextPage).where(FullTextPage.full_text_id == row.id))
    has_text = any(page.strip() for page in pages)
    kept = pages if has_text else ()
    session.add_all([FullTextPage(full_text_id=row.id, number=number, text=text)
                     for number, text in enumerate(kept, start=1)])
    row.state = ExtractionState.EXTRACTED if has_text else ExtractionState.FAILED
    row.failure, row.page_count = failure, len(kept)
    session.flush()
    event = Event.LITERATURE_FILE_READ if has_text else Event.LITERATURE_FILE_UNREADABLE
    record = literature_store.record(session, row.record_id, SYSTEM)
    audit.record(session, SYSTEM, event, row, label=record.citation_key,
                 changes={"state": (ExtractionState.WAITING, row.state), "pages": (None, row.page_count),
                          "failure": (None, failure)})
    outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [row.record_id]})
