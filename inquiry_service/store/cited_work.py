"""Reading where works of the library are used: in answers that are still open, and in letters that were sent (R69)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select
from sqlalchemy.orm import Session, aliased

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import DeliveryState, EvidenceVerdict, RecordStatus, RequesterType, State
from inquiry_service.models.documents import Delivery, Document
from inquiry_service.models.evidence import EvidenceDecision
from inquiry_service.models.inquiries import Inquiry, Person
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.responses import Response, ResponseVersion

OPEN_ANSWERS = (
    State.DRAFTING, State.RETURNED, State.IN_REVIEW, State.SECOND_REVIEW, State.APPROVED, State.READY,
    State.DELIVERY_FAILED,
)
"""An answer is being made or waits to be sent: what it rests on can still be changed."""
_REVIEWED = tuple(state for state in OPEN_ANSWERS if state not in (State.DRAFTING, State.RETURNED))
_DOUBTED = (RecordStatus.RETRACTED, RecordStatus.EXPRESSION_OF_CONCERN)
MOST_ANSWERS = 300
MOST_SENT = 500


@dataclass(frozen=True)
class OpenAnswer:
    """An answer that is not sent yet, with the references of its newest version; None before the first."""

    inquiry_id: str
    number: str
    references: list[dict[str, Any]] | None


def open_answers(session: Session, viewer: Actor, *, inquiry_id: str = "") -> list[OpenAnswer]:
    """Return the open answers that concern the viewer: own ones, and for a reviewer those that reached review.

    At most :data:`MOST_ANSWERS`, by number; none for who may not read drafts (R24).

    Args:
        inquiry_id: to look at this inquiry alone, whoever works on it.
    """
    if not viewer.may(Permission.DRAFT_READ):
        return []
    concerned = [Inquiry.assignee_id == viewer.user_id, ResponseVersion.author_id == viewer.user_id]
    if viewer.may(Permission.REVIEW_DECIDE):
        concerned.append(Inquiry.state.in_(_REVIEWED))
    rows = session.execute(
        select(Inquiry.id, Inquiry.number, ResponseVersion.snapshot["references"])
        .outerjoin(Response, Response.inquiry_id == Inquiry.id)
        .outerjoin(ResponseVersion, and_(ResponseVersion.response_id == Response.id,
                                         ResponseVersion.version == Response.current_version))
        .where(Inquiry.state.in_(OPEN_ANSWERS), Inquiry.id == inquiry_id if inquiry_id else or_(*concerned))
        .order_by(Inquiry.number).limit(MOST_ANSWERS))
    return [OpenAnswer(*row) for row in rows]


def kept_for(session: Session, inquiry_ids: Collection[str]) -> list[tuple[str, str, int]]:
    """Return what was kept as evidence: inquiry id, record id, version of the record that was decided on."""
    if not inquiry_ids:
        return []
    rows = session.execute(
        select(EvidenceDecision.inquiry_id, EvidenceDecision.record_id, EvidenceDecision.record_version)
        .where(EvidenceDecision.inquiry_id.in_(inquiry_ids), EvidenceDecision.verdict == EvidenceVerdict.KEPT)
        .order_by(EvidenceDecision.id))
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True)
class Stood:
    """How a record stood in one of its versions, and since when it had that version."""

    record_id: str
    version: int
    since: datetime
    status: RecordStatus


def standings(session: Session, record_ids: Collection[str]) -> list[Stood]:
    """Return how records stood, version by version, the oldest first."""
    if not record_ids:
        return []
    rows = session.execute(
        select(LiteratureVersion.record_id, LiteratureVersion.version, LiteratureVersion.created_at,
               LiteratureVersion.content["status"].as_string())
        .where(LiteratureVersion.record_id.in_(record_ids))
        .order_by(LiteratureVersion.record_id, LiteratureVersion.version))
    return [Stood(row[0], row[1], row[2], RecordStatus(row[3] or RecordStatus.CURRENT)) for row in rows]


@dataclass(frozen=True)
class SentLetter:
    """A letter that reached its recipient and cites a work that is retracted or doubted now."""

    number: str
    inquiry_id: str
    inquiry_number: str
    recipient: RequesterType
    sent_at: datetime
    references: list[dict[str, Any]]
    cited_id: str
    record: LiteratureRecord


def sent_citing_doubted(session: Session, viewer: Actor) -> list[SentLetter]:
    """Return the sent letters that cite retracted or doubted work, the newest first, one line for each work.

    A letter that came back reached nobody. At most :data:`MOST_SENT`; none for who may not read letters (R24).
    """
    if not viewer.may(Permission.DRAFT_READ):
        return []
    used, standing = aliased(LiteratureRecord), aliased(LiteratureRecord)
    cited = cast(ResponseVersion.snapshot["references"], Text)
    rows = session.execute(
        select(Document.number, Inquiry.id, Inquiry.number, Person.type, Delivery.finished_at,
               ResponseVersion.snapshot["references"], used.id, standing)
        .join(Document, Document.id == Delivery.document_id)
        .join(ResponseVersion, ResponseVersion.id == Document.response_version_id)
        .join(Inquiry, Inquiry.id == Delivery.inquiry_id)
        .join(Person, Person.id == Delivery.recipient_id)
        .join(EvidenceDecision, EvidenceDecision.inquiry_id == Inquiry.id)
        .join(used, used.id == EvidenceDecision.record_id)
        .join(standing, or_(standing.id == used.id, standing.id == used.merged_into))
        .where(Delivery.state == DeliveryState.SENT, Inquiry.state != State.DELIVERY_FAILED,
               standing.merged_into.is_(None), standing.is_notice.is_(False),
               standing.status.in_(_DOUBTED), or_(cited.contains(used.id), cited.contains(standing.id)))
        .order_by(Delivery.finished_at.desc(), Document.number.desc(), standing.citation_key).limit(MOST_SENT))
    return [SentLetter(*row) for row in rows]
