"""The embedded literature index: the search port over Whoosh.

Of Whoosh it uses the index files and the scores of terms. Parsing, combining, highlighting, publishing and
trust are our own, so that no query reaches Whoosh's slow or unsafe corners.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inquiry_service.search.evaluation import evaluate, narrowed
from inquiry_service.search.generations import Generations
from inquiry_service.search.lookup import Lookup
from inquiry_service.search.port import (
    Difference,
    Facets,
    Generation,
    Hit,
    IndexDocument,
    Progress,
    Query,
    SearchIndex,
    SearchResult,
)
from inquiry_service.search.postings import Postings
from inquiry_service.search.query_language import parse, parse_plain
from inquiry_service.search.query_tree import Node, describe
from inquiry_service.search.reading import Reading
from inquiry_service.search.snippets import Highlighted, Wanted
from inquiry_service.search.whoosh_columns import Columns
from inquiry_service.search.whoosh_writing import Writing

LONGEST_SEARCH = 5.0
"""Seconds after which a search is refused."""
LONGEST_WAIT = 30.0
"""Seconds that a writer waits for another one."""


class WhooshIndex(SearchIndex):
    """A ``SearchIndex`` in a directory of its own.

    Args:
        directory: the index directory; made when missing, never shared with anything else.
        key: secret of the installation, for the manifests.
        longest_wait: seconds to wait for another writer before ``IndexBusy``.
    """

    def __init__(self, directory: Path, key: bytes, *, longest_wait: float = LONGEST_WAIT) -> None:
        self._generations = Generations(directory, key)
        self._reading = Reading(self._generations)
        self._writing = Writing(self._generations, longest_wait)

    def search(self, query: Query) -> SearchResult:
        """Find records; see ``SearchIndex.search``."""
        started = time.perf_counter()
        parsed = parse_plain(query.text) if query.plain else parse(query.text)
        with self._reading.searcher() as (generation, searcher):
            found = _NOT_INDEXED if searcher is None else _find(searcher, parsed.tree, query)
        return SearchResult(
            hits=found.hits,
            total=found.total,
            total_is_exact=True,
            parsed=describe(parsed.tree),
            dropped=(*parsed.dropped, *found.notes),
            generation=generation,
            facets=found.facets,
            seconds=time.perf_counter() - started,
        )

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str] = ()) -> Generation:
        """Put in, replace and take out records; see ``SearchIndex.apply``."""
        return self._writing.apply(upserts, deletes)

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None = None) -> Generation:
        """Build anew aside, then switch; see ``SearchIndex.rebuild``."""
        return self._writing.rebuild(documents, progress)

    def generation(self) -> Generation:
        """The state that would answer now; see ``SearchIndex.generation``."""
        return self._reading.generation()

    def count(self) -> int:
        """Number of records indexed."""
        return self.generation().documents

    def verify(self, expected: Mapping[str, int]) -> list[Difference]:
        """Compare with the database, every file hashed again; see ``SearchIndex.verify``."""
        name = self._generations.current()
        if name is not None:
            self._generations.verified(name, fresh=True)
        with self._reading.searcher() as (_, searcher):
            indexed = _versions(searcher) if searcher is not None else {}
        return [
            Difference(record_id, _kind(wanted, got), wanted, got)
            for record_id in sorted(expected.keys() | indexed.keys())
            if (wanted := expected.get(record_id)) != (got := indexed.get(record_id))
        ]

    def close(self) -> None:
        """Let go of files; see ``SearchIndex.close``."""
        self._reading.close()


@dataclass(frozen=True, slots=True)
class _Found:
    """What one search found in one generation."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Facets = field(default_factory=Facets)
    notes: tuple[str, ...] = ()


_NOT_INDEXED = _Found(notes=("The library is not indexed yet.",))


def _find(searcher: Any, tree: Node, query: Query) -> _Found:
    postings = Postings(searcher, LONGEST_SEARCH, may_see_medical_only=query.may_see_medical_only)
    lookup = Lookup(postings)
    scores = narrowed(evaluate(tree, lookup), query.filters, lookup)
    columns = Columns(searcher)
    page = columns.best(scores, query.offset + query.limit)[query.offset :]
    wanted = lookup.wanted()
    return _Found(
        hits=tuple(_hit(searcher.stored_fields(number), scores[number], wanted) for number in page),
        total=len(scores),
        facets=columns.facets(scores),
        notes=lookup.notes(),
    )


def _hit(stored: Mapping[str, Any], score: float, wanted: Wanted) -> Hit:
    title = Highlighted(stored.get("title", ""), wanted)
    abstract = Highlighted(stored.get("abstract", ""), wanted)
    return Hit(
        record_id=stored["record_id"],
        version=stored["version"],
        score=score,
        title_html=title.whole(),
        snippet_html=abstract.passage(),
        matched_terms=wanted.words(title.terms | abstract.terms),
    )


def _versions(searcher: Any) -> dict[str, int]:
    return {stored["record_id"]: stored["version"] for _, stored in searcher.iter_docs()}


def _kind(wanted: int | None, got: int | None) -> str:
    if got is None:
        return "missing"
    return "unexpected" if wanted is None else "stale"
