"""Web of Science's tagged format (``FN``, ``VR``, ``PT J`` ... ``ER``, ``EF``), also written by its hosted databases.

Source of the tags: Clarivate, "Web of Science Core Collection field tags" and "MEDLINE field tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import find_doi, normalise_doi, normalise_pmid
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected
from inquiry_service.bibliography.tagged import Block, blocks

FORMAT = "isi"

_TAG_LINE = re.compile(r"([A-Z][A-Z0-9])(?:[ \t]+(.*)|[ \t]*)\Z")
_START = re.compile(r"PT [A-Z](?:[A-Za-z ]*)\s*\Z")
_HEAD = re.compile(r"FN [A-Z]")
_END = re.compile(r"E[RF]\s*\Z")
_LINE_LISTS = {"AU", "AF", "BA", "BF", "CA", "GP", "BE", "C1", "CR", "OI", "RI", "MH"}
# PT tells the shelf (journal, book, series, patent), DT the document.
_SHELVES = {"B": "Book", "P": "Patent"}
_USED = {
    "FN", "VR", "PT", "AU", "AF", "CA", "GP", "TI", "SO", "JI", "J9", "LA", "DT", "DE", "ID", "AB", "PY", "PD", "VL",
    "IS", "BP", "EP", "AR", "PS", "PG", "DI", "PM", "MH", "ER", "EF", "CR", "NR", "TC", "Z9", "U1", "U2", "GA", "DA",
    "HC", "HP", "OA",
}  # fmt: skip

Tags = dict[str, list[str]]


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read Web of Science text record by record.

    Args:
        text: the open file.

    Yields:
        one result per ``PT`` line, and a rejection for tagged lines that stand outside any record.
    """
    position = 0
    for block in blocks(text, lambda line, _: bool(_START.match(line))):
        if _START.match(block.lines[0]):
            position += 1
            yield _read_block(block, position)
        elif any(line.startswith(("TI ", "AU ")) for line in block.lines):
            position += 1
            reason = f"The lines from line {block.first_line} on stand outside a record (no PT line)."
            yield Rejected(position, "", reason)


def is_first_line(line: str) -> bool:
    """Whether a line begins a Web of Science file or record."""
    return bool(_HEAD.match(line) or _START.match(line))


def _read_block(block: Block, position: int) -> ParsedRecord | Rejected:
    tags = _tags(block.lines)
    raw = RawRecord(FORMAT, position, identifier=_joined(tags, "UT"))
    raw.title = _joined(tags, "TI")
    raw.authors = _authors(tags)
    raw.date = _joined(tags, "PY") or _joined(tags, "PD") or _joined(tags, "EA")
    raw.volume, raw.issue = _joined(tags, "VL"), _joined(tags, "IS")
    raw.abstract = _joined(tags, "AB")
    raw.language = _joined(tags, "LA")
    raw.keywords = [word for tag in ("DE", "ID") for word in _joined(tags, tag).split(";")]
    raw.mesh = [heading for line in tags.get("MH", ()) for heading in line.split(";")]
    shelf = _SHELVES.get(_joined(tags, "PT")[:1].upper(), "")
    types = [kind for kind in _joined(tags, "DT").split(";") if kind.strip(" -")]
    raw.publication_types = [*types, shelf] if not types or shelf == "Patent" else types
    raw.pages = _pages(tags)
    _read_journal(raw, tags)
    _read_identifiers(raw, tags)
    raw.other = [(tag, " ".join(values)) for tag, values in tags.items() if tag not in _USED]
    if block.too_long:
        return Rejected(position, raw.identifier, f"The record from line {block.first_line} on is too long to be one.")
    return finish(raw)


def _tags(lines: list[str]) -> Tags:
    """Values by tag up to ER; an indented line goes on from the one before, in lists it is the next item."""
    tags: Tags = {}
    current = ""
    for line in lines:
        if _END.match(line):
            break
        match = None if line[:1].isspace() else _TAG_LINE.match(line)
        if match:
            current = match[1]
            tags.setdefault(current, []).append((match[2] or "").strip())
        elif current and line.strip():
            if current in _LINE_LISTS:
                tags[current].append(line.strip())
            else:
                tags[current][-1] = _continued(tags[current][-1], line.strip())
    return {tag: kept for tag, values in tags.items() if (kept := [value for value in values if value])}


def _continued(text: str, line: str) -> str:
    return f"{text} {line}".strip()


def _joined(tags: Tags, tag: str) -> str:
    return tags.get(tag, [""])[0]


def _authors(tags: Tags) -> list[Author]:
    """Full names where there is one for each author, then the groups."""
    short, full = _people(tags.get("AU", [])), _people(tags.get("AF", []))
    people = full if full and len(full) >= len(short) else short
    groups = [names.group(name) for tag in ("CA", "GP") for line in tags.get(tag, ()) for name in line.split(";")]
    return [*people, *groups]


def _people(lines: list[str]) -> list[Author]:
    found = (names.parse_author(name) for line in lines for name in line.split(";"))
    return [
        author for author in found if author is not None and author.name.lower() not in {"[anonymous]", "anonymous"}
    ]


def _pages(tags: Tags) -> str:
    start, end = _joined(tags, "BP") or _joined(tags, "BR"), _joined(tags, "EP")
    if start:
        return start if not end or end == start or "-" in start else f"{start}-{end}"
    return _joined(tags, "AR") or _joined(tags, "PS") or end


def _read_journal(raw: RawRecord, tags: Tags) -> None:
    raw.journal = _joined(tags, "SO") or _joined(tags, "SE")
    # JI is the ISO spelling with periods, J9 the same in capitals.
    abbreviated = _joined(tags, "JI") or _joined(tags, "J9")
    raw.journal = raw.journal or abbreviated
    raw.journal_abbrev = abbreviated.replace(".", "") if abbreviated != raw.journal else ""


def _read_identifiers(raw: RawRecord, tags: Tags) -> None:
    given = _joined(tags, "DI")
    raw.doi = given if normalise_doi(given) or find_doi(given) == "" else find_doi(given)
    # INSPEC and others write a page span or a report number there.
    raw.doi = raw.doi if "10." in raw.doi else ""
    raw.pmid = _joined(tags, "PM") or normalise_pmid(re.sub(r"(?i)^medline:", "", _medline_number(tags)))


def _medline_number(tags: Tags) -> str:
    number = _joined(tags, "UT")
    return number if number.upper().startswith("MEDLINE:") else ""
