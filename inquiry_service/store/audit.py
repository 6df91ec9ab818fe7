"""Reading the audit log: its head, its entries in order, filtered pages for people."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, union
from sqlalchemy.orm import Session

from inquiry_service.domain.audit_entry import LOG, broken
from inquiry_service.domain.canonical import instant
from inquiry_service.models.audit import AuditEntry, AuditHead, AuditPersonal

BATCH = 1000
NO_ACCOUNT = "none"
"""As ``AuditFilter.actor_id``: entries of nobody signed in, that is the system, the worker, the command line."""
_COLUMNS = tuple(AuditEntry.__table__.columns)
_PORTION = 500


@dataclass(frozen=True)
class Head:
    """The tree as the log has it: number of entries, root and frontier as hex."""

    size: int
    root: str
    frontier: str


@dataclass(frozen=True)
class AuditRow:
    """One stored entry: its number, its leaf hash as hex and its exact bytes."""

    seq: int
    leaf_hash: str
    entry: bytes

    @cached_property
    def data(self) -> dict[str, Any]:
        """The entry as parsed JSON."""
        parsed: dict[str, Any] = json.loads(self.entry)
        return parsed


@dataclass(frozen=True)
class AuditFilter:
    """What to show or export; empty fields do not narrow. Times are aware; ``until`` is exclusive.

    Attributes:
        actor_id: id of an account, or :data:`NO_ACCOUNT`.
        object: label (``MI-2026-000123``) or id; that of an inquiry finds all that belongs to it.
        action: a full event name, or its subject alone (``signature``).
    """

    actor_id: str = ""
    role: str = ""
    action: str = ""
    object: str = ""
    object_type: str = ""
    inquiry_id: str = ""
    reason_code: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def as_dict(self) -> dict[str, str]:
        """The fields that narrow, as text: for the manifest of an export and for links."""
        return {name: instant(value) if isinstance(value, datetime) else value
                for name, value in asdict(self).items() if value}


def head(session: Session, log: str = LOG) -> Head:
    """Return the head of the log.

    Raises:
        IntegrityBroken: there is none; the migration made it, so somebody took it away.
    """
    return _head(session, log, lock=False)


def lock_head(session: Session, log: str = LOG) -> Head:
    """Return the head and keep others from appending until this transaction ends; raises as :func:`head`."""
    return _head(session, log, lock=True)


def _head(session: Session, log: str, *, lock: bool) -> Head:
    query = select(AuditHead.size, AuditHead.root, AuditHead.frontier).where(AuditHead.log == log)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise broken(0, "head of the log", log, "no row; nothing can be recorded without it")
    return Head(row.size, row.root, row.frontier)


def extent(session: Session, log: str = LOG) -> tuple[int, int, int]:
    """Return (head size, highest seq + 1, rows under another log name) as of one moment."""
    size = select(AuditHead.size).where(AuditHead.log == log).scalar_subquery()
    end = select(func.max(AuditEntry.seq) + 1).where(AuditEntry.log == log).scalar_subquery()
    strays = select(func.count()).select_from(AuditEntry).where(AuditEntry.log != log).scalar_subquery()
    row = session.execute(select(func.coalesce(size, 0), func.coalesce(end, 0), strays)).one()
    return row[0], row[1], row[2]


def newest_seqs(
    session: Session, objects: Collection[tuple[str, str]], log: str = LOG
) -> dict[tuple[str, str], int]:
    """Return the number of the newest entry about each of these objects (type, id) that has one.

    A unit of work may change hundreds of records; they are asked for together.
    """
    found: dict[tuple[str, str], int] = {}
    wanted = sorted(set(objects))
    for start in range(0, len(wanted), _PORTION):
        portion = wanted[start:start + _PORTION]
        rows = session.execute(
            select(AuditEntry.object_type, AuditEntry.object_id, func.max(AuditEntry.seq))
            .where(AuditEntry.log == log, AuditEntry.object_type.in_({kind for kind, _ in portion}),
                   AuditEntry.object_id.in_([object_id for _, object_id in portion]))
            .group_by(AuditEntry.object_type, AuditEntry.object_id))
        found |= {(kind, object_id): seq for kind, object_id, seq in rows}
    return found


def stored_rows(session: Session, first: int, end: int, log: str = LOG) -> Sequence[Row[Any]]:
    """Return the rows ``first <= seq < end`` with every column, in order."""
    return session.execute(
        select(*_COLUMNS).where(AuditEntry.log == log, AuditEntry.seq >= first, AuditEntry.seq < end)
        .order_by(AuditEntry.seq)
    ).all()


def personal_rows(session: Session, first: int, end: int, log: str = LOG) -> Sequence[Any]:
    """Return the personal values kept for the entries ``first <= seq < end``."""
    columns = AuditPersonal.seq, AuditPersonal.path, AuditPersonal.subject, AuditPersonal.key, AuditPersonal.value
    return session.execute(
        select(*columns)
        .where(AuditPersonal.log == log, AuditPersonal.seq >= first, AuditPersonal.seq < end)
        .order_by(AuditPersonal.seq, AuditPersonal.path)
    ).all()


def stray_personal(session: Session, end: int, log: str = LOG) -> int | None:
    """Return the ``seq`` of a personal value that belongs to no entry below ``end``, if there is one."""
    outside = or_(AuditPersonal.log != log, AuditPersonal.seq < 0, AuditPersonal.seq >= end)
    return session.scalar(select(func.min(AuditPersonal.seq)).where(outside))


def in_order(session: Session, filters: AuditFilter, end: int, log: str = LOG) -> Iterator[AuditRow]:
    """Yield the entries below ``end`` that match, oldest first, in constant memory."""
    after = -1
    while True:
        rows = session.execute(
            _rows(filters, log).where(AuditEntry.seq > after, AuditEntry.seq < end)
            .order_by(AuditEntry.seq).limit(BATCH)
        ).all()
        yield from (AuditRow(*row) for row in rows)
        if len(rows) < BATCH:
            return
        after = rows[-1].seq


def leaf_hashes(session: Session, end: int, log: str = LOG) -> Iterator[bytes]:
    """Yield the leaf hashes of the first ``end`` entries."""
    for first in range(0, end, 10 * BATCH):
        hashes = session.scalars(
            select(AuditEntry.leaf_hash).where(
                AuditEntry.log == log, AuditEntry.seq >= first, AuditEntry.seq < min(first + 10 * BATCH, end))
            .order_by(AuditEntry.seq)
        ).all()
        yield from map(bytes.fromhex, hashes)


def page(
    session: Session, filters: AuditFilter, *, before: int | None = None, after: int | None = None, limit: int = 50,
    log: str = LOG,
) -> list[AuditRow]:
    """Return one page of matching entries, newest first.

    Args:
        before: last ``seq`` of the page above, for the next older entries.
        after: first ``seq`` of the page below, for the entries just newer than it; not together with ``before``.
    """
    query = _rows(filters, log).limit(limit)
    if after is not None:
        rows = session.execute(query.where(AuditEntry.seq > after).order_by(AuditEntry.seq)).all()[::-1]
    else:
        older = query if before is None else query.where(AuditEntry.seq < before)
        rows = session.execute(older.order_by(AuditEntry.seq.desc())).all()
    return [AuditRow(*row) for row in rows]


def entry(session: Session, seq: int, log: str = LOG) -> AuditRow | None:
    """Return the entry with this number."""
    row = session.execute(_rows(AuditFilter(), log).where(AuditEntry.seq == seq)).one_or_none()
    return AuditRow(*row) if row else None


def latest(session: Session, *actions: str, log: str = LOG) -> AuditRow | None:
    """Return the newest entry of any of these events."""
    # One after the other, so that each is one step into the index, however long the log.
    rows = [row for action in actions for row in page(session, AuditFilter(action=action), limit=1, log=log)]
    return max(rows, key=lambda row: row.seq, default=None)


def count(session: Session, filters: AuditFilter, *, newer_than: int = -1, log: str = LOG) -> int:
    """Return how many entries match, or how many of them are newer than entry ``newer_than``."""
    if newer_than < 0 and not filters.as_dict():
        return head(session, log).size
    query = select(func.count()).select_from(AuditEntry).where(_matches(filters, log))
    return session.scalar(query if newer_than < 0 else query.where(AuditEntry.seq > newer_than)) or 0


def newest(
    session: Session, actions: Sequence[str], *, since: datetime, limit: int, log: str = LOG
) -> list[AuditRow]:
    """Return the entries of any of these events since a moment, newest first."""
    query = _rows(AuditFilter(since=since), log).where(AuditEntry.action.in_(actions))
    return [AuditRow(*row) for row in session.execute(query.order_by(AuditEntry.seq.desc()).limit(limit))]


def count_of(session: Session, actions: Sequence[str], *, since: datetime, log: str = LOG) -> int:
    """Return how many entries of any of these events there are since a moment."""
    terms = _matches(AuditFilter(since=since), log), AuditEntry.action.in_(actions)
    return session.scalar(select(func.count()).select_from(AuditEntry).where(*terms)) or 0


def actors(session: Session, log: str = LOG) -> list[tuple[str, str]]:
    """Return (id, newest printed name) of every account that acted, by name; for the filter."""
    who = _distinct(AuditEntry.actor_id)
    newest = select(AuditEntry.actor_name).where(AuditEntry.actor_id == who.c.value, AuditEntry.log == log)
    name = newest.order_by(AuditEntry.seq.desc()).limit(1).correlate(who).scalar_subquery()
    rows = session.execute(select(who.c.value, name).where(who.c.value != "")).all()
    return sorted(((row[0], row[1]) for row in rows), key=lambda actor: (actor[1], actor[0]))


def object_types(session: Session) -> list[str]:
    """Return the kinds of objects that entries are about, in order; for the filter."""
    return list(session.scalars(select(_distinct(AuditEntry.object_type).c.value)))


def _distinct(column: Any) -> Any:
    """Values of an indexed column as a table: one step into the index each, not one for each entry."""
    values = select(func.min(column).label("value")).cte("distinct_values", recursive=True)
    following = select(func.min(column)).where(column > values.c.value).scalar_subquery()
    values = values.union_all(select(following).where(values.c.value.is_not(None)))
    return select(values.c.value).where(values.c.value.is_not(None)).order_by(values.c.value).subquery()


def _rows(filters: AuditFilter, log: str) -> Any:
    return select(AuditEntry.seq, AuditEntry.leaf_hash, AuditEntry.entry).where(_matches(filters, log))


def _matches(filters: AuditFilter, log: str) -> ColumnElement[bool]:
    equal = {
        AuditEntry.object_type: filters.object_type, AuditEntry.inquiry_id: filters.inquiry_id,
        AuditEntry.reason_code: filters.reason_code, AuditEntry.request_id: filters.request_id,
    }
    terms: list[ColumnElement[bool]] = [AuditEntry.log == log]
    terms += [column == value for column, value in equal.items() if value]
    made = ((filters.actor_id, _by), (filters.role, _in_role), (filters.action, _action), (filters.object, _about))
    terms += [condition(value) for value, condition in made if value]
    if filters.since:
        terms.append(AuditEntry.at >= instant(filters.since))
    if filters.until:
        terms.append(AuditEntry.at < instant(filters.until))
    return and_(*terms)


def _by(actor_id: str) -> ColumnElement[bool]:
    return AuditEntry.actor_id == ("" if actor_id == NO_ACCOUNT else actor_id)


def _in_role(role: str) -> ColumnElement[bool]:
    # Several roles stand in one column, separated by ", ".
    held = literal(", ") + AuditEntry.role + literal(", ")
    return held.contains(f", {role}, ", autoescape=True)


def _action(name: str) -> ColumnElement[bool]:
    if ":" in name:
        return AuditEntry.action == name
    return AuditEntry.action.startswith(f"{name}:", autoescape=True)


def _about(name: str) -> ColumnElement[bool]:
    # A union of numbers and not "or": with "or", SQLite reads the whole log instead of four indexes.
    of_inquiry = select(AuditEntry.inquiry_id).where(
        AuditEntry.object_label == name, AuditEntry.object_id == AuditEntry.inquiry_id)
    ways = (AuditEntry.object_label == name, AuditEntry.object_id == name, AuditEntry.inquiry_id == name,
            AuditEntry.inquiry_id.in_(of_inquiry))
    return AuditEntry.seq.in_(union(*(select(AuditEntry.seq).where(way) for way in ways)))
