"""Sending a letter: one document to one named person, never lost, never twice without a person (P58)."""

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
from inquiry_service.domain.audit_entry import Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action, DeliveryMethod, DeliveryState, ReasonCode
from inquiry_service.errors import EvenhandError, InvalidInput, Refused
from inquiry_service.models.documents import Delivery, DeliveryAttempt
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import audit, installation, outbox, workflow
from inquiry_service.services.access import require
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.mail import Handover, Outcome, Transport
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store

MAIL_DOMAIN = "evenhand.invalid"
"""Right side of Message-IDs when the sender's address gives no domain; reserved, so never anybody's."""


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


def send(session: Session, actor: Actor, inquiry: Inquiry, method: DeliveryMethod, sender: str) -> Delivery:
    """Release the approved letter for sending; the worker hands it over.

    Args:
        method: how it leaves; sender: address it comes from.

    Raises:
        Refused: with everything that stands in the way; Forbidden: the right is missing.
    """
    workflow.perform(session, actor, inquiry, Action.SEND)
    version = store.latest_version(session, inquiry.id)
    document = store.document_of_version(session, version.id) if version else None
    recipient = inquiry.recipient or inquiry.requester
    if document is None:
        raise Refused("There is no document to send.")
    delivery = Delivery(
        inquiry_id=inquiry.id, document_id=document.id, document=document, recipient_id=recipient.id, method=method,
        address=recipient.email, message_id="", state=DeliveryState.QUEUED, requested_at=now(),
        requested_by=actor.name,
    )
    session.add(delivery)
    session.flush()
    delivery.message_id = f"<{delivery.id}@{sender.rpartition('@')[2] or MAIL_DOMAIN}>"
    audit.record(session, actor, Event.DELIVERY_QUEUED, delivery, inquiry_id=inquiry.id, label=document.number,
                 changes={
        "document": (None, document.sha256), "method": (None, method),
        "address": (None, Personal(recipient.email, recipient.id)),
    })
    outbox.enqueue(session, outbox.SEND_LETTER, {"delivery_id": delivery.id}, dedupe_key=f"send:{delivery.id}")
    return delivery


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


def _begin(session: Session, blobs: BlobStore, delivery_id: str, sender: str) -> _Letter | None:
    delivery = store.delivery(session, delivery_id)
    if delivery.state is DeliveryState.SENDING and delivery.method is DeliveryMethod.EMAIL:
        # An earlier try ended without a word: nobody knows whether the server took it.
        _close(session, delivery, DeliveryState.UNCONFIRMED, "The earlier attempt ended without an answer.")
        return None
    if delivery.state not in (DeliveryState.QUEUED, DeliveryState.SENDING):
        return None
    message = _message(session, blobs, delivery, sender)
    delivery.state = DeliveryState.SENDING
    delivery.message_sha256 = hashlib.sha256(message.as_bytes(policy=SMTP)).hexdigest()
    delivery.attempts.append(DeliveryAttempt(delivery_id=delivery.id, started_at=now()))
    session.flush()
    audit.record(session, SYSTEM, Event.DELIVERY_STARTED, delivery, inquiry_id=delivery.inquiry_id,
                 label=delivery.document.number, changes={"message_sha256": (None, delivery.message_sha256)})
    return _Letter(delivery.id, message, sender, delivery.address)


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
    if outcome.handover is Handover.NOT_HANDED_OVER:
        delivery.state = DeliveryState.QUEUED
        audit.record(session, SYSTEM, Event.DELIVERY_POSTPONED, delivery, inquiry_id=delivery.inquiry_id,
                     label=delivery.document.number, changes={"reply": (None, outcome.reply)})
        return
    states = {Handover.ACCEPTED: DeliveryState.SENT, Handover.REFUSED: DeliveryState.FAILED,
              Handover.UNKNOWN: DeliveryState.UNCONFIRMED}
    _close(session, delivery, states[outcome.handover], outcome.reply)


def _close(session: Session, delivery: Delivery, state: DeliveryState, words: str, actor: Actor = SYSTEM) -> None:
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


def resolve(session: Session, actor: Actor, delivery_id: str, *, arrived: bool, words: str) -> None:
    """Decide, as a person, what became of a delivery that nobody could confirm (P58).

    Raises:
        Forbidden: the right is missing; Refused: it is not in doubt; InvalidInput: not said how known.
    """
    require(actor, Permission.RESPONSE_SEND)
    delivery = store.delivery(session, delivery_id)
    if delivery.state is not DeliveryState.UNCONFIRMED:
        raise Refused("Only a delivery in doubt can be resolved.")
    if not words.strip():
        raise InvalidInput("Say how you know.", fields={"words": "Say how you know."})
    audit.record(session, actor, Event.DELIVERY_RESOLVED, delivery, inquiry_id=delivery.inquiry_id,
                 label=delivery.document.number, reason=Reason(ReasonCode.OTHER.value, words))
    _close(session, delivery, DeliveryState.SENT if arrived else DeliveryState.FAILED, words, actor)
