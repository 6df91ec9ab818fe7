"""The import formats: recognised from content, never from the file's name, and read through one function.

To add a format: write a module with ``read``, and give it a line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from inquiry_service.bibliography import (
    bibtex,
    cochrane,
    csv_table,
    endnote_xml,
    isi,
    jats,
    json_file,
    medline,
    ovid,
    pdf_file,
    pubmed_xml,
    refer,
    refworks,
    ris,
    sheet,
)
from inquiry_service.bibliography.container import opened
from inquiry_service.bibliography.encoding import SAMPLE_BYTES, Encoding, decode_head, open_text, survey
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.table_columns import Table
from inquiry_service.bibliography.xml_documents import read_all
from inquiry_service.bibliography.xml_head import encoding as xml_encoding
from inquiry_service.bibliography.xml_head import root_of, xml_bytes
from inquiry_service.errors import InvalidInput

Results = Iterator[ParsedRecord | Rejected]


@dataclass(frozen=True)
class Columns:
    """How a format is read whose columns a person can map to fields.

    Attributes:
        propose: reads header and sample.
        read: reads with a mapping of column names to fields of ``table_columns.FIELDS``.
    """

    propose: Callable[[BinaryIO], Table]
    read: Callable[[BinaryIO, Mapping[str, str]], Results]


@dataclass(frozen=True)
class Format:
    """One import format.

    Attributes:
        key: its name in programs.
        label: its name for people.
        recognises: tells from the first bytes and the same as text whether a file is of this format.
        read: reads a seekable stream.
        encoding: tells what a file is written in.
        columns: only for tables.
    """

    key: str
    label: str
    recognises: Callable[[bytes, str], bool]
    read: Callable[[BinaryIO], Results]
    encoding: Callable[[BinaryIO], Encoding] = survey
    columns: Columns | None = None


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file before its records are read.

    Attributes:
        format, label: key and name of its format.
        encoding: what its text is written in, and what was restored or lost.
        table: columns with a proposed mapping and sample rows; None for formats without columns.
    """

    format: str
    label: str
    encoding: Encoding
    table: Table | None = None


def _read_text(reader: Callable[..., Results], newline: str | None = None) -> Callable[..., Results]:
    def read_stream(stream: BinaryIO, *arguments: Mapping[str, str]) -> Results:
        with open_text(stream, newline=newline) as text:
            yield from reader(text, *arguments)

    return read_stream


def _propose_columns(stream: BinaryIO) -> Table:
    with open_text(stream, newline="") as text:
        return csv_table.propose(text)


def _read_xml(reader: Callable[[BinaryIO], Results]) -> Callable[[BinaryIO], Results]:
    def read_stream(stream: BinaryIO) -> Results:
        with xml_bytes(stream) as content:
            yield from read_all(content, reader)

    return read_stream


def _has_root(reads: Callable[[str], bool]) -> Callable[[bytes, str], bool]:
    return lambda head, text: text.lstrip().startswith("<") and reads(root_of(head))


def _is_endnote_xml(head: bytes, text: str) -> bool:
    return text.lstrip().startswith("<") and endnote_xml.recognises(root_of(head), text)


# What a first line looks like in each format that has one; the earliest in a file tells its format, so that a
# citation quoted in an abstract or a note of another format does not.
_FIRST_LINES = tuple(module.is_first_line for module in (medline, ris, isi, cochrane, refer, refworks, bibtex))


def _begins(start: Callable[[str], bool]) -> Callable[[bytes, str], bool]:
    def recognises(_: bytes, text: str) -> bool:
        matches = (known for line in text.splitlines() for known in _FIRST_LINES if known(line))
        return next(matches, None) is start

    return recognises


_read_csv = _read_text(csv_table.read, newline="")

FORMATS: tuple[Format, ...] = (
    Format(pdf_file.FORMAT, "PDF", pdf_file.recognises, pdf_file.read, pdf_file.encoding),
    Format(sheet.FORMAT, "Excel table (XLSX)", sheet.recognises, sheet.read, sheet.encoding,
           columns=Columns(sheet.propose, sheet.read)),
    Format(pubmed_xml.FORMAT, "PubMed XML", _has_root(pubmed_xml.reads), _read_xml(pubmed_xml.read), xml_encoding),
    Format(jats.FORMAT, "JATS / NLM XML", _has_root(jats.reads), _read_xml(jats.read), xml_encoding),
    Format(endnote_xml.FORMAT, "EndNote XML", _is_endnote_xml, _read_xml(endnote_xml.read), xml_encoding),
    Format(json_file.FORMAT, "JSON (CSL, Crossref, DataCite, Zotero, Europe PMC)",
           lambda _, text: json_file.looks_like_json(text), _read_text(json_file.read)),
    Format(medline.FORMAT, "MEDLINE / NBIB", _begins(medline.is_first_line), _read_text(medline.read)),
    Format(ris.FORMAT, "RIS", _begins(ris.is_first_line), _read_text(ris.read)),
    Format(isi.FORMAT, "Web of Science text", _begins(isi.is_first_line), _read_text(isi.read)),
    Format(cochrane.FORMAT, "Cochrane Library text", _begins(cochrane.is_first_line), _read_text(cochrane.read)),
    Format(refer.FORMAT, "Refer / EndNote tagged (enw)", _begins(refer.is_first_line), _read_text(refer.read)),
    Format(refworks.FORMAT, "RefWorks tagged", _begins(refworks.is_first_line), _read_text(refworks.read)),
    Format(bibtex.FORMAT, "BibTeX / BibLaTeX", _begins(bibtex.is_first_line), bibtex.read),
    Format(ovid.FORMAT, "Ovid text", lambda _, text: ovid.recognises(text), _read_text(ovid.read)),
    Format(csv_table.FORMAT, "CSV or TSV table", lambda _, text: csv_table.is_table(text), _read_csv,
           columns=Columns(_propose_columns, _read_csv)),
)  # fmt: skip


def recognise(head: bytes, filename: str) -> Format:
    """Tell the format of a file from its first bytes (64 KB are enough); compressed files see :func:`inspect`.

    Raises:
        InvalidInput: the file is empty, of no known format, or declares XML entities.
    """
    text = decode_head(head)
    if not text.strip():
        raise InvalidInput(f"“{filename}” is empty.")
    for known in FORMATS:
        if known.recognises(head, text):
            return known
    raise InvalidInput(
        f"“{filename}” is not a literature file that can be imported{_what_it_is(head, text)}. "
        "Expected is PubMed XML, MEDLINE/NBIB (lines such as “PMID- 123”), RIS (“TY  - JOUR”), BibTeX, EndNote XML, "
        "Refer, RefWorks, Web of Science, Cochrane or Ovid text, JSON (CSL, Crossref, DataCite, Zotero, Europe PMC, "
        "ClinicalTrials.gov), JATS XML, a PDF, or a table (CSV, TSV, XLSX) whose first line names its columns, among "
        "them “title”."
    )


def inspect(data: bytes | BinaryIO, filename: str) -> FileFacts:
    """Tell what a file is: its format, its encoding and, for a table, its columns with a proposed mapping.

    The whole file is read once, in constant memory; a seekable stream is left where it stood.

    Raises:
        InvalidInput: see :func:`recognise`.
    """
    with opened(data, filename) as stream:
        known = _recognised(stream, filename)
        start = stream.tell()
        encoding = known.encoding(stream)
        stream.seek(start)
        table = known.columns.propose(stream) if known.columns else None
        stream.seek(start)
        return FileFacts(known.key, known.label, encoding, table)


def read(
    data: bytes | BinaryIO, filename: str, mapping: Mapping[str, str] | None = None
) -> Generator[ParsedRecord | Rejected, None, None]:
    """Read a literature file of any known format and encoding, record by record.

    What is wrong with the file as a whole is raised by the call itself, before anything is yielded.

    Args:
        data: the file's bytes, or a binary stream (constant memory; it is left open).
        filename: for messages only.
        mapping: for a table, column name -> field of ``table_columns.FIELDS``, as a person chose it from
            :func:`inspect`; formats without columns take no notice of it.

    Returns:
        the file's records, each exactly once: a ParsedRecord or a Rejected with its reason. Who stops early
        calls ``close`` before the stream is closed, because a reader lets go of its stream at its own end.

    Raises:
        InvalidInput: see :func:`recognise`; or the mapping does not fit the table.
    """
    results = _results(data, filename, mapping)
    first = next(results, None)
    if first is None:
        raise InvalidInput(f"“{filename}” holds no records.")
    return _from(first, results)


def _from(first: ParsedRecord | Rejected, others: Results) -> Generator[ParsedRecord | Rejected, None, None]:
    yield first
    yield from others


def _results(data: bytes | BinaryIO, filename: str, mapping: Mapping[str, str] | None) -> Results:
    with opened(data, filename) as stream:
        known = _recognised(stream, filename)
        if known.columns and mapping is not None:
            yield from known.columns.read(stream, mapping)
        else:
            yield from known.read(stream)


def _recognised(stream: BinaryIO, filename: str) -> Format:
    start = stream.tell()
    head = stream.read(SAMPLE_BYTES)
    stream.seek(start)
    return recognise(head, filename)


def _what_it_is(head: bytes, text: str) -> str:
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        return ": it is a compressed file"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return ": it is an old or password-protected Office file; save it as .xlsx without a password"
    root = root_of(head) if text.lstrip().startswith("<") else ""
    return f": it is XML with the root element “{root}”" if root else ""
