"""Who could write an answer, and why somebody could not (R27, R32)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.training import is_current
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.people import User
from inquiry_service.store import people

WRITING_ROLES = tuple(role for role, rights in ROLE_PERMISSIONS.items() if Permission.DRAFT_WRITE in rights)


@dataclass(frozen=True)
class Candidate:
    """A person with the right to write drafts; ``unfit`` says why not this one, empty when fit."""

    id: str
    name: str
    unfit: str
    is_assignee: bool


def candidates(session: Session, inquiry: Inquiry) -> list[Candidate]:
    """Return everybody who may write drafts, by name, those who may not write this one with the reason."""
    return [
        Candidate(user.id, user.printed_name, _unfit(user, inquiry), user.id == inquiry.assignee_id)
        for user in people.holding(session, WRITING_ROLES)
    ]


def _unfit(user: User, inquiry: Inquiry) -> str:
    if user.id == inquiry.submitter_id:
        return "submitted this question"
    if not is_current(user.trained_until, now().date()):
        return "training has expired"
    return ""
