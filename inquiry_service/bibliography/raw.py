"""From what a reader found in a file to a clean record: the one place where fields are normalised.

Readers fill a :class:`RawRecord` with the source's own text; :func:`finish` cleans it, tells its status and
refuses it when it cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from inquiry_service.bibliography import normalise
from inquiry_service.bibliography.abstracts import sectioned
from inquiry_service.bibliography.kinds import in_medline_words, kind_of
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected, Relation
from inquiry_service.bibliography.standing import standing

# What the formats call the house that made a work public.
_PUBLISHER_FIELDS = {"PB", "PU", "DP", "publisher", "Publisher", "institution", "remote-database-name", "I"}

_PMC = re.compile(r"PMC\s*\d", re.IGNORECASE)


@dataclass(slots=True)
class RawRecord:
    """Fields as the source wrote them. ``identifier`` is the file's own record number, for rejections."""

    source_format: str
    position: int
    identifier: str = ""
    title: str = ""
    authors: list[Author] = field(default_factory=list)
    journal: str = ""
    journal_abbrev: str = ""
    date: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    abstract: str = ""
    mesh: list[str] = field(default_factory=list)
    publication_types: list[str] = field(default_factory=list)
    language: str = ""
    registrations: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    other: list[tuple[str, str]] = field(default_factory=list)
    # Text of XML is already resolved; tag-like text in it is text.
    has_markup: bool = True


def finish(raw: RawRecord) -> ParsedRecord | Rejected:
    """Clean a raw record, tell its publication status and its kind.

    Returns:
        the record; or a rejection when it has no title or holds text that cannot be stored.
    """
    try:
        record = _clean(raw)
    except normalise.UnreadableText as error:
        return Rejected(raw.position, _identifier(raw), f"The record cannot be stored: {error}.")
    if not record.title:
        return Rejected(raw.position, _identifier(raw), "The record has no title.")
    status, is_notice = standing(
        record.title, record.publication_types, [relation.kind for relation in record.relations], record.abstract
    )
    publishers = [text for name, text in record.other if name in _PUBLISHER_FIELDS]
    venues = [record.journal, *publishers]
    kind = kind_of(record.publication_types, venues=venues, doi=record.doi, is_notice=is_notice)
    types = in_medline_words(record.publication_types)
    return replace(record, status=status, is_notice=is_notice, kind=kind, publication_types=types)


def _clean(raw: RawRecord) -> ParsedRecord:
    line = normalise.clean_line
    if not normalise.normalise_pmid(raw.pmid) and _PMC.match(raw.pmid.strip()):
        # Some tables mix the two numbers up.
        raw.pmid, raw.pmcid = "", raw.pmcid or raw.pmid
    title = line(normalise.strip_markup(raw.title) if raw.has_markup else raw.title)
    abstract = sectioned(raw.abstract, has_markup=raw.has_markup)
    found = normalise.registrations_in(f"{title} {abstract}")
    # CENTRAL names a registered trial's number where others name its authors.
    numbers = [author.name for author in raw.authors if normalise.is_registration(author.name)]
    return ParsedRecord(
        title=title,
        source_format=raw.source_format,
        raw_position=raw.position,
        authors=tuple(author for author in raw.authors if author.name not in numbers),
        journal=line(raw.journal),
        journal_abbrev=line(raw.journal_abbrev),
        year=normalise.year_of(line(raw.date)),
        volume=line(raw.volume),
        issue=line(raw.issue),
        pages=normalise.normalise_pages(raw.pages),
        doi=normalise.normalise_doi(raw.doi),
        pmid=normalise.normalise_pmid(raw.pmid),
        pmcid=normalise.normalise_pmcid(raw.pmcid),
        abstract=abstract,
        mesh=_lines(raw.mesh),
        publication_types=_lines(raw.publication_types),
        language=normalise.normalise_language(raw.language),
        registrations=tuple(dict.fromkeys([*_lines([*raw.registrations, *numbers]), *found])),
        relations=tuple(_clean_relation(relation) for relation in raw.relations),
        keywords=_lines(raw.keywords),
        other=tuple((line(name), line(text)) for name, text in raw.other if text.strip()),
        remarks=tuple(_remarks(raw)),
    )


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cleaned for value in values if (cleaned := normalise.clean_line(value))))


def _clean_relation(relation: Relation) -> Relation:
    return Relation(
        kind=relation.kind,
        pmid=normalise.normalise_pmid(relation.pmid),
        doi=normalise.normalise_doi(relation.doi),
        citation=normalise.clean_line(relation.citation),
    )


def _remarks(raw: RawRecord) -> Iterable[str]:
    """Say which identifiers and dates were given but could not be read."""
    readings = (
        ("publication year", raw.date, normalise.year_of(raw.date)),
        ("DOI", raw.doi, normalise.normalise_doi(raw.doi)),
        ("PMID", raw.pmid, normalise.normalise_pmid(raw.pmid)),
        ("PMCID", raw.pmcid, normalise.normalise_pmcid(raw.pmcid)),
    )
    for name, given, read in readings:
        if given.strip() and not read:
            yield f"“{normalise.clean_line(given)[:80]}” is not a {name}; the field was left empty."


def _identifier(raw: RawRecord) -> str:
    """What names the record best in an import report; never raises, whatever the text holds."""
    shown = raw.pmid or raw.doi or raw.pmcid or raw.identifier
    return " ".join(shown.encode("utf-8", "replace").decode("utf-8").split())[:100]
