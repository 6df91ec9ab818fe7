"""The import formats: recognised from content, never from the file's name, and read through one function.

To add a format: write a module with ``read``, and give it a line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from inquiry_service.bibliography import csv_table, medline, pubmed_xml, ris
from inquiry_service.bibliography.encoding import SAMPLE_BYTES, decode_head, open_text
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput

Results = Iterator[ParsedRecord | Rejected]


@dataclass(frozen=True)
class Format:
    """One import format.

    Attributes:
        key: the ``source_format`` of its records.
        label: its name for people.
        recognises: tells from the first bytes and the same as text whether a file is of this format.
        read: reads a seekable stream.
    """

    key: str
    label: str
    recognises: Callable[[bytes, str], bool]
    read: Callable[[BinaryIO], Results]


def _read_text(reader: Callable[..., Results], newline: str | None = None) -> Callable[[BinaryIO], Results]:
    def read_stream(stream: BinaryIO) -> Results:
        text = open_text(stream, newline=newline)
        try:
            yield from reader(text)
        finally:
            # The stream belongs to the caller; without this it would be closed with the wrapper.
            text.detach()

    return read_stream


def _is_pubmed_xml(head: bytes, text: str) -> bool:
    return text.lstrip().startswith("<") and pubmed_xml.reads(pubmed_xml.root_of(head))


def _has_line(start: Callable[[str], object]) -> Callable[[bytes, str], bool]:
    return lambda _, text: any(start(line) for line in text.splitlines())


def _is_table(_: bytes, text: str) -> bool:
    return csv_table.looks_like_header(next(iter(text.splitlines()), ""))


FORMATS: tuple[Format, ...] = (
    Format(pubmed_xml.FORMAT, "PubMed XML", _is_pubmed_xml, pubmed_xml.read),
    Format(medline.FORMAT, "MEDLINE / NBIB", _has_line(medline.is_first_line), _read_text(medline.read)),
    Format(ris.FORMAT, "RIS", _has_line(ris.is_first_line), _read_text(ris.read)),
    Format(csv_table.FORMAT, "CSV or TSV table", _is_table, _read_text(csv_table.read, newline="")),
)


def recognise(head: bytes, filename: str) -> Format:
    """Tell the format of a file from its first bytes (64 KB are enough).

    Raises:
        InvalidInput: the file is empty, of no known format, or declares XML entities.
    """
    text = decode_head(head).lstrip("\ufeff")
    if not text.strip():
        raise InvalidInput(f"“{filename}” is empty.")
    for known in FORMATS:
        if known.recognises(head, text):
            return known
    raise InvalidInput(
        f"“{filename}” is not a literature file that can be imported{_what_it_is(head, text)}. "
        "Expected is PubMed XML (PubmedArticleSet), MEDLINE/NBIB (lines such as “PMID- 123”), RIS (lines "
        "such as “TY  - JOUR”) or a table whose first line names its columns, among them “title”."
    )


def read(data: bytes | BinaryIO, filename: str) -> Generator[ParsedRecord | Rejected, None, None]:
    """Read a literature file of any known format and encoding, record by record.

    What is wrong with the file as a whole is raised by the call itself, before anything is yielded.

    Args:
        data: the file's bytes, or a binary stream (constant memory; it is left open).
        filename: for messages only.

    Returns:
        the file's records, each exactly once: a ParsedRecord or a Rejected with its reason. Who stops early
        calls ``close`` before the stream is closed, because a reader lets go of its stream at its own end.

    Raises:
        InvalidInput: see :func:`recognise`.
    """
    results = _results(BytesIO(data) if isinstance(data, bytes) else data, filename)
    first = next(results, None)
    if first is None:
        raise InvalidInput(f"“{filename}” holds no records.")
    return _from(first, results)


def _from(first: ParsedRecord | Rejected, others: Results) -> Generator[ParsedRecord | Rejected, None, None]:
    yield first
    yield from others


def _results(source: BinaryIO, filename: str) -> Results:
    with _seekable(source) as stream:
        start = stream.tell()
        head = stream.read(SAMPLE_BYTES)
        stream.seek(start)
        yield from recognise(head, filename).read(stream)


@contextmanager
def _seekable(source: BinaryIO) -> Iterator[BinaryIO]:
    """A pipe cannot be looked into and rewound; its content goes to a temporary file."""
    if source.seekable():
        yield source
        return
    with SpooledTemporaryFile(max_size=1_000_000) as copy:
        while chunk := source.read(SAMPLE_BYTES):
            copy.write(chunk)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _what_it_is(head: bytes, text: str) -> str:
    if head.startswith(b"%PDF-"):
        return ": it is a PDF document"
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        return ": it is a compressed file"
    root = pubmed_xml.root_of(head) if text.lstrip().startswith("<") else ""
    return f": it is XML with the root element “{root}”" if root else ""
