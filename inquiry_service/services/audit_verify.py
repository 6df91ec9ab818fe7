"""Recomputing the whole audit log: bytes, order, searchable columns, links, personal values, tree, head.

Nothing stored is believed: the leaf hashes and the tree are made anew from the entry bytes, the
columns are derived anew and compared. The first entry that is wrong is named. What this cannot see:
a log rewritten as a whole, with a new tree; for that, compare the root with one noted elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import LOG, ObjectRef, broken, check_entry, commitment, index_columns
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.merkle import Frontier, leaf_hash
from inquiry_service.errors import IntegrityBroken
from inquiry_service.services.audit import record, record_refusal
from inquiry_service.store import audit as store

Progress = Callable[[int, int], None]
"""Called with (entries checked, entries in all)."""


_KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class VerifyReport:
    """A log that verified: its size and root (hex), and when it was checked."""

    size: int
    root: str
    checked_at: datetime
    log: str = LOG

    @property
    def summary(self) -> str:
        """One line for people."""
        return (f"{self.size:,} entries intact, head {self.root[:8]}…{self.root[-4:]},"
                f" checked {self.checked_at:%Y-%m-%d %H:%M:%S} UTC")


def verify(session: Session, progress: Progress | None = None) -> VerifyReport:
    """Recompute everything and compare it with what is stored.

    Args:
        session: only read from; entries appended meanwhile are left for the next run.
        progress: called after each batch of 1,000 entries.

    Raises:
        IntegrityBroken: ``data`` names the first wrong entry (``seq``) with where, expected and got.
    """
    head = _read_head(session)
    checker = _Checker()
    for first in range(0, head.size, store.BATCH):
        end = min(first + store.BATCH, head.size)
        for seq, row in zip_longest(range(first, end), _readable(session, first, end)):
            checker.check(end if seq is None else seq, row)
        _check_personal(session, first, end, checker.commitments)
        if progress:
            progress(end, head.size)
    _check_head(head, checker.frontier)
    _check_extent(session)
    return VerifyReport(head.size, head.root, now())


def verify_and_record(
    factory: SessionFactory, actor: Actor, progress: Progress | None = None, *, request_id: str = ""
) -> VerifyReport:
    """Verify for a person, and record that it was done and how it ended.

    The check reads one snapshot, so on SQLite nobody has to wait for it.

    Raises:
        IntegrityBroken: as :func:`verify`; recorded too, unless the damage prevents recording itself.
    """
    log = ObjectRef("audit_log", LOG, label="the audit log")
    with factory() as session:
        session.connection(execution_options={"read_only": True})
        try:
            report = verify(session, progress)
        except IntegrityBroken as problem:
            session.rollback()
            _record_failure(factory, actor, log, problem, request_id)
            raise
    with transaction(factory) as session:
        session.info["request_id"] = request_id
        record(session, actor, Event.AUDIT_VERIFIED, log, changes={
            "size": (None, report.size), "root": (None, report.root)})
    return report


def _record_failure(
    factory: SessionFactory, actor: Actor, log: ObjectRef, problem: IntegrityBroken, request_id: str
) -> None:
    facts = {"first_wrong_entry": (None, problem.data.get("seq")), "where": (None, problem.data.get("where"))}
    # A log whose head is damaged takes no entry; the alarm itself matters more than its record.
    with suppress(IntegrityBroken):
        record_refusal(
            factory, actor, Event.AUDIT_VERIFICATION_FAILED, log, changes=facts, request_id=request_id)


class _Checker:
    """Follows the log entry by entry."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.commitments: dict[tuple[int, str], str] = {}
        """Committed personal values of the entries of the running batch, by (seq, path)."""
        self._newest: dict[tuple[str, str], int] = {}

    def check(self, seq: int, row: Row[Any] | None) -> None:
        """Check one row against its own bytes and against what came before it."""
        if row is None or row.seq != seq:
            raise broken(seq, "number", seq, "no entry" if row is None else f"{row.seq}: an entry is missing")
        if not isinstance(row.entry, bytes):
            raise broken(seq, "entry", "bytes", type(row.entry).__name__)
        leaf = leaf_hash(row.entry)
        if row.leaf_hash != leaf.hex():
            raise broken(seq, "leaf_hash", leaf.hex(), row.leaf_hash)
        entry = check_entry(row.entry, seq)
        for name, expected in index_columns(entry).items():
            if getattr(row, name) != expected:
                raise broken(seq, f"column {name}", repr(expected), repr(getattr(row, name)))
        self._check_link(seq, entry)
        self._collect_commitments(seq, entry["changes"])
        self.frontier.append(leaf)

    def _check_link(self, seq: int, entry: Mapping[str, Any]) -> None:
        key = (entry["object"]["type"], entry["object"]["id"])
        if entry["obj_prev"] != self._newest.get(key):
            raise broken(seq, "obj_prev", self._newest.get(key), entry["obj_prev"])
        self._newest[key] = seq

    def _collect_commitments(self, seq: int, changes: Mapping[str, Any]) -> None:
        for name, both in changes.items():
            for side in ("old", "new"):
                value = both.get(side) if isinstance(both, dict) else None
                if isinstance(value, dict) and value.keys() == {"$c"}:
                    self.commitments[seq, f"{name}.{side}"] = value["$c"]


def _read_head(session: Session) -> store.Head:
    try:
        head = store.head(session)
    except (DBAPIError, ValueError) as error:
        raise broken(0, "head of the log", "readable columns", type(error).__name__) from error
    if type(head.size) is not int or head.size < 0:
        raise broken(0, "size of the head", "a number", head.size)
    return head


def _readable(session: Session, first: int, end: int) -> Iterator[Row[Any]]:
    """Rows of one batch; bytes that the driver cannot turn into text name their entry, not the batch."""
    try:
        rows = store.stored_rows(session, first, end)
    except (DBAPIError, ValueError, OverflowError):
        for seq in range(first, end):
            yield from _read_one(session, seq)
        return
    yield from rows


def _read_one(session: Session, seq: int) -> Sequence[Row[Any]]:
    try:
        return store.stored_rows(session, seq, seq + 1)
    except (DBAPIError, ValueError, OverflowError) as error:
        raise broken(seq, "row", "readable columns", type(error).__name__) from error


def _check_personal(session: Session, first: int, end: int, commitments: dict[tuple[int, str], str]) -> None:
    """Values that are still kept must open their commitments; erased ones are gone, and that is right."""
    try:
        rows = store.personal_rows(session, first, end)
    except (DBAPIError, ValueError) as error:
        raise broken(first, "personal values", "readable columns", type(error).__name__) from error
    for row in rows:
        expected, where = commitments.get((row.seq, row.path)), f"personal value {row.path}"
        if not _KEY.fullmatch(row.key):
            raise broken(row.seq, where, "a key of 32 bytes", "something else")
        got = commitment(bytes.fromhex(row.key), row.subject, row.path, row.value)["$c"]
        if got != expected:
            raise broken(row.seq, where, expected, got)
    commitments.clear()


def _check_head(head: store.Head, frontier: Frontier) -> None:
    expected = (frontier.to_text(), frontier.root.hex())
    for name, want, got in zip(("frontier", "root"), expected, (head.frontier, head.root), strict=True):
        if want != got:
            raise broken(max(head.size - 1, 0), f"{name} of the head", want, got)


def _check_extent(session: Session) -> None:
    size, end, strays = store.extent(session)
    if size != end:
        raise broken(min(size, end), "size of the head", end, size)
    if strays:
        raise broken(end, "name of the log", LOG, f"{strays} rows under another name")
    outside = store.stray_personal(session, size)
    if outside is not None:
        raise broken(outside, "personal values", f"only for entries below {size}", outside)
