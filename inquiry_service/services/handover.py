"""Sending a letter, the worker's half: one document to one named person, never lost, never twice (P58).

A delivery is marked as being sent before the first byte leaves. If the worker dies then, nobody knows whether
the mail server took the letter: it becomes unconfirmed, and a person decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import Action, DeliveryMethod, DeliveryState
from inquiry_service.errors import EvenhandError, IntegrityBroken, NotFound
from inquiry_service.models.documents import Delivery, DeliveryAttempt
from inquiry_service.services import audit, installation, workflow
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.mail import Handover, Outcome, Transport
from inquiry_service.services.source_changes import recheck_references, source_changes
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store


class NotHandedOver(EvenhandError):
    """The message is certainly not with the other side; trying again is safe."""

    code = "not_handed_over"
    status = 503


@dataclass(frozen=True)
class _Letter:
    """A delivery in hand, read before anything is sent."""

    delivery_id: str
    message: EmailMessage
    sender: str
    recipient: str


def hand_over(
    factory: SessionFactory, blobs: BlobStore, transport: Transport, delivery_id: str, sender: str
) -> None:
    """Take one queued delivery to the other side and record what is known of it.

    Raises:
        NotHandedOver: certainly not delivered; the job tries again later.
    """
    with transaction(factory) as session:
        letter = _begin(session, blobs, delivery_id, sender)
    if letter is None:
        return
    outcome = transport.deliver(letter.message, letter.sender, letter.recipient)
    with transaction(factory) as session:
        _finish(session, letter, outcome)
    if outcome.handover is Handover.NOT_HANDED_OVER:
        raise NotHandedOver(f"The mail server did not take the letter: {outcome.reply}")


def give_up(session: Session, delivery_id: str, words: str) -> None:
    """Close a delivery whose job was put aside, so that a person can prepare it again; nothing was handed over."""
    delivery = store.delivery(session, delivery_id)
    if delivery.state is DeliveryState.QUEUED:
        close(session, delivery, DeliveryState.FAILED, f"Given up: {words}")


def _begin(session: Session, blobs: BlobStore, delivery_id: str, sender: str) -> _Letter | None:
    delivery = store.delivery(session, delivery_id)
    if delivery.state is DeliveryState.SENDING and delivery.method is DeliveryMethod.EMAIL:
        # An earlier try ended without a word: nobody knows whether the server took it.
        close(session, delivery, DeliveryState.UNCONFIRMED, "The earlier attempt ended without an answer.")
        return None
    if delivery.state not in (DeliveryState.QUEUED, DeliveryState.SENDING):
        return None
    stopped = _reason_to_stop(session, blobs, delivery)
    if stopped:
        close(session, delivery, DeliveryState.FAILED, stopped)
        return None
    message = _message(session, blobs, delivery, sender)
    delivery.state = DeliveryState.SENDING
    delivery.message_sha256 = hashlib.sha256(message.as_bytes(policy=SMTP)).hexdigest()
    delivery.attempts.append(DeliveryAttempt(delivery_id=delivery.id, started_at=now()))
    session.flush()
    audit.record(session, SYSTEM, Event.DELIVERY_STARTED, delivery, inquiry_id=delivery.inquiry_id,
                 label=delivery.document.number, changes={"message_sha256": (None, delivery.message_sha256)})
    return _Letter(delivery.id, message, sender, delivery.address)


def _reason_to_stop(session: Session, blobs: BlobStore, delivery: Delivery) -> str:
    """The last look before the letter leaves: hours may lie between release and sending (R55)."""
    try:
        blobs.get(delivery.document.sha256)
    except (IntegrityBroken, NotFound) as error:
        return f"The stored document cannot be trusted: {error.message}"
    inquiry = inquiries.get(session, SYSTEM, delivery.inquiry_id)
    recheck_references(session, SYSTEM, delivery.document.version)
    return " ".join(change.message for change in source_changes(session, inquiry, delivery.document.version))


def _message(session: Session, blobs: BlobStore, delivery: Delivery, sender: str) -> EmailMessage:
    """The message is made from the record alone, so that a second try sends the same bytes."""
    person = inquiries.person(session, delivery.recipient_id)
    organisation = installation.organisation_name(session)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(f"{organisation} Medical Information", addr_spec=sender)
    message["To"] = Address(_header_text(person.full_name), addr_spec=delivery.address)
    message["Subject"] = f"Your medical information request: {delivery.document.number}"
    message["Message-ID"] = delivery.message_id
    message["Date"] = delivery.requested_at
    message.set_content(
        f"Dear {_header_text(person.full_name) or 'requester'},\n\n"
        "the answer to your question is attached as a PDF document.\n\n"
        f"{organisation}, Medical Information\n"
    )
    message.add_attachment(blobs.get(delivery.document.sha256), maintype="application", subtype="pdf",
                           filename=f"{delivery.document.number}.pdf")
    message.set_boundary(f"=={delivery.id}==")
    return message


def _header_text(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _finish(session: Session, letter: _Letter, outcome: Outcome) -> None:
    delivery = store.delivery(session, letter.delivery_id)
    attempt = delivery.attempts[-1]
    attempt.finished_at, attempt.outcome, attempt.reply = now(), outcome.handover.value, outcome.reply[:2000]
    if delivery.state not in (DeliveryState.SENDING, DeliveryState.UNCONFIRMED):
        # A person decided meanwhile; the late answer is kept beside that decision and changes nothing.
        audit.record(session, SYSTEM, Event.DELIVERY_ANSWERED_LATE, delivery, inquiry_id=delivery.inquiry_id,
                     label=delivery.document.number, changes={"reply": (None, outcome.reply)})
        return
    if outcome.handover is Handover.NOT_HANDED_OVER:
        delivery.state = DeliveryState.QUEUED
        audit.record(session, SYSTEM, Event.DELIVERY_POSTPONED, delivery, inquiry_id=delivery.inquiry_id,
                     label=delivery.document.number, changes={"reply": (None, outcome.reply)})
        return
    states = {Handover.ACCEPTED: DeliveryState.SENT, Handover.REFUSED: DeliveryState.FAILED,
              Handover.UNKNOWN: DeliveryState.UNCONFIRMED}
    close(session, delivery, states[outcome.handover], outcome.reply)


def close(session: Session, delivery: Delivery, state: DeliveryState, words: str, actor: Actor = SYSTEM) -> None:
    """Record what became of a delivery and take the step of the inquiry that follows from it."""
    before, delivery.state = delivery.state, state
    delivery.finished_at = now()
    inquiry = inquiries.get(session, SYSTEM, delivery.inquiry_id, lock=True)
    events = {DeliveryState.SENT: Event.DELIVERY_SENT, DeliveryState.FAILED: Event.DELIVERY_FAILED,
              DeliveryState.UNCONFIRMED: Event.DELIVERY_UNCONFIRMED}
    audit.record(session, actor, events[state], delivery, inquiry_id=inquiry.id, label=delivery.document.number,
                 changes={"state": (before, state), "reply": (None, words)})
    session.flush()
    if state is DeliveryState.SENT:
        workflow.perform(session, SYSTEM, inquiry, Action.CONFIRM_DELIVERY)
        inquiry.sent_at = delivery.finished_at
    elif state is DeliveryState.FAILED:
        workflow.perform(session, SYSTEM, inquiry, Action.FAIL_DELIVERY)
