"""Reading the evidence of an inquiry: recorded searches, and what was kept or rejected."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.errors import NotFound
from inquiry_service.models.evidence import EvidenceDecision, SearchRun


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
