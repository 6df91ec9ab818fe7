"""Recording an inquiry: one contact, the people behind it, the questions word for word, the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.attestation import Attestation
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import FIELD_ROLES, Permission
from inquiry_service.domain.vocabulary import (
    Action,
    Channel,
    Forum,
    Purpose,
    ReasonCode,
    RequesterType,
    Role,
    State,
    Urgency,
    Verification,
)
from inquiry_service.errors import Forbidden, InvalidInput
from inquiry_service.models.inquiries import Inquiry, Interaction, Person, Question
from inquiry_service.services import attachments, audit, workflow
from inquiry_service.services.attachments import Upload
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.calendar import due_date, is_late_entry
from inquiry_service.services.numbering import next_number

CLOCK_TOLERANCE = timedelta(minutes=5)
WRITTEN_CHANNELS = frozenset({Channel.EMAIL, Channel.MAIL, Channel.FAX})
LONGEST_QUESTION = 20_000
LAWFUL_BASIS = "GDPR Art. 6(1)(f): answering the request"
RETENTION_CLASS = "medical_inquiry"


@dataclass(frozen=True)
class PersonData:
    """What is known of a requester or recipient; only type and country are needed to begin."""

    type: RequesterType
    country: str
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    qualification: str = ""
    affiliation: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    details_refused_reason: str = ""


@dataclass(frozen=True)
class IntakeData:
    """One contact as it is recorded.

    Attributes:
        received_at: awareness: the first moment any company person or contractor knew (R9).
        zone: name of the time zone in which that time was given.
        questions: each question word for word, in the order asked (R1, R8).
        attestation: of a field submitter, under their own login (R4).
        confirmation: how the professional confirmed a sales-submitted request (R5); empty when not yet.
    """

    channel: Channel
    forum: Forum
    received_at: datetime
    zone: str
    product_id: str
    market: str
    language: str
    requester: PersonData
    questions: tuple[str, ...]
    urgency: Urgency = Urgency.STANDARD
    purpose: Purpose = Purpose.GENERAL
    recipient: PersonData | None = None
    recipient_reason: str = ""
    late_reason: str = ""
    place: str = ""
    others_present: str = ""
    background: str = ""
    sources_consulted: str = ""
    lot: str = ""
    requester_deadline: datetime | None = None
    attestation: Attestation | None = None
    confirmation: str = ""
    parent_id: str | None = None
    uploads: tuple[Upload, ...] = field(default=())


def record(session: Session, actor: Actor, blobs: BlobStore, data: IntakeData) -> Inquiry:
    """Record a new inquiry; every question becomes a write-once row (R1, R8).

    Raises:
        Forbidden: the actor may neither record nor hand in inquiries.
        InvalidInput: with one message per field.
    """
    role = _submitting_role(actor)
    _check(actor, data)
    requester = _person(session, actor, data.requester)
    recipient = _person(session, actor, data.recipient) if data.recipient else None
    inquiry = _inquiry(session, actor, role, data, requester, recipient)
    session.add(inquiry)
    session.flush()
    contact = _interaction(actor, inquiry, data)
    inquiry.interactions.append(contact)
    session.flush()
    event = Event.INQUIRY_SUBMITTED if role in FIELD_ROLES else Event.INQUIRY_RECEIVED
    audit.record(session, actor, event, inquiry, reason=_late(data), changes={
        "state": (None, inquiry.state), "channel": (None, data.channel), "forum": (None, data.forum),
        "received_at": (None, data.received_at), "entered_at": (None, contact.entered_at),
        "product": (None, data.product_id), "market": (None, data.market),
    })
    for text in data.questions:
        add_question(session, actor, inquiry, contact, text)
    for upload in data.uploads:
        attachments.store(session, actor, blobs, inquiry, contact, upload)
    if role is Role.FIELD_SALES and inquiry.confirmation_received_at is None:
        workflow.perform(session, SYSTEM, inquiry, Action.ASK_CONFIRMATION)
    return inquiry


def add_question(session: Session, actor: Actor, inquiry: Inquiry, contact: Interaction, text: str) -> Question:
    """Add one question word for word; it is never edited afterwards (R1)."""
    question = Question(
        inquiry_id=inquiry.id, interaction_id=contact.id, seq=len(inquiry.questions) + 1,
        verbatim=text, topics=[], recorded_at=now(),
    )
    inquiry.questions.append(question)
    session.flush()
    audit.record(session, actor, Event.QUESTION_RECORDED, question, inquiry_id=inquiry.id,
                 label=f"{inquiry.number} Q{question.seq}", changes={"verbatim": (None, text)})
    return question


def _submitting_role(actor: Actor) -> Role:
    if actor.may(Permission.INQUIRY_RECORD):
        return min(actor.roles - FIELD_ROLES)
    if actor.may(Permission.INQUIRY_SUBMIT):
        return min(actor.roles & FIELD_ROLES)
    raise Forbidden("Recording an inquiry needs a right that your role does not have.")


def _check(actor: Actor, data: IntakeData) -> None:
    fields = {**_time_problems(data), **_question_problems(data.questions)}
    if data.channel in WRITTEN_CHANNELS and not data.uploads:
        fields["source"] = f"Attach the original {data.channel.label.lower()} as it came."
    if not actor.may(Permission.INQUIRY_RECORD) and data.attestation is None:
        fields["attestation"] = "Confirm that the question was unprompted."
    if data.recipient is not None and not data.recipient_reason.strip():
        fields["recipient_reason"] = "Say why the answer goes to somebody other than the requester."
    if fields:
        raise InvalidInput("The inquiry was not saved. Nothing you typed is lost.", fields=fields)


def _time_problems(data: IntakeData) -> dict[str, str]:
    """R9: entry is never earlier than awareness; a gap of more than one business day needs its reason."""
    moment = now()
    if data.received_at > moment + CLOCK_TOLERANCE:
        return {"received_at": "The question cannot have come in after now; check date, time and time zone."}
    if is_late_entry(data.received_at, moment, data.market) and not data.late_reason.strip():
        return {"late_reason": "More than one business day passed since the question came in: say why."}
    return {}


def _question_problems(questions: tuple[str, ...]) -> dict[str, str]:
    if not any(text.strip() for text in questions):
        return {"questions": "Write down at least one question, word for word."}
    for number, text in enumerate(questions, start=1):
        if not text.strip():
            return {"questions": f"Question {number} is empty; fill it in or remove it."}
        if len(text) > LONGEST_QUESTION:
            return {"questions": f"Question {number} is longer than {LONGEST_QUESTION} characters; attach the source."}
    return {}


def _late(data: IntakeData) -> Reason | None:
    return Reason(ReasonCode.LATE_ENTRY.value, data.late_reason) if data.late_reason.strip() else None


def _person(session: Session, actor: Actor, data: PersonData) -> Person:
    person = Person(**vars(data), verification=Verification.UNVERIFIED)
    session.add(person)
    session.flush()
    audit.record(session, actor, Event.PERSON_ADDED, person, changes={
        name: (None, value) for name, value in vars(data).items() if value
    })
    return person


def _inquiry(
    session: Session, actor: Actor, role: Role, data: IntakeData, requester: Person, recipient: Person | None
) -> Inquiry:
    moment = now()
    return Inquiry(
        number=next_number(session, "MI"), state=State.RECEIVED, state_since=moment,
        product_id=data.product_id, market=data.market, language=data.language,
        requester_id=requester.id, requester=requester,
        recipient_id=recipient.id if recipient else None, recipient=recipient,
        recipient_reason=data.recipient_reason,
        submitter_id=actor.user_id, submitter_role=role, parent_id=data.parent_id,
        urgency=data.urgency, purpose=data.purpose, requester_deadline=data.requester_deadline,
        due_at=due_date(data.received_at, data.urgency, data.market, data.requester_deadline),
        background=data.background, sources_consulted=data.sources_consulted, lot=data.lot,
        lawful_basis=LAWFUL_BASIS, retention_class=RETENTION_CLASS,
        confirmation_received_at=moment if data.confirmation.strip() else None,
        confirmation_note=data.confirmation, created_at=moment,
    )


def _interaction(actor: Actor, inquiry: Inquiry, data: IntakeData) -> Interaction:
    moment = now()
    return Interaction(
        inquiry_id=inquiry.id, channel=data.channel, forum=data.forum, received_at=data.received_at,
        received_zone=data.zone, entered_at=moment, late_reason=data.late_reason, place=data.place,
        others_present=data.others_present,
        attestation=data.attestation.as_record(actor.user_id, moment) if data.attestation else None,
    )
