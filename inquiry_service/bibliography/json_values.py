"""Reading of JSON whose shape nobody guarantees: each function takes anything and gives what it was asked for."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from inquiry_service.bibliography.mojibake import restored

_DEEPEST = 100


def text_in(value: Any) -> str:
    """A value as text: of a list its first text, of a number its digits, of anything else ""."""
    if isinstance(value, list):
        return next((found for item in value if (found := text_in(item))), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def texts_in(value: Any) -> list[str]:
    """All texts of a list, or the one text."""
    values = value if isinstance(value, list) else [value]
    return [text for item in values if (text := text_in(item))]


def plain_in(value: Any) -> str:
    """As :func:`text_in`, with the character references resolved that some sources leave in names and journals."""
    return html.unescape(text_in(value))


def objects_in(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one object."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]


def object_in(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def with_text_restored(value: Any, depth: int = 0) -> Any:
    """The same data with wrongly decoded text restored (:mod:`mojibake`); escapes in the file hide it before.

    Raises:
        RecursionError: the data is nested too deeply to be a record.
    """
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        return restored(value)
    if isinstance(value, list):
        return [with_text_restored(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {name: with_text_restored(item, depth + 1) for name, item in value.items()}
    return value
