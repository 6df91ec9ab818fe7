"""Keeping the original source of a contact: recognised by content, stored by SHA-256, never changed (R10)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import InvalidInput, NotFound
from inquiry_service.models.inquiries import Attachment, Inquiry, Interaction
from inquiry_service.services import audit
from inquiry_service.services.blobs import BlobStore
from inquiry_service.store import inquiries as inquiry_store

LONGEST_NAME = 120
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_ENDINGS = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif",
    _DOCX: "docx", "text/plain": "txt",
}
ACCEPTED = "PDF, PNG, JPEG, TIFF, DOCX, EML or plain text"


@dataclass(frozen=True)
class Upload:
    """A file as it came from the browser; name and type are what the sender says."""

    file_name: str
    data: bytes


def store(
    session: Session, actor: Actor, blobs: BlobStore, inquiry: Inquiry, contact: Interaction, upload: Upload
) -> Attachment:
    """Keep one file with its contact.

    Raises:
        InvalidInput: the file is empty or of a kind that is not accepted.
    """
    attachment = Attachment(
        interaction_id=contact.id, file_name=shown_name(upload.file_name), media_type=media_type(upload),
        size=len(upload.data), sha256=blobs.put(upload.data), stored_at=now(), stored_by=actor.name,
    )
    session.add(attachment)
    session.flush()
    audit.record(session, actor, Event.ATTACHMENT_STORED, attachment, inquiry_id=inquiry.id,
                 label=f"{inquiry.number} source {attachment.sha256[:8]}",
                 changes={"sha256": (None, attachment.sha256), "size": (None, attachment.size)})
    return attachment


@dataclass(frozen=True)
class TakenOut:
    """A stored source on its way out; ``neutral_name`` says nothing about people or products."""

    data: bytes
    media_type: str
    neutral_name: str


def taken_out(session: Session, actor: Actor, blobs: BlobStore, inquiry_id: str, attachment_id: str) -> TakenOut:
    """Return one source of an inquiry with its bytes verified, and record who took it.

    Raises:
        NotFound: it does not exist, belongs to another inquiry, or not for this person.
        IntegrityBroken: the stored file was changed.
    """
    inquiry = inquiry_store.get(session, actor, inquiry_id)
    kept = [source for contact in inquiry.interactions for source in contact.attachments]
    for position, source in enumerate(kept, start=1):
        if source.id == attachment_id:
            audit.record(session, actor, Event.ATTACHMENT_DOWNLOADED, source, inquiry_id=inquiry.id,
                         label=f"{inquiry.number} source {source.sha256[:8]}")
            name = f"{inquiry.number}-source-{position}.{_ENDINGS[source.media_type]}"
            return TakenOut(blobs.get(source.sha256), source.media_type, name)
    raise NotFound("The inquiry has no such attachment.")


def media_type(upload: Upload) -> str:
    """Return the media type by content, never by name.

    Raises:
        InvalidInput: empty, or not an accepted kind.
    """
    if not upload.data:
        raise InvalidInput(f"“{upload.file_name}” is empty.", fields={"source": "The file is empty."})
    for signature, found in _SIGNATURES:
        if upload.data.startswith(signature):
            return found
    if _is_docx(upload.data):
        return _DOCX
    if _is_text(upload.data):
        return "text/plain"
    message = f"“{upload.file_name}” cannot be kept as a source; attach {ACCEPTED}."
    raise InvalidInput(message, fields={"source": message})


def _is_docx(data: bytes) -> bool:
    """An archive that holds a Word document; nothing is unpacked, so a bomb stays packed."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(ord(character) < 32 and character not in "\t\n\r\f" for character in text)


def shown_name(name: str) -> str:
    """Drop folders and control or direction marks: a name is shown, it never becomes a path."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = "".join(character for character in bare if character.isprintable())
    return cleaned[-LONGEST_NAME:] or "source"
