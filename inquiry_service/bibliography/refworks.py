"""RefWorks' tagged format: lines such as ``RT Journal Article`` and ``A1 Author``, a blank line between records.

Its fields are those of RIS under other names. Source: ProQuest, "RefWorks Tagged Format" (field tags).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper

from inquiry_service.bibliography.raw import finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.ris_record import raw_record
from inquiry_service.bibliography.tagged import Block, numbered

FORMAT = "refworks"

_START = re.compile(r"RT [A-Z][A-Za-z, /-]+\s*\Z")
_TAG_LINE = re.compile(r"([A-Z][A-Z0-9]) (.*)\Z")
_AS_RIS = {
    "A1": "AU", "A2": "A2", "T1": "TI", "T2": "T2", "T3": "T3", "JF": "JF", "JO": "J2", "YR": "PY", "FD": "DA",
    "VO": "VL", "IS": "IS", "SP": "SP", "OP": "EP", "K1": "KW", "AB": "AB", "NO": "N1", "PB": "PB", "PP": "CY",
    "SN": "SN", "AD": "AD", "AN": "AN", "LA": "LA", "DO": "DO", "UL": "UR", "LK": "UR", "DS": "DB", "DB": "DB",
    "ED": "ET", "ID": "ID", "RT": "DT", "PM": "PMID", "C1": "C1",
}  # fmt: skip


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read RefWorks text record by record.

    Args:
        text: the open file.

    Yields:
        one result per ``RT`` line.
    """
    for position, block in numbered(text, is_first_line):
        yield _read_block(block, position)


def is_first_line(line: str) -> bool:
    """Whether a line begins a record."""
    return bool(_START.match(line))


def _read_block(block: Block, position: int) -> ParsedRecord | Rejected:
    tags: dict[str, list[str]] = {}
    current = ""
    for line in block.lines:
        match = _TAG_LINE.match(line)
        if match:
            current = _AS_RIS.get(match[1], match[1])
            if match[2].strip():
                tags.setdefault(current, []).append(match[2].strip())
        elif current in tags and line.strip():
            tags[current][-1] += f" {line.strip()}"
    raw = raw_record(tags, position)
    raw.source_format = FORMAT
    # "Book, Section" is a book's section.
    raw.publication_types = [kind.replace(",", "") for kind in raw.publication_types]
    if block.too_long:
        return Rejected(position, raw.identifier, f"The record from line {block.first_line} on is too long to be one.")
    return finish(raw)
