"""The life of a background job: claimed with a lease and a fencing token, done, tried again, or dead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import JobState
from inquiry_service.errors import NotFound, Refused
from inquiry_service.models.jobs import OutboxJob, WorkerHeartbeat
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.store import jobs as store

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=5)
PAUSE_FACTOR = 4
"""5 s, 20 s, 80 s, 5 min, 21 min: long enough for a mail server that asks strangers to come again later."""
MOST_ATTEMPTS = 6
LONGEST_ERROR = 2000


@dataclass(frozen=True)
class Claim:
    """A job in hand. ``token`` proves at completion that nobody else took it over meanwhile."""

    job_id: str
    kind: str
    payload: dict[str, Any]
    attempt: int
    token: int


def is_anything_due(session: Session) -> bool:
    """Say whether :func:`claim` is worth a try; takes no lock, so an idle worker may ask all the time."""
    return store.is_anything_due(session, now())


def claim(session: Session) -> Claim | None:
    """Take the next due job, or None when there is nothing to do."""
    moment = now()
    job = store.next_due(session, moment)
    return None if job is None else _taken(job, moment)


def claim_more(session: Session, held: Claim, most: int) -> list[Claim]:
    """Take further due jobs of the same kind, to be done together with one that was claimed just now.

    A job that was tried before is done alone, so that what is wrong with it holds up no other.

    Args:
        most: jobs to take.
    """
    moment = now()
    if held.attempt > 1:
        return []
    return [_taken(job, moment) for job in store.more_due(session, moment, held.kind, most)]


def part(session: Session, claims: Sequence[Claim]) -> None:
    """Put jobs back that failed together: each is tried alone next, at once."""
    for held in claims:
        job = store.by_id(session, held.job_id)
        if job is not None and job.fencing_token == held.token:
            job.state, job.lease_until = JobState.WAITING, None


def _taken(job: OutboxJob, moment: datetime) -> Claim:
    job.state, job.attempts, job.lease_until = JobState.RUNNING, job.attempts + 1, moment + LEASE
    job.fencing_token += 1
    return Claim(job.id, job.kind, dict(job.payload), job.attempts, job.fencing_token)


def complete(session: Session, held: Claim) -> bool:
    """Mark the job as done; False when the lease was lost and another worker has it."""
    job = store.by_id(session, held.job_id)
    if job is None or job.fencing_token != held.token:
        return False
    job.state, job.finished_at, job.lease_until, job.error = JobState.DONE, now(), None, ""
    return True


def fail(session: Session, held: Claim, error: str, *, final: bool = False) -> bool:
    """Put the job back with a growing pause, or aside for a person after the last attempt (P70).

    Returns:
        True when it was put aside now, so that what depends on it can be told.
    """
    job = store.by_id(session, held.job_id)
    if job is None or job.fencing_token != held.token:
        return False
    job.error, job.lease_until = _storable(error), None
    if final or held.attempt >= MOST_ATTEMPTS:
        job.state, job.finished_at = JobState.DEAD, now()
        audit.record(session, SYSTEM, Event.JOB_DEAD, _ref(job), changes={"error": (None, job.error)})
    else:
        job.state, job.not_before = JobState.WAITING, now() + FIRST_PAUSE * PAUSE_FACTOR ** (held.attempt - 1)
    return job.state is JobState.DEAD


def _storable(text: str) -> str:
    """An error may quote anything; what the database cannot store must not stop the queue."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")[:LONGEST_ERROR]


def retry(session: Session, actor: Actor, job_id: str) -> None:
    """Start a job once more that had been put aside.

    Raises:
        Forbidden: the right is missing; NotFound: no such job; Refused: it is not waiting for a person.
    """
    require(actor, Permission.SYSTEM_HEALTH)
    job = store.by_id(session, job_id)
    if job is None:
        raise NotFound("There is no such job.")
    if job.state is not JobState.DEAD:
        raise Refused("Only a job that needs attention can be started again.")
    job.state, job.attempts, job.not_before, job.finished_at = JobState.WAITING, 0, now(), None
    audit.record(session, actor, Event.JOB_RETRIED, _ref(job))


def beat(session: Session, name: str, note: str = "") -> None:
    """Leave a sign of life of the worker ``name``."""
    found = session.get(WorkerHeartbeat, name)
    if found is None:
        session.add(WorkerHeartbeat(name=name, seen_at=now(), note=note))
    else:
        found.seen_at, found.note = now(), note


def _ref(job: OutboxJob) -> ObjectRef:
    return ObjectRef("outbox_job", job.id, label=f"job {job.kind.replace('_', ' ')}")
