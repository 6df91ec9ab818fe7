"""Gathering how a record stands to others: merged, or possibly the same. Shown on the page of the record."""

from __future__ import annotations

from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.services.runtime import Session
from inquiry_service.store import literature_pairs as store
from inquiry_service.web.presenters import literature_merge as presenter

_MOST_PAIRS = 20


def identity_of(session: Session, viewer: Actor, row: Any) -> dict[str, Any]:
    """Return what ``literature/identity_part.html`` shows of a record."""
    standing = store.now_standing_for(session, {row.id: row})[row.id]
    return presenter.identity(
        row, viewer, standing=standing if standing is not row else None, merges=store.merges_of(session, row.id),
        former=store.merged_into(session, row.id), pairs=store.open_pairs(session, of=row.id, limit=_MOST_PAIRS))
