"""One byte form for one value: RFC 8785 canonical JSON inside strict limits, and its SHA-256.

What is hashed or signed must have exactly one representation. RFC 8785 (JCS) gives it for JSON,
but does not normalise text, allows floats and has no limit on depth or size; this module closes
those gaps at the boundary, so that a stored entry can always be read back to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785

from inquiry_service.errors import EvenhandError

MAX_BYTES = 64 * 1024
"""Largest canonical form of one audit entry; the limit of one entry in C2SP tlog-tiles."""
UNLIMITED = 2**53
"""For values that are only hashed, or measured before they are cut."""
MAX_DEPTH = 32
"""Deepest nesting; the serialiser recurses and would otherwise end in a RecursionError."""
MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785, section 3.2.2.3)."""

JsonValue = None | bool | int | str | list[Any] | dict[str, Any]


class NotCanonical(EvenhandError):
    """A value has no canonical form here, or bytes are not the canonical form of what they say."""

    code = "not_canonical"
    status = 422


def instant(moment: datetime) -> str:
    """Return a point in time as ``2026-11-22T16:40:00.000000Z``: UTC, always six decimals.

    Raises:
        NotCanonical: the datetime is naive; a time zone is never guessed (R86).
    """
    if moment.tzinfo is None:
        raise NotCanonical("a time without a zone has no canonical form; give it a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def normalise(value: Any) -> JsonValue:
    """Return ``value`` as plain JSON data with one spelling for each thing.

    Datetimes become UTC text with microseconds, dates ISO text, enums their value, UUIDs and
    Decimals text, sets sorted lists, bytes their SHA-256 (content is stored elsewhere, by hash),
    text NFC.

    Raises:
        NotCanonical: floats, naive datetimes, integers beyond 2^53 - 1, lone surrogates, keys that
            are not text, two keys that become one under NFC, nesting deeper than 32, other types.
    """
    return _normalise(value, 1, "value")


def canonical_bytes(value: Any, *, limit: int = MAX_BYTES) -> bytes:
    """Return the RFC 8785 form of ``normalise(value)``, at most ``limit`` bytes.

    Raises:
        NotCanonical: see :func:`normalise`; or the result is longer than ``limit``.
    """
    result = rfc8785.dumps(normalise(value))
    if len(result) > limit:
        raise NotCanonical(f"canonical form has {len(result)} bytes; at most {limit} are allowed")
    return result


def digest(value: Any) -> str:
    """Return the SHA-256, as hex, of the canonical form of ``value``, whatever its length."""
    return hashlib.sha256(rfc8785.dumps(normalise(value))).hexdigest()


def parse(data: bytes) -> JsonValue:
    """Read canonical JSON back and prove that it is canonical: ``canonical(parse(data)) == data``.

    Raises:
        NotCanonical: not UTF-8, not JSON, repeated keys, floats, or any other spelling of the value.
    """
    if len(data) > MAX_BYTES:
        raise NotCanonical(f"{len(data)} bytes; at most {MAX_BYTES} are allowed")
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float
        )
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not readable as JSON: {type(error).__name__}") from error
    plain = normalise(value)
    again = rfc8785.dumps(plain)
    if again != data:
        where = next((i for i, (a, b) in enumerate(zip(again, data, strict=False)) if a != b), len(again))
        raise NotCanonical(f"not in canonical form from byte {where} on", offset=where)
    return plain


def _normalise(value: Any, depth: int, where: str) -> JsonValue:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"nested deeper than {MAX_DEPTH} levels", where=where)
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int):
        return _integer(value, where)
    if isinstance(value, Mapping):
        return _object(value, depth, where)
    if isinstance(value, (set, frozenset, list, tuple)):
        return _array(value, depth, where)
    return _scalar(value, where)


def _array(value: Collection[Any], depth: int, where: str) -> list[Any]:
    items = [_normalise(item, depth + 1, f"{where}[{number}]") for number, item in enumerate(value)]
    return sorted(items, key=rfc8785.dumps) if isinstance(value, (set, frozenset)) else items


def _scalar(value: Any, where: str) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    kind = type(value).__name__
    hint = "; use Decimal" if kind == "float" else ""
    raise NotCanonical(f"{kind} has no canonical form{hint}", where=where)


def _text(value: str, where: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("text with half a character (lone surrogate)", where=where) from error
    return unicodedata.normalize("NFC", value)


def _integer(value: int, where: str) -> int:
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise NotCanonical("integer beyond 2^53 - 1; write it as text", where=where)
    return int(value)


def _object(value: Mapping[Any, Any], depth: int, where: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(key, Enum):
            key = key.value
        if not isinstance(key, str):
            raise NotCanonical("keys must be text", where=where)
        name = _text(key, where)
        if name in result:
            raise NotCanonical("two keys become one in canonical form", where=f"{where}.{name}")
        result[name] = _normalise(item, depth + 1, f"{where}.{name}")
    return result


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("repeated key")
    return result


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")
