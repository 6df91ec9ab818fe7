"""Describing a record: evidence fields and tags of each, all fields of a source that was entered by hand (R71).

Labels, data on file and congress abstracts come in no export; they are added here and are records like all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import Author, ParsedRecord
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import PeerReview, RecordKind, RecordStatus
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import audit, literature_standing, literature_versions, outbox
from inquiry_service.services.access import require
from inquiry_service.services.literature_fields import BIBLIOGRAPHIC, EVIDENCE, checked, told
from inquiry_service.services.literature_twins import KnownWorks, work_key
from inquiry_service.store import literature as store

BY_HAND = "by hand"
"""``source`` of records that were entered here and not imported."""
KINDS_BY_HAND = (RecordKind.LABEL, RecordKind.DATA_ON_FILE, RecordKind.CONGRESS_ABSTRACT, RecordKind.BOOK,
                 RecordKind.TRIAL_REGISTRATION, RecordKind.ARTICLE, RecordKind.PREPRINT, RecordKind.OTHER)

_UNREAD_KINDS = (RecordKind.DATA_ON_FILE, RecordKind.LABEL, RecordKind.PREPRINT)


@dataclass(frozen=True)
class SourceData:
    """A source as a person enters it.

    Attributes:
        authors: as they stand in a list, ``Newman L; Lipton RB``; a group by its name.
        journal: where it appeared or who holds it: congress, company, journal.
        number: the house's own number of a document on file, or the issue.
        doi, pmid: identifiers, if it has any.
        medical_only: confidential; found and shown only for medical staff (R24).
    """

    kind: RecordKind
    title: str
    authors: str = ""
    journal: str = ""
    number: str = ""
    year: int | None = None
    abstract: str = ""
    doi: str = ""
    pmid: str = ""
    medical_only: bool = False
    products: tuple[str, ...] = ()


def add_source(session: Session, actor: Actor, data: SourceData) -> LiteratureRecord:
    """Add one source by hand.

    Raises:
        Forbidden: the right is missing. InvalidInput: names the fields.
        Refused: the library holds the work already, and which record it is.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    values = checked(session, {
        "kind": data.kind, "title": data.title, "authors": data.authors, "journal": data.journal, "issue": data.number,
        "year": data.year, "abstract": data.abstract, "doi": data.doi, "pmid": data.pmid,
        "medical_only": data.medical_only, "products": list(data.products)})
    parsed = _parsed(values)
    _refuse_twin(session, parsed)
    row = _new_row(session, actor, parsed, values)
    literature_versions.first(session, row, {**parsed.as_mapping(), "kind": row.kind, "medical_only": row.medical_only})
    audit.record(session, actor, Event.LITERATURE_ADDED, row, label=row.citation_key,
                 changes={name: (None, told(value)) for name, value in values.items() if value})
    _follow(session, actor, row)
    return row


def _new_row(session: Session, actor: Actor, parsed: ParsedRecord, values: Mapping[str, Any]) -> LiteratureRecord:
    row = LiteratureRecord(
        citation_key=KnownWorks(session, [parsed]).free_key(parsed), identity_key=_identity(parsed), source=BY_HAND,
        status=RecordStatus.CURRENT, added_at=now(), added_by=actor.name,
        peer_review=PeerReview.NOT_REVIEWED if parsed.kind in _UNREAD_KINDS else None,
        **{name: _nullable(name, value) for name, value in values.items()})
    session.add(row)
    session.flush()
    return row


def describe(
    session: Session, actor: Actor, record_id: str, changes: Mapping[str, Any], version: int
) -> LiteratureRecord:
    """Change what is recorded of a source: a new version, audited field by field; nothing changed is no version.

    Args:
        changes: field to value: those of :data:`EVIDENCE`; of a source entered by hand also :data:`BIBLIOGRAPHIC`.
            Coded terms as members or their values, lists as lists, ``authors`` as one text.
        version: the version that the person saw.

    Raises:
        Forbidden: the right is missing; NotFound: no such record; StaleVersion: it was changed meanwhile.
        InvalidInput: names the fields; Refused: the record was merged into another one.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    row = literature_versions.for_change(session, actor, record_id, version)
    allowed = (*EVIDENCE, *(BIBLIOGRAPHIC if row.source == BY_HAND else ()))
    foreign = [name for name in changes if name not in allowed]
    if foreign:
        raise InvalidInput(f"These fields come from the imported record: {', '.join(foreign)}.",
                           fields=dict.fromkeys(foreign, "Comes from the imported record."))
    values = checked(session, changes)
    new = {name: value for name, value in values.items() if told(getattr(row, name)) != told(value)}
    if not new:
        return row
    _refuse_taken(session, row, new)
    before = {name: getattr(row, name) for name in new}
    literature_versions.add(session, row, {name: _nullable(name, value) for name, value in new.items()})
    audit.record(session, actor, Event.LITERATURE_CHANGED, row, label=row.citation_key,
                 changes={name: (told(before[name]), told(value)) for name, value in new.items()})
    _follow(session, actor, row)
    return row


def _follow(session: Session, actor: Actor, row: LiteratureRecord) -> None:
    """What a new or changed record leads to: a look at notices and lists (R69), and its place in the index."""
    literature_standing.check_cited(session, actor, [row.id])
    outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [row.id]})


def _nullable(name: str, value: Any) -> Any:
    """Identifiers are unique, so nothing is NULL and not an empty text."""
    return value or None if name in ("doi", "pmid") else value


def _refuse_taken(session: Session, row: LiteratureRecord, new: Mapping[str, Any]) -> None:
    named = {name: [new[name]] if new.get(name) else [] for name in ("doi", "pmid")}
    for other in store.identified(session, dois=named["doi"], pmids=named["pmid"], pmcids=(), works=()):
        if other.id != row.id:
            fields = {name: f"It belongs to {other.citation_key}." for name, given in named.items()
                      if getattr(other, name) in given}
            raise InvalidInput("The record was not saved. Nothing you typed is lost.", fields=fields)


def _refuse_twin(session: Session, parsed: ParsedRecord) -> None:
    for row in store.identified(session, dois=[parsed.doi] if parsed.doi else [],
                                pmids=[parsed.pmid] if parsed.pmid else [], pmcids=(), works=[_identity(parsed)]):
        # A congress abstract and the article that followed it share title and first author and are two works.
        identified = (parsed.doi and row.doi == parsed.doi) or (parsed.pmid and row.pmid == parsed.pmid)
        if identified or row.kind is parsed.kind:
            raise Refused(f"The library holds this work already: {row.citation_key}, “{row.title[:120]}”.",
                          record_id=row.id)


def _identity(parsed: ParsedRecord) -> str:
    """Documents on file have no author and often a short title; their own number tells them apart."""
    return work_key(parsed) or digest([parsed.kind.value, parsed.title.casefold(), parsed.issue.casefold()])


def _parsed(values: Mapping[str, Any]) -> ParsedRecord:
    return ParsedRecord(
        title=values["title"], source_format=BY_HAND, raw_position=1,
        authors=tuple(Author(**author) for author in values["authors"]),
        journal=values["journal"], issue=values["issue"], year=values["year"], abstract=values["abstract"],
        doi=values["doi"], pmid=values["pmid"], kind=values["kind"])
