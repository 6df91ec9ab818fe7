"""The literature index inside PostgreSQL, for installations with several web hosts.

The same search as over Whoosh (``answering``), with postings, counts and texts asked of one database that all hosts
share. Each search reads one state of it: whoever rebuilds meanwhile disturbs nobody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from inquiry_service.search.embedded.generations import NEVER_BUILT
from inquiry_service.search.port import (
    LONGEST_SEARCH,
    LONGEST_WAIT,
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
from inquiry_service.search.postgresql.postings import PostgresqlPostings, Statistics
from inquiry_service.search.postgresql.reading import PostgresqlColumns, current, read_statistics, read_words
from inquiry_service.search.postgresql.writing import PostgresqlWriting
from inquiry_service.search.ranking.answering import Answer, Records, Words, answer, similar, unanswered
from inquiry_service.search.ranking.lookup import Lookup
from inquiry_service.search.ranking.weights import MEASURED, RANKING, Weights
from inquiry_service.search.result import differences


@dataclass(frozen=True, slots=True)
class _Known:
    """What this process keeps of a generation, so that it is read once."""

    generation: Generation
    statistics: Statistics
    words: Words


@dataclass(frozen=True, slots=True)
class _Found:
    """What one search found."""

    answered: Answer
    hits: tuple[Hit, ...] = ()
    facets: Facets = field(default_factory=Facets)


class PostgresqlIndex(SearchIndex):
    """A ``SearchIndex`` in a schema of its own beside the library's tables.

    Args:
        engine: to a PostgreSQL database.
        longest_wait: seconds to wait for another writer before ``IndexBusy``.
        weights: of the ranking.
    """

    def __init__(self, engine: Engine, *, longest_wait: float = LONGEST_WAIT, weights: Weights = MEASURED) -> None:
        self._engine = engine
        self._weights = weights
        self._writing = PostgresqlWriting(engine, longest_wait)
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def search(self, query: Query) -> SearchResult:
        """Find records; see ``SearchIndex.search``."""
        started = time.perf_counter()
        with self._opened() as (connection, known):
            found = self._find(connection, known, query) if known else _Found(unanswered(query))
        answered = found.answered
        return SearchResult(
            hits=found.hits,
            total=len(answered.scores),
            total_is_exact=True,
            parsed=answered.parsed,
            dropped=answered.dropped,
            generation=known.generation if known else NEVER_BUILT,
            facets=found.facets,
            seconds=time.perf_counter() - started,
            expansions=answered.expansions,
            suggestions=answered.suggestions,
            suggested=answered.suggested,
            ranking=RANKING,
        )

    def similar(self, record_id: str, *, limit: int = 10, may_see_medical_only: bool = False) -> tuple[Hit, ...]:
        """Records that speak of the same; see ``SearchIndex.similar``."""
        with self._opened() as (connection, known):
            if known is None:
                return ()
            lookup, columns = self._lookup(connection, known, may_see_medical_only), PostgresqlColumns(connection)
            own = lookup.with_ids([record_id]).numbers.tolist()
            scores = similar([columns.text(number) for number in own], lookup)
            others = [hit for hit in columns.best(scores, limit + 1) if hit[0] not in own]
            return columns.hits(others[:limit], lookup.wanted())

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str] = ()) -> Generation:
        """Put in, replace and take out records; see ``SearchIndex.apply``."""
        return self._writing.apply(upserts, deletes)

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None = None) -> Generation:
        """Build anew, then switch; see ``SearchIndex.rebuild``."""
        return self._writing.rebuild(documents, progress)

    def generation(self) -> Generation:
        """The state that would answer now; see ``SearchIndex.generation``."""
        with self._reading() as connection:
            return current(connection) or NEVER_BUILT

    def count(self) -> int:
        """Number of records indexed."""
        return self.generation().documents

    def verify(self, expected: Mapping[str, int]) -> list[Difference]:
        """Compare with the library; see ``SearchIndex.verify``."""
        with self._opened() as (connection, known):
            return differences(expected, PostgresqlColumns(connection).versions() if known else {})

    def close(self) -> None:
        """Forget what is kept of the generation; the engine belongs to whoever gave it."""
        with self._lock:
            self._known = None

    def _find(self, connection: Connection, known: _Known, query: Query) -> _Found:
        lookup, columns = self._lookup(connection, known, query.may_see_medical_only), PostgresqlColumns(connection)
        answered = answer(query, lookup, Records(known.generation.documents, columns.best, columns.text), known.words)
        page = columns.best(answered.scores, query.offset + query.limit, query.sort)[query.offset :]
        facets = columns.facets(answered.scores.numbers.tolist())
        return _Found(answered, columns.hits(page, lookup.wanted()), facets)

    def _lookup(self, connection: Connection, known: _Known, may_see_medical_only: bool) -> Lookup:
        postings = PostgresqlPostings(
            connection, known.statistics, LONGEST_SEARCH, may_see_medical_only=may_see_medical_only)
        return Lookup(postings, self._weights)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection

    @contextmanager
    def _opened(self) -> Iterator[tuple[Connection, _Known | None]]:
        """A transaction that sees one generation, and what is known of it; None if nothing was ever indexed."""
        with self._reading() as connection:
            generation = current(connection)
            yield connection, self._knowing(connection, generation) if generation else None

    def _knowing(self, connection: Connection, generation: Generation) -> _Known:
        known = self._known
        if known is None or known.generation != generation:
            known = _Known(generation, read_statistics(connection, generation), read_words(connection))
            with self._lock:
                self._known = known
        return known
