"""Recording an inquiry: one contact, the people behind it, the questions word for word, the source."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import FIELD_ROLES, ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Action, ReasonCode, Role, State
from inquiry_service.errors import Forbidden
from inquiry_service.models.inquiries import Inquiry, Interaction, Person, Question
from inquiry_service.services import attachments, audit, requesters, workflow
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.calendar import due_date
from inquiry_service.services.intake_checks import check
from inquiry_service.services.intake_data import IntakeData, PersonData
from inquiry_service.services.numbering import next_number
from inquiry_service.store import products

__all__ = ["IntakeData", "PersonData", "add_question", "record"]

LAWFUL_BASIS = "GDPR Art. 6(1)(f): answering the request"
RETENTION_CLASS = "medical_inquiry"


def record(session: Session, actor: Actor, blobs: BlobStore, data: IntakeData) -> Inquiry:
    """Record a new inquiry; every question becomes a write-once row (R1, R8).

    Raises:
        Forbidden: the actor may neither record nor hand in inquiries.
        InvalidInput: with one message per field.
        NotFound: there is no such product.
    """
    role = _submitting_role(actor)
    check(session, actor, data, now())
    product = products.product(session, data.product_id)
    requester = requesters.add(session, actor, data.requester)
    recipient = requesters.add(session, actor, data.recipient) if data.recipient else None
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
        "product": (None, product.key), "market": (None, data.market),
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
    """Return the role in which the actor records: one that carries the right, not just any."""
    for permission in (Permission.INQUIRY_RECORD, Permission.INQUIRY_SUBMIT):
        fitting = [role for role in actor.roles if permission in ROLE_PERMISSIONS[role]]
        if fitting:
            return min(fitting)
    raise Forbidden("Recording an inquiry needs a right that your role does not have.")


def _late(data: IntakeData) -> Reason | None:
    return Reason(ReasonCode.LATE_ENTRY.value, data.late_reason) if data.late_reason.strip() else None


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
