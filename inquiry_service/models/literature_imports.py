"""Imports into the literature library: the file as it came, what was found in it, and what became of each record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import ImportFinding, ImportOutcome, ImportState
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, Moment, TermColumn


class ImportRun(Base):
    """One import: who, when, what. read = created + updated + duplicate + rejected, always.

    The counts grow with each batch that was stored. ``total`` is known after the dry run. ``finished_at`` is empty
    while it runs and stays so when the process died; ``failure`` says why it stopped before the end of the file.
    ``report_sha256`` is the digest of the finished report, which also stands in the audit log.
    """

    __tablename__ = "import_run"

    id: Mapped[Id]
    state: Mapped[ImportState] = mapped_column(TermColumn(ImportState), index=True)
    file_name: Mapped[Key]
    file_sha256: Mapped[Digest]
    format: Mapped[Key]
    encoding: Mapped[Key] = mapped_column(default="")
    encoding_note: Mapped[LongText] = mapped_column(default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    products: Mapped[list[str]] = mapped_column(Json, default=list)
    total: Mapped[int | None]
    read: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    duplicate: Mapped[int]
    rejected: Mapped[int]
    started_at: Mapped[Moment]
    progress_at: Mapped[Moment]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[LongText] = mapped_column(default="")
    report_sha256: Mapped[Digest] = mapped_column(default="")
    imported_by: Mapped[Key]

    items: Mapped[list[ImportItem]] = relationship(order_by="ImportItem.position")


class ImportItem(Base):
    """One record of the file: what the dry run found, what the person chose, what became of it, and why.

    ``details`` holds what differs, field by field, as ``{field: [in the library, in the file]}``.
    """

    __tablename__ = "import_item"
    __table_args__ = (
        Index("ix_import_item_run_finding", "run_id", "finding", "position"),
        Index("ix_import_item_run_outcome", "run_id", "outcome", "position"),
    )

    id: Mapped[Id]
    run_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"), index=True)
    position: Mapped[int]
    finding: Mapped[ImportFinding | None] = mapped_column(TermColumn(ImportFinding))
    choice: Mapped[Key] = mapped_column(default="")
    outcome: Mapped[ImportOutcome | None] = mapped_column(TermColumn(ImportOutcome))
    record_id: Mapped[str | None] = mapped_column(ForeignKey("literature_record.id"))
    identifier: Mapped[LongText] = mapped_column(default="")
    title: Mapped[LongText] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
