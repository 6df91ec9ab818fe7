"""The shape of one audit entry: who, when, what, on which object, why, from what to what (R81).

An entry is canonical JSON. ``log`` and ``seq`` stand inside the hashed bytes, so an entry cannot be
moved; ``obj_prev`` names the previous entry of the same object, so an extract can be shown complete.
The columns that make entries searchable are derived from these bytes and from nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inquiry_service.domain import canonical
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import MAX_BYTES, NotCanonical
from inquiry_service.errors import IntegrityBroken

FORMAT = 1
LOG = "evenhand/1"
"""Name of the log; a later epoch gets a new name and starts again at 0."""
_TEXT, _NUMBER, _NOTHING = str, int, type(None)
SHAPE: dict[str, Any] = {
    "v": (_NUMBER,), "log": (_TEXT,), "seq": (_NUMBER,), "id": (_TEXT,), "at": (_TEXT,),
    "actor": {"id": (_TEXT,), "name": (_TEXT,), "role": (_TEXT,), "session": (_TEXT, _NOTHING)},
    "action": (_TEXT,),
    "object": {"type": (_TEXT,), "id": (_TEXT,), "version": (_NUMBER, _NOTHING), "label": (_TEXT,),
               "inquiry": (_TEXT, _NOTHING)},
    "obj_prev": (_NUMBER, _NOTHING), "reason": {"code": (_TEXT,), "text": (_TEXT,)}, "changes": (dict,),
    "after_hash": (_TEXT, _NOTHING), "request_id": (_TEXT,), "app_version": (_TEXT,),
}
"""Every field of an entry with the JSON types it may have; nothing may be missing or added."""
LONGEST_LABEL = 200
LONGEST_TEXTS = (4000, 400, 40)
"""Characters of one value kept in full; the next step is taken only when the entry would not fit."""

Changes = Mapping[str, tuple[Any, Any]]
"""Field name to (old value, new value)."""


@dataclass(frozen=True)
class ObjectRef:
    """What an entry is about.

    Attributes:
        type: kind of record, singular, e.g. ``inquiry``, ``response_version``.
        id: its id; empty for things of which there is one.
        version: version or revision after the change, if it has one.
        label: what people call it, e.g. ``MI-2026-000123``; never a person's name.
        inquiry_id: the inquiry it belongs to, so that one timeline holds everything.
    """

    type: str
    id: str
    version: int | None = None
    label: str = ""
    inquiry_id: str | None = None


@dataclass(frozen=True)
class Reason:
    """Why: a code of a closed list and the person's own words (R23)."""

    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Personal:
    """A value about a person: the entry keeps a keyed commitment, an erasable side table the value (R98).

    Attributes:
        value: the value itself; None and "" need no protection.
        subject: id of the person whose erasure takes the value away.
    """

    value: Any
    subject: str


@dataclass(frozen=True)
class Header:
    """The facts that the log itself adds to an entry.

    Attributes:
        seq: number in the log, counted from 0; equals the leaf index in the tree.
        id: UUIDv7 of the entry.
        at: server time.
        obj_prev: ``seq`` of the previous entry about the same object.
        request_id: the request or job in which it happened.
        app_version: release that wrote the entry.
        log: name of the log.
    """

    seq: int
    id: str
    at: datetime
    obj_prev: int | None
    request_id: str
    app_version: str
    log: str = LOG


def build_entry(
    header: Header, actor: Actor, event: Event, obj: ObjectRef, *,
    changes: Changes | None = None, reason: Reason | None = None, after_hash: str | None = None,
) -> bytes:
    """Return the exact bytes of one entry, at most 64 KiB.

    Texts too long for the log are replaced by their SHA-256, length and beginning; the full text
    stands in the record itself. ``Personal`` values must have become commitments before.

    Raises:
        NotCanonical: a value has no canonical form (float, naive time …), or there are too many fields.
    """
    plain = {field: {"old": canonical.normalise(old), "new": canonical.normalise(new)}
             for field, (old, new) in (changes or {}).items()}
    entry = {
        "v": FORMAT, "log": header.log, "seq": header.seq, "id": header.id,
        "at": canonical.instant(header.at),
        "actor": {"id": actor.user_id, "name": label_text(actor.name), "role": actor.role_names,
                  "session": actor.session_id},
        "action": event.value,
        "object": {"type": obj.type, "id": label_text(obj.id), "version": obj.version,
                   "label": label_text(obj.label), "inquiry": obj.inquiry_id},
        "obj_prev": header.obj_prev, "after_hash": after_hash, "request_id": label_text(header.request_id),
        "app_version": header.app_version,
    }
    return _fit(entry, plain, reason or Reason())


def _fit(entry: dict[str, Any], changes: dict[str, Any], reason: Reason) -> bytes:
    for longest in LONGEST_TEXTS:
        entry["reason"] = {"code": label_text(reason.code), "text": _own_words(reason.text, longest)}
        entry["changes"] = {field: {side: shorten(value, longest) for side, value in both.items()}
                            for field, both in changes.items()}
        data = canonical.canonical_bytes(entry, limit=canonical.UNLIMITED)
        if len(data) <= MAX_BYTES:
            return data
    raise NotCanonical(f"an audit entry with {len(changes)} fields does not fit into {MAX_BYTES} bytes")


def shorten(value: Any, longest: int) -> Any:
    """Return ``value``, or SHA-256, length and beginning of its text where that is too long."""
    if not isinstance(value, (str, list, dict)):
        return value
    text = value if isinstance(value, str) else _as_text(value)
    if len(text) <= longest:
        return value
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return {"$sha256": sha256, "characters": len(text), "start": text[:longest // 4]}


def _own_words(text: str, longest: int) -> str:
    short = shorten(canonical.normalise(text), longest)
    if isinstance(short, str):
        return short
    return f"{short['start']}… ({short['characters']} characters, SHA-256 {short['$sha256']})"


def _as_text(value: Any) -> str:
    return canonical.canonical_bytes(value, limit=canonical.UNLIMITED).decode("utf-8")


def commitment(key: bytes, subject: str, path: str, text: str) -> dict[str, str]:
    """Return what the log keeps of a personal value: HMAC-SHA256(key, subject || 0 || path || 0 || text).

    Without the key, which is erased with the value, nobody can confirm a guess (R98).

    Args:
        key: 32 random bytes of this one value.
        subject: id of the person.
        path: field and side, e.g. ``email.new``.
        text: the value as canonical JSON.
    """
    message = "\x00".join((subject, path, text)).encode("utf-8")
    return {"$c": hmac.new(key, message, hashlib.sha256).hexdigest()}


def index_columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the searchable columns of an entry; the log keeps them beside the bytes and checks them."""
    return {
        "at": entry["at"], "entry_id": entry["id"],
        "actor_id": entry["actor"]["id"], "actor_name": entry["actor"]["name"],
        "role": entry["actor"]["role"],
        "action": entry["action"],
        "object_type": entry["object"]["type"], "object_id": entry["object"]["id"],
        "object_label": entry["object"]["label"], "inquiry_id": entry["object"]["inquiry"] or "",
        "reason_code": entry["reason"]["code"], "request_id": entry["request_id"],
    }


def check_entry(data: bytes, expected_seq: int, *, log: str = LOG) -> dict[str, Any]:
    """Return the parsed entry after proving that its bytes are canonical and stand in their place.

    Raises:
        IntegrityBroken: with ``seq``, ``where``, ``expected`` and ``got``.
    """
    try:
        entry = canonical.parse(data)
    except NotCanonical as error:
        raise broken(expected_seq, "entry", "canonical JSON", error.message) from error
    misfit = _misfit(entry, SHAPE, "entry")
    if misfit or not isinstance(entry, dict):
        raise broken(expected_seq, misfit, "the fields and types of the format", "something else")
    for field, expected in (("v", FORMAT), ("log", log), ("seq", expected_seq)):
        if entry[field] != expected:
            raise broken(expected_seq, field, expected, entry[field])
    return entry


def broken(seq: int, where: str, expected: object, got: object) -> IntegrityBroken:
    """Return the error that names the first wrong entry; ``where`` is a field, column or part of the log."""
    return IntegrityBroken(
        f"audit entry {seq}: {where} is wrong: expected {expected}, got {got}",
        seq=seq, where=where, expected=expected, got=got,
    )


def label_text(text: str) -> str:
    """Return a name as the log keeps it: at most 200 characters, no U+0000 (which PostgreSQL cannot store).

    Names may come from a hostile form; the log must record the attempt, not fail on it.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
    return str(canonical.normalise(whole))[:LONGEST_LABEL]


def _misfit(value: Any, shape: Any, path: str) -> str:
    """Path of the first part that does not have its shape; empty when all fits."""
    if isinstance(shape, tuple):
        return "" if type(value) in shape else path
    if not isinstance(value, dict) or value.keys() != shape.keys():
        return path
    return next(filter(None, (_misfit(value[key], part, f"{path}.{key}") for key, part in shape.items())), "")
