"""What a field submitter may see of the questions they handed in: number, day, state; never content (R24, R25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import State, StatusWord
from inquiry_service.domain.workflow import status_word
from inquiry_service.errors import NotFound
from inquiry_service.models.inquiries import Inquiry


@dataclass(frozen=True)
class Submission:
    """One question handed in; the state itself stays on this side, only its word leaves."""

    id: str
    number: str
    handed_in_at: datetime
    word: StatusWord


@dataclass(frozen=True)
class Page:
    """One page, newest first; ``next_cursor`` is empty on the last one."""

    items: list[Submission]
    next_cursor: str


def page(session: Session, viewer: Actor, *, before: str = "", limit: int = 50) -> Page:
    """Return what the viewer handed in, newest first, from the number below ``before`` on."""
    query = _own(viewer).order_by(Inquiry.number.desc()).limit(limit + 1)
    if before:
        query = query.where(Inquiry.number < before)
    found = [_submission(row) for row in session.execute(query)]
    return Page(found[:limit], found[limit - 1].number if len(found) > limit else "")


def one(session: Session, viewer: Actor, inquiry_id: str) -> Submission:
    """Return one of the viewer's own.

    Raises:
        NotFound: it does not exist, or somebody else handed it in.
    """
    row = session.execute(_own(viewer).where(Inquiry.id == inquiry_id)).first()
    if row is None:
        raise NotFound("You have handed in no such question.")
    return _submission(row)


def _own(viewer: Actor) -> Select[str, str, datetime, State]:
    return select(Inquiry.id, Inquiry.number, Inquiry.created_at, Inquiry.state).where(
        Inquiry.submitter_id == viewer.user_id)


def _submission(row: Row[str, str, datetime, State]) -> Submission:
    inquiry_id, number, handed_in_at, state = row
    return Submission(inquiry_id, number, handed_in_at, status_word(state))
