"""The audit log as plain data: one line per entry, the fields before and after, the state of the log.

Entries are shown from their exact bytes and never from the searchable columns beside them. Bytes that
cannot be read, or that no longer fit their hash, are shown as such: the explorer must open on a damaged
log, because that is when it is needed. Personal values are not fetched at all; what the log itself holds
of them is a commitment (R98).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import broken, check_entry
from inquiry_service.domain.audit_events import Event, describe
from inquiry_service.domain.merkle import leaf_hash
from inquiry_service.domain.vocabulary import ReasonCode, ReturnReason, Role
from inquiry_service.errors import IntegrityBroken
from inquiry_service.store.audit import AuditRow, Head
from inquiry_service.web.presenters.audit_places import Link, link_of

_ROLES = {role.value: role.label for role in Role}
_REASONS = {term.value: term.label for term in (*ReturnReason, *ReasonCode)}
_SHORT = 8
_LONGEST_FINDING = 300


@dataclass(frozen=True)
class Change:
    """One field of an entry; ``before`` and ``after`` are empty where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the log.

    Attributes:
        problem: why the entry cannot be believed; empty for a sound one. With it, only ``seq`` and
            ``leaf_hash`` are certain to be filled.
        at: server time of the entry as ``2026-11-24 13:47:52``; ``stamp`` is the full text.
        reason: coded reason in words, then the person's own words.
        data: the whole entry, for the page about it.
    """

    seq: int
    leaf_hash: str
    problem: str = ""
    at: str = ""
    stamp: str = ""
    sentence: str = ""
    who: str = ""
    who_id: str = ""
    roles: str = ""
    action: str = ""
    object: str = ""
    link: Link | None = None
    reason: str = ""
    reason_text: str = ""
    changes: tuple[Change, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LastCheck:
    """The newest verification that the log itself records; ``newer`` entries came after what it checked."""

    intact: bool
    line: Line
    size: int = 0
    root: str = ""
    newer: int = 0
    where: str = ""
    first_wrong: int | None = None


@dataclass(frozen=True)
class Finding:
    """What a verification found wrong, and where the entry can be looked at (``seq``)."""

    seq: int
    where: str
    expected: str
    got: str


def line_of(row: AuditRow, viewer: Actor, endpoints: Mapping[str, Any]) -> Line:
    """Return one stored entry as ``viewer`` sees it; ``endpoints`` are the pages there are."""
    try:
        entry = _read(row)
    except IntegrityBroken as damage:
        return Line(row.seq, str(row.leaf_hash), f"cannot be read: {damage.data['where']} is not as expected")
    problem = "" if leaf_hash(row.entry).hex() == row.leaf_hash else "does not fit its hash"
    actor, obj, reason = entry["actor"], entry["object"], entry["reason"]
    return Line(
        row.seq, str(row.leaf_hash), problem, at=entry["at"][:19].replace("T", " "), stamp=entry["at"],
        sentence=describe(entry), who=actor["name"], who_id=actor["id"], roles=role_words(actor["role"]),
        action=entry["action"], object=obj["label"] or obj["type"].replace("_", " "),
        link=link_of(obj, viewer, endpoints),
        reason=_REASONS.get(reason["code"], reason["code"]), reason_text=reason["text"],
        changes=tuple(changes_of(entry["changes"])), data=entry,
    )


def _read(row: AuditRow) -> dict[str, Any]:
    if not isinstance(row.entry, bytes):
        # SQLite stores whatever it is given, also in a column of bytes.
        raise broken(row.seq, "entry", "bytes", type(row.entry).__name__)
    entry = check_entry(row.entry, row.seq)
    for name, both in entry["changes"].items():
        if not isinstance(both, dict):
            raise broken(row.seq, f"field {name}", "old and new value", "something else")
    return entry


def text_of(row: AuditRow) -> str:
    """Return the bytes of an entry as text; what is no text in them shows as U+FFFD."""
    return row.entry.decode("utf-8", "replace") if isinstance(row.entry, bytes) else str(row.entry)


def role_words(roles: str) -> str:
    """Return the roles of an entry (``content_owner, medical_reviewer``) in words."""
    return ", ".join(_ROLES.get(name, name) for name in roles.split(", ") if name)


def changes_of(changes: Mapping[str, Any]) -> list[Change]:
    """Return the changed fields of an entry, in the order in which the entry keeps them."""
    return [Change(name.replace("_", " ").capitalize(), value_words(both.get("old")), value_words(both.get("new")))
            for name, both in changes.items()]


def value_words(value: Any) -> str:
    """Return a value of an entry as text; coded values stay as they are stored."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and value.keys() == {"$c"}:
        return f"personal value, kept apart (commitment {str(value['$c'])[:_SHORT]}…)"
    if isinstance(value, dict) and value.keys() == {"$sha256", "characters", "start"}:
        return f"{value['start']}… ({value['characters']} characters, SHA-256 {str(value['$sha256'])[:_SHORT]}…)"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def last_check(row: AuditRow | None, head: Head, viewer: Actor, endpoints: Mapping[str, Any]) -> LastCheck | None:
    """Return how the newest recorded verification ended; None when there never was one."""
    if row is None:
        return None
    line = line_of(row, viewer, endpoints)
    found = {name: both.get("new") for name, both in line.data.get("changes", {}).items()}
    if line.problem or line.action != Event.AUDIT_VERIFIED:
        where, first_wrong = str(found.get("where") or ""), _number(found, "first_wrong_entry")
        return LastCheck(False, line, where=where, first_wrong=first_wrong)
    size = _number(found, "size") or 0
    # The verification's own entry is no news about the log.
    return LastCheck(True, line, size, str(found.get("root") or ""), newer=max(head.size - size - 1, 0))


def _number(found: Mapping[str, Any], name: str) -> int | None:
    value = found.get(name)
    return value if isinstance(value, int) else None


def finding_of(problem: IntegrityBroken) -> Finding:
    """Return what the verification raised, shortened where a damaged entry is long."""
    data = problem.data
    expected, got = (str(data.get(side, ""))[:_LONGEST_FINDING] for side in ("expected", "got"))
    return Finding(int(data.get("seq", 0)), str(data.get("where", "")), expected, got)


def file_name(moment: datetime, entries: int, size: int, *, complete: bool) -> str:
    """Return the name of an export: when it was made, and how much of the log it holds."""
    extent = f"{entries}" if complete else f"{entries}-of-{size}"
    return f"evenhand-audit-{moment:%Y-%m-%dT%H%MZ}-{extent}-entries.zip"
