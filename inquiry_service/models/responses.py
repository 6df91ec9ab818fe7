"""The answer to an inquiry and its versions: each save is a new row, none is ever changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base
from inquiry_service.domain.vocabulary import Lane, ResponseType, ReturnReason
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, Moment, TermColumn


class Response(Base):
    """The letter that answers an inquiry."""

    __tablename__ = "response"

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), unique=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    current_version: Mapped[int] = mapped_column(default=0)

    versions: Mapped[list[ResponseVersion]] = relationship(
        back_populates="response", order_by="ResponseVersion.version"
    )


class ResponseVersion(Base):
    """A draft as saved. ``snapshot`` is the canonical content; ``digest`` its SHA-256: what is signed (R74)."""

    __tablename__ = "response_version"
    __table_args__ = (UniqueConstraint("response_id", "version"),)

    id: Mapped[Id]
    response_id: Mapped[str] = mapped_column(ForeignKey("response.id"), index=True)
    version: Mapped[int]
    type: Mapped[ResponseType] = mapped_column(TermColumn(ResponseType))
    lane: Mapped[Lane] = mapped_column(TermColumn(Lane))
    title: Mapped[LongText]
    source: Mapped[LongText]
    field_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    content_version_id: Mapped[str | None] = mapped_column(ForeignKey("content_version.id"), index=True)
    label_version_id: Mapped[str | None] = mapped_column(ForeignKey("label_version.id"), index=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[Digest]
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[Key]
    saved_at: Mapped[Moment]
    change_note: Mapped[LongText] = mapped_column(default="")

    response: Mapped[Response] = relationship(back_populates="versions", lazy="joined")
    content_version: Mapped[Any] = relationship("ContentVersion", lazy="joined")
    label: Mapped[Any] = relationship("LabelVersion", lazy="joined")


class ReviewDecision(Base):
    """A return with its coded reason and comment; stays with the record, never in the letter (R80)."""

    __tablename__ = "review_decision"

    id: Mapped[Id]
    response_version_id: Mapped[str] = mapped_column(ForeignKey("response_version.id"), index=True)
    outcome: Mapped[Key]
    reason: Mapped[ReturnReason | None] = mapped_column(TermColumn(ReturnReason))
    comment: Mapped[LongText] = mapped_column(default="")
    checklist: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    decided_at: Mapped[Moment]
    decided_by: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    decider_name: Mapped[Key]
