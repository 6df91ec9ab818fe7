"""The transactional outbox and the worker's sign of life."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import JobState
from inquiry_service.models.columns import Id, Json, Key, LongText, Moment, TermColumn


class OutboxJob(Base):
    """An effect outside the database, written in the transaction that decided it, done by the worker."""

    __tablename__ = "outbox_job"

    id: Mapped[Id]
    kind: Mapped[Key]
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    dedupe_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[JobState] = mapped_column(TermColumn(JobState), index=True)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fencing_token: Mapped[int] = mapped_column(default=0)
    error: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkerHeartbeat(Base):
    """When the worker was last alive, and what it does."""

    __tablename__ = "worker_heartbeat"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    seen_at: Mapped[Moment]
    note: Mapped[Key] = mapped_column(default="")
