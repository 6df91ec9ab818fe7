"""What the library holds of a publication beyond its record: files with their text, rights, and retraction lists."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import ExtractionState, RecordStatus, RightKind, RightScope
from inquiry_service.models.columns import Digest, Id, Key, LongText, Moment, TermColumn


class FullText(Base):
    """A file of a record, stored by its SHA-256, and how far its text was taken out."""

    __tablename__ = "literature_full_text"
    __table_args__ = (UniqueConstraint("record_id", "sha256"),)

    id: Mapped[Id]
    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    sha256: Mapped[Digest]
    file_name: Mapped[Key]
    media_type: Mapped[Key]
    size: Mapped[int]
    state: Mapped[ExtractionState] = mapped_column(TermColumn(ExtractionState), index=True)
    failure: Mapped[LongText] = mapped_column(default="")
    page_count: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[Moment]
    added_by: Mapped[Key]

    pages: Mapped[list[FullTextPage]] = relationship(order_by="FullTextPage.number")


class FullTextPage(Base):
    """The text of one page, numbered from 1 as a reader of the file counts."""

    __tablename__ = "literature_page"
    __table_args__ = (UniqueConstraint("full_text_id", "number"),)

    id: Mapped[Id]
    full_text_id: Mapped[str] = mapped_column(ForeignKey("literature_full_text.id"), index=True)
    number: Mapped[int]
    text: Mapped[LongText]


class LiteratureRight(Base):
    """A recorded right to use or send copies of a work; without one only citation and link leave the house (R70)."""

    __tablename__ = "literature_right"

    id: Mapped[Id]
    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    kind: Mapped[RightKind] = mapped_column(TermColumn(RightKind))
    scope: Mapped[RightScope] = mapped_column(TermColumn(RightScope))
    holder: Mapped[Key] = mapped_column(default="")
    proof: Mapped[LongText] = mapped_column(default="")
    copies: Mapped[int | None]
    copies_used: Mapped[int] = mapped_column(default=0)
    expires_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[Key]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[LongText] = mapped_column(default="")


class ListedNotice(Base):
    """One line of an imported retraction list; also what is imported later is held against it (R69)."""

    __tablename__ = "listed_notice"
    __table_args__ = (UniqueConstraint("list_name", "entry"),)

    id: Mapped[Id]
    list_name: Mapped[Key]
    list_sha256: Mapped[Digest]
    entry: Mapped[Key]
    status: Mapped[RecordStatus] = mapped_column(TermColumn(RecordStatus))
    nature: Mapped[Key]
    pmid: Mapped[str] = mapped_column(String(12), default="", index=True)
    doi: Mapped[str] = mapped_column(String(255), default="", index=True)
    notice_pmid: Mapped[str] = mapped_column(String(12), default="")
    notice_doi: Mapped[str] = mapped_column(String(255), default="")
    notice_date: Mapped[date | None] = mapped_column(Date)
    reasons: Mapped[LongText] = mapped_column(default="")
    title: Mapped[LongText] = mapped_column(default="")
    added_at: Mapped[Moment]
