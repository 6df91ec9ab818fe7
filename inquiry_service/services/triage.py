"""Triage: classify each question against the label, set level and due date, choose who answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission, permissions_of
from inquiry_service.domain.vocabulary import (
    Action,
    Channel,
    Complexity,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    Topic,
    Urgency,
    Verification,
)
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.inquiries import Classification, ContactAttempt, Inquiry, Person, Question, QuestionAddendum
from inquiry_service.services import audit, workflow
from inquiry_service.services.access import require
from inquiry_service.services.calendar import due_date
from inquiry_service.store import people as people_store
from inquiry_service.store.inquiries import OPEN_STATES


@dataclass(frozen=True)
class ClassificationData:
    """One question against the label of one market (R16, R17).

    Attributes:
        patient_asked: what came of asking whether there is an actual patient; for topics where the question
            itself may be the sign of an event (R38).
    """

    label_status: LabelStatus
    rationale: str
    lane: Lane
    topics: Sequence[Topic]
    restated: str
    off_label_subtype: OffLabelSubtype | None = None
    label_version_id: str | None = None
    reason: Reason | None = None
    patient_asked: str | None = None


def classify(session: Session, actor: Actor, inquiry: Inquiry, question: Question, data: ClassificationData) -> None:
    """Classify a question; an earlier classification stays and a coded reason is asked for (R16, R23).

    Raises:
        Forbidden: the right is missing; InvalidInput: with one message per field.
    """
    require(actor, Permission.INQUIRY_TRIAGE)
    _open(inquiry)
    before = question.classification
    _check(data, is_change=before is not None)
    new = Classification(
        question_id=question.id, market=inquiry.market, label_status=data.label_status,
        off_label_subtype=data.off_label_subtype, label_version_id=data.label_version_id,
        rationale=data.rationale, reason_code=data.reason.code if data.reason else "",
        classified_at=now(), classified_by=actor.name,
    )
    question.classifications.append(new)
    old_words = (question.restated, question.lane, list(question.topics))
    question.restated, question.lane = data.restated, data.lane
    question.topics = [topic.value for topic in data.topics]
    session.flush()
    event = Event.QUESTION_CLASSIFIED if before is None else Event.QUESTION_RECLASSIFIED
    audit.record(session, actor, event, question, inquiry_id=inquiry.id, label=f"{inquiry.number} Q{question.seq}",
                 reason=data.reason, changes={
        "label_status": (before.label_status if before else None, new.label_status),
        "off_label_subtype": (before.off_label_subtype if before else None, new.off_label_subtype),
        "label_version": (before.label_version_id if before else None, new.label_version_id),
        "rationale": (before.rationale if before else None, new.rationale),
        "restated": (old_words[0], question.restated), "lane": (old_words[1], question.lane),
        "topics": (old_words[2], question.topics),
        **({} if data.patient_asked is None else {"patient_asked": (None, data.patient_asked)}),
    })


def _check(data: ClassificationData, *, is_change: bool) -> None:
    fields: dict[str, str] = {}
    if not data.rationale.strip():
        fields["rationale"] = "Say on which words of the label this rests."
    if data.label_status is LabelStatus.OFF_LABEL and data.off_label_subtype is None:
        fields["off_label_subtype"] = "Choose in which respect the question leaves the label."
    needs_label = data.label_status in (LabelStatus.ON_LABEL, LabelStatus.OFF_LABEL)
    if needs_label and not data.label_version_id:
        fields["label_version_id"] = "Choose the label version that you looked at."
    if not data.topics:
        fields["topics"] = "Choose at least one topic."
    if not data.restated.strip():
        fields["restated"] = "Restate the question in one sentence; it becomes the title of the letter."
    if is_change and (data.reason is None or not data.reason.text.strip()):
        fields["reason_text"] = "Say why the classification changes."
    if fields:
        raise InvalidInput("The classification was not saved.", fields=fields)


TOPICS_ABOUT_A_PATIENT = frozenset({Topic.PREGNANCY, Topic.OVERDOSE})
"""Whoever asks about these may have a case in hand, so one asks back (R38; GVP VI.B.6.1)."""


def _open(inquiry: Inquiry) -> None:
    if inquiry.state not in OPEN_STATES:
        raise Refused(f"{inquiry.number} is {inquiry.state.label.lower()}; it can no longer be changed.")


def set_level(
    session: Session, actor: Actor, inquiry: Inquiry, complexity: Complexity, urgency: Urgency,
    deadline: datetime | None = None,
) -> None:
    """Set complexity and priority; the due date follows from the moment of awareness (R21, R103)."""
    require(actor, Permission.INQUIRY_TRIAGE)
    _open(inquiry)
    before = (inquiry.complexity, inquiry.urgency, inquiry.due_at)
    received = inquiry.interactions[0].received_at
    inquiry.complexity, inquiry.urgency, inquiry.requester_deadline = complexity, urgency, deadline
    inquiry.due_at = due_date(received, urgency, inquiry.market, deadline)
    audit.record(session, actor, Event.INQUIRY_PRIORITISED, inquiry, changes={
        "complexity": (before[0], complexity), "priority": (before[1], urgency), "due_at": (before[2], inquiry.due_at),
    })


def finish(session: Session, actor: Actor, inquiry: Inquiry) -> None:
    """End triage.

    Raises:
        Refused: with every unmet condition.
    """
    workflow.perform(session, actor, inquiry, Action.TRIAGE)


def verify_requester(
    session: Session, actor: Actor, inquiry: Inquiry, person: Person, status: Verification, method: str
) -> None:
    """Record how far a requester's identity is established, how, when and by whom (R12).

    Raises:
        InvalidInput: verified, but not said how.
    """
    require(actor, Permission.INQUIRY_TRIAGE)
    if status is not Verification.UNVERIFIED and not method.strip():
        raise InvalidInput("Say how the identity was established.",
                           fields={"verification_method": "Say how the identity was established."})
    before = person.verification
    person.verification, person.verification_method = status, method
    person.verified_at, person.verified_by = now(), actor.name
    audit.record(session, actor, Event.PERSON_VERIFIED, person, inquiry_id=inquiry.id,
                 label=f"the requester of {inquiry.number}",
                 changes={"verification": (before, status), "method": (None, method)})


def log_contact_attempt(session: Session, actor: Actor, inquiry: Inquiry, channel: Channel, note: str) -> None:
    """Log one try to reach the requester."""
    require(actor, Permission.INQUIRY_TRIAGE)
    if not note.strip():
        raise InvalidInput("Say what was tried and what came of it.",
                           fields={"note": "Say what was tried and what came of it."})
    attempt = ContactAttempt(inquiry_id=inquiry.id, channel=channel, note=note, attempted_at=now(),
                             attempted_by=actor.name)
    session.add(attempt)
    session.flush()
    audit.record(session, actor, Event.CONTACT_ATTEMPTED, attempt, inquiry_id=inquiry.id, label=inquiry.number,
                 changes={"channel": (None, channel), "note": (None, note)})


def ask_requester(
    session: Session, actor: Actor, inquiry: Inquiry, channel: Channel, note: str, reason: Reason | None
) -> None:
    """Ask back: the attempt is logged and the clock pauses until the answer (R51, R103).

    Raises:
        InvalidInput: nothing was said about the attempt or the reason; Refused: with every unmet condition.
    """
    log_contact_attempt(session, actor, inquiry, channel, note)
    workflow.perform(session, actor, inquiry, Action.ASK_REQUESTER, reason=reason)


def add_addendum(session: Session, actor: Actor, inquiry: Inquiry, question: Question, text: str) -> None:
    """Add a dated correction beside a verbatim question; the question itself stays as it is (R1)."""
    require(actor, Permission.INQUIRY_SCREEN)
    if not text.strip():
        raise InvalidInput("Write the correction.", fields={"text": "Write the correction."})
    question.addenda.append(QuestionAddendum(question_id=question.id, text=text, added_at=now(), added_by=actor.name))
    session.flush()
    audit.record(session, actor, Event.QUESTION_ADDENDUM_ADDED, question, inquiry_id=inquiry.id,
                 label=f"{inquiry.number} Q{question.seq}", changes={"addendum": (None, text)})


def assign(session: Session, actor: Actor, inquiry: Inquiry, assignee_id: str) -> None:
    """Choose who writes the answer: a trained person with the right to, not the submitter (R27, R32).

    Raises:
        Refused: with every unmet condition; InvalidInput: the person may not write drafts.
    """
    require(actor, Permission.INQUIRY_ASSIGN)
    assignee = people_store.by_id(session, assignee_id)
    if not assignee.is_active or Permission.DRAFT_WRITE not in permissions_of(assignee.roles):
        raise InvalidInput("Choose an active MI specialist.", fields={"assignee": "Choose an active MI specialist."})
    before = inquiry.assignee.printed_name if inquiry.assignee else None
    inquiry.assignee_id, inquiry.assignee = assignee.id, assignee
    workflow.perform(session, actor, inquiry, Action.ASSIGN,
                     reason=Reason("", f"{before or 'nobody'} → {assignee.printed_name}"))

