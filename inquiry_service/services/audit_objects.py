"""What an entry says about a row: its reference, its snapshot hash, and which values are personal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect

from inquiry_service.db import Base
from inquiry_service.domain.audit_entry import Changes, ObjectRef, Personal
from inquiry_service.domain.canonical import digest

PERSONAL_TABLES = frozenset({"person"})
"""Tables whose plain text values are personal data; the log keeps commitments to them (R98)."""

_PARENTS = ("response", "question", "version", "inquiry")
"""Relationships that lead from a row to the inquiry it belongs to."""


def ref_of(
    obj: ObjectRef | Base, *, version: int | None = None, label: str = "", inquiry_id: str | None = None
) -> ObjectRef:
    """Return the reference of a flushed row (or the given reference), with what the caller knows better."""
    if isinstance(obj, ObjectRef):
        found = obj
    else:
        found = ObjectRef(
            type=obj.__tablename__, id=str(getattr(obj, "id", "")), version=_version(obj), label=_label(obj),
            inquiry_id=_inquiry_id(obj),
        )
    return ObjectRef(
        found.type, found.id, found.version if version is None else version, label or found.label,
        inquiry_id or found.inquiry_id,
    )


def protect(obj: ObjectRef | Base, changes: Changes | None) -> Changes:
    """Return ``changes`` with the text values of a person's record marked as personal."""
    kind = obj.type if isinstance(obj, ObjectRef) else obj.__tablename__
    if kind not in PERSONAL_TABLES or not changes:
        return changes or {}
    subject = str(obj.id if isinstance(obj, ObjectRef) else getattr(obj, "id", ""))
    return {field: (_mark(old, subject), _mark(new, subject)) for field, (old, new) in changes.items()}


def snapshot_hash(row: Base) -> str:
    """Return the SHA-256 of a row's stored values, so that a change behind the log can be found later.

    Empty (NULL) columns are left out: a column added by a later release changes no old hash. Columns
    named in ``__audit_skip__`` of the model may change without an entry.
    """
    skipped = frozenset(getattr(row, "__audit_skip__", ()))
    values = {}
    for attribute in inspect(type(row)).column_attrs:
        value = getattr(row, attribute.key)
        if value is not None and attribute.key not in skipped:
            values[attribute.key] = _without_floats(value)
    return digest(values)


def _without_floats(value: Any) -> Any:
    """Floats have no canonical form; their shortest repr has, and reads back to the same number."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _without_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_floats(item) for item in value]
    return value


def _mark(value: Any, subject: str) -> Any:
    # Coded terms are StrEnum members and say nothing that could name a person.
    return Personal(value, subject) if type(value) is str and value else value


def _version(row: Base) -> int | None:
    for name in ("version", "revision", "current_version"):
        value = getattr(row, name, None)
        if isinstance(value, int):
            return value
    return None


def _label(row: Base) -> str:
    """The words people use for a row; never a requester's name, a file name or typed text."""
    number = getattr(row, "number", None)
    if isinstance(number, str):
        return number
    table: str = row.__tablename__
    match table:
        case "user_account":
            return str(getattr(row, "email", ""))
        case "question":
            return f"question {getattr(row, 'seq', '')}"
        case "response_version":
            return f"draft version {getattr(row, 'version', '')}"
        case "literature_record":
            return str(getattr(row, "citation_key", "") or "a literature record")
        case "product":
            return str(getattr(row, "name", ""))
        case _:
            return ("an " if table[0] in "aeiou" else "a ") + table.replace("_", " ")


def _inquiry_id(row: Any) -> str | None:
    if row.__tablename__ == "inquiry":
        return str(row.id)
    own = getattr(row, "inquiry_id", None)
    if own:
        return str(own)
    for name in _PARENTS:
        parent = getattr(row, name, None)
        if isinstance(parent, Base):
            return _inquiry_id(parent)
    return None
