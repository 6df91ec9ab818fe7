"""One item of CSL-JSON or one work of Crossref's REST API: the second is the first with lists and more fields.

Sources: CSL 1.0.2 data schema; Crossref REST API, "Works: format"; Crossref, "Registering updates" (Crossmark).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from inquiry_service.bibliography import names
from inquiry_service.bibliography.crossref_links import relations_of
from inquiry_service.bibliography.jats_text import abstract_from_markup
from inquiry_service.bibliography.json_values import objects_in, plain_in, text_in, texts_in
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected

CSL, CROSSREF = "csl_json", "crossref_json"

# MEDLINE and AMA cite the year of the printed issue; "issued" is the earlier of print and online.
_DATES = ("published-print", "issued", "published", "published-online", "posted", "original-date", "created")
# Indented sources leave line breaks inside brackets and before stops: "(\n  <i>FUT2</i>\n  )".
_BREAK_INSIDE = re.compile(r"(?:(?<=[(\[])|(?<!\s)(?=\s++[)\],.;:]))(?=[^\S\n]*+\n)\s++")
_ON_BEHALF = re.compile(r"(?:on behalf of|for) the ", re.IGNORECASE)
_NOTE_IDS = {"pmid": re.compile(r"\bPMID:\s*(\d+)", re.I), "pmcid": re.compile(r"\bPMCID:\s*(PMC\d+)", re.I),
             "doi": re.compile(r"\bDOI:\s*(10\.\S+)", re.I)}  # fmt: skip
_KEPT = ("publisher", "URL", "ISSN", "ISBN", "subject", "original-title", "collection-title", "event", "note",
         "license", "funder")  # fmt: skip


def is_crossref(item: Mapping[str, Any]) -> bool:
    """Whether an item comes from Crossref's API: its titles are lists, CSL's are text."""
    return isinstance(item.get("title"), list) or isinstance(item.get("container-title"), list) or "prefix" in item


def read_item(item: Mapping[str, Any], position: int) -> ParsedRecord | Rejected:
    """Make a record of a CSL item or a Crossref work."""
    raw = RawRecord(CROSSREF if is_crossref(item) else CSL, position)
    raw.identifier = text_in(item.get("id")) or text_in(item.get("citation-key"))
    raw.title = _title(item)
    raw.authors = [author for entry in objects_in(item.get("author")) if (author := _author(entry))]
    _read_source(raw, item)
    _read_identifiers(raw, item)
    raw.abstract = abstract_from_markup(text_in(item.get("abstract")))
    raw.keywords = _keywords(item.get("keyword"))
    raw.language = text_in(item.get("language"))
    raw.publication_types = [*texts_in(item.get("type")), *texts_in(item.get("subtype"))]
    raw.registrations = [
        text_in(trial.get("clinical-trial-number")) for trial in objects_in(item.get("clinical-trial-number"))
    ]
    raw.relations = relations_of(item)
    raw.other = [(field, text) for field in _KEPT for text in _described(item.get(field))]
    return finish(raw)


def _title(item: Mapping[str, Any]) -> str:
    title = text_in(item.get("title")) or text_in(item.get("original-title"))
    subtitle = text_in(item.get("subtitle"))
    if subtitle and subtitle.lower() not in title.lower():
        title = f"{title.rstrip(' :')}: {subtitle}"
    return _BREAK_INSIDE.sub("", title)


def _author(entry: Mapping[str, Any]) -> Author | None:
    group = plain_in(entry.get("literal")) or plain_in(entry.get("name"))
    if group:
        return names.group(_ON_BEHALF.sub("", group, count=1) if _ON_BEHALF.match(group) else group)
    family, given = plain_in(entry.get("family")), plain_in(entry.get("given"))
    particles = [text_in(entry.get("dropping-particle")), text_in(entry.get("non-dropping-particle"))]
    family = " ".join(part for part in (*particles, family) if part)
    if not family:
        family, given = given, ""
    return names.person(family, given, suffix=text_in(entry.get("suffix"))) if family else None


def _read_source(raw: RawRecord, item: Mapping[str, Any]) -> None:
    containers = [plain_in(title) for title in texts_in(item.get("container-title"))]
    # Of a chapter Crossref names the series first and the book last.
    raw.journal = containers[-1 if "chapter" in text_in(item.get("type")) else 0] if containers else ""
    if not containers and text_in(item.get("type")) == "posted-content":
        # A preprint has no journal; the server stands in its place.
        raw.journal = next((plain_in(server.get("name")) for server in objects_in(item.get("institution"))), "")
    raw.journal_abbrev = next(
        (name for key in ("container-title-short", "short-container-title", "journalAbbreviation")
         if (name := plain_in(item.get(key)))), "",
    )  # fmt: skip
    raw.date = next((date for key in _DATES if (date := _date(item.get(key)))), "")
    raw.volume, raw.issue = text_in(item.get("volume")), text_in(item.get("issue"))
    raw.pages = text_in(item.get("page")) or text_in(item.get("article-number"))
    if not raw.pages and text_in(item.get("type")).startswith("article-journal"):
        raw.pages = text_in(item.get("number"))


def _read_identifiers(raw: RawRecord, item: Mapping[str, Any]) -> None:
    note = f"{text_in(item.get('note'))}\n{text_in(item.get('extra'))}"
    for field, pattern in _NOTE_IDS.items():
        found = pattern.search(note)
        setattr(raw, field, text_in(item.get(field.upper())) or (found[1] if found else ""))
    url = text_in(item.get("URL"))
    if not raw.doi and "doi.org/10." in url:
        raw.doi = url


def _date(value: Any) -> str:
    """A CSL date: ``{"date-parts": [["2017", 8, 15]]}``, ``{"raw": "2015"}``, ``{"literal": ...}`` or plain text."""
    if not isinstance(value, dict):
        return text_in(value)
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    given = (text_in(first), *(text_in(value.get(key)) for key in ("raw", "literal", "year", "date-time")))
    return next((date for date in given if date), "")


def _keywords(value: Any) -> list[str]:
    if isinstance(value, list):
        return texts_in(value)
    text = text_in(value)
    return re.split(r"[;\n]", text) if ";" in text or "\n" in text else re.split(r",\s*(?![^()]*\))", text)


def _described(value: Any) -> Iterable[str]:
    """Text for ``other``: plain values as they are, of objects what names them."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield " ".join(texts_in([item.get("name"), item.get("URL"), *texts_in(item.get("award"))]))
        elif text := plain_in(item):
            yield text
