"""The document of an approved answer: rendered once, verified, stored by its hash, never made again on view."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version as package_version

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain import signing
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.errors import RenderingFailed
from inquiry_service.models.documents import Document
from inquiry_service.rendering.letter import letter_html, refuse_placeholders
from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.rendering.verify import verify_pdf
from inquiry_service.services import audit, letters, workflow
from inquiry_service.services.binding import ensure_bound
from inquiry_service.services.blobs import BlobStore
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store


@dataclass(frozen=True)
class _Sheet:
    """What one rendering needs, read before it begins so that no transaction is open meanwhile."""

    version_id: str
    digest: str
    html: str
    number: str
    expected: tuple[str, ...]


def render(factory: SessionFactory, blobs: BlobStore, renderer: PdfRenderer, version_id: str) -> None:
    """Render an approved version, open the PDF again, keep it, and make the letter ready (R91).

    Doing it twice is harmless: equal content gives equal bytes, and a letter that is ready stays so.

    Raises:
        RenderingFailed: limits, placeholders, or a PDF that does not say what was signed.
    """
    with transaction(factory) as session:
        sheet = _sheet(session, version_id)
    if sheet is None:
        return
    data = renderer.render_pdf(sheet.html)
    facts = verify_pdf(data)
    missing = [words for words in sheet.expected if words not in facts.text]
    if missing:
        raise RenderingFailed(f"The PDF lacks “{missing[0]}”; it was not released.", missing=missing)
    sha256 = blobs.put(data)
    with transaction(factory) as session:
        _archive(session, sheet, sha256, len(data), facts.pages)


def _sheet(session: Session, version_id: str) -> _Sheet | None:
    version = store.version(session, SYSTEM, version_id)
    inquiry = inquiries.get(session, SYSTEM, version.response.inquiry_id)
    if inquiry.state is not State.APPROVED or version.version != version.response.current_version:
        return None
    ensure_bound(session, version)
    signatures = [s for s in store.signatures_of(session, store.SIGNED_VERSION, version.id) if s.is_valid]
    html = letter_html(letters.context_of_version(version, signatures, draft=False))
    refuse_placeholders(html)
    expected = (version.response.number, signing.short(version.digest), *(signature.number for signature in signatures))
    return _Sheet(version.id, version.digest, html, version.response.number, expected)


def note_failure(session: Session, version_id: str, words: str) -> None:
    """Record that the letter of a version could not be rendered and waits for a person (R91)."""
    version = store.version(session, SYSTEM, version_id)
    audit.record(session, SYSTEM, Event.DOCUMENT_RENDER_FAILED, version, inquiry_id=version.response.inquiry_id,
                 label=f"{version.response.number} version {version.version}", changes={"error": (None, words)})


def _archive(session: Session, sheet: _Sheet, sha256: str, size: int, pages: int) -> None:
    version = store.version(session, SYSTEM, sheet.version_id)
    inquiry = inquiries.get(session, SYSTEM, version.response.inquiry_id, lock=True)
    if inquiry.state is not State.APPROVED:
        return
    document = Document(
        number=sheet.number, response_version_id=version.id, version=version, sha256=sha256, size=size, pages=pages,
        content_digest=sheet.digest, renderer=f"WeasyPrint {package_version('weasyprint')}", rendered_at=now(),
    )
    session.add(document)
    session.flush()
    audit.record(session, SYSTEM, Event.DOCUMENT_RENDERED, document, inquiry_id=inquiry.id,
                 label=f"{sheet.number} version {version.version}",
                 changes={"sha256": (None, sha256), "size": (None, size), "pages": (None, pages),
                          "content_digest": (None, sheet.digest)})
    workflow.perform(session, SYSTEM, inquiry, Action.RENDER)


def download(session: Session, blobs: BlobStore, viewer: Actor, document_id: str) -> tuple[Document, bytes]:
    """Return a document with its bytes, exactly as archived, and record that it was taken out (R81).

    Raises:
        NotFound: no such document for this viewer; IntegrityBroken: the stored bytes were changed.
    """
    document = store.document(session, viewer, document_id)
    data = blobs.get(document.sha256)
    audit.record(session, viewer, Event.DOCUMENT_DOWNLOADED, document, label=document.number,
                 inquiry_id=document.version.response.inquiry_id, changes={"sha256": (None, document.sha256)})
    return document, data
