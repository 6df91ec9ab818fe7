"""Spreadsheets (XLSX): the first sheet that holds anything, read as a table; values, not formulas, no macros.

An XLSX file is a ZIP archive of XML. Before it is opened its unpacked size is added up, and the area that its
cells span is measured: one cell in the last corner makes a reader reserve memory for 17 thousand million others.
Source: ECMA-376 Part 1, SpreadsheetML, 18.3.1.4 (cell references).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from inquiry_service.bibliography.encoding import Encoding
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.table_columns import Table, checked, columns_of, looks_like_header, proposed, read_row
from inquiry_service.errors import InvalidInput

FORMAT = "xlsx"

MAX_UNPACKED = 300 << 20
MAX_CELLS = 10_000_000
_MOST_ROWS_ON_TOP = 20
_CHUNK = 1 << 20
_OVERLAP = 64
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})(\d{1,9})[\"']")


def recognises(head: bytes, _: str) -> bool:
    """Whether a file is an Office file with sheets, which its first entries tell."""
    is_office = head.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in head or b"xl/" in head)
    return is_office and b"word/" not in head and b"ppt/" not in head


def encoding(_: BinaryIO) -> Encoding:
    """Sheets are XML, in UTF-8 by definition."""
    return Encoding("UTF-8")


def read(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[ParsedRecord | Rejected]:
    """Read the sheet row by row; arguments and results as for ``csv_table.read``."""
    columns, rows = _opened(stream)
    fields = checked(columns, mapping)
    for position, cells in enumerate(rows, 1):
        yield read_row(cells, columns, fields, FORMAT, position)


def propose(stream: BinaryIO, rows: int = 5) -> Table:
    """Read the header and the first rows and propose which column is which."""
    columns, found = _opened(stream)
    return Table(columns, proposed(columns), tuple(tuple(cells) for cells in islice(found, rows)))


def _opened(stream: BinaryIO) -> tuple[tuple[str, ...], Iterator[Sequence[str]]]:
    """The columns, and the rows below them that are not blank, each as wide as the header."""
    start = stream.tell()
    _measure(stream)
    stream.seek(start)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
        sheet = next((sheet for sheet in sheets if sheet.height), None)
    except (CalamineError, OSError, ValueError) as error:
        raise InvalidInput(f"The workbook cannot be read ({error}). Save it again as .xlsx, or as CSV.") from error
    if sheet is None:
        raise InvalidInput("The workbook holds no sheet with anything in it.")
    rows = ([_text(value) for value in row] for row in sheet.iter_rows())
    filled = (row for row in rows if any(row))
    top = list(islice(filled, _MOST_ROWS_ON_TOP))
    header = next((index for index, row in enumerate(top) if looks_like_header(row)), 0)
    below = (row for part in (top[header + 1 :], filled) for row in part)
    return columns_of(top[header]), below


def _measure(stream: BinaryIO) -> None:
    """Refuse an archive that would not fit into memory; sizes are counted while unpacking, not believed."""
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(stream) as archive:
            for entry in archive.infolist():
                left -= _measured(archive, entry, left)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise InvalidInput(f"The workbook is damaged ({error}). Save it again as .xlsx, or as CSV.") from error


def _measured(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> int:
    size = rows = columns = 0
    tail = b""
    is_sheet = "/worksheets/" in f"/{entry.filename}"
    with archive.open(entry) as content:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise InvalidInput(f"The workbook unpacks to more than {MAX_UNPACKED >> 20} MB; save it as CSV.")
            for letters, digits in _REFERENCE.findall(tail + chunk) if is_sheet else ():
                rows, columns = max(rows, int(digits)), max(columns, _number_of(letters))
            tail = chunk[-_OVERLAP:]
    if rows * columns > MAX_CELLS:
        raise InvalidInput(f"The sheet spans {rows:,} rows and {columns:,} columns; copy the filled part to a new one.")
    return size


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()
