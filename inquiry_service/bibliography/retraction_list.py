"""Retraction lists: the table of the Retraction Watch database, one notice about one work a line (R69).

Source of the columns: Crossref and Retraction Watch, "Retraction Watch data: user guide". What stands where an
identifier should (``unavailable``, ``0``) is none; a notice that was published under the DOI of its own article
has no identifier of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import BinaryIO

from inquiry_service.bibliography.encoding import open_text
from inquiry_service.bibliography.normalise import clean_line, normalise_doi, normalise_pmid
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.errors import InvalidInput

REINSTATEMENT = "Reinstatement"

_NATURES = {
    "retraction": ("Retraction", RecordStatus.RETRACTED),
    "withdrawal": ("Withdrawal", RecordStatus.RETRACTED),
    "expressionofconcern": ("Expression of concern", RecordStatus.EXPRESSION_OF_CONCERN),
    "partialretraction": ("Partial retraction", RecordStatus.EXPRESSION_OF_CONCERN),
    "correction": ("Correction", RecordStatus.CORRECTED),
    "reinstatement": (REINSTATEMENT, RecordStatus.CURRENT),
}
_WANTED = ("originalpaperdoi", "originalpaperpubmedid", "retractionnature")
_DATES = ("%m/%d/%Y", "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y")
_LONGEST = {"entry": 200, "nature": 200, "doi": 255, "notice_doi": 255, "reasons": 2000, "title": 2000}


@dataclass(frozen=True, slots=True)
class ListedLine:
    """What one line says of one work.

    Attributes:
        entry: the list's own number of the line; without one, the digest of what it says.
        nature: the kind of notice, as people call it; status: the standing it gives the work. A reinstatement
            gives ``current`` from its date on.
        doi, pmid: of the work; at least one of them is there. notice_doi, notice_pmid: of the notice.
    """

    position: int
    entry: str
    nature: str
    status: RecordStatus
    doi: str
    pmid: str
    notice_doi: str
    notice_pmid: str
    notice_date: date | None
    reasons: str
    title: str

    def as_columns(self) -> dict[str, object]:
        """The line without its position, as columns to store."""
        return {name: value for name, value in asdict(self).items() if name != "position"}


@dataclass(frozen=True, slots=True)
class UnusableLine:
    """A line that names no work or cannot be read, and why."""

    position: int
    entry: str
    reason: str


def read(stream: BinaryIO) -> Iterator[ListedLine | UnusableLine]:
    """Read a list line by line, in constant memory.

    Args:
        stream: the open file, seekable; it is left open.

    Yields:
        one result for each line below the header that is not blank; position 1 is the first.

    Raises:
        InvalidInput: the file is no such list.
    """
    text = open_text(stream, newline="")
    try:
        rows = csv.reader(line.replace("\0", "") for line in text)
        columns = _columns(next(rows, []))
        position = 0
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                position += 1
                yield UnusableLine(position, "", f"The line is not a table row: {error}.")
                continue
            if any(cell.strip() for cell in cells):
                position += 1
                yield _line(position, {name: cells[at] for name, at in columns.items() if at < len(cells)})
    finally:
        # The stream belongs to the caller.
        text.detach()


def _columns(header: list[str]) -> dict[str, int]:
    columns = {re.sub(r"[^a-z0-9]", "", name.lower()): at for at, name in reversed(list(enumerate(header)))}
    missing = [name for name in _WANTED if name not in columns]
    if missing:
        raise InvalidInput(
            "This is not a retraction list: the table must have the columns OriginalPaperDOI, OriginalPaperPubMedID "
            "and RetractionNature, as the Retraction Watch file has them.")
    return columns


def _line(position: int, cells: Mapping[str, str]) -> ListedLine | UnusableLine:
    def cell(name: str) -> str:
        return clean_line(cells.get(name, ""))

    try:
        values: dict[str, str] = {
            "doi": normalise_doi(cell("originalpaperdoi")), "pmid": normalise_pmid(cell("originalpaperpubmedid")),
            "notice_doi": normalise_doi(cell("retractiondoi")),
            "notice_pmid": normalise_pmid(cell("retractionpubmedid")),
            "reasons": "; ".join(part.strip(" +") for part in cell("reason").split(";") if part.strip(" +")),
            "title": cell("title"),
        }
        entry, named = cell("recordid"), cell("retractionnature")
    except ValueError as error:
        return UnusableLine(position, "", f"The line cannot be stored: {error}.")
    if not (values["doi"] or values["pmid"]):
        return UnusableLine(position, entry, "The line gives neither a DOI nor a PMID of the work.")
    values |= {f"notice_{name}": "" for name in ("doi", "pmid") if values[f"notice_{name}"] == values[name]}
    values = {name: value[: _LONGEST.get(name, len(value))] for name, value in values.items()}
    nature, status = _nature(named)
    return ListedLine(
        position, entry[: _LONGEST["entry"]] or digest({**values, "nature": nature}), nature, status,
        notice_date=_date(cell("retractiondate")), **values)


def _nature(named: str) -> tuple[str, RecordStatus]:
    """A kind of notice that nobody has taught us is a reason to look, not a retraction."""
    known = _NATURES.get(re.sub(r"[^a-z]", "", named.lower()))
    if known:
        return known
    return (named[: _LONGEST["nature"]] or "Kind of notice not given", RecordStatus.EXPRESSION_OF_CONCERN)


def _date(text: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(text.partition(" ")[0].partition("T")[0], form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return None
