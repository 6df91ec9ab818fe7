"""Searches that people keep, and what was found new since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.models.columns import Id, Json, Key, LongText, Moment


class SavedSearch(Base):
    """A search kept under a name; the worker looks for records that are new since it was last looked at.

    With ``inquiry_id`` it watches over an answer: what was found after the approval is told to its author.
    """

    __tablename__ = "saved_search"
    # Moves with every check by the worker; what a check finds is an alert, and that is audited.
    __audit_skip__ = ("checked_at",)

    id: Mapped[Id]
    name: Mapped[Key]
    query: Mapped[LongText]
    filters: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    synonyms: Mapped[bool] = mapped_column(default=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    shared: Mapped[bool] = mapped_column(default=False)
    inquiry_id: Mapped[str | None] = mapped_column(ForeignKey("inquiry.id"), index=True)
    created_at: Mapped[Moment]
    checked_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SearchAlert(Base):
    """Records that a saved search found and that were not there when it was last checked."""

    __tablename__ = "search_alert"

    id: Mapped[Id]
    search_id: Mapped[str] = mapped_column(ForeignKey("saved_search.id"), index=True)
    found_at: Mapped[Moment]
    record_ids: Mapped[list[str]] = mapped_column(Json)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[Key] = mapped_column(default="")
