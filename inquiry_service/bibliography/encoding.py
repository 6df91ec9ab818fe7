"""Text from bytes of unknown encoding, as a stream: byte order marks, UTF-8, UTF-16 and, in places, Latin-1.

Exports are often UTF-8 with a few characters pasted from elsewhere. Choosing one encoding for the whole file
would then either stop the import or spoil every other name, so bytes that are not UTF-8 are read, just
there, as Windows-1252 (a superset of printable Latin-1).
"""

from __future__ import annotations

import codecs
from io import TextIOWrapper
from typing import BinaryIO

ERRORS = "evenhand.windows-1252"
SAMPLE_BYTES = 65536

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


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
    sample = head[:1024]
    if len(sample) >= 4 and not len(sample) % 2:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        # Latin text in UTF-16 has a zero in nearly every second byte.
        if odd > len(sample) // 5 and not even:
            return "utf-16-le"
        if even > len(sample) // 5 and not odd:
            return "utf-16-be"
    return "utf-8"


def decode_head(head: bytes) -> str:
    """Decode the beginning of a file for recognition; a character cut at the end does no harm."""
    return head.decode(recognise_encoding(head), ERRORS)


def open_text(stream: BinaryIO, *, newline: str | None = None) -> TextIOWrapper:
    """Open a seekable byte stream as text, from its present position on.

    Args:
        stream: seekable binary stream.
        newline: as for :func:`open`; ``""`` keeps line ends, which the csv module needs.
    """
    start = stream.tell()
    encoding = recognise_encoding(stream.read(SAMPLE_BYTES))
    stream.seek(start)
    return TextIOWrapper(stream, encoding=encoding, errors=ERRORS, newline=newline)
