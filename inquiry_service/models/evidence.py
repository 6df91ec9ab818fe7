"""Searches run for an inquiry and the decision on each hit: the letter's search record (R52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base
from inquiry_service.domain.vocabulary import EvidenceVerdict, RejectReason, Stance, StudyDesign
from inquiry_service.models.columns import Id, Json, Key, LongText, Moment, TermColumn


class SearchRun(Base):
    """A search as typed, as read, with filters, index generation and hits; repeatable later.

    ``expansions`` holds the synonyms that took part, as ``{word: [other words]}``; ``ranking`` names the way of
    ranking, so that a later run can tell a changed library from a changed ranking. ``question_seq`` is the question
    of the inquiry that was searched for, empty for a search that bears on all of them.
    """

    __tablename__ = "search_run"

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    query: Mapped[LongText]
    read_as: Mapped[LongText]
    filters: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    generation: Mapped[Key]
    synonyms: Mapped[bool] = mapped_column(default=False)
    expansions: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    ranking: Mapped[Key] = mapped_column(default="")
    library_size: Mapped[int | None]
    question_seq: Mapped[int | None]
    total: Mapped[int]
    run_at: Mapped[Moment]
    run_by: Mapped[Key]

    hits: Mapped[list[SearchHit]] = relationship(order_by="SearchHit.rank", lazy="selectin")


class SearchHit(Base):
    """One hit of a recorded search."""

    __tablename__ = "search_hit"

    id: Mapped[Id]
    run_id: Mapped[str] = mapped_column(ForeignKey("search_run.id"), index=True)
    rank: Mapped[int]
    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"))
    record_version: Mapped[int]
    score_micro: Mapped[int]


class EvidenceDecision(Base):
    """Kept or rejected, and the stance of a kept record on the question; one per inquiry and record."""

    __tablename__ = "evidence_decision"
    __table_args__ = (UniqueConstraint("inquiry_id", "record_id"),)

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    record_version: Mapped[int]
    verdict: Mapped[EvidenceVerdict] = mapped_column(TermColumn(EvidenceVerdict))
    stance: Mapped[Stance | None] = mapped_column(TermColumn(Stance))
    reject_reason: Mapped[RejectReason | None] = mapped_column(TermColumn(RejectReason))
    note: Mapped[LongText] = mapped_column(default="")
    design: Mapped[StudyDesign | None] = mapped_column(TermColumn(StudyDesign))
    participants: Mapped[int | None]
    limits: Mapped[LongText] = mapped_column(default="")
    decided_at: Mapped[Moment]
    decided_by: Mapped[Key]

    record: Mapped[Any] = relationship("LiteratureRecord", lazy="joined")
