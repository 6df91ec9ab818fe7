"""One signature with what it was given on, proven against the stored content at the moment of looking (R74)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.errors import IntegrityBroken, NotFound
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.services import hold
from inquiry_service.services.binding import ensure_bound
from inquiry_service.services.signatures import manifestation
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store


@dataclass(frozen=True)
class SignatureRecord:
    """A signature, the inquiry it belongs to, the version it stands on (None for a finding on a hold).

    Attributes:
        sound: True when stored content, digest and signature belong together now.
    """

    signature: Signature
    inquiry: Inquiry
    version: ResponseVersion | None
    sound: bool


@dataclass(frozen=True)
class SignatureLine:
    """A signature in one line, with why it no longer counts if it does not."""

    id: str
    version: int
    words: str
    void: str


def of(session: Session, viewer: Actor, signature_id: str) -> SignatureRecord:
    """Return a signature with its proof.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    signature = store.signature(session, viewer, signature_id)
    if signature.object_type == store.SIGNED_VERSION:
        version = store.version(session, viewer, signature.object_id)
        inquiry = inquiries.get(session, viewer, version.response.inquiry_id)
        return SignatureRecord(signature, inquiry, version, _is_bound(session, version, signature))
    if signature.object_type == hold.SIGNED_INQUIRY:
        inquiry = inquiries.get(session, viewer, signature.object_id)
        standing = hold.standing(session, inquiry)
        latest = standing is not None and standing.signature.id == signature.id
        return SignatureRecord(signature, inquiry, None, latest and standing is not None
                               and standing.decision is not None)
    raise NotFound("There is no such signature, or you may not see it.")


def lines(session: Session, inquiry: Inquiry) -> list[SignatureLine]:
    """Return the signatures on every version of the answer, oldest first, void ones included."""
    return [
        SignatureLine(row.id, row.object_version, manifestation(row), row.voided_reason if row.voided_at else "")
        for row in store.signatures_of_inquiry(session, inquiry.id)
    ]


def _is_bound(session: Session, version: ResponseVersion, signature: Signature) -> bool:
    try:
        ensure_bound(session, version)
    except IntegrityBroken:
        return False
    return signature.digest == version.digest and signature.object_version == version.version
