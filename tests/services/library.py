"""Records of a small library, as an import leaves them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import Author, ParsedRecord
from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import literature_versions
from inquiry_service.services.literature_twins import KnownWorks, work_key

_LISTS = ("mesh", "keywords", "publication_types")
_TEXTS = ("journal", "journal_abbrev", "volume", "issue", "pages", "language")


def parsed(title: str, **fields: Any) -> ParsedRecord:
    """A record as a reader hands it over, by Newman and Lipton, 1998."""
    authors = (Author("Newman", "Lawrence C", "LC"), Author("Lipton", "Richard B", "RB"))
    return ParsedRecord(**{"title": title, "source_format": "test", "raw_position": 1, "authors": authors,
                           "year": 1998, **fields})


def held(session: Session, record: ParsedRecord, known: KnownWorks | None = None, **more: Any) -> LiteratureRecord:
    """Store a record with its keys and its first version.

    Args:
        known: the batch it belongs to. more: columns that differ from what the record says.
    """
    known = known or KnownWorks(session, [record])
    content = asdict(record)
    row = LiteratureRecord(**{
        "id": new_id(), "citation_key": known.free_key(record), "version": 1, "identity_key": work_key(record),
        "pmid": record.pmid or None, "doi": record.doi or None, "pmcid": record.pmcid or None,
        "title": record.title, "abstract": record.abstract, "authors": content["authors"], "year": record.year,
        "kind": record.kind, "status": RecordStatus(record.status), "is_notice": record.is_notice, "added_at": now(),
        "added_by": "Librarian", "source": record.source_format,
        **{name: getattr(record, name) for name in _TEXTS}, **{name: list(getattr(record, name)) for name in _LISTS},
        "products": [], "populations": [], **more})
    session.add(row)
    known.add(row)
    session.flush()
    literature_versions.first(session, row, content)
    return row
