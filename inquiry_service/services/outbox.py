"""The transactional outbox: what shall happen outside the database is written where it was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import JobState
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.store import jobs as store

INDEX_RECORDS = "index_records"
RENDER_LETTER = "render_letter"
SEND_LETTER = "send_letter"
CHECK_IMPORT = "check_import"
RUN_IMPORT = "run_import"
CHECK_SEARCHES = "check_searches"
EXTRACT_TEXT = "extract_text"
KINDS = (INDEX_RECORDS, RENDER_LETTER, SEND_LETTER, CHECK_IMPORT, RUN_IMPORT, CHECK_SEARCHES, EXTRACT_TEXT)


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *,
    dedupe_key: str | None = None, not_before: datetime | None = None,
) -> None:
    """Add a job to the running transaction; it exists if and only if that transaction commits.

    Args:
        kind: one of :data:`KINDS`.
        payload: plain values; ids, never personal data.
        dedupe_key: a job with this key is added once in the life of the installation.
        not_before: earliest time to run; default now.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown job kind {kind!r}")
    if dedupe_key is not None and store.exists(session, dedupe_key):
        return
    moment = now()
    session.add(OutboxJob(
        kind=kind, payload=payload, dedupe_key=dedupe_key, state=JobState.WAITING,
        not_before=not_before or moment, created_at=moment,
    ))
