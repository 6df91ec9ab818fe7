"""Text from bytes of unknown encoding, as a stream: byte order marks, UTF-8, UTF-16 and, in places, Latin-1.

Exports are often UTF-8 with a few characters pasted from elsewhere. Choosing one encoding for the whole file
would then either stop the import or spoil every other name, so bytes that are not UTF-8 are read, just
there, as Windows-1252 (a superset of printable Latin-1). Text that an earlier program decoded wrongly is
restored (:mod:`mojibake`). What was recognised and restored can be told before the import (:func:`survey`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase, TextIOWrapper
from typing import BinaryIO, cast

from inquiry_service.bibliography.mojibake import restored

ERRORS = "evenhand.windows-1252"
SAMPLE_BYTES = 65536

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with byte order mark",
    "utf-16": "UTF-16 with byte order mark",
    "utf-16-le": "UTF-16 (little endian) without byte order mark",
    "utf-16-be": "UTF-16 (big endian) without byte order mark",
    "utf-32": "UTF-32 with byte order mark",
}
_LONGEST_LINE = 1_000_000
_SHOWN = 40


@dataclass(frozen=True)
class Encoding:
    """What a file is written in, for people.

    Attributes:
        name: such as ``UTF-16 with byte order mark``.
        note: what was read otherwise, restored or lost, in sentences; "" when there is nothing to say.
    """

    name: str
    note: str = ""


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # A multi-byte UTF-16 fault cannot be read bytewise; the mark U+FFFD shows where it was.
    if error.encoding not in {"utf-8", "utf-8-sig"}:
        return "\ufffd", error.end
    chunk = error.object[error.start : error.end]
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in chunk), error.end


codecs.register_error(ERRORS, _as_windows_1252)


def recognise_encoding(head: bytes) -> str:
    """Name an encoding from the first bytes: a byte order mark, else the zero bytes of UTF-16, else UTF-8."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[: min(len(head), 4096) // 2 * 2]
    if len(sample) >= 4:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        # The tags and digits of an export give UTF-16 a zero in every second byte, also when the titles are
        # Chinese; a few characters such as U+4E00 put one on the other side.
        if odd > len(sample) // 10 and even * 4 < odd:
            return "utf-16-le"
        if even > len(sample) // 10 and odd * 4 < even:
            return "utf-16-be"
    return "utf-8"


def decode_head(head: bytes) -> str:
    """Decode the beginning of a file for recognition; a character cut at the end does no harm."""
    return head.decode(recognise_encoding(head), ERRORS).lstrip("\ufeff")


def open_text(stream: BinaryIO, *, newline: str | None = None) -> TextIOWrapper:
    """Open a seekable byte stream as text, from its present position on; wrongly decoded text is restored.

    Args:
        stream: seekable binary stream; it stays open when the text is closed.
        newline: as for :func:`open`; ``""`` keeps line ends, which the csv module needs.
    """
    return TextIOWrapper(open_bytes(stream), encoding="utf-8", newline=newline)


def open_bytes(stream: BinaryIO) -> BufferedReader:
    """The same as UTF-8 bytes, for readers that decode by themselves."""
    return BufferedReader(_Restored(_decoded(stream)))


def survey(stream: BinaryIO) -> Encoding:
    """Read a whole file once and tell its encoding; the stream is left where it stood."""
    start = stream.tell()
    codec = recognise_encoding(stream.read(SAMPLE_BYTES))
    stream.seek(start)
    found = _Findings()
    for line in iter(lambda: stream.readline(_LONGEST_LINE), b"") if codec.startswith("utf-8") else ():
        found.look_at_bytes(line)
    stream.seek(start)
    text = _decoded(stream)
    for chunk in _chunks(text):
        found.look_at_text(chunk)
    text.detach()
    stream.seek(start)
    # Not one valid UTF-8 character beside all the foreign bytes: the file is no UTF-8 at all.
    if found.foreign and not found.utf_8:
        return Encoding("Windows-1252 (Latin-1)", found.note(ignoring_foreign=True))
    return Encoding(_LABELS[codec], found.note())


@dataclass
class _Findings:
    utf_8: int = 0
    foreign: int = 0
    restored: int = 0
    lost: int = 0
    example: str = ""
    foreign_example: str = ""

    def look_at_bytes(self, line: bytes) -> None:
        if line.isascii():
            return
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            self.foreign += 1
            text = line.decode("utf-8", ERRORS)
            self.foreign_example = self.foreign_example or _around(text, len(line[: error.start].decode("utf-8")))
        else:
            self.utf_8 += 1

    def look_at_text(self, text: str) -> None:
        if text.isascii():
            return
        self.lost += sum("\ufffd" in line for line in text.split("\n")) if "\ufffd" in text else 0
        if restored(text) == text:
            return
        for line in text.splitlines():
            better = restored(line)
            if better != line:
                self.restored += 1
                at = next(i for i, (old, new) in enumerate(zip(line, better + " ", strict=False)) if old != new)
                self.example = self.example or f"“{_around(line, at)}” is read as “{_around(better, at)}”"

    def note(self, *, ignoring_foreign: bool = False) -> str:
        sentences = []
        if self.foreign and not ignoring_foreign:
            what = f"bytes that are not UTF-8 are read as Windows-1252: “{self.foreign_example}”"
            sentences.append(f"In {_lines(self.foreign)} {what}.")
        if self.restored:
            what = f"text that was decoded wrongly before is restored: {self.example}"
            sentences.append(f"In {_lines(self.restored)} {what}.")
        if self.lost:
            what = "characters were lost before the export; “\ufffd” stands in their place"
            sentences.append(f"In {_lines(self.lost)} {what}.")
        return " ".join(sentences)


@dataclass
class _Restored(RawIOBase):
    """The text of a file as UTF-8 bytes, with what was wrongly decoded restored."""

    text: TextIOWrapper
    left: bytes = b""
    chunks: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.chunks = _chunks(self.text)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        if not self.left:
            self.left = restored(next(self.chunks, "")).encode()
        size = min(len(view), len(self.left))
        view[:size], self.left = self.left[:size], self.left[size:]
        return size

    def close(self) -> None:
        # The stream belongs to the caller; without this it would be closed with the wrapper.
        if not self.closed:
            self.text.detach()
        super().close()


def _decoded(stream: BinaryIO) -> TextIOWrapper:
    start = stream.tell()
    encoding = recognise_encoding(stream.read(SAMPLE_BYTES))
    stream.seek(start)
    return TextIOWrapper(stream, encoding=encoding, errors=ERRORS, newline="")


def _chunks(text: TextIOWrapper) -> Iterator[str]:
    """The text in pieces that end at a line end, without the marks that joined files carry inside."""
    while chunk := text.read(SAMPLE_BYTES):
        chunk += text.readline(_LONGEST_LINE)
        yield chunk.replace("\ufeff", "") or " "


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _around(text: str, at: int) -> str:
    start = max(0, at - _SHOWN // 2)
    return " ".join(text[start : start + _SHOWN].split())
