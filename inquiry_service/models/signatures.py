"""Electronic signatures and the single-use tickets that lead to them (R72-R78)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import SignatureMeaning
from inquiry_service.models.columns import Digest, Id, Key, LongText, Moment, TermColumn


class SigningTicket(Base):
    """Permission to try one signature: bound to person, session, record digest and meaning; two minutes."""

    __tablename__ = "signing_ticket"

    id: Mapped[Id]
    secret_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    session_id: Mapped[Key]
    object_type: Mapped[Key]
    object_id: Mapped[str] = mapped_column(String(36))
    digest: Mapped[Digest]
    meaning: Mapped[SignatureMeaning] = mapped_column(TermColumn(SignatureMeaning))
    issued_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Signature(Base):
    """A signature as given: printed name as then, meaning, time with zone, and the digest signed (11.50, 11.70)."""

    __tablename__ = "signature"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    printed_name: Mapped[Key]
    title: Mapped[Key]
    role: Mapped[Key]
    meaning: Mapped[SignatureMeaning] = mapped_column(TermColumn(SignatureMeaning))
    object_type: Mapped[Key]
    object_id: Mapped[str] = mapped_column(String(36), index=True)
    object_version: Mapped[int]
    digest: Mapped[Digest]
    signed_at: Mapped[Moment]
    zone: Mapped[Key]
    components: Mapped[Key]
    comment: Mapped[LongText] = mapped_column(default="")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_reason: Mapped[LongText] = mapped_column(default="")

    user: Mapped[Any] = relationship("User", lazy="joined")

    @property
    def is_valid(self) -> bool:
        """False once a later change voided it; the row stays."""
        return self.voided_at is None
