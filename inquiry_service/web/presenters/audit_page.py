"""One page of the audit explorer: which entries, where they stand among all that match, how to move on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.services.runtime import Session
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from inquiry_service.web.presenters.audit import Line, line_of

PAGE = 50
EVERY = "all"
"""As ``open`` in the address: the fields of every entry are shown, as one wants them on paper."""
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Cursor:
    """Where a page begins; ``open`` is the number of the opened entry, or :data:`EVERY`."""

    before: int | None = None
    after: int | None = None
    open: str = ""


@dataclass(frozen=True)
class Page:
    """Entries ``first`` to ``last`` of ``total``, counted from 1; the cursors are None at the ends."""

    lines: tuple[Line, ...]
    total: int
    first: int
    open: str
    newer: int | None
    older: int | None

    @property
    def last(self) -> int:
        """Position of the last entry shown."""
        return self.first + len(self.lines) - 1

    def is_open(self, line: Line) -> bool:
        """Say whether the fields of ``line`` are shown."""
        return self.open in (EVERY, str(line.seq))


def cursor(args: Mapping[str, str]) -> Cursor:
    """Read the place in the log from an address; what is not a number counts as not given."""
    return Cursor(_number(args.get("before", "")), _number(args.get("after", "")), args.get("open", ""))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def page_of(
    session: Session, filters: AuditFilter, at: Cursor, viewer: Actor, endpoints: Mapping[str, Any]
) -> Page:
    """Return the page of matching entries at ``at``; arguments as in :func:`line_of`."""
    rows = store.page(session, filters, before=at.before, after=at.after, limit=PAGE)
    if (at.after is not None and len(rows) < PAGE) or (at.before is not None and not rows):
        # Past the end of the log: show its newest entries.
        rows = store.page(session, filters, limit=PAGE)
    total = store.count(session, filters)
    newer = store.count(session, filters, newer_than=rows[0].seq) if rows else 0
    return Page(
        tuple(line_of(row, viewer, endpoints) for row in rows), total, newer + 1, at.open,
        newer=rows[0].seq if newer else None, older=rows[-1].seq if newer + len(rows) < total else None,
    )
