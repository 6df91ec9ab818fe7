"""Rendered letters (bytes by SHA-256) and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import DeliveryMethod, DeliveryState
from inquiry_service.models.columns import Digest, Id, Key, LongText, Moment, TermColumn


class Document(Base):
    """The PDF of an approved version. Once stored, these bytes *are* the document."""

    __tablename__ = "document"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(30), index=True)
    response_version_id: Mapped[str] = mapped_column(ForeignKey("response_version.id"), index=True)
    sha256: Mapped[Digest]
    size: Mapped[int]
    pages: Mapped[int]
    content_digest: Mapped[Digest]
    renderer: Mapped[Key]
    rendered_at: Mapped[Moment]

    version: Mapped[Any] = relationship("ResponseVersion", lazy="joined")


class Delivery(Base):
    """One decision to send one document to one named recipient (R30, R88, R89)."""

    __tablename__ = "delivery"

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    recipient_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    method: Mapped[DeliveryMethod] = mapped_column(TermColumn(DeliveryMethod))
    address: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[DeliveryState] = mapped_column(TermColumn(DeliveryState), index=True)
    message_sha256: Mapped[Digest] = mapped_column(default="")
    requested_at: Mapped[Moment]
    requested_by: Mapped[Key]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(lazy="joined")
    attempts: Mapped[list[DeliveryAttempt]] = relationship(order_by="DeliveryAttempt.started_at", lazy="selectin")


class DeliveryAttempt(Base):
    """One try to hand the message over, with the server's words."""

    __tablename__ = "delivery_attempt"

    id: Mapped[Id]
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"), index=True)
    started_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Key] = mapped_column(default="")
    reply: Mapped[LongText] = mapped_column(default="")
