"""One item of Zotero's own JSON (Web API, Better BibTeX). Source: Zotero Web API 3, "Item types and fields"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inquiry_service.bibliography import names
from inquiry_service.bibliography.json_values import objects_in, text_in
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected

FORMAT = "zotero_json"

_NO_RECORDS = {"attachment": "an attached file", "note": "a note", "annotation": "an annotation"}
_SOURCES = ("publicationTitle", "bookTitle", "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "websiteTitle",
            "repository", "university", "institution")  # fmt: skip
_KEPT = ("publisher", "url", "ISSN", "ISBN", "rights", "series", "conferenceName", "shortTitle", "extra")
_TYPE_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EXTRA = {"pmid": re.compile(r"^PMID:\s*(\d+)", re.I | re.M), "pmcid": re.compile(r"^PMCID:\s*(PMC\d+)", re.I | re.M),
          "doi": re.compile(r"^DOI:\s*(10\.\S+)", re.I | re.M)}  # fmt: skip


def read_item(item: Mapping[str, Any], position: int) -> ParsedRecord | Rejected:
    """Make a record of a Zotero item; what is only attached to one is rejected."""
    key, kind = text_in(item.get("key")) or text_in(item.get("itemKey")), text_in(item.get("itemType"))
    if kind in _NO_RECORDS:
        return Rejected(position, key, f"The item is {_NO_RECORDS[kind]}, not a publication.")
    raw = RawRecord(FORMAT, position, identifier=text_in(item.get("citationKey")) or key)
    raw.title = text_in(item.get("title")) or text_in(item.get("caseName")) or text_in(item.get("nameOfAct"))
    raw.authors = [author for creator in objects_in(item.get("creators")) if (author := _author(creator))]
    raw.journal = next((text for field in _SOURCES if (text := text_in(item.get(field)))), "")
    raw.journal_abbrev = text_in(item.get("journalAbbreviation"))
    raw.date, raw.volume = text_in(item.get("date")), text_in(item.get("volume"))
    raw.issue, raw.pages = text_in(item.get("issue")), text_in(item.get("pages"))
    for field, pattern in _EXTRA.items():
        found = pattern.search(text_in(item.get("extra")))
        setattr(raw, field, text_in(item.get(field.upper())) or (found[1] if found else ""))
    raw.abstract, raw.language = text_in(item.get("abstractNote")), text_in(item.get("language"))
    raw.keywords = [text_in(tag.get("tag")) for tag in objects_in(item.get("tags"))]
    raw.publication_types = [_TYPE_WORDS.sub(" ", kind).lower()]
    raw.other = [(field, text_in(item.get(field))) for field in _KEPT]
    return finish(raw)


def _author(creator: Mapping[str, Any]) -> Author | None:
    if text_in(creator.get("creatorType")) not in ("", "author", "presenter", "inventor", "director", "programmer"):
        return None
    if name := text_in(creator.get("name")):
        return names.group(name)
    family, given = text_in(creator.get("lastName")), text_in(creator.get("firstName"))
    return names.person(family or given, given if family else "") if family or given else None
