"""The installation itself: what kind of data it holds, who it writes for, and its number ranges."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from inquiry_service.db import Base
from inquiry_service.models.columns import Key, LongText, Moment


class Installation(Base):
    """One row. ``mode`` is set at the first start; demonstration and real data never mix."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[Key]
    created_at: Mapped[Moment]
    organisation: Mapped[Key] = mapped_column(default="")
    address: Mapped[LongText] = mapped_column(default="")
    follow_up_contact: Mapped[Key] = mapped_column(default="")
    safety_contact: Mapped[Key] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="US")


class NumberSequence(Base):
    """The last number given out in a range such as ``MI-2026``; taken under the write lock, so gapless."""

    __tablename__ = "number_sequence"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
