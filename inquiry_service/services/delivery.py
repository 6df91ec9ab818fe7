"""Sending a letter, the people's half: release, resolve, record a bounce, prepare again (R26, R30, R88, R89).

What the worker does with a released letter stands in ``handover``.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action, DeliveryMethod, DeliveryState, ReasonCode
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.documents import Delivery
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import audit, handover, outbox, workflow
from inquiry_service.services.access import require
from inquiry_service.services.source_changes import recheck_references
from inquiry_service.store import responses as store

MAIL_DOMAIN = "evenhand.invalid"
"""Right side of Message-IDs when the sender's address gives no domain; reserved, so never anybody's."""


def send(session: Session, actor: Actor, inquiry: Inquiry, method: DeliveryMethod, sender: str) -> Delivery:
    """Release the approved letter for sending; the worker hands it over.

    Args:
        method: how it leaves; sender: address it comes from.

    Raises:
        Refused: with everything that stands in the way; Forbidden: the right is missing.
    """
    version = store.latest_version(session, inquiry.id)
    if version is not None:
        recheck_references(session, actor, version)
    workflow.perform(session, actor, inquiry, Action.SEND)
    document = store.document_of_version(session, version.id) if version else None
    recipient = inquiry.recipient or inquiry.requester
    if document is None:
        raise Refused("There is no document to send.")
    delivery_id = new_id()
    delivery = Delivery(
        id=delivery_id, inquiry_id=inquiry.id, document_id=document.id, document=document, recipient_id=recipient.id,
        method=method, address=recipient.email, state=DeliveryState.QUEUED, requested_at=now(),
        message_id=f"<{delivery_id}@{sender.rpartition('@')[2] or MAIL_DOMAIN}>", requested_by=actor.name,
    )
    session.add(delivery)
    session.flush()
    audit.record(session, actor, Event.DELIVERY_QUEUED, delivery, inquiry_id=inquiry.id, label=document.number,
                 changes={
        "document": (None, document.sha256), "method": (None, method),
        "address": (None, Personal(recipient.email, recipient.id)),
    })
    outbox.enqueue(session, outbox.SEND_LETTER, {"delivery_id": delivery.id}, dedupe_key=f"send:{delivery.id}")
    return delivery


def resolve(session: Session, actor: Actor, delivery_id: str, *, arrived: bool, words: str) -> None:
    """Decide, as a person, what became of a delivery that nobody could confirm (P58).

    Raises:
        Forbidden: the right is missing; Refused: it is not in doubt; InvalidInput: not said how known.
    """
    require(actor, Permission.RESPONSE_SEND)
    delivery = store.delivery(session, delivery_id)
    if delivery.state is not DeliveryState.UNCONFIRMED:
        raise Refused("Only a delivery in doubt can be resolved.")
    said = _said(words, "Say how you know.")
    audit.record(session, actor, Event.DELIVERY_RESOLVED, delivery, inquiry_id=delivery.inquiry_id,
                 label=delivery.document.number, reason=Reason(ReasonCode.OTHER.value, said),
                 changes={"arrived": (None, arrived)})
    handover.close(session, delivery, DeliveryState.SENT if arrived else DeliveryState.FAILED, said, actor)


def report_bounce(session: Session, actor: Actor, inquiry: Inquiry, words: str) -> None:
    """Record that a letter which counted as sent came back (R88).

    Raises:
        Forbidden: the right is missing; Refused: it was not sent; InvalidInput: not said what came back.
    """
    said = _said(words, "Say what came back.")
    workflow.perform(session, actor, inquiry, Action.REPORT_BOUNCE, changes={"sent_at": (inquiry.sent_at, None)},
                     reason=Reason(ReasonCode.DELIVERY_BOUNCED.value, said))
    inquiry.sent_at = None
    for delivery in store.deliveries(session, inquiry.id)[-1:]:
        before, delivery.state = delivery.state, DeliveryState.FAILED
        session.flush()
        audit.record(session, actor, Event.DELIVERY_FAILED, delivery, inquiry_id=inquiry.id,
                     label=delivery.document.number, changes={"state": (before, delivery.state), "reply": (None, said)})


def prepare_again(session: Session, actor: Actor, inquiry: Inquiry, code: ReasonCode | None, words: str) -> None:
    """Make a letter that could not be delivered ready for another attempt; a person decides on it (P58).

    Raises:
        Forbidden: the right is missing; Refused: with what stands in the way;
        InvalidInput: reason or words are missing.
    """
    workflow.perform(session, actor, inquiry, Action.PREPARE_AGAIN,
                     reason=Reason(code.value if code else "", words.strip()))


def _said(words: str, what: str) -> str:
    said = words.strip()
    if not said:
        raise InvalidInput(what, fields={"words": what})
    return said
