"""One DataCite DOI record. Source: DataCite Metadata Schema 4.6, in the JSON of its REST API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inquiry_service.bibliography import names
from inquiry_service.bibliography.json_values import object_in, objects_in, plain_in, text_in
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected, Relation

FORMAT = "datacite_json"

_RELATIONS = {"IsPreviousVersionOf": "update_in", "IsNewVersionOf": "update_of", "Obsoletes": "update_of",
              "IsObsoletedBy": "update_in", "Corrects": "erratum_for", "IsCorrectedBy": "erratum_in"}  # fmt: skip


def read_item(item: Mapping[str, Any], position: int) -> ParsedRecord | Rejected:
    """Make a record of the ``attributes`` of a DataCite DOI."""
    raw = RawRecord(FORMAT, position, doi=text_in(item.get("doi")))
    titles = objects_in(item.get("titles"))
    # A title with a type is a subtitle, a translation or an alternative; the main title has none.
    main = [title for title in titles if not title.get("titleType")] or titles
    raw.title = text_in([title.get("title") for title in main])
    raw.authors = [author for creator in objects_in(item.get("creators")) if (author := _author(creator))]
    _read_source(raw, item)
    raw.date = text_in(item.get("publicationYear")) or _date(item, "Issued")
    raw.abstract = "\n\n".join(
        text_in(part.get("description")) for part in objects_in(item.get("descriptions"))
        if part.get("descriptionType") == "Abstract"
    )  # fmt: skip
    raw.keywords = [text_in(subject.get("subject")) for subject in objects_in(item.get("subjects"))]
    raw.language = text_in(item.get("language"))
    types = object_in(item.get("types"))
    general = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text_in(types.get("resourceTypeGeneral")))
    raw.publication_types = [general, text_in(types.get("citeproc")).replace("-", " ")]
    raw.relations = _relations(item)
    raw.other = _other(item, [title for title in titles if title not in main[:1]])
    return finish(raw)


def _author(creator: Mapping[str, Any]) -> Author | None:
    name, family = plain_in(creator.get("name")), plain_in(creator.get("familyName"))
    given = plain_in(creator.get("givenName"))
    if creator.get("nameType") == "Organizational":
        return names.group(name) if name else None
    if family:
        return names.person(family, given)
    # Some repositories put the whole name into the given name; the display name then says the same.
    return names.parse_author(name or given)


def _read_source(raw: RawRecord, item: Mapping[str, Any]) -> None:
    related = next((part for part in objects_in(item.get("relatedItems"))
                    if part.get("relationType") == "IsPublishedIn"), {})  # fmt: skip
    source = {**object_in(item.get("container"))} or dict(related)
    raw.journal = plain_in(source.get("title")) or text_in([t.get("title") for t in objects_in(related.get("titles"))])
    raw.volume, raw.issue = text_in(source.get("volume")), text_in(source.get("issue"))
    ends = [text_in(source.get("firstPage")), text_in(source.get("lastPage"))]
    raw.pages = "-".join(dict.fromkeys(page for page in ends if page)) or text_in(source.get("number"))


def _date(item: Mapping[str, Any], kind: str) -> str:
    return text_in([date.get("date") for date in objects_in(item.get("dates")) if date.get("dateType") == kind])


def _relations(item: Mapping[str, Any]) -> list[Relation]:
    return [
        Relation(kind, doi=text_in(other.get("relatedIdentifier")))
        for other in objects_in(item.get("relatedIdentifiers"))
        if (kind := _RELATIONS.get(text_in(other.get("relationType"))))
        and text_in(other.get("relatedIdentifierType")).upper() == "DOI"
    ]


def _other(item: Mapping[str, Any], titles: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    publisher = item.get("publisher")
    parts = objects_in(item.get("rightsList"))
    rights = [text_in([part.get("rightsIdentifier"), part.get("rights")]) for part in parts]
    return [
        ("publisher", plain_in(object_in(publisher).get("name")) or plain_in(publisher)),
        *((text_in(title.get("titleType")) or "title", text_in(title.get("title"))) for title in titles),
        *(("license", text) for text in rights),
    ]
