"""Reading inquiries: one, a queue, a submitter's own; always through the viewer's eyes (R24, R25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, nulls_last, or_, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import BranchState, State
from inquiry_service.errors import NotFound
from inquiry_service.models.inquiries import ContactAttempt, Inquiry, Interaction, Person, Question
from inquiry_service.models.safety import ProductComplaint, SafetyCase

OPEN_STATES = (
    State.RECEIVED, State.AWAITING_CONFIRMATION, State.SCREENED, State.SOLICITED_HOLD, State.TRIAGED,
    State.CLARIFICATION, State.ASSIGNED, State.DRAFTING, State.IN_REVIEW, State.RETURNED, State.SECOND_REVIEW,
    State.APPROVED, State.READY, State.SENDING, State.DELIVERY_FAILED,
)
REVIEW_STATES = (State.IN_REVIEW, State.SECOND_REVIEW)
WAITING_STATES = (State.CLARIFICATION, State.AWAITING_CONFIRMATION)


@dataclass(frozen=True)
class Filters:
    """What a queue shows. Empty means no restriction; ``running`` leaves out those whose clock is paused."""

    states: tuple[State, ...] = OPEN_STATES
    assignee_id: str = ""
    unassigned: bool = False
    due_before: datetime | None = None
    with_open_safety: bool = False
    running: bool = False
    text: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a queue, with the number of all rows that match."""

    items: list[Inquiry]
    total: int
    offset: int
    limit: int


def _readable(viewer: Actor) -> Any:
    """The rows that exist for the viewer."""
    if viewer.may(Permission.INQUIRY_READ) or viewer.is_system:
        return Inquiry.id.is_not(None)
    return Inquiry.id.is_(None)


def get(session: Session, viewer: Actor, inquiry_id: str, *, lock: bool = False) -> Inquiry:
    """Return one inquiry, optionally locked for a change.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    query = select(Inquiry).where(Inquiry.id == inquiry_id, _readable(viewer))
    return _one(session, query.with_for_update(of=Inquiry) if lock else query)


def by_number(session: Session, viewer: Actor, number: str) -> Inquiry:
    """Return one inquiry by its human number.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    return _one(session, select(Inquiry).where(Inquiry.number == number, _readable(viewer)))


def _one(session: Session, query: Select[Inquiry]) -> Inquiry:
    inquiry = session.scalar(query)
    if inquiry is None:
        raise NotFound("There is no such inquiry, or you may not see it.")
    return inquiry


def queue(session: Session, viewer: Actor, filters: Filters, *, offset: int = 0, limit: int = 50) -> Page:
    """Return a page of inquiries, the most urgent first: by due date, then by number."""
    matching = select(Inquiry).where(*conditions(viewer, filters))
    total = session.scalar(select(func.count()).select_from(matching.order_by(None).subquery())) or 0
    rows = session.scalars(
        matching.order_by(nulls_last(Inquiry.due_at.asc()), Inquiry.number).offset(offset).limit(limit)
    ).unique()
    return Page(list(rows), total, offset, limit)


def count(session: Session, viewer: Actor, filters: Filters) -> int:
    """Return how many inquiries match."""
    query = select(func.count()).select_from(Inquiry).where(*conditions(viewer, filters))
    return session.scalar(query) or 0


def conditions(viewer: Actor, filters: Filters) -> list[Any]:
    """Return the SQL conditions for what the viewer may see of ``filters``; never empty (R24)."""
    conditions: list[Any] = [_readable(viewer)]
    if filters.states:
        conditions.append(Inquiry.state.in_(filters.states))
    if filters.assignee_id:
        conditions.append(Inquiry.assignee_id == filters.assignee_id)
    if filters.unassigned:
        conditions.append(Inquiry.assignee_id.is_(None))
    if filters.due_before:
        conditions.append(and_(Inquiry.due_at.is_not(None), Inquiry.due_at < filters.due_before))
    if filters.running:
        conditions.append(Inquiry.paused_at.is_(None))
    if filters.with_open_safety:
        # A list, not an EXISTS: open records are few, and inquiries are many.
        conditions.append(Inquiry.id.in_(
            select(SafetyCase.inquiry_id).where(SafetyCase.state != BranchState.ACKNOWLEDGED)))
    if filters.text:
        conditions.append(_mentions(filters.text))
    return conditions


def _mentions(words: str) -> Any:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    asking = select(Question.inquiry_id).where(
        or_(Question.verbatim.ilike(like, escape="\\"), Question.restated.ilike(like, escape="\\")))
    return or_(Inquiry.number.ilike(like, escape="\\"), Inquiry.id.in_(asking))


def interaction(session: Session, inquiry: Inquiry, interaction_id: str) -> Interaction:
    """Return one contact of ``inquiry``.

    Raises:
        NotFound: the inquiry has no such contact.
    """
    for found in inquiry.interactions:
        if found.id == interaction_id:
            return found
    raise NotFound("The inquiry has no such contact.")


def question(session: Session, inquiry: Inquiry, seq: int) -> Question:
    """Return question number ``seq`` of ``inquiry``.

    Raises:
        NotFound: the inquiry has no such question.
    """
    for found in inquiry.questions:
        if found.seq == seq:
            return found
    raise NotFound(f"The inquiry has no question {seq}.")


def safety_cases(session: Session, inquiry_ids: Sequence[str]) -> list[SafetyCase]:
    """Return the safety records of these inquiries, oldest first."""
    return list(session.scalars(
        select(SafetyCase).where(SafetyCase.inquiry_id.in_(inquiry_ids)).order_by(SafetyCase.number)
    ))


def complaints(session: Session, inquiry_ids: Sequence[str]) -> list[ProductComplaint]:
    """Return the complaints of these inquiries, oldest first."""
    return list(session.scalars(
        select(ProductComplaint).where(ProductComplaint.inquiry_id.in_(inquiry_ids)).order_by(ProductComplaint.number)
    ))


def contact_attempts(session: Session, inquiry_id: str) -> list[ContactAttempt]:
    """Return the logged attempts to reach the requester, oldest first."""
    return list(session.scalars(
        select(ContactAttempt).where(ContactAttempt.inquiry_id == inquiry_id).order_by(ContactAttempt.attempted_at)
    ))


def follow_ups(session: Session, inquiry_id: str) -> list[Inquiry]:
    """Return the follow-up inquiries of one inquiry (R13)."""
    return list(session.scalars(
        select(Inquiry).where(Inquiry.parent_id == inquiry_id).order_by(Inquiry.number)).unique())


def person(session: Session, person_id: str) -> Person:
    """Return one requester or recipient.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound("There is no such person on record.")
    return found
