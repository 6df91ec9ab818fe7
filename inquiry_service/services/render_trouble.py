"""Why the letter of an approved answer is not there yet, for the pages on which somebody waits for it (R91)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import JobState, State
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.store import jobs as store
from inquiry_service.store import responses


@dataclass(frozen=True)
class RenderTrouble:
    """The rendering that failed.

    Attributes:
        words: the last error, one sentence that says what to do.
        attempts: how often it was tried.
        next_try: when it is tried again by itself; None: it was put aside and waits for a person.
    """

    words: str
    attempts: int
    next_try: datetime | None


def of(session: Session, inquiry: Inquiry) -> RenderTrouble | None:
    """Return what keeps the approved letter of ``inquiry`` from being there; None while nothing failed."""
    version = responses.latest_version(session, inquiry.id) if inquiry.state is State.APPROVED else None
    job = store.newest_with_key(session, f"render:{version.id}:") if version else None
    if job is None or not job.error:
        return None
    return RenderTrouble(job.error, job.attempts, None if job.state is JobState.DEAD else job.not_before)
