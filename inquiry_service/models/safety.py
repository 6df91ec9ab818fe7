"""Safety records and product complaints: siblings of the question, with a life of their own (R35, R47)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import BranchState
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, Moment, TermColumn


class SafetyCase(Base):
    """A suspected adverse event or special situation; opened at once, complete or not (R35)."""

    __tablename__ = "safety_case"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    interaction_id: Mapped[str] = mapped_column(ForeignKey("interaction.id"))
    state: Mapped[BranchState] = mapped_column(TermColumn(BranchState), index=True)
    is_adverse_event: Mapped[bool]
    special_situations: Mapped[list[str]] = mapped_column(Json, default=list)
    reporter_qualification: Mapped[Key]
    reporter_country: Mapped[str] = mapped_column(String(2))
    patient_code: Mapped[Key] = mapped_column(default="")
    patient_facts: Mapped[LongText] = mapped_column(default="")
    suspect_product: Mapped[Key] = mapped_column(default="")
    reaction: Mapped[LongText] = mapped_column(default="")
    seriousness: Mapped[list[str]] = mapped_column(Json, default=list)
    day_zero: Mapped[Moment]
    due_at: Mapped[Moment]
    created_at: Mapped[Moment]
    created_by: Mapped[Key]
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_by: Mapped[Key] = mapped_column(default="")
    forwarded_how: Mapped[Key] = mapped_column(default="")
    forwarded_sha256: Mapped[Digest] = mapped_column(default="")
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[Key] = mapped_column(default="")
    pv_case_number: Mapped[Key] = mapped_column(default="")


class ProductComplaint(Base):
    """A complaint about quality; oral ones count as written ones (R44)."""

    __tablename__ = "product_complaint"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    interaction_id: Mapped[str] = mapped_column(ForeignKey("interaction.id"))
    state: Mapped[BranchState] = mapped_column(TermColumn(BranchState), index=True)
    product_and_strength: Mapped[Key]
    lot: Mapped[Key] = mapped_column(default="")
    expiry: Mapped[Key] = mapped_column(default="")
    nature: Mapped[LongText]
    sample_available: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[Moment]
    created_at: Mapped[Moment]
    created_by: Mapped[Key]
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_by: Mapped[Key] = mapped_column(default="")
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[Key] = mapped_column(default="")
    quality_case_number: Mapped[Key] = mapped_column(default="")
