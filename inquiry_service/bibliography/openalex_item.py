"""One work of OpenAlex. Source: OpenAlex API, "Work object"; abstracts come as words with their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inquiry_service.bibliography import names
from inquiry_service.bibliography.json_values import object_in, objects_in, plain_in, text_in
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected

FORMAT = "openalex_json"

_MOST_WORDS = 50_000


def read_item(item: Mapping[str, Any], position: int) -> ParsedRecord | Rejected:
    """Make a record of a work."""
    ids, place = object_in(item.get("ids")), object_in(item.get("biblio"))
    raw = RawRecord(FORMAT, position, identifier=text_in(item.get("id")))
    raw.title = text_in(item.get("title")) or text_in(item.get("display_name"))
    people = (plain_in(object_in(entry.get("author")).get("display_name")) for entry in objects_in(item["authorships"]))
    raw.authors = [author for name in people if (author := names.parse_author(name))]
    source = object_in(object_in(item.get("primary_location")).get("source"))
    raw.journal = plain_in(source.get("display_name"))
    raw.date = text_in(item.get("publication_year")) or text_in(item.get("publication_date"))
    raw.volume, raw.issue = text_in(place.get("volume")), text_in(place.get("issue"))
    ends = [text_in(place.get("first_page")), text_in(place.get("last_page"))]
    raw.pages = "-".join(dict.fromkeys(page for page in ends if page))
    raw.doi = text_in(item.get("doi")) or text_in(ids.get("doi"))
    raw.pmid, raw.pmcid = text_in(ids.get("pmid")), text_in(ids.get("pmcid"))
    raw.abstract = _in_order(object_in(item.get("abstract_inverted_index")))
    raw.language = text_in(item.get("language"))
    raw.publication_types = [text_in(item.get("type_crossref")) or text_in(item.get("type"))]
    raw.keywords = [text_in(word.get("display_name")) for word in objects_in(item.get("keywords"))]
    raw.mesh = [text_in(heading.get("descriptor_name")) for heading in objects_in(item.get("mesh"))]
    return finish(raw)


def _in_order(index: Mapping[str, Any]) -> str:
    """The text of an inverted index: each word stands at all of its places."""
    places = {
        place: word
        for word, found in index.items()
        for place in (found if isinstance(found, list) else ())
        if isinstance(place, int) and 0 <= place < _MOST_WORDS
    }
    return " ".join(places[place] for place in sorted(places))
