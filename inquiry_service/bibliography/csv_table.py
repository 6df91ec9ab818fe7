"""Tables: CSV, TSV and their relatives with a header line, by a mapping of columns to fields.

Without a mapping the columns are recognised by the names that reference managers, PubMed, Embase and
screening tools give them. At least a title column must be there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from io import TextIOWrapper

from inquiry_service.bibliography import names
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput

FORMAT = "csv"

# Field -> column names, letters and digits only. The first that a file has is taken.
COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "articletitle", "primarytitle", "documenttitle", "ti", "t1"),
    "authors": ("authors", "author", "authornames", "firstauthors", "authorfullnames", "au"),
    "journal": ("journal", "journaltitle", "sourcetitle", "journalbook", "publicationname", "secondarytitle",
                "alternatetitle3", "jf", "source"),
    "journal_abbrev": ("journalabbrev", "journalabbreviation", "abbreviatedsourcetitle", "ta",
                       "alternatetitle2"),
    "date": ("year", "publicationyear", "pubyear", "py", "date", "publicationdate"),
    "volume": ("volume", "vol", "vl"),
    "issue": ("issue", "number", "issuenumber"),
    "pages": ("pages", "page", "pg", "startpage"),
    "doi": ("doi", "digitalobjectidentifier"),
    "pmid": ("pmid", "pubmedid", "pubmed", "medlinepmid"),
    "pmcid": ("pmcid", "pmc"),
    "abstract": ("abstract", "notesabstract", "ab", "n2"),
    "mesh": ("mesh", "meshterms", "meshheadings"),
    "publication_types": ("publicationtype", "publicationtypes", "documenttype", "pt"),
    "language": ("language", "languages", "languageoforiginaldocument", "la"),
    "registrations": ("clinicaltrialnumbers", "registration", "nct", "nctnumber"),
    "keywords": ("keywords", "authorkeywords", "kw"),
    "identifier": ("recordid", "id", "accessionnumber", "eid"),
}  # fmt: skip

# Embase writes the whole source into one cell, such as Cancer (2004) 102:4 (253-258).
_EMBASE_SOURCE = re.compile(
    r"(?P<journal>.+?) \((?P<date>\d{4})\)(?: (?P<volume>[^\s:()]+)?(?::(?P<issue>[^\s()]+))?)?"
    r"(?: \((?P<pages>[^()]+)\))?(?:\. | Article Number|\Z)"
)
_LISTS = {"mesh", "publication_types", "registrations", "keywords"}
_DELIMITERS = (",", ";", "\t", "|")
# The csv module's own limit, 128 KB, is below the longest author lists.
csv.field_size_limit(4_000_000)


def read(text: TextIOWrapper, mapping: Mapping[str, str] | None = None) -> Iterator[ParsedRecord | Rejected]:
    """Read a table row by row.

    Args:
        text: the open file, opened with ``newline=""``.
        mapping: field of COLUMN_NAMES -> column name as written in the file; missing fields stay empty.

    Yields:
        one result per row that is not blank.

    Raises:
        InvalidInput: there is no title column, or the mapping names a column that the file lacks.
    """
    start = text.readline()
    delimiter = delimiter_of(start)
    header = [cell.strip() for cell in next(csv.reader([start], delimiter=delimiter), [])]
    columns = _columns(header, mapping)
    rows = csv.reader((line.replace("\0", "") for line in text), delimiter=delimiter)
    position, line_before = 0, 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], f"Lines {line_before + 2} to {rows.line_num + 1} are not a table row: {error}."
        else:
            fault = _fault(cells, header, line_before + 2, rows.line_num + 1)
        line_before = rows.line_num
        if fault or any(cell.strip() for cell in cells):
            position += 1
            yield Rejected(position, "", fault) if fault else _read_row(cells, header, columns, position)


def delimiter_of(header: str) -> str:
    """Tell the delimiter from a header line: the one that cuts it into most cells."""
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))


def looks_like_header(line: str) -> bool:
    """Whether a line is a header of two columns or more, with a title or at least two other known names."""
    cells = {_plain(cell) for cell in next(csv.reader([line], delimiter=delimiter_of(line)), [])}
    known = {name for field in COLUMN_NAMES.values() for name in field}
    return len(cells) > 1 and (bool(cells & set(COLUMN_NAMES["title"])) or len(cells & known) > 1)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _columns(header: list[str], mapping: Mapping[str, str] | None) -> dict[str, int]:
    if mapping is None:
        plain = [_plain(name) for name in header]
        found = {
            field: plain.index(name)
            for field, known in COLUMN_NAMES.items()
            for name in reversed(known)
            if name in plain
        }
    else:
        wrong = {
            field: f"there is no column “{name}”" if field in COLUMN_NAMES else "there is no such field"
            for field, name in mapping.items()
            if name not in header or field not in COLUMN_NAMES
        }
        if wrong:
            raise InvalidInput(
                f"The column mapping does not fit the file: {'; '.join(map(': '.join, wrong.items()))}.",
                fields=wrong,
            )
        found = {field: header.index(name) for field, name in mapping.items()}
    if "title" not in found:
        raise InvalidInput("The table has no title column; say which column holds the title.")
    return found


def _fault(cells: list[str], header: list[str], first: int, last: int) -> str:
    surplus = [cell for cell in cells[len(header) :] if cell.strip()]
    if surplus:
        return f"Line {first} has {len(cells)} cells, the header {len(header)}; is a quotation mark missing?"
    if last > first and any(cells) and len(cells) < len(header):
        return f"Lines {first} to {last} make one row of {len(cells)} cells; is a quotation mark missing?"
    return ""


def _read_row(
    cells: list[str], header: list[str], columns: Mapping[str, int], position: int
) -> ParsedRecord | Rejected:
    values = dict(enumerate(cells))
    raw = RawRecord(FORMAT, position)
    for field, index in columns.items():
        value = _unlisted(values.get(index, "").strip())
        if field == "authors":
            raw.authors = list(names.parse_author_list(value))
        elif field in _LISTS:
            setattr(raw, field, _split(value, at_commas=field == "keywords"))
        else:
            setattr(raw, field, value)
    source = _EMBASE_SOURCE.match(raw.journal)
    for field, value in (source.groupdict() if source else {}).items():
        if field == "journal" or not getattr(raw, field):
            setattr(raw, field, value or "")
    unused = (index for index in range(len(header)) if index not in columns.values())
    raw.other = [(header[index], values.get(index, "")) for index in unused if header[index]]
    return finish(raw)


def _unlisted(value: str) -> str:
    """Screening tools write a list as Python does: ``['Marx, Karl', 'Lindgren, Astrid']``."""
    if not (value.startswith(("['", '["')) and value.endswith("]")):
        return value
    return "; ".join(quoted or plain for quoted, plain in re.findall(r"\"([^\"]*)\"|'([^']*)'", value))


def _split(value: str, *, at_commas: bool) -> list[str]:
    """Cut a list at semicolons or line ends; keywords without these at commas that stand outside brackets."""
    if at_commas and ";" not in value and "\n" not in value:
        return re.split(r",\s*(?![^()]*\))", value)
    return re.split(r"[;\n]", value)
