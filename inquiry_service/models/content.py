"""Reviewed response content: items and their immutable versions (R63, R68)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import ContentState, Lane
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, TermColumn


class ContentItem(Base):
    """A piece of content under one key: a standard response or a locked block."""

    __tablename__ = "content_item"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[Key]

    versions: Mapped[list[ContentVersion]] = relationship(back_populates="item", order_by="ContentVersion.version")


class ContentVersion(Base):
    """One version; its text and its hash never change, only its state does."""

    __tablename__ = "content_version"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[Id]
    item_id: Mapped[str] = mapped_column(ForeignKey("content_item.id"), index=True)
    version: Mapped[int]
    state: Mapped[ContentState] = mapped_column(TermColumn(ContentState), index=True)
    title: Mapped[Key]
    product_key: Mapped[Key] = mapped_column(default="")
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(10))
    lane: Mapped[Lane] = mapped_column(TermColumn(Lane))
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    label_statuses: Mapped[list[str]] = mapped_column(Json, default=list)
    label_version: Mapped[Key] = mapped_column(default="")
    fields: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    source: Mapped[LongText]
    sha256: Mapped[Digest]
    owner: Mapped[Key]
    approved_by: Mapped[Key]
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    effective_from: Mapped[date | None] = mapped_column(Date)
    review_due: Mapped[date] = mapped_column(Date)
    expires: Mapped[date] = mapped_column(Date)
    change_summary: Mapped[LongText] = mapped_column(default="")

    item: Mapped[ContentItem] = relationship(back_populates="versions", lazy="joined")
