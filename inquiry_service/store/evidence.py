"""Reading the evidence of an inquiry: recorded searches, and what was kept or rejected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import DeliveryState, EvidenceVerdict, State
from inquiry_service.errors import NotFound
from inquiry_service.models.documents import Delivery
from inquiry_service.models.evidence import EvidenceDecision, SearchRun
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import Response, ResponseVersion

MOST_LETTERS = 100


def searches(session: Session, inquiry_id: str) -> list[SearchRun]:
    """Return the recorded searches of an inquiry, oldest first."""
    return list(session.scalars(
        select(SearchRun).where(SearchRun.inquiry_id == inquiry_id).order_by(SearchRun.run_at, SearchRun.id)))


def search(session: Session, inquiry_id: str, run_id: str) -> SearchRun:
    """Return one recorded search of an inquiry.

    Raises:
        NotFound: the inquiry has no such search.
    """
    found = session.scalar(
        select(SearchRun).where(SearchRun.id == run_id, SearchRun.inquiry_id == inquiry_id))
    if found is None:
        raise NotFound("The inquiry has no such search.")
    return found


def decisions(session: Session, inquiry_id: str) -> list[EvidenceDecision]:
    """Return the decisions on records, in the order in which they were first made."""
    return list(session.scalars(
        select(EvidenceDecision).where(EvidenceDecision.inquiry_id == inquiry_id).order_by(EvidenceDecision.id)))


def decision(session: Session, inquiry_id: str, record_id: str) -> EvidenceDecision | None:
    """Return the decision on one record, if there is one."""
    return session.scalar(select(EvidenceDecision).where(
        EvidenceDecision.inquiry_id == inquiry_id, EvidenceDecision.record_id == record_id))


def verdicts_on(session: Session, record_id: str) -> dict[EvidenceVerdict, int]:
    """Return how many inquiries kept and how many rejected a record."""
    rows = session.execute(
        select(EvidenceDecision.verdict, func.count()).where(EvidenceDecision.record_id == record_id)
        .group_by(EvidenceDecision.verdict))
    return dict.fromkeys(EvidenceVerdict, 0) | {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class CitingLetter:
    """A letter whose newest version cites a record; ``sent_at`` is empty until it has reached somebody."""

    number: str
    inquiry_id: str
    inquiry_number: str
    state: State
    version: int
    sent_at: datetime | None


def letters_citing(session: Session, viewer: Actor, record_ids: Collection[str]) -> list[CitingLetter]:
    """Return the letters that cite a work which was decided on for their inquiry, the newest first.

    At most :data:`MOST_LETTERS`; none for who may not read letters (R24).

    Args:
        record_ids: the record of the work, and those that were merged into it.
    """
    if not viewer.may(Permission.DRAFT_READ):
        return []
    sent_at = (
        select(func.max(Delivery.finished_at))
        .where(Delivery.inquiry_id == Inquiry.id, Delivery.state == DeliveryState.SENT,
               Inquiry.state != State.DELIVERY_FAILED)
        .correlate(Inquiry).scalar_subquery())
    cited = cast(ResponseVersion.snapshot["references"], Text)
    # The snapshot is what was signed, so it and not the source says what is cited. Ids are unique texts.
    rows = session.execute(
        select(Response.number, Inquiry.id, Inquiry.number, Inquiry.state, ResponseVersion.version, sent_at)
        .distinct()
        .join(Inquiry, Inquiry.id == Response.inquiry_id)
        .join(EvidenceDecision, EvidenceDecision.inquiry_id == Inquiry.id)
        .join(ResponseVersion, ResponseVersion.response_id == Response.id)
        .where(EvidenceDecision.record_id.in_(record_ids), ResponseVersion.version == Response.current_version,
               or_(*(cited.contains(record_id, autoescape=True) for record_id in record_ids)))
        .order_by(Response.number.desc()).limit(MOST_LETTERS))
    return [CitingLetter(*row) for row in rows]
