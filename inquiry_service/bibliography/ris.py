"""RIS in its dialects: Scopus, Embase, Ovid, ProQuest, Web of Science, EndNote, Zotero, Cochrane.

Own reading of the tags instead of rispy (0.10.0): that one loses a record after one without ``ER``, drops an
unfinished last record, fails for the whole file when it meets an unknown tag after ``UK``, and never sees what
Ovid writes behind ``ER``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import TextIOWrapper
from itertools import takewhile

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import find_doi, normalise_doi, normalise_pmcid, normalise_pmid
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.tagged import Block, blocks

FORMAT = "ris"

_START = re.compile(r"\s{0,3}TY[ \t]{1,3}-", re.ASCII)
_END = re.compile(r"\s{0,3}ER[ \t]{1,3}-", re.ASCII)
# Vendors write a tab or one blank where the standard has two, and leave the blank after the hyphen out.
_TAG_LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t](.*)|[ \t]*)\Z", re.ASCII)

_WORK_LINE = re.compile(r"\s{0,3}(?:TI|T1|AU|A1)[ \t]{1,3}-", re.ASCII)

_USED = {
    "TY", "TI", "T1", "CT", "BT", "ST", "AU", "A1", "JF", "JO", "T2", "J1", "J2", "JA", "J9", "JI", "PY",
    "Y1", "DA", "VL", "IS", "SP", "EP", "DO", "AB", "N2", "KW", "LA", "M3", "DT", "NL",
}  # fmt: skip
_IGNORED = {"ER", "ID", "SN", "DB", "DP", "Y2", "L1", "L2", "L3", "L4", "LK", "ET", "TS"}
# What RIS calls the type of a work; the rest ("GEN") says nothing.
_TYPES = {
    "JOUR": "Journal Article", "EJOUR": "Journal Article", "JFULL": "Journal", "ABST": "Abstract",
    "BOOK": "Book", "EBOOK": "Book", "EDBOOK": "Book", "CHAP": "Book Chapter", "ECHAP": "Book Chapter",
    "CONF": "Conference Paper", "CPAPER": "Conference Paper", "INPR": "Journal Article",
    "MGZN": "Magazine Article", "NEWS": "Newspaper Article", "RPRT": "Report", "THES": "Thesis",
    "ELEC": "Web Page", "UNPB": "Unpublished Work", "DATA": "Dataset",
}  # fmt: skip

Tags = Mapping[str, Sequence[str]]


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read RIS record by record.

    Args:
        text: the open file.

    Yields:
        one result per ``TY`` line, and a rejection for tagged lines that stand outside any record.
    """
    position = 0
    for block in blocks(text, lambda line, _: is_first_line(line)):
        lines, behind = _cut_at_end(block.lines)
        # Ovid writes NL, the journal's NLM abbreviation, behind ER; a title there is a record without TY.
        lost = any(_WORK_LINE.match(line) for line in behind)
        if lines and is_first_line(lines[0]):
            position += 1
            yield _read_record(lines if lost else [*lines, *behind], position, block)
        else:
            lost, behind = bool(lines + behind), lines + behind
        if lost:
            position += 1
            yield Rejected(position, behind[0].strip()[:60], _outside(behind, block))


def is_first_line(line: str) -> bool:
    """Whether a line begins a RIS record."""
    return bool(_START.match(line))


def _cut_at_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines up to ER, and the tagged lines behind it."""
    end = next((index for index, line in enumerate(lines) if _END.match(line)), len(lines))
    behind = [line for line in lines[end:] if _TAG_LINE.match(line) and not _END.match(line)]
    if is_first_line(lines[0]):
        return lines[:end], behind
    return [line for line in lines[:end] if _TAG_LINE.match(line)], behind


def _outside(lines: Sequence[str], block: Block) -> str:
    return f"{len(lines)} tagged line(s) after line {block.first_line} stand outside a record (no TY line)."


def _read_record(lines: list[str], position: int, block: Block) -> ParsedRecord | Rejected:
    tags = _tags(lines)
    raw = RawRecord(FORMAT, position, identifier=_first(tags, "AN", "ID"))
    raw.title = _first(tags, "TI", "T1", "CT", "BT", "ST")
    raw.authors = [author for name in _all(tags, "AU", "A1") if (author := names.parse_author(name))]
    raw.date = _first(tags, "PY", "Y1", "DA")
    raw.volume, raw.issue = _first(tags, "VL"), _first(tags, "IS")
    raw.abstract = "\n".join(_all(tags, "AB") or _all(tags, "N2"))
    raw.language = _first(tags, "LA")
    raw.keywords = [part for line in _all(tags, "KW") for part in line.split(";")]
    raw.publication_types = [_TYPES.get(_first(tags, "TY").upper(), ""), *_all(tags, "M3", "DT")]
    raw.pages = _pages(tags)
    _read_journal(raw, tags)
    _read_identifiers(raw, tags)
    raw.other = [(tag, _joined(values)) for tag, values in tags.items() if tag not in _USED | _IGNORED]
    if block.too_long:
        reason = f"The record from line {block.first_line} on is too long to be one."
        return Rejected(position, raw.identifier, reason)
    return finish(raw)


def _tags(lines: list[str]) -> dict[str, list[str]]:
    """All values by tag; a line without a tag is a further value of the tag before it."""
    tags: dict[str, list[str]] = {}
    current = "N1"  # text before any tag is a note
    for line in lines:
        match = _TAG_LINE.match(line)
        current, value = (match[1], match[2] or "") if match else (current, line)
        if value.strip():
            # Nothing belongs to the type itself; what follows it untagged is a note as well.
            target = "N1" if current == "TY" and not match else current
            tags.setdefault(target, []).append(value.strip())
    return tags


def _first(tags: Tags, *names_: str) -> str:
    return next((tags[name][0] for name in names_ if tags.get(name)), "")


def _all(tags: Tags, *names_: str) -> list[str]:
    return [value for name in names_ for value in tags.get(name, ())]


def _joined(values: Sequence[str]) -> str:
    """One text of a field's lines, up to the list of cited references that Scopus adds to its notes."""
    return " ".join(takewhile(lambda value: not value.startswith("References:"), values))


def _pages(tags: Tags) -> str:
    start, end = _first(tags, "SP"), _first(tags, "EP")
    # Ovid splits "No Pagination Specified" into SP "No" and EP "Specified".
    if (start, end) == ("No", "Specified"):
        start = end = ""
    if not start:
        number = _first(tags, "C7")  # article number in Scopus and Web of Science
        return number if re.fullmatch(r"[A-Za-z]{0,3}\d+", number) else end
    return start if not end or end == start or "-" in start else f"{start}-{end}"


def _read_journal(raw: RawRecord, tags: Tags) -> None:
    abbreviated = _first(tags, "NL", "J2", "JA", "JI", "J1", "J9")
    full = _first(tags, "JF", "T2", "JO")
    if not full:
        full, abbreviated = abbreviated, abbreviated
    raw.journal = full
    # Periods are the ISO 4 spelling; NLM and AMA write abbreviations without.
    raw.journal_abbrev = abbreviated.replace(".", "") if abbreviated != full else ""


def _read_identifiers(raw: RawRecord, tags: Tags) -> None:
    doi = _first(tags, "DO")
    # Never from N1: Scopus puts the cited references with their identifiers there.
    elsewhere = (find_doi(value) for value in _all(tags, "DI", "L3", "M3", "UR", "L2"))
    raw.doi = doi if normalise_doi(doi) else next((found for found in elsewhere if found), doi)
    raw.pmid = next(_pmids(tags), "")
    raw.pmcid = next((value for value in _all(tags, "C2") if value.upper().startswith("PMC")), "")
    if not normalise_pmcid(raw.pmcid):
        raw.pmcid = ""


def _pmids(tags: Tags) -> Iterator[str]:
    """PMIDs where vendors put them: EndNote AN with DP NLM, Scopus C2, Cochrane AN, links and notes."""
    database = " ".join(_all(tags, "DB", "DP")).lower()
    for value in _all(tags, "AN"):
        if "pubmed" in value.lower() or re.search(r"\bnlm\b|pubmed|medline", database):
            yield from filter(None, [normalise_pmid(value)])
    for value in _all(tags, "C2"):
        yield from filter(None, [normalise_pmid(value)])
    for value in _all(tags, "UR", "L2", "LK"):
        match = re.search(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|/pubmed/)(\d{1,8})\b", value)
        if match:
            yield match[1]
    for value in _all(tags, "N1"):
        match = re.match(r"PMID: ?(\d{1,8})\b", value)
        if match:
            yield match[1]
