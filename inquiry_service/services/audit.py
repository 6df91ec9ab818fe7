"""Writing the audit log: ``record`` is the only way in, and it writes in the business transaction.

Entries are collected in the unit of work and written last, just before the commit: the head of the
log is the last lock taken, so nobody waits on it while business rows are still being changed. If the
log cannot be written, the commit fails and the change with it (R83). What a savepoint undoes is
dropped with it. Refused attempts have no unit of work of their own and get one here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, event, insert, update
from sqlalchemy.orm import Session, SessionTransaction

from inquiry_service.clock import now
from inquiry_service.db import AUDITED, Base, SessionFactory, new_id, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import (
    LOG,
    Changes,
    Header,
    ObjectRef,
    Personal,
    Reason,
    build_entry,
    check_entry,
    commitment,
    index_columns,
    label_text,
)
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import UNLIMITED, canonical_bytes
from inquiry_service.domain.merkle import Frontier, leaf_hash
from inquiry_service.models.audit import AuditEntry, AuditHead, AuditPersonal
from inquiry_service.services.audit_objects import protect, ref_of, snapshot_hash
from inquiry_service.store import audit as store
from inquiry_service.version import __version__

# Plain tables: no ORM objects are made, and every row goes in with one statement.
_ENTRIES = cast(Table, AuditEntry.__table__)
_PERSONAL = cast(Table, AuditPersonal.__table__)
_HEADS = cast(Table, AuditHead.__table__)
_PENDING = "audit_pending"
_MARKS = "audit_marks"


@dataclass(frozen=True)
class _Pending:
    """An event that waits for the end of its unit of work."""

    actor: Actor
    event: Event
    obj: ObjectRef | Base
    changes: Changes | None
    reason: Reason
    request_id: str
    overrides: Mapping[str, Any]
    id: str = field(default_factory=new_id)
    at: datetime = field(default_factory=now)


def record(
    session: Session, actor: Actor, action: Event | str, obj: ObjectRef | Base, *,
    changes: Changes | None = None, reason: Reason | None = None, version: int | None = None, label: str = "",
    inquiry_id: str | None = None,
) -> None:
    """Record one event in the running transaction; it is written at the commit or not at all.

    Args:
        session: the unit of work; ``session.info["request_id"]`` names the request, if any.
        actor: who acts, with the roles held now.
        action: an event of the closed list.
        obj: the row concerned (its type, id, version, label and inquiry are taken from it after the
            flush, and its state is hashed), or an :class:`ObjectRef`.
        changes: field to (old, new). Text of a person's record is kept as a keyed commitment; wrap
            other personal values in :class:`Personal`.
        reason: code and own words, where a reason was asked for.
        version, label, inquiry_id: where the caller knows better than the row.

    Raises:
        ValueError: ``action`` is not in the list.
    """
    known = Event(action)
    if not session.in_transaction():
        session.begin()
    session.info.setdefault(_PENDING, []).append(_Pending(
        actor, known, obj, changes, reason or Reason(), str(session.info.get("request_id", "")),
        {"version": version, "label": label, "inquiry_id": inquiry_id},
    ))
    session.info[AUDITED] = True


def record_refusal(
    factory: SessionFactory, actor: Actor, action: Event | str, obj: ObjectRef, *,
    changes: Changes | None = None, reason: Reason | None = None, request_id: str = "",
) -> None:
    """Record an attempt that was refused, in its own transaction.

    Call it after the refused unit of work was rolled back: SQLite has one writer at a time.
    """
    with transaction(factory) as session:
        session.info["request_id"] = request_id
        record(session, actor, action, obj, changes=changes, reason=reason)


def write_pending(session: Session) -> None:
    """Write the collected entries and the new head; called at the commit.

    Raises:
        IntegrityBroken: the stored head is damaged; nothing may be committed on top of it.
    """
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    head = store.lock_head(session)
    frontier = Frontier.from_text(head.size, head.frontier)
    refs = [ref_of(waiting.obj, **waiting.overrides) for waiting in pending]
    writer = _Writer(frontier, store.newest_seqs(session, [_key(ref) for ref in refs]))
    for waiting in pending:
        writer.add(waiting)
    session.execute(insert(_ENTRIES), writer.entries)
    if writer.personal:
        session.execute(insert(_PERSONAL), writer.personal)
    session.execute(update(_HEADS).where(AuditHead.log == LOG).values(
        size=frontier.size, frontier=frontier.to_text(), root=frontier.root.hex()))


def _key(obj: ObjectRef) -> tuple[str, str]:
    return obj.type, label_text(obj.id)


class _Writer:
    """Turns pending events into rows, each knowing the tree so far and the object's previous entry."""

    def __init__(self, frontier: Frontier, newest: dict[tuple[str, str], int]) -> None:
        self.entries: list[dict[str, Any]] = []
        self.personal: list[dict[str, Any]] = []
        self._frontier = frontier
        self._newest = newest

    def add(self, waiting: _Pending) -> None:
        """Build the entry of one event and let the tree grow by it."""
        seq = self._frontier.size
        obj = ref_of(waiting.obj, **waiting.overrides)
        previous = self._previous(obj, seq)
        header = Header(seq, waiting.id, waiting.at, previous, waiting.request_id, __version__)
        data = build_entry(
            header, waiting.actor, waiting.event, obj, reason=waiting.reason,
            changes=self._committed(seq, protect(waiting.obj, waiting.changes)),
            after_hash=snapshot_hash(waiting.obj) if isinstance(waiting.obj, Base) else None,
        )
        leaf = leaf_hash(data)
        self._frontier.append(leaf)
        columns = index_columns(check_entry(data, seq))
        self.entries.append({"log": LOG, "seq": seq, "entry": data, "leaf_hash": leaf.hex(), **columns})

    def _previous(self, obj: ObjectRef, seq: int) -> int | None:
        earlier = self._newest.get(_key(obj))
        self._newest[_key(obj)] = seq
        return earlier

    def _committed(self, seq: int, changes: Changes) -> Changes:
        return {name: (self._protected(seq, f"{name}.old", old), self._protected(seq, f"{name}.new", new))
                for name, (old, new) in changes.items()}

    def _protected(self, seq: int, path: str, value: Any) -> Any:
        if not isinstance(value, Personal):
            return value
        if value.value in (None, ""):
            return value.value
        key, text = secrets.token_bytes(32), canonical_bytes(value.value, limit=UNLIMITED).decode("utf-8")
        self.personal.append({
            "log": LOG, "seq": seq, "path": path, "subject": value.subject, "key": key.hex(), "value": text,
        })
        return commitment(key, value.subject, path, text)


@event.listens_for(Session, "before_commit")
def _write_last(session: Session) -> None:
    # Releasing a savepoint is a commit too; only the outermost one writes.
    if not session.in_nested_transaction():
        write_pending(session)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, started: SessionTransaction) -> None:
    if started.nested:
        session.info.setdefault(_MARKS, {})[started] = len(session.info.get(_PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _drop_undone(session: Session, undone: SessionTransaction) -> None:
    pending = session.info.get(_PENDING)
    mark = session.info.get(_MARKS, {}).get(undone)
    if pending and mark is not None:
        del pending[mark:]
        session.info[AUDITED] = bool(pending)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    # The mark of a savepoint is still needed here: it ends first, then its rollback is announced.
    if ended.parent is None:
        for name in (_PENDING, _MARKS, AUDITED):
            session.info.pop(name, None)
