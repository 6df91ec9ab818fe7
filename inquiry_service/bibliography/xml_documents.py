"""Several XML documents in one file, as E-utilities' batches and ``cat`` leave them: read one after the other.

An XML declaration can only begin a document, so each one that is met begins the next. Source: W3C, "Extensible
Markup Language (XML) 1.0", 2.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from inquiry_service.bibliography.record import ParsedRecord, Rejected

_DECLARATION = b"<?xml "
_CHUNK = 1 << 16

Results = Iterator[ParsedRecord | Rejected]


def read_all(stream: BinaryIO, reader: Callable[[BinaryIO], Results]) -> Results:
    """Read every document of a file with a reader of one; records are numbered through.

    Args:
        stream: the open file.
        reader: yields the results of one document, positions from 1.
    """
    documents = _Documents(stream)
    offset = 0
    while documents.begin():
        last = 0
        # The parser asks for nothing but read().
        for result in reader(cast(BinaryIO, documents)):
            if isinstance(result, ParsedRecord):
                last = result.raw_position
                yield replace(result, raw_position=offset + last)
            else:
                last = result.position
                yield replace(result, position=offset + last)
        offset += last
        documents.leave()


@dataclass
class _Documents:
    """A file that ends before each further declaration; :meth:`begin` goes on behind it."""

    source: BinaryIO
    buffer: bytes = b""
    is_at_begin: bool = True
    is_exhausted: bool = False

    def begin(self) -> bool:
        """Go to the next document; False when there is none."""
        while not self.buffer.lstrip():
            chunk = self.source.read(_CHUNK)
            if not chunk:
                return False
            self.buffer = chunk
        self.buffer = self.buffer.lstrip()
        self.is_at_begin = True
        return True

    def leave(self) -> None:
        """Pass over what a reader that met a fault left of its document."""
        while self.read():
            pass

    def read(self, _: int = -1) -> bytes:
        """The next piece of the present document, b"" at its end."""
        if len(self.buffer) < _CHUNK:
            more = self.source.read(_CHUNK)
            self.buffer, self.is_exhausted = self.buffer + more, not more
        at = self.buffer.find(_DECLARATION, 1 if self.is_at_begin else 0)
        # The last bytes may be the beginning of a declaration.
        end = at if at >= 0 else len(self.buffer) - (0 if self.is_exhausted else len(_DECLARATION) - 1)
        if at < 0 and end <= 0 and not self.is_exhausted:
            return self.read()
        piece, self.buffer = self.buffer[:end], self.buffer[end:]
        self.is_at_begin = self.is_at_begin and not piece
        return piece
