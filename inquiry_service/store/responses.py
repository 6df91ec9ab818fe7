"""Reading answers: the response of an inquiry, its versions, decisions, signatures, documents, deliveries."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import State
from inquiry_service.errors import NotFound
from inquiry_service.models.documents import Delivery, Document
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import Response, ResponseVersion, ReviewDecision
from inquiry_service.models.signatures import Signature

SIGNED_VERSION = "response_version"
"""Object type under which signatures of drafts are kept."""


def readable(viewer: Actor) -> bool:
    """Say whether drafts and letters exist for the viewer at all (R24)."""
    return viewer.is_system or viewer.may(Permission.DRAFT_READ)


def of_inquiry(session: Session, inquiry_id: str) -> Response | None:
    """Return the response of an inquiry, if one was begun."""
    return session.scalar(select(Response).where(Response.inquiry_id == inquiry_id))


def unsent_inquiries(session: Session, states: Collection[State]) -> list[Inquiry]:
    """Return the inquiries in ``states`` that have an answer, by number: what a sweep over signed letters looks at."""
    return list(session.scalars(
        select(Inquiry).join(Response, Response.inquiry_id == Inquiry.id).where(Inquiry.state.in_(states))
        .order_by(Inquiry.number)
    ).unique())


def latest_version(session: Session, inquiry_id: str) -> ResponseVersion | None:
    """Return the newest version of the answer to an inquiry."""
    return session.scalar(
        select(ResponseVersion).join(Response).where(Response.inquiry_id == inquiry_id)
        .order_by(ResponseVersion.version.desc()).limit(1)
    )


def versions(session: Session, inquiry_id: str) -> list[ResponseVersion]:
    """Return every version of the answer, oldest first."""
    return list(session.scalars(
        select(ResponseVersion).join(Response).where(Response.inquiry_id == inquiry_id)
        .order_by(ResponseVersion.version)
    ))


def version(session: Session, viewer: Actor, version_id: str) -> ResponseVersion:
    """Return one version.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    found = session.get(ResponseVersion, version_id) if readable(viewer) else None
    if found is None:
        raise NotFound("There is no such draft, or you may not see it.")
    return found


def decisions(session: Session, inquiry_id: str) -> list[ReviewDecision]:
    """Return the reviewers' decisions on every version of the answer, oldest first."""
    return list(session.scalars(
        select(ReviewDecision).join(ResponseVersion, ReviewDecision.response_version_id == ResponseVersion.id)
        .join(Response).where(Response.inquiry_id == inquiry_id).order_by(ReviewDecision.decided_at)
    ))


def signatures_of(session: Session, object_type: str, object_id: str) -> list[Signature]:
    """Return the signatures on one object, oldest first, void ones included."""
    return list(session.scalars(
        select(Signature).where(Signature.object_type == object_type, Signature.object_id == object_id)
        .order_by(Signature.signed_at)
    ))


def signatures_of_inquiry(session: Session, inquiry_id: str) -> list[Signature]:
    """Return the signatures on every version of the answer to an inquiry, oldest first."""
    version_ids = select(ResponseVersion.id).join(Response).where(Response.inquiry_id == inquiry_id)
    return list(session.scalars(
        select(Signature).where(Signature.object_type == SIGNED_VERSION, Signature.object_id.in_(version_ids))
        .order_by(Signature.signed_at)
    ))


def documents(session: Session, inquiry_id: str) -> list[Document]:
    """Return the rendered letters of an inquiry, oldest first."""
    return list(session.scalars(
        select(Document).join(ResponseVersion, Document.response_version_id == ResponseVersion.id)
        .join(Response).where(Response.inquiry_id == inquiry_id).order_by(Document.rendered_at)
    ))


def document_of_version(session: Session, version_id: str) -> Document | None:
    """Return the newest document rendered from a version."""
    return session.scalar(
        select(Document).where(Document.response_version_id == version_id)
        .order_by(Document.rendered_at.desc()).limit(1)
    )


def document(session: Session, viewer: Actor, document_id: str) -> Document:
    """Return one document.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    found = session.get(Document, document_id) if readable(viewer) else None
    if found is None:
        raise NotFound("There is no such document, or you may not see it.")
    return found


def document_by_number(session: Session, viewer: Actor, number: str) -> Document:
    """Return the newest document with this letter number, or of the inquiry with this number.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    found = session.scalar(
        select(Document).where((Document.number == number) | Document.number.startswith(f"{number}-L", autoescape=True))
        .order_by(Document.rendered_at.desc()).limit(1)
    ) if readable(viewer) else None
    if found is None:
        raise NotFound(f"There is no document {number}.")
    return found


def deliveries(session: Session, inquiry_id: str) -> list[Delivery]:
    """Return the deliveries of an inquiry, oldest first."""
    return list(session.scalars(
        select(Delivery).where(Delivery.inquiry_id == inquiry_id).order_by(Delivery.requested_at)
    ))


def signature(session: Session, viewer: Actor, signature_id: str) -> Signature:
    """Return one signature.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    found = session.get(Signature, signature_id) if readable(viewer) else None
    if found is None:
        raise NotFound("There is no such signature, or you may not see it.")
    return found


def delivery(session: Session, delivery_id: str) -> Delivery:
    """Return one delivery, locked.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update(of=Delivery))
    if found is None:
        raise NotFound("There is no such delivery.")
    return found
