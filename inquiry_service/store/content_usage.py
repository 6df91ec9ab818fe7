"""Where reviewed content and labels are used: the letters that rest on them now (R66).

A letter counts with its newest version, because that is the one that is signed and sent. What it rests on
stands in its snapshot, the standard response as well as the locked parts.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import State
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import Response, ResponseVersion
from inquiry_service.store.inquiries import OPEN_STATES
from inquiry_service.store.responses import readable

MOST_LETTERS = 100

_NEWEST = ResponseVersion.version == Response.current_version
_LOCKED = cast(ResponseVersion.snapshot["locked_content"], Text)


@dataclass(frozen=True)
class UsingLetter:
    """A letter whose newest version rests on the content or label asked about."""

    number: str
    inquiry_id: str
    inquiry_number: str
    state: State
    version: int
    saved_at: datetime

    @property
    def is_unsent(self) -> bool:
        """Whether it is still in our hands: what changes now can still reach it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class Letters:
    """The letters that use something, at most :data:`MOST_LETTERS` and those not sent yet first; and their number."""

    items: tuple[UsingLetter, ...] = ()
    total: int = 0
    unsent: int = 0


def content_counts(session: Session, viewer: Actor) -> dict[tuple[str, int], int]:
    """Return key and version of each piece of content to the number of letters that use it."""
    if not readable(viewer):
        return {}
    # Letters with the same texts form one group, so the rows stay few however many letters there are.
    main = cast(ResponseVersion.snapshot["content"], Text).label("main")
    rows = session.execute(
        select(main, _LOCKED.label("locked"), func.count())
        .join(Response, Response.id == ResponseVersion.response_id).where(_NEWEST).group_by("main", "locked"))
    counts: Counter[tuple[str, int]] = Counter()
    for content, locked, number in rows:
        used = [json.loads(content or "null"), *(json.loads(locked or "null") or ())]
        for name in {(one["key"], one["version"]) for one in used if one}:
            counts[name] += number
    return dict(counts)


def letters_with_content(session: Session, viewer: Actor, content: ContentVersion) -> Letters:
    """Return the letters that were made from a version, or print it as one of their locked parts."""
    as_locked = and_(_LOCKED.contains(content.sha256, autoescape=True),
                     _LOCKED.contains(f'"{content.item.key}"', autoescape=True))
    return _letters(session, viewer, or_(ResponseVersion.content_version_id == content.id, as_locked))


def label_counts(session: Session, viewer: Actor) -> dict[str, int]:
    """Return the id of each label version to the number of letters that rest on it."""
    if not readable(viewer):
        return {}
    rows = session.execute(
        select(ResponseVersion.label_version_id, func.count())
        .join(Response, Response.id == ResponseVersion.response_id)
        .where(_NEWEST, ResponseVersion.label_version_id.is_not(None)).group_by(ResponseVersion.label_version_id))
    return {str(label_id): number for label_id, number in rows}


def letters_on_label(session: Session, viewer: Actor, label_id: str) -> Letters:
    """Return the letters whose locked parts were taken from a label version (R55)."""
    return _letters(session, viewer, ResponseVersion.label_version_id == label_id)


def _letters(session: Session, viewer: Actor, condition: Any) -> Letters:
    if not readable(viewer):
        return Letters()
    unsent = case((Inquiry.state.in_(OPEN_STATES), 1), else_=0)
    rows = session.execute(
        select(Response.number, Inquiry.id, Inquiry.number, Inquiry.state, ResponseVersion.version,
               ResponseVersion.saved_at, func.count().over(), func.sum(unsent).over())
        .join(Inquiry, Inquiry.id == Response.inquiry_id)
        .join(ResponseVersion, ResponseVersion.response_id == Response.id)
        .where(_NEWEST, condition).order_by(unsent.desc(), Response.number.desc()).limit(MOST_LETTERS)).all()
    items = tuple(UsingLetter(*row[:6]) for row in rows)
    return Letters(items, rows[0][6], rows[0][7]) if rows else Letters()
