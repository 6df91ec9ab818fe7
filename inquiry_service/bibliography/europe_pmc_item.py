"""One result of Europe PMC's search. Source: Europe PMC, "RESTful Web Service", response of type ``core``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inquiry_service.bibliography import names
from inquiry_service.bibliography.json_values import object_in, objects_in, plain_in, text_in, texts_in
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected

FORMAT = "europe_pmc_json"


def read_item(item: Mapping[str, Any], position: int) -> ParsedRecord | Rejected:
    """Make a record of one result, of type ``core`` or ``lite``."""
    raw = RawRecord(FORMAT, position, identifier=text_in(item.get("id")))
    raw.title = text_in(item.get("title"))
    people = objects_in(object_in(item.get("authorList")).get("author"))
    listed = [author for person in people if (author := _author(person))]
    raw.authors = listed or list(names.parse_author_list(text_in(item.get("authorString"))))
    info = object_in(item.get("journalInfo"))
    journal = object_in(info.get("journal"))
    raw.journal = plain_in(journal.get("title")) or plain_in(item.get("journalTitle"))
    raw.journal_abbrev = plain_in(journal.get("medlineAbbreviation")) or plain_in(journal.get("isoabbreviation"))
    raw.volume = text_in(info.get("volume")) or text_in(item.get("journalVolume"))
    raw.issue = text_in(info.get("issue")) or text_in(item.get("issue"))
    raw.date = text_in(info.get("yearOfPublication")) or text_in(item.get("pubYear"))
    raw.pages, raw.doi = text_in(item.get("pageInfo")), text_in(item.get("doi"))
    raw.pmid, raw.pmcid = text_in(item.get("pmid")), text_in(item.get("pmcid"))
    raw.abstract, raw.language = text_in(item.get("abstractText")), text_in(item.get("language"))
    kinds = texts_in(object_in(item.get("pubTypeList")).get("pubType")) or text_in(item.get("pubType")).split(";")
    raw.publication_types = kinds
    raw.keywords = texts_in(object_in(item.get("keywordList")).get("keyword"))
    headings = objects_in(object_in(item.get("meshHeadingList")).get("meshHeading"))
    raw.mesh = ["/".join(_heading(heading)) for heading in headings]
    raw.other = [("source", text_in(item.get("source"))), ("licence", text_in(item.get("license")))]
    return finish(raw)


def _author(person: Mapping[str, Any]) -> Author | None:
    if name := plain_in(person.get("collectiveName")):
        return names.group(name)
    if family := plain_in(person.get("lastName")):
        return names.person(family, plain_in(person.get("firstName")), text_in(person.get("initials")))
    return names.parse_author(plain_in(person.get("fullName")))


def _heading(heading: Mapping[str, Any]) -> Iterator[str]:
    qualifiers = objects_in(object_in(heading.get("meshQualifierList")).get("meshQualifier"))
    for part, name in ((heading, "descriptorName"), *((part, "qualifierName") for part in qualifiers)):
        yield ("*" if part.get("majorTopic_YN") == "Y" else "") + text_in(part.get(name))
