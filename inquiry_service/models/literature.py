"""The literature library: records, their versions, and the reports of imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import ImportOutcome, RecordStatus, StudyDesign
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, Moment, TermColumn


class LiteratureRecord(Base):
    """One publication. ``version`` points at its latest :class:`LiteratureVersion`."""

    __tablename__ = "literature_record"

    id: Mapped[Id]
    citation_key: Mapped[str] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    pmid: Mapped[str | None] = mapped_column(String(12), unique=True)
    doi: Mapped[str | None] = mapped_column(String(255), unique=True)
    pmcid: Mapped[str | None] = mapped_column(String(16), unique=True)
    identity_key: Mapped[str] = mapped_column(String(255), index=True)
    title: Mapped[LongText]
    abstract: Mapped[LongText] = mapped_column(default="")
    authors: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    journal: Mapped[LongText] = mapped_column(default="")
    journal_abbrev: Mapped[Key] = mapped_column(default="")
    year: Mapped[int | None] = mapped_column(index=True)
    volume: Mapped[Key] = mapped_column(default="")
    issue: Mapped[Key] = mapped_column(default="")
    pages: Mapped[Key] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    mesh: Mapped[list[str]] = mapped_column(Json, default=list)
    publication_types: Mapped[list[str]] = mapped_column(Json, default=list)
    products: Mapped[list[str]] = mapped_column(Json, default=list)
    design: Mapped[StudyDesign | None] = mapped_column(TermColumn(StudyDesign))
    status: Mapped[RecordStatus] = mapped_column(TermColumn(RecordStatus), index=True)
    status_note: Mapped[LongText] = mapped_column(default="")
    is_notice: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[Moment]
    added_by: Mapped[Key]


class LiteratureVersion(Base):
    """A record as it stood; what a search saw and a letter cited can always be read again."""

    __tablename__ = "literature_version"
    __table_args__ = (UniqueConstraint("record_id", "version"),)

    id: Mapped[Id]
    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[Digest]
    created_at: Mapped[Moment]


class ImportRun(Base):
    """One import: the file as it came, the counts, who and when. read = created + duplicate + rejected.

    The counts grow with each batch that was stored. ``finished_at`` is empty while it runs and stays so when the
    process died; ``failure`` says why it stopped before the end of the file.
    """

    __tablename__ = "import_run"

    id: Mapped[Id]
    file_name: Mapped[Key]
    file_sha256: Mapped[Digest]
    format: Mapped[Key]
    read: Mapped[int]
    created: Mapped[int]
    duplicate: Mapped[int]
    rejected: Mapped[int]
    started_at: Mapped[Moment]
    progress_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[LongText] = mapped_column(default="")
    imported_by: Mapped[Key]

    items: Mapped[list[ImportItem]] = relationship(order_by="ImportItem.position")


class ImportItem(Base):
    """What became of one record of the file, and why."""

    __tablename__ = "import_item"

    id: Mapped[Id]
    run_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"), index=True)
    position: Mapped[int]
    outcome: Mapped[ImportOutcome] = mapped_column(TermColumn(ImportOutcome))
    record_id: Mapped[str | None] = mapped_column(ForeignKey("literature_record.id"))
    identifier: Mapped[LongText] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")
