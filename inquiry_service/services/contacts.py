"""Later messages about an inquiry: each is a contact of its own, with its own source and screen (R10, R34)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Channel, Forum, ReasonCode, State
from inquiry_service.errors import InvalidInput
from inquiry_service.models.inquiries import Inquiry, Interaction
from inquiry_service.services import attachments, audit
from inquiry_service.services.access import require
from inquiry_service.services.attachments import Upload
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.calendar import is_late_entry
from inquiry_service.services.intake import add_question
from inquiry_service.services.intake_checks import CLOCK_TOLERANCE, LONGEST_QUESTION

NOTE_NAME = "message as written down.txt"
TAKES_QUESTIONS = frozenset({
    State.RECEIVED, State.AWAITING_CONFIRMATION, State.SCREENED, State.TRIAGED, State.CLARIFICATION,
    State.ASSIGNED, State.DRAFTING, State.RETURNED,
})
"""Before review a further question still belongs to this letter; later it is a follow-up (R13)."""


@dataclass(frozen=True)
class ContactData:
    """One later message.

    Attributes:
        received_at: awareness: the first moment any company person or contractor knew (R9).
        zone: name of the time zone in which that time was given.
        message: what was said or written, word for word; kept as the source when there is no file.
        question: a further question in it, word for word; empty when there is none.
    """

    channel: Channel
    forum: Forum
    received_at: datetime
    zone: str
    message: str = ""
    question: str = ""
    late_reason: str = ""
    uploads: tuple[Upload, ...] = field(default=())


def add(session: Session, actor: Actor, blobs: BlobStore, inquiry: Inquiry, data: ContactData) -> Interaction:
    """Record a later message; until it is screened, the inquiry goes no further (R34).

    Taken in every state, also after the end: a message may hold an adverse event, and nothing may keep
    that from being written down (R35).

    Raises:
        Forbidden: the right is missing; InvalidInput: with one message per field.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    _check(inquiry, data)
    contact = Interaction(
        inquiry_id=inquiry.id, channel=data.channel, forum=data.forum, received_at=data.received_at,
        received_zone=data.zone, entered_at=now(), late_reason=data.late_reason,
    )
    inquiry.interactions.append(contact)
    session.flush()
    audit.record(session, actor, Event.CONTACT_RECORDED, contact, inquiry_id=inquiry.id, label=inquiry.number,
                 reason=_late(data), changes={
        "channel": (None, data.channel), "forum": (None, data.forum),
        "received_at": (None, data.received_at), "entered_at": (None, contact.entered_at),
    })
    for upload in sources(data):
        attachments.store(session, actor, blobs, inquiry, contact, upload)
    if data.question.strip():
        add_question(session, actor, inquiry, contact, data.question)
    return contact


def sources(data: ContactData) -> tuple[Upload, ...]:
    """Return what is kept of a message: its words as a text file, and the original files (R10)."""
    note = (Upload(NOTE_NAME, data.message.encode()),) if data.message.strip() else ()
    return (*note, *data.uploads)


def _late(data: ContactData) -> Reason | None:
    return Reason(ReasonCode.LATE_ENTRY.value, data.late_reason) if data.late_reason.strip() else None


def _check(inquiry: Inquiry, data: ContactData) -> None:
    moment, fields = now(), {}
    if data.received_at > moment + CLOCK_TOLERANCE:
        fields["received_at"] = "The message cannot have come in after now; check date and time."
    elif is_late_entry(data.received_at, moment, inquiry.market) and not data.late_reason.strip():
        fields["late_reason"] = "More than one business day passed since the message came in: say why."
    if not data.message.strip() and not data.uploads:
        fields["message"] = "Write down what was said, or attach the original."
    if len(data.question) > LONGEST_QUESTION:
        fields["question"] = f"Shorten this to {LONGEST_QUESTION} characters; the rest belongs into the source."
    if data.question.strip() and inquiry.state not in TAKES_QUESTIONS:
        fields["question"] = "This inquiry takes no further question now; open a follow-up for it."
    if fields:
        raise InvalidInput("The message was not saved. Nothing you typed is lost.", fields=fields)
