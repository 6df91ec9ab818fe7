"""Text tables: CSV, TSV and their relatives with a header line; which column is which says :mod:`table_columns`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.table_columns import (
    Table,
    checked,
    columns_of,
    looks_like_header,
    proposed,
    read_row,
)

FORMAT = "csv"

_DELIMITERS = (",", ";", "\t", "|")
# Excel's own first line, which names the delimiter, and the title lines that some databases put on top.
_SEPARATOR_LINE = re.compile(r"sep=(.)\Z", re.IGNORECASE)
_MOST_LINES_ON_TOP = 20
_LONGEST_LINE = 4_000_000
# The csv module's own limit, 128 KB, is below the longest author lists.
csv.field_size_limit(_LONGEST_LINE)


def read(text: TextIOWrapper, mapping: Mapping[str, str] | None = None) -> Iterator[ParsedRecord | Rejected]:
    """Read a table row by row.

    Args:
        text: the open file, opened with ``newline=""``.
        mapping: column name as :func:`propose` gives it -> field of ``table_columns.FIELDS``; other columns are
            kept as they are. Without it the columns are recognised by their names.

    Yields:
        one result per row that is not blank.

    Raises:
        InvalidInput: there is no title column, or the mapping does not fit the table.
    """
    table = _open(text)
    fields = checked(table.columns, mapping)
    for position, (cells, fault) in enumerate(table.rows(), 1):
        yield Rejected(position, "", fault) if fault else read_row(cells, table.columns, fields, FORMAT, position)


def propose(text: TextIOWrapper, rows: int = 5) -> Table:
    """Read the header and the first rows and propose which column is which."""
    table = _open(text)
    width = len(table.columns)
    whole = (cells for cells, fault in table.rows() if not fault)
    sample = tuple(tuple([*cells, *[""] * width][:width]) for cells in islice(whole, rows))
    return Table(table.columns, proposed(table.columns), sample)


def is_table(text: str) -> bool:
    """Whether a text begins like a table: with a header of known names, or with lines of equal cells."""
    lines = text.splitlines()[:_MOST_LINES_ON_TOP]
    return _header_line(lines) is not None or _is_even(lines)


@dataclass(frozen=True)
class _Opened:
    """A table whose header has been read: its columns, and the lines behind them."""

    columns: tuple[str, ...]
    delimiter: str
    header_line: int
    lines: Iterator[str]

    def rows(self) -> Iterator[tuple[Sequence[str], str]]:
        """Yield the rows that are not blank as (cells, ""), and what is no row as ([], what is wrong with it)."""
        rows = csv.reader((line.replace("\0", "") for line in self.lines), delimiter=self.delimiter)
        last = self.header_line
        while True:
            first = last + 1
            try:
                cells, fault = next(rows), ""
            except StopIteration:
                return
            except csv.Error as error:
                cells, fault = [], f"cannot be read as a row: {error}."
            last = self.header_line + rows.line_num
            fault = fault or _fault(cells, len(self.columns), several=last > first)
            if fault or any(cell.strip() for cell in cells):
                where = f"Lines {first} to {last}" if last > first else f"Line {first}"
                yield cells, f"{where} {fault}" if fault else ""


def _open(text: TextIOWrapper) -> _Opened:
    # A limit on readline keeps a file without line ends from being read whole.
    lines = iter(lambda: text.readline(_LONGEST_LINE), "")
    top = list(islice(lines, _MOST_LINES_ON_TOP))
    found = _header_line(top)
    if found is None:
        found = _first_filled(top)
    header = top[found] if top else ""
    delimiter = _delimiter_of(header)
    return _Opened(columns_of(_cells(header, delimiter)), delimiter, found + 1, chain(top[found + 1 :], lines))


def _fault(cells: Sequence[str], width: int, *, several: bool) -> str:
    if any(cell.strip() for cell in cells[width:]):
        return f"has {len(cells)} cells, the header {width}; is a quotation mark missing?"
    if several and any(cells) and len(cells) < width:
        return f"make one row of {len(cells)} cells, the header has {width}; is a quotation mark missing?"
    return ""


def _header_line(lines: Sequence[str]) -> int | None:
    """The index of the first line that is a header of known names."""
    headers = (index for index, line in enumerate(lines) if looks_like_header(_cells(line, _delimiter_of(line))))
    return next(headers, None)


def _first_filled(lines: Sequence[str]) -> int:
    """The index of the first line that may be a header whose names nobody knows."""
    filled = (i for i, line in enumerate(lines) if line.strip() and not _SEPARATOR_LINE.match(line.strip()))
    return next(filled, 0)


def _is_even(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()][:5]
    if len(filled) < 2:
        return False
    delimiter = _delimiter_of(filled[0])
    header = _cells(filled[0], delimiter)
    named = len(header) > 1 and all(0 < len(cell.strip()) <= 60 for cell in header)
    # The last line may be cut, and a cell with line ends makes shorter ones.
    return named and all(len(_cells(line, delimiter)) == len(header) for line in filled[1:-1] or filled[1:])


def _delimiter_of(header: str) -> str:
    """Tell the delimiter from a header line: the one that cuts it into most cells."""
    return max(_DELIMITERS, key=lambda delimiter: len(_cells(header, delimiter)))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n").replace("\0", "")], delimiter=delimiter), [])
    except csv.Error:
        return []
