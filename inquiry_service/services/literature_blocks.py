"""The keys under which the library's records are found as likely doubles, kept in step with the records.

They are derived: whoever creates a record or changes its title, authors, place or abstract calls :func:`refresh`.
After an upgrade from a release without them :func:`fill_missing` makes them for what is there already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from inquiry_service.bibliography.blocking import block_keys
from inquiry_service.bibliography.identity import STRONG_KINDS
from inquiry_service.bibliography.normalise import registrations_in
from inquiry_service.bibliography.record import Author, ParsedRecord
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.models.literature import LiteratureBlock, LiteratureRecord
from inquiry_service.store import literature_pairs as store

_PORTION = 1000
_AUTHOR_FIELDS = frozenset({"family", "given", "initials", "suffix", "collective"})


def parsed_of(row: LiteratureRecord) -> ParsedRecord:
    """Return a record of the library in the form in which readers hand records over, so that both compare."""
    return ParsedRecord(
        title=row.title, source_format=row.source, raw_position=0,
        authors=tuple(Author(**{name: author[name] for name in _AUTHOR_FIELDS & author.keys()})
                      for author in row.authors),
        journal=row.journal, journal_abbrev=row.journal_abbrev, year=row.year, volume=row.volume, issue=row.issue,
        pages=row.pages, doi=row.doi or "", pmid=row.pmid or "", pmcid=row.pmcid or "", abstract=row.abstract,
        publication_types=tuple(row.publication_types), language=row.language, is_notice=row.is_notice,
        registrations=registrations_in(f"{row.title} {row.abstract}"), status=row.status, kind=row.kind,
    )


def keep(session: Session, keys: Mapping[str, Collection[str]]) -> None:
    """Store the keys of new records, by id, with one statement.

    Args:
        keys: of records that are flushed and have none yet.
    """
    rows = [{"record_id": record_id, "key": key} for record_id, of_record in keys.items() for key in of_record]
    if rows:
        session.execute(insert(LiteratureBlock), rows)


def refresh(session: Session, *rows: LiteratureRecord, identifiers: Collection[str] = ()) -> None:
    """Make the keys of stored records anew after they were changed; identifiers that led to them still do.

    Args:
        rows: stored and flushed; asked for all at once.
        identifiers: further keys such as ``doi:10.1000/1``, for each of them.
    """
    held = store.keys_of(session, [row.id for row in rows])
    for row in rows:
        had = held.get(row.id, set())
        lasting = {key for key in had if key.partition(":")[0] in STRONG_KINDS}
        wanted = {*block_keys(parsed_of(row)), *identifiers, *lasting}
        if had - wanted:
            session.execute(delete(LiteratureBlock).where(
                LiteratureBlock.record_id == row.id, LiteratureBlock.key.in_(had - wanted)))
        session.add_all([LiteratureBlock(record_id=row.id, key=key) for key in sorted(wanted - had)])


def identifiers_of(row: LiteratureRecord) -> tuple[str, ...]:
    """Return the identifiers of a record as keys."""
    return tuple(f"{kind}:{value}" for kind in STRONG_KINDS if (value := getattr(row, kind)))


def fill_missing(factory: SessionFactory) -> int:
    """Give keys to all records that have none, in portions; return how many there were."""
    filled = 0
    while True:
        with transaction(factory) as session:
            rows = store.without_keys(session, limit=_PORTION)
            keep(session, {row.id: block_keys(parsed_of(row)) for row in rows})
        filled += len(rows)
        if len(rows) < _PORTION:
            return filled
