"""MEDLINE text, also called NBIB: the tagged format that PubMed exports as ``.nbib`` or ``.txt``.

Own parser instead of the nbib package (0.3.2): that one stops the whole file at one malformed line, ISSN or
date, reads the file at once, keeps one ``CN`` group only, loses authors that have ``AU`` without ``FAU``, and
drops ``RIN``/``ROF``/``EIN``/``ECI``, without which a retracted article cannot be told.
Source of the tags: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions" and PubMed Help, "PubMed format".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import find_doi
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected, Relation
from inquiry_service.bibliography.tagged import Block, blocks

FORMAT = "nbib"

# A tag padded to four columns is one also where the blank after the hyphen is missing.
_TAG_LINE = re.compile(r"([A-Z][A-Z0-9]{1,4}) {0,3}-(?: (.*))?\Z|([A-Z][A-Z0-9]{1,2}) {1,2}-(\S.*)\Z")
_PMID_LINE = re.compile(r"PMID ?-")
_FIRST_LINE = re.compile(r"(PMID|PMC ) ?-")

_RELATIONS = {
    "CIN": "comment_in", "CON": "comment_on", "CRI": "corrected_and_republished_in",
    "CRF": "corrected_and_republished_from", "DDIN": "dataset_described_in",
    "DRIN": "dataset_use_reported_in", "ECI": "expression_of_concern_in",
    "ECF": "expression_of_concern_for", "EIN": "erratum_in", "EFR": "erratum_for",
    "ORI": "original_report_in", "PRIN": "partial_retraction_in", "PROF": "partial_retraction_of",
    "RIN": "retraction_in", "ROF": "retraction_of", "RPF": "republished_from", "RPI": "republished_in",
    "RRI": "retracted_and_republished_in", "RRF": "retracted_and_republished_from",
    "SPIN": "summary_for_patients_in", "UIN": "update_in", "UOF": "update_of",
}  # fmt: skip
_SINGLE = {
    "TI": "title", "BTI": "title", "JT": "journal", "TA": "journal_abbrev", "DP": "date", "VI": "volume",
    "IP": "issue", "PG": "pages", "AB": "abstract", "PMID": "pmid", "PMC": "pmcid",
}  # fmt: skip
_LISTS = {"MH": "mesh", "PT": "publication_types", "OT": "keywords"}
# Housekeeping of the database: says nothing about the work.
_IGNORED = {
    "OWN", "STAT", "DA", "DCOM", "LR", "PUBM", "EDAT", "MHDA", "CRDT", "PHST", "PST", "SO", "JID", "SB",
    "OTO", "OABL", "RF",
}  # fmt: skip


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read MEDLINE text record by record.

    Args:
        text: the open file.

    Yields:
        one result per record, in order.
    """
    position = 0
    for block in blocks(text, _starts_record):
        if not any(_TAG_LINE.match(line) for line in block.lines):
            continue  # a heading such as "Search results" before the first record
        position += 1
        yield _read_block(block, position)


def is_first_line(line: str) -> bool:
    """Whether a line can begin a MEDLINE record."""
    return bool(_FIRST_LINE.match(line))


def _starts_record(line: str, block: Block) -> bool:
    """A record begins with PMID (or PMC, in exports of PubMed Central) after a blank line or another PMID."""
    if not is_first_line(line):
        return False
    return block.after_blank or (bool(_PMID_LINE.match(line)) and block.has(_PMID_LINE))


def _read_block(block: Block, position: int) -> ParsedRecord | Rejected:
    raw = RawRecord(FORMAT, position)
    fields = list(_fields(block.lines))
    for tag, value in fields:
        if tag in _SINGLE and not getattr(raw, _SINGLE[tag]):
            setattr(raw, _SINGLE[tag], value)
        elif tag in _LISTS:
            getattr(raw, _LISTS[tag]).append(value)
        elif tag in _RELATIONS:
            raw.relations.append(_relation(_RELATIONS[tag], value))
        elif tag not in _IGNORED:
            _other_field(raw, tag, value)
    raw.authors = _authors(fields)
    if block.too_long:
        return Rejected(position, raw.pmid, f"The record from line {block.first_line} on is too long to be one.")
    return finish(raw)


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Join wrapped lines: whatever is not a tag line continues the field before it."""
    tag, parts = "", [""]
    for line in lines:
        match = _TAG_LINE.match(line)
        if match:
            if tag:
                yield tag, " ".join(parts)
            tag, parts = match[1] or match[3], [(match[2] or match[4] or "").strip()]
        elif line.strip() and tag != "PMID":  # a number does not go on in the next line
            parts.append(line.strip())
    if tag:
        yield tag, " ".join(parts)


def _other_field(raw: RawRecord, tag: str, value: str) -> None:
    if tag in {"LID", "AID"}:
        _location(raw, value)
    elif tag == "LA":
        raw.language = f"{raw.language};{value}".strip(";")
    elif tag == "SI":
        raw.registrations.append(value.rpartition("/")[2])
    elif tag not in {"FAU", "AU", "CN"}:
        raw.other.append((tag, value))


def _location(raw: RawRecord, value: str) -> None:
    """``10.1000/x [doi]`` is the DOI; ``e0240506 [pii]`` serves as page where there is none."""
    text, _, kind = value.rpartition(" ")
    if kind == "[doi]" and not raw.doi:
        raw.doi = text
    elif kind == "[pii]" and not raw.pages and re.match(r"e\d+\Z", text):
        raw.pages = text


def _relation(kind: str, value: str) -> Relation:
    citation = re.sub(r"^(?:[A-Z][A-Za-z ]{3,40}(?: in| of| for| on| from)?): ", "", value)
    pmid = re.search(r"PMID: *(\d{1,8})", value)
    return Relation(kind, pmid[1] if pmid else "", find_doi(value), citation)


def _authors(fields: list[tuple[str, str]]) -> list[Author]:
    """People and groups in the order of the file; ``AU`` gives the initials of the ``FAU`` just before it."""
    authors: list[Author] = []
    waiting = ""
    for tag, value in fields:
        if tag not in {"FAU", "AU", "CN"}:
            continue
        if waiting and tag != "AU":
            authors.append(_author(waiting, ""))
        if tag == "CN":
            authors.append(names.group(value))
        elif tag == "AU":
            authors.append(_author(waiting, value))
        waiting = value if tag == "FAU" else ""
    if waiting:
        authors.append(_author(waiting, ""))
    return authors


def _author(full: str, short: str) -> Author:
    """One author of its full and its abbreviated form, of which either may be missing."""
    from_short = names.parse_author(short)
    if not full:
        return from_short or names.group(short)
    # A full name of several words without a comma is a group's; a single word is a person with one name.
    if "," not in full and " " in full.strip():
        return names.group(full)
    author = names.parse_author(full) or names.group(full)
    if from_short and from_short.initials and author.family:
        return names.person(author.family, author.given, from_short.initials, author.suffix)
    return author
