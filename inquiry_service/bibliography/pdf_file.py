"""A PDF as one record: what its metadata and its first pages say of it, proposed for a person to check.

Nothing in a PDF is bound to be true of the article: the record carries the remark that it is a proposal. A DOI on
the first pages lets the import find the article's own record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from inquiry_service.bibliography import names
from inquiry_service.bibliography.encoding import Encoding
from inquiry_service.bibliography.normalise import find_doi, year_of
from inquiry_service.bibliography.pdf_text import MAX_BYTES, PdfText, pages_of
from inquiry_service.bibliography.pdf_xmp import xmp_fields
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected

FORMAT = "pdf"

PROPOSED = "Title, authors and source were proposed from the PDF; check them."

_LOOKED_AT = 2
# Titles that programs write when nobody gave one.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b|untitled|slide \d|(?:doi:?\s*)?10\.\d{4,}/"
    r"|[\w.-]+\.(?:docx?|pdf|indd|tex|qxd|fm)\b"
    r"|[\w-]*\d[\w-]*\Z|pii:|layout 1)", re.IGNORECASE)  # fmt: skip
_PMID = re.compile(r"\bPMID:?\s*(\d{5,8})\b")
_PMCID = re.compile(r"\bPMC\s?ID:?\s*(PMC\d{5,8})\b|\b(PMC\d{6,8})\b")
_PUBLISHED = re.compile(
    r"(?:©|\(c\)|copyright|published|accepted|received)[^\n]{0,60}?\b((?:19|20)\d\d)\b", re.IGNORECASE)  # fmt: skip
_ABSTRACT = re.compile(
    r"^\s*(?:abstract|summary)\b[ \t]*[:.—–-]?\s*(.{150,6000}?)"
    r"\s*^\s*(?:key ?words?\b|index terms\b|(?:1\.?\s*)?introduction\b)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE)  # fmt: skip
_MARKS = re.compile(r"[\d*†‡§¶∗#ªº]+|\((?:MD|PhD|MSc)\)")
_DEGREES = re.compile(r",?\s*\b(?:MD|PhD|MSc|MPH|MBBS|PharmD|FRCP|DPhil|RN|BSc|MA)\b\.?")
_WORD_OF_NAME = r"(?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|der|den|da|di|la|le|el|al)"
_NAME = re.compile(rf"{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{1,4}}\Z")


def recognises(head: bytes, _: str) -> bool:
    """Whether a file is a PDF, which may begin with other bytes (ISO 32000-1, Annex H.3)."""
    return b"%PDF-" in head[:1024]


def encoding(_: BinaryIO) -> Encoding:
    """A PDF brings its encodings with its fonts."""
    return Encoding("PDF")


def read(stream: BinaryIO) -> Iterator[ParsedRecord | Rejected]:
    """Propose a record for a PDF, or reject it with the reason why nothing can be told of it."""
    found = pages_of(stream.read(MAX_BYTES + 1))
    raw = _proposal(found)
    if not raw.title and raw.doi:
        raw.title = f"[Title not found] {raw.doi}"
    if not raw.title:
        yield Rejected(1, "", f"No title and no DOI can be found in the PDF. {found.failure}".strip())
        return
    record = finish(raw)
    if isinstance(record, ParsedRecord):
        no_text = [f"Its text was not extracted in full: {found.failure}"] if found.failure else []
        record = replace(record, remarks=(PROPOSED, *no_text, *record.remarks))
    yield record


def _proposal(found: PdfText) -> RawRecord:
    text = "\n".join(found.pages[:_LOOKED_AT])
    given = {**found.metadata, **xmp_fields(found.metadata.get("xmp", ""))}
    raw = RawRecord(FORMAT, 1, has_markup=False)
    raw.title = _title(given)
    raw.doi = find_doi(given.get("doi", "")) or find_doi(given.get("Subject", "")) or find_doi(text)
    raw.pmid, raw.pmcid = _first(_PMID, text), _first(_PMCID, text)
    raw.journal, raw.volume, raw.issue = given.get("journal", ""), given.get("volume", ""), given.get("issue", "")
    raw.pages = "-".join(filter(None, (given.get("first_page", ""), given.get("last_page", ""))))
    raw.date = given.get("date", "") or _first(_PUBLISHED, text) or _made(given)
    raw.authors = _authors(given) or _authors_below(raw.title, found.pages[0] if found.pages else "")
    abstract = _ABSTRACT.search(text)
    raw.abstract = _joined(abstract[1]) if abstract else ""
    raw.keywords = re.split(r"[;,]", given.get("Keywords", ""))
    return raw


def _title(given: Mapping[str, str]) -> str:
    """The title that the document names; else the words set largest on its first page."""
    for name in ("title", "Title", "largest"):
        title = " ".join(given.get(name, "").split())
        if len(title) > 8 and not _NO_TITLE.match(title):
            return title
    return ""


def _authors(given: Mapping[str, str]) -> list[Author]:
    listed = given.get("authors", "") or given.get("Author", "")
    if not listed or "\\" in listed or not re.search(r"[a-z]", listed):
        return []
    return list(names.parse_author_list(_DEGREES.sub("", listed)))


def _authors_below(title: str, page: str) -> list[Author]:
    """The line below the title, if every part of it reads like a person's name."""
    words = title.split()[-2:]
    lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
    ends = [i for i, line in enumerate(lines[:40]) if words and line.endswith(" ".join(words))]
    if not ends:
        return []
    line = _DEGREES.sub("", _MARKS.sub(" ", " ".join(lines[ends[0] + 1 : ends[0] + 2])))
    parts = [" ".join(part.split()) for part in re.split(r",|;|\band\b|&|·|•", line)]
    people = [part for part in parts if part]
    return [names.parse_author(part) or names.person(part) for part in people] if all(map(_NAME.match, people)) else []


def _made(given: Mapping[str, str]) -> str:
    year = year_of(given.get("CreationDate", "").removeprefix("D:")[:4])
    return str(year) if year else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return next(filter(None, found.groups()), "") if found else ""


def _joined(text: str) -> str:
    """Lines of a column as running text; a word divided at the line's end is put together."""
    return " ".join(re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text).split())
