"""A follow-up to a closed inquiry: a child inquiry of its own, with a new clock and a new screen (R13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.vocabulary import Action, Channel, Forum, ReasonCode, Urgency
from inquiry_service.models.inquiries import Inquiry, Person
from inquiry_service.services import intake, workflow
from inquiry_service.services.attachments import Upload
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.intake_data import IntakeData, PersonData


@dataclass(frozen=True)
class FollowUpData:
    """What is new; product, market and requester are those of the parent."""

    channel: Channel
    forum: Forum
    received_at: datetime
    zone: str
    questions: tuple[str, ...]
    why: str
    urgency: Urgency = Urgency.STANDARD
    late_reason: str = ""
    uploads: tuple[Upload, ...] = field(default=())


def open_follow_up(session: Session, actor: Actor, blobs: BlobStore, parent: Inquiry, data: FollowUpData) -> Inquiry:
    """Open a follow-up: the parent stays as it is and points to it.

    The requester is recorded anew from the parent, so that each record shows who asked as known then.

    Raises:
        Refused: the parent is not closed; Forbidden: the right is missing; InvalidInput: with one message per field.
    """
    workflow.perform(session, actor, parent, Action.REOPEN, reason=Reason(ReasonCode.OTHER.value, data.why))
    return intake.record(session, actor, blobs, IntakeData(
        channel=data.channel, forum=data.forum, received_at=data.received_at, zone=data.zone,
        product_id=parent.product_id, market=parent.market, language=parent.language,
        requester=_same_person(parent.requester), questions=data.questions, urgency=data.urgency,
        purpose=parent.purpose, late_reason=data.late_reason, parent_id=parent.id, uploads=data.uploads,
    ))


def _same_person(person: Person) -> PersonData:
    return PersonData(**{name: getattr(person, name) for name in PersonData.__dataclass_fields__})
