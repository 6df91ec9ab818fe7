"""Reading the outbox: what waits, what needs attention, whether the worker is alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import JobState
from inquiry_service.models.jobs import OutboxJob, WorkerHeartbeat


def exists(session: Session, dedupe_key: str) -> bool:
    """Say whether a job with this key was ever added."""
    return session.scalar(select(OutboxJob.id).where(OutboxJob.dedupe_key == dedupe_key)) is not None


def next_due(session: Session, moment: datetime) -> OutboxJob | None:
    """Return the oldest job that may run now, locked for the caller; jobs held by others are skipped.

    A running job whose lease has run out counts as waiting: its worker is gone.
    """
    return session.scalar(
        select(OutboxJob).where(_due(moment))
        .order_by(OutboxJob.not_before, OutboxJob.id).limit(1).with_for_update(skip_locked=True)
    )


def more_due(session: Session, moment: datetime, kind: str, most: int) -> list[OutboxJob]:
    """Return the oldest jobs of one kind that may run now and were never tried, locked for the caller."""
    return list(session.scalars(
        select(OutboxJob)
        .where(OutboxJob.kind == kind, OutboxJob.state == JobState.WAITING, OutboxJob.not_before <= moment,
               OutboxJob.attempts == 0)
        .order_by(OutboxJob.not_before, OutboxJob.id).limit(most).with_for_update(skip_locked=True)))


def is_anything_due(session: Session, moment: datetime) -> bool:
    """Say whether :func:`next_due` may find a job, without locking anything."""
    return session.scalar(select(OutboxJob.id).where(_due(moment)).limit(1)) is not None


def _due(moment: datetime) -> ColumnElement[bool]:
    waiting = (OutboxJob.state == JobState.WAITING) & (OutboxJob.not_before <= moment)
    abandoned = (OutboxJob.state == JobState.RUNNING) & (OutboxJob.lease_until < moment)
    return waiting | abandoned


def by_id(session: Session, job_id: str) -> OutboxJob | None:
    """Return one job, locked."""
    return session.scalar(select(OutboxJob).where(OutboxJob.id == job_id).with_for_update())


def counts(session: Session) -> dict[JobState, int]:
    """Return how many jobs are in each state."""
    rows = session.execute(select(OutboxJob.state, func.count()).group_by(OutboxJob.state))
    return {row.state: row[1] for row in rows}


def unfinished(session: Session, kind: str) -> int:
    """Return how many jobs of ``kind`` are still to be done, or under way."""
    states = (JobState.WAITING, JobState.RUNNING)
    return session.scalar(
        select(func.count()).select_from(OutboxJob).where(OutboxJob.kind == kind, OutboxJob.state.in_(states))) or 0


def in_state(session: Session, state: JobState, limit: int = 50) -> list[OutboxJob]:
    """Return the first jobs in one state, in the order in which they are or were due."""
    return list(session.scalars(
        select(OutboxJob).where(OutboxJob.state == state).order_by(OutboxJob.not_before, OutboxJob.id).limit(limit)
    ))


def heartbeat(session: Session) -> WorkerHeartbeat | None:
    """Return the newest sign of life of a worker."""
    return session.scalar(select(WorkerHeartbeat).order_by(WorkerHeartbeat.seen_at.desc()).limit(1))


def newest_with_key(session: Session, prefix: str) -> OutboxJob | None:
    """Return the job written last whose deduplication key begins with ``prefix``."""
    return session.scalar(
        select(OutboxJob).where(OutboxJob.dedupe_key.startswith(prefix, autoescape=True))
        .order_by(OutboxJob.created_at.desc(), OutboxJob.id.desc()).limit(1)
    )
