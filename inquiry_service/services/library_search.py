"""Searching the library: one way for the page, the command line and other programs.

What a person may not see takes no part: the index leaves it out before scoring, and what is shown is held against
the database once more, so that an index which lags behind shows nothing that has become confidential since (R24).
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.port import Hit, Query, SearchIndex, SearchResult
from inquiry_service.services import reference_list
from inquiry_service.services.access import require
from inquiry_service.store import literature as store

SIMILAR = 10


@dataclass(frozen=True)
class Found:
    """A page of hits with the records that the viewer may see."""

    result: SearchResult
    hits: tuple[tuple[Hit, LiteratureRecord], ...]

    @property
    def missing(self) -> int:
        """Hits of the page that are not shown: the library does not hold them, or holds them back."""
        return len(self.result.hits) - len(self.hits)


def find(session: Session, index: SearchIndex, actor: Actor, query: Query) -> Found:
    """Search the library without recording it on an inquiry.

    Raises:
        Forbidden: the right is missing; InvalidInput: the query cannot be read, with the place.
    """
    require(actor, Permission.LITERATURE_SEARCH)
    result = index.search(replace(query, may_see_medical_only=actor.may(Permission.LITERATURE_CONFIDENTIAL)))
    return Found(result, _shown(session, actor, result.hits))


def similar(
    session: Session, index: SearchIndex, actor: Actor, record: LiteratureRecord
) -> tuple[tuple[Hit, LiteratureRecord], ...]:
    """Return records that speak of the same as ``record``, the most alike first.

    Raises:
        Forbidden: the right is missing.
    """
    require(actor, Permission.LITERATURE_SEARCH)
    may_see = actor.may(Permission.LITERATURE_CONFIDENTIAL)
    return _shown(session, actor, index.similar(record.id, limit=SIMILAR, may_see_medical_only=may_see))


def _shown(session: Session, actor: Actor, hits: Sequence[Hit]) -> tuple[tuple[Hit, LiteratureRecord], ...]:
    rows = store.records(session, [hit.record_id for hit in hits])
    return tuple((hit, row) for hit in hits
                 if (row := rows.get(hit.record_id)) is not None and store.may_see(actor, row))


def as_data(query: Query, found: Found) -> dict[str, Any]:
    """Return a search and what it found as plain data, for JSON.

    Returns:
        ``query`` (all of it), ``read_as``, ``dropped``, ``expansions``, ``suggested``, ``total``, ``index``
        (generation, documents, digest), ``ranking``, ``facets`` {name: [[value, count]]} and ``hits``.
    """
    result = found.result
    references = reference_list.many([row for _, row in found.hits])
    asked = {name: value for name, value in asdict(query).items() if name not in ("may_see_medical_only", "only")}
    return {
        "query": asked, "read_as": result.parsed, "dropped": list(result.dropped),
        "expansions": [asdict(expansion) for expansion in result.expansions], "suggested": result.suggested,
        "total": result.total, "ranking": result.ranking,
        "index": {"generation": result.generation.number, "documents": result.generation.documents,
                  "digest": result.generation.digest},
        "facets": asdict(result.facets),
        "hits": [hit_data(rank, hit, row) | {"reference": plain(reference)}
                 for rank, ((hit, row), reference) in enumerate(
                     zip(found.hits, references, strict=True), start=query.offset + 1)],
    }


def hit_data(rank: int, hit: Hit, row: LiteratureRecord) -> dict[str, Any]:
    """Return one hit as plain data; ``page`` is the page of the full text that the passage is from, if any."""
    return {
        "rank": rank, "record_id": row.id, "version": hit.version, "citation_key": row.citation_key,
        "title": row.title, "year": row.year, "pmid": row.pmid, "doi": row.doi, "status": row.status.value,
        "kind": row.kind.value, "score": round(hit.score, 6), "passage": plain(hit.snippet_html), "page": hit.page,
    }


def plain(markup: str) -> str:
    """Return title, passage or reference without its markup, as the index and the formatter make it."""
    return html.unescape(re.sub(r"</?[a-z]+>", "", markup))
