"""JSON of any length, item by item, in bounded memory: the list of records in a file is never held whole.

Read are a list of items, one object, objects one after the other (JSON lines), and objects whose list of items
lies under a known name, as in Crossref's ``message.items``. A broken item is reported and the next one is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any

MAX_ITEM_CHARS = 8_000_000
"""The longest real items, works with thousands of authors and references, stay below 4 MB."""
MAX_DEPTH = 100

_CHUNK = 1 << 18
_LISTS = {"items", "data", "results", "result", "studies"}
_ENVELOPES = {"message", "resultList"}
_SPACE = re.compile(r"[\s\x1e]*")
_IN_TEXT = re.compile(r'["\\]')
_OUTSIDE = re.compile(r'["\[\]{}]')
_SCALAR_END = re.compile(r"[\s,\]}]")


@dataclass(frozen=True)
class Broken:
    """An item that cannot be read, and why; ``at_end`` when the file cannot be read on behind it."""

    reason: str
    at_end: bool = False


def items(text: TextIOWrapper) -> Iterator[Any]:
    """Yield the items of a JSON file in order, each as plain Python data or as :class:`Broken`."""
    cursor = _Cursor(text)
    while char := cursor.peek():
        if char == ",":
            cursor.skip()
            continue
        found = _list(cursor) if char == "[" else _object(cursor) if char == "{" else _nothing(cursor)
        for item in found:
            yield item
            if isinstance(item, Broken) and item.at_end:
                return


def _nothing(cursor: _Cursor) -> Iterator[Any]:
    yield Broken(f"“{cursor.shown()}” stands where a record should begin.", at_end=True)


def _list(cursor: _Cursor) -> Iterator[Any]:
    cursor.skip()
    while (char := cursor.peek()) != "]":
        if not char:
            yield Broken("The file ends in the middle of a list.", at_end=True)
            return
        if char == ",":
            cursor.skip()
        elif char in "}:":
            yield from _nothing(cursor)
            return
        else:
            yield cursor.value()
    cursor.skip()


def _object(cursor: _Cursor, level: int = 0) -> Iterator[Any]:
    """The items of the list in an object, or the object itself when it holds none."""
    cursor.skip()
    kept: dict[str, Any] = {}
    start, streamed = cursor.consumed, False
    while (char := cursor.peek()) != "}":
        if char == ",":
            cursor.skip()
            continue
        name = cursor.value() if char == '"' else None
        if not isinstance(name, str) or cursor.peek() != ":":
            yield Broken("The file ends or is damaged within a record.", at_end=True)
            return
        cursor.skip()
        inner = _inner(cursor, name, level)
        if inner is not None:
            streamed = True
            yield from inner
        elif cursor.consumed - start <= MAX_ITEM_CHARS:
            kept[name] = cursor.value()
        else:
            # What an overlong object holds is let go; its list may still come.
            cursor.value()
            kept = {name: Broken(_TOO_LONG)}
    cursor.skip()
    if not streamed:
        yield next((value for value in kept.values() if isinstance(value, Broken)), kept)


def _inner(cursor: _Cursor, name: str, level: int) -> Iterator[Any] | None:
    """The items below a known name, or None when the value belongs to the object itself."""
    following = cursor.peek()
    if name in _LISTS and following == "[":
        return _list(cursor)
    return _object(cursor, level + 1) if level == 0 and name in _ENVELOPES and following == "{" else None


_TOO_LONG = f"The record is too long (more than {MAX_ITEM_CHARS // 1_000_000} million characters)."


class _Cursor:
    """A place in a text of which only the part around it is in memory."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._dropped = 0
        self._decoder = json.JSONDecoder()

    @property
    def consumed(self) -> int:
        """Characters behind the cursor."""
        return self._dropped + self._at

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Pass one character."""
        self._at += 1

    def shown(self) -> str:
        """What follows, for a message."""
        return " ".join(self._buffer[self._at : self._at + 40].split())

    def value(self) -> Any:
        """Take the value at the cursor, or :class:`Broken`."""
        try:
            found, end = self._decoder.raw_decode(self._buffer, self._at)
        except (ValueError, RecursionError):
            return self._whole_value()
        # At the end of the buffer, 12 may be the beginning of 123.
        if end == len(self._buffer):
            return self._whole_value()
        self._at = end
        return found

    def _whole_value(self) -> Any:
        """The slow way: find the end of the value first, reading on as needed, and then read it."""
        extent, pieces, size = _Extent(), list[str](), 0
        while True:
            end = extent.follow(self._buffer, self._at)
            stop = len(self._buffer) if end < 0 else end
            size += stop - self._at
            pieces = pieces if size <= MAX_ITEM_CHARS else []
            pieces.append(self._buffer[self._at : stop])
            self._at = stop
            if end >= 0:
                break
            if not self._more():
                if extent.is_scalar:
                    break
                return Broken("The file ends within this record.", at_end=True)
        return _loaded("".join(pieces), extent, too_long=size > MAX_ITEM_CHARS)

    def _more(self) -> bool:
        """Read on; what lies behind the cursor is let go."""
        self._dropped += self._at
        self._buffer, self._at = self._buffer[self._at :] + (chunk := self._text.read(_CHUNK)), 0
        return bool(chunk)


class _Extent:
    """Where a value ends, found in pieces of any length."""

    def __init__(self) -> None:
        self.depth = self.deepest = 0
        self.in_text = self.escaped = self.is_scalar = self._begun = False

    def follow(self, text: str, at: int) -> int:
        """The place behind the value's end, or -1 when it is not in this piece."""
        if not self._begun:
            self._begun, self.is_scalar = True, text[at : at + 1] not in ('"', "{", "[")
        if self.is_scalar:
            end = _SCALAR_END.search(text, at)
            return end.start() if end else -1
        while at < len(text):
            if self.escaped:
                at, self.escaped = at + 1, False
                continue
            sign = (_IN_TEXT if self.in_text else _OUTSIDE).search(text, at)
            if sign is None:
                return -1
            at = sign.end()
            self._pass(sign[0])
            if self.depth == 0 and not self.in_text:
                return at
        return -1

    def _pass(self, sign: str) -> None:
        if sign == "\\":
            self.escaped = True
        elif sign == '"':
            self.in_text = not self.in_text
        else:
            self.depth += 1 if sign in "[{" else -1
            self.deepest = max(self.deepest, self.depth)


def _loaded(source: str, extent: _Extent, *, too_long: bool) -> Any:
    if too_long:
        return Broken(_TOO_LONG)
    if extent.deepest > MAX_DEPTH:
        return Broken(f"The record is nested more than {MAX_DEPTH} levels deep.")
    try:
        return json.loads(source)
    except (ValueError, RecursionError) as error:
        return Broken(f"The record is no valid JSON: {error}.")
