"""Literature files in JSON: CSL, Crossref, DataCite, Zotero's own, Europe PMC, OpenAlex and ClinicalTrials.gov.

Whose an item is, is told from each item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from typing import Any

from inquiry_service.bibliography import (
    clinical_trials_item,
    csl_item,
    datacite_item,
    europe_pmc_item,
    openalex_item,
    zotero_item,
)
from inquiry_service.bibliography.json_stream import Broken, items
from inquiry_service.bibliography.json_values import object_in, with_text_restored
from inquiry_service.bibliography.record import ParsedRecord, Rejected

FORMAT = "json"

_Reader = Callable[[Mapping[str, Any], int], ParsedRecord | Rejected]
_CSL_NAMES = {"title", "container-title", "author", "issued", "DOI"}


def looks_like_json(text: str) -> bool:
    """Whether a text begins as JSON objects or a list of them do."""
    start = "".join(text[:2000].split())
    return start.startswith(('{"', '[{"')) or start in ("[]", "{}", "[{}]")


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read a JSON file item by item.

    Yields:
        one result per item; an item that is broken or no publication is rejected with its reason.
    """
    for position, item in enumerate(items(text), 1):
        if isinstance(item, Broken):
            yield Rejected(position, "", item.reason)
            continue
        try:
            found = _reader_of(with_text_restored(item))
        except RecursionError:
            yield Rejected(position, "", "The record is nested too deeply.")
            continue
        if found is None:
            yield Rejected(position, "", "The item is no publication: it has neither a title nor an author nor a DOI.")
        else:
            reader, content = found
            yield reader(content, position)


def _reader_of(item: Any) -> tuple[_Reader, Mapping[str, Any]] | None:
    """Tell whose item it is, and take it out of its envelope."""
    content = object_in(item)
    for envelope in ("data", "attributes", "protocolSection"):
        content = object_in(content.get(envelope)) or content
    if "identificationModule" in content:
        return clinical_trials_item.read_item, content
    if "authorString" in content or "journalInfo" in content:
        return europe_pmc_item.read_item, content
    if isinstance(content.get("authorships"), list):
        return openalex_item.read_item, content
    if "itemType" in content:
        return zotero_item.read_item, content
    if "titles" in content or "creators" in content:
        return datacite_item.read_item, content
    return (csl_item.read_item, content) if content.keys() & _CSL_NAMES else None
