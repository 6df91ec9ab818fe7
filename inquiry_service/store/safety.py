"""Reading safety records and complaints, through the viewer's eyes: who has no right to them finds none (R24)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import case as sql_case
from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import BranchState
from inquiry_service.errors import NotFound
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.safety import ProductComplaint, SafetyCase

OPEN = (BranchState.SUSPECTED, BranchState.FORWARDED)
NONE_SUCH = "There is no such record, or you may not see it."

Record = TypeVar("Record", SafetyCase, ProductComplaint)


def _scope(viewer: Actor, table: type[Record]) -> Any:
    right = Permission.SAFETY_READ if table is SafetyCase else Permission.COMPLAINT_READ
    return table.id.is_not(None) if viewer.is_system or viewer.may(right) else false()


def _get(session: Session, viewer: Actor, table: type[Record], record_id: str, *, lock: bool) -> Record:
    query = select(table).where(table.id == record_id, _scope(viewer, table))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(NONE_SUCH)
    return found


def _queue(
    session: Session, viewer: Actor, table: type[Record], states: Sequence[BranchState], offset: int, limit: int
) -> list[tuple[Record, Inquiry]]:
    """Rows with their inquiries: what nobody handed over yet comes first, the oldest first."""
    first = sql_case((table.state == BranchState.SUSPECTED, 0), (table.state == BranchState.FORWARDED, 1), else_=2)
    query = (
        select(table, Inquiry).join(Inquiry, Inquiry.id == table.inquiry_id)
        .where(_scope(viewer, table), table.state.in_(states))
        .order_by(first, table.number).offset(offset).limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query).unique()]


def _count(session: Session, viewer: Actor, table: type[Record], states: Sequence[BranchState]) -> int:
    return session.scalar(
        select(func.count()).select_from(table).where(_scope(viewer, table), table.state.in_(states))) or 0


def _of_inquiry(session: Session, viewer: Actor, table: type[Record], inquiry_id: str) -> list[Record]:
    return list(session.scalars(
        select(table).where(table.inquiry_id == inquiry_id, _scope(viewer, table)).order_by(table.number)))


def case(session: Session, viewer: Actor, case_id: str, *, lock: bool = False) -> SafetyCase:
    """Return one safety record, optionally locked for a change.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    return _get(session, viewer, SafetyCase, case_id, lock=lock)


def complaint(session: Session, viewer: Actor, complaint_id: str, *, lock: bool = False) -> ProductComplaint:
    """Return one complaint, optionally locked for a change.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    return _get(session, viewer, ProductComplaint, complaint_id, lock=lock)


def case_queue(
    session: Session, viewer: Actor, states: Sequence[BranchState] = OPEN, *, offset: int = 0, limit: int = 50
) -> list[tuple[SafetyCase, Inquiry]]:
    """Return a page of safety records with their inquiries, the ones still to be handed over first."""
    return _queue(session, viewer, SafetyCase, states, offset, limit)


def complaint_queue(
    session: Session, viewer: Actor, states: Sequence[BranchState] = OPEN, *, offset: int = 0, limit: int = 50
) -> list[tuple[ProductComplaint, Inquiry]]:
    """Return a page of complaints with their inquiries, the ones still to be handed over first."""
    return _queue(session, viewer, ProductComplaint, states, offset, limit)


def count_cases(session: Session, viewer: Actor, states: Sequence[BranchState] = OPEN) -> int:
    """Return how many safety records are in one of these states."""
    return _count(session, viewer, SafetyCase, states)


def count_complaints(session: Session, viewer: Actor, states: Sequence[BranchState] = OPEN) -> int:
    """Return how many complaints are in one of these states."""
    return _count(session, viewer, ProductComplaint, states)


def cases_of(session: Session, viewer: Actor, inquiry_id: str) -> list[SafetyCase]:
    """Return the safety records of one inquiry, oldest first; none for who may not read them."""
    return _of_inquiry(session, viewer, SafetyCase, inquiry_id)


def complaints_of(session: Session, viewer: Actor, inquiry_id: str) -> list[ProductComplaint]:
    """Return the complaints of one inquiry, oldest first; none for who may not read them."""
    return _of_inquiry(session, viewer, ProductComplaint, inquiry_id)
