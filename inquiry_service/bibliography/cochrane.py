"""The Cochrane Library's text export: ``Record #1 of 9``, then lines such as ``TI: Title``.

CENTRAL's records come from PubMed, Embase and trial registries; where a record came from stands in ``PM``, ``XR``
and ``SO``. Source of the tags: Cochrane Library, "Export citations: field labels".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import normalise_pmid
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.tagged import Block, numbered

FORMAT = "cochrane"

_START = re.compile(r"Record #\d+ of \d+\s*\Z")
_TAG_LINE = re.compile(r"([A-Z]{2,3}): ?(.*)\Z")
_SINGLE = {
    "TI": "title", "SO": "journal", "YR": "date", "VL": "volume", "NO": "issue", "PG": "pages", "AB": "abstract",
    "DOI": "doi", "LA": "language", "ID": "identifier",
}  # fmt: skip
_LISTS = {"KY": "keywords", "PT": "publication_types", "MH": "mesh"}


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read Cochrane text record by record.

    Args:
        text: the open file.

    Yields:
        one result per ``Record #`` line.
    """
    for position, block in numbered(text, is_first_line):
        yield _read_block(block, position)


def is_first_line(line: str) -> bool:
    """Whether a line begins a record."""
    return bool(_START.match(line))


def _read_block(block: Block, position: int) -> ParsedRecord | Rejected:
    raw = RawRecord(FORMAT, position)
    for tag, value in _fields(block.lines):
        if tag in _SINGLE and not getattr(raw, _SINGLE[tag]):
            setattr(raw, _SINGLE[tag], value)
        elif tag in _LISTS:
            getattr(raw, _LISTS[tag]).extend(value.split(";"))
        elif tag == "AU":
            raw.authors.extend(names.parse_author_list(value))
        elif tag in {"PM", "XR"} and value.upper().startswith("PUBMED"):
            raw.pmid = normalise_pmid(value)
        else:
            raw.other.append((tag, value))
    if block.too_long:
        return Rejected(position, raw.identifier, f"The record from line {block.first_line} on is too long to be one.")
    return finish(raw)


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    tag, parts = "", [""]
    for line in lines[1:]:
        match = _TAG_LINE.match(line)
        if match:
            if tag:
                yield tag, " ".join(parts)
            tag, parts = match[1], [match[2].strip()]
        elif line.strip():
            parts.append(line.strip())
    if tag:
        yield tag, " ".join(parts)
