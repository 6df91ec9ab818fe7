"""Refer and EndNote's tagged export (``.enw``): lines such as ``%A Author`` and ``%T Title``.

Source of the tags: M. Lesk, "Some Applications of Inverted Indexes on the UNIX System" (refer); Clarivate, "EndNote
Export Format" (the tags ``%0``, ``%!``, ``%@`` ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import (
    find_doi,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
    pmid_in_link,
)
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.tagged import Block, blocks

FORMAT = "refer"

_TAG_LINE = re.compile(r"\s{0,3}%([A-Z0-9!@?~<>=+*$&#^(){}\[\]|])(?:[ \t]+(.*)|[ \t]*)\Z")
_TYPE_LINE = re.compile(r"\s{0,3}%0(?:[ \t]|\Z)")
_FIRST_LINE = re.compile(r"\s{0,3}%(?:0[ \t]+[A-Z]|[ATJBDVPN][ \t]+\S)")
_USED = {"0", "A", "T", "J", "B", "D", "8", "V", "N", "P", "R", "X", "K", "G", "9", "O", "2", "H", "[", "=", "7"}


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read refer text record by record.

    Args:
        text: the open file.

    Yields:
        one result per record.
    """
    position = 0
    for block in blocks(text, _starts_record):
        if not any(_TAG_LINE.match(line) for line in block.lines):
            continue  # a heading before the first record
        position += 1
        yield _read_block(block, position)


def is_first_line(line: str) -> bool:
    """Whether a line can begin a refer record."""
    return bool(_FIRST_LINE.match(line))


def _starts_record(line: str, block: Block) -> bool:
    """``%0`` begins a record; in plain refer, which has none, the first tag after a blank line does."""
    if _TYPE_LINE.match(line):
        return any(_TAG_LINE.match(kept) for kept in block.lines)
    return block.after_blank and bool(_FIRST_LINE.match(line)) and not block.has(_TYPE_LINE)


def _read_block(block: Block, position: int) -> ParsedRecord | Rejected:
    tags = _tags(block.lines)
    raw = RawRecord(FORMAT, position, identifier=_first(tags, "M", "F"))
    raw.title = _first(tags, "T", "B")
    people = tags.get("A") or tags.get("E", [])
    raw.authors = [author for line in people for name in line.split(";") if (author := names.parse_author(name))]
    raw.date = _first(tags, "D", "8")
    raw.volume, raw.issue, raw.pages = _first(tags, "V"), _first(tags, "N"), _first(tags, "P")
    raw.abstract = "\n\n".join(tags.get("X", ()))
    raw.keywords = [word for line in tags.get("K", ()) for word in re.split(r"[;\n]", line)]
    raw.language = _first(tags, "G")
    kind = _first(tags, "0")
    raw.publication_types = ["" if kind == "Generic" else kind, *tags.get("9", ())]
    _read_journal(raw, tags)
    _read_identifiers(raw, tags)
    raw.other = [(tag, value) for tag, values in tags.items() if tag not in _USED for value in values]
    if block.too_long:
        return Rejected(position, raw.identifier, f"The record from line {block.first_line} on is too long to be one.")
    return finish(raw)


def _tags(lines: list[str]) -> dict[str, list[str]]:
    """All values by tag; keywords are one per line, other text without a tag goes on from the line before."""
    tags: dict[str, list[str]] = {}
    current = ""
    for line in lines:
        match = _TAG_LINE.match(line)
        if match:
            current = match[1]
            tags.setdefault(current, []).append((match[2] or "").strip())
        elif current and line.strip():
            values = tags[current]
            values[-1] = f"{values[-1]}{chr(10) if current == 'K' else ' '}{line.strip()}".strip()
    return {tag: [value for value in values if value] for tag, values in tags.items()}


def _first(tags: dict[str, list[str]], *wanted: str) -> str:
    return next((tags[tag][0] for tag in wanted if tags.get(tag)), "")


def _read_journal(raw: RawRecord, tags: dict[str, list[str]]) -> None:
    journal, other = _first(tags, "J"), _first(tags, "B", "O")
    raw.journal = journal or (other if other != raw.title else "")
    alternate = _first(tags, "O", "B")
    if alternate != raw.journal and 0 < len(alternate) < len(raw.journal):
        raw.journal_abbrev = alternate.replace(".", "")


def _read_identifiers(raw: RawRecord, tags: dict[str, list[str]]) -> None:
    given = _first(tags, "R")
    links = tags.get("U", [])
    raw.doi = given if normalise_doi(given) else next(filter(None, map(find_doi, [given, *links])), given)
    accession = _first(tags, "M")
    source = " ".join([*tags.get("~", ()), *tags.get("W", ())]).lower()
    if re.search(r"\b(nlm|pubmed|medline)\b", source) or accession.lower().startswith("pmid"):
        raw.pmid = normalise_pmid(accession)
    raw.pmid = raw.pmid or next(filter(None, map(pmid_in_link, links)), "")
    pmcid = _first(tags, "2")
    raw.pmcid = pmcid if pmcid.upper().startswith("PMC") and normalise_pmcid(pmcid) else ""
