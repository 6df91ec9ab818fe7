"""The embedded literature index: the search port over Whoosh.

Whoosh's index is the one of record, and its scores are the ones that count; searches read the arrays that are
written beside it. Parsing, combining, highlighting, publishing and trust are our own, so that no query reaches
Whoosh's slow or unsafe corners.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inquiry_service.search.embedded.generations import NEVER_BUILT, Generations
from inquiry_service.search.embedded.passages import hits
from inquiry_service.search.embedded.postings import Postings
from inquiry_service.search.embedded.reading import Opened, Reading
from inquiry_service.search.embedded.writing import Writing
from inquiry_service.search.port import (
    LONGEST_SEARCH,
    LONGEST_WAIT,
    Difference,
    Facets,
    Generation,
    Hit,
    IndexDocument,
    IndexUntrusted,
    Progress,
    Query,
    SearchIndex,
    SearchResult,
)
from inquiry_service.search.ranking.answering import Answer, Records, answer, similar, unanswered
from inquiry_service.search.ranking.lookup import Lookup
from inquiry_service.search.ranking.scores import without
from inquiry_service.search.ranking.weights import MEASURED, RANKING, Weights
from inquiry_service.search.result import differences


class WhooshIndex(SearchIndex):
    """A ``SearchIndex`` in a directory of its own.

    Args:
        directory: the index directory; made when missing, never shared with anything else.
        key: secret of the installation, for the manifests.
        longest_wait: seconds to wait for another writer before ``IndexBusy``.
        weights: of the ranking.
    """

    def __init__(
        self, directory: Path, key: bytes, *, longest_wait: float = LONGEST_WAIT, weights: Weights = MEASURED
    ) -> None:
        self._weights = weights
        self._generations = Generations(directory, key)
        self._reading = Reading(self._generations)
        self._writing = Writing(self._generations, self._reading, longest_wait)

    def search(self, query: Query) -> SearchResult:
        """Find records; see ``SearchIndex.search``."""
        started = time.perf_counter()
        opened = self._reading.current()
        found = _find(opened, query, self._weights) if opened else _Found(unanswered(query))
        answered = found.answered
        return SearchResult(
            hits=found.hits,
            total=len(answered.scores),
            total_is_exact=True,
            parsed=answered.parsed,
            dropped=answered.dropped,
            generation=opened.generation if opened else NEVER_BUILT,
            facets=found.facets,
            seconds=time.perf_counter() - started,
            expansions=answered.expansions,
            suggestions=answered.suggestions,
            suggested=answered.suggested,
            ranking=RANKING,
        )

    def ranking(self, query: Query, most: int) -> list[str]:
        """Ids of the first ``most`` records found, best first: a search with nothing to show.

        Raises:
            InvalidInput: the text is not understood or over a cap.
        """
        opened = self._reading.current()
        if opened is None:
            return []
        answered = _answered(opened, query, _lookup(opened, query.may_see_medical_only, self._weights))
        return [opened.record_id(number) for number, _ in opened.columns.best(answered.scores, most, query.sort)]

    def similar(self, record_id: str, *, limit: int = 10, may_see_medical_only: bool = False) -> tuple[Hit, ...]:
        """Records that speak of the same; see ``SearchIndex.similar``."""
        opened = self._reading.current()
        if opened is None:
            return ()
        lookup = _lookup(opened, may_see_medical_only, self._weights)
        own = lookup.with_ids([record_id])
        texts = [opened.text(number) for number, _ in opened.columns.best(own, 1)]
        others = without(similar(texts, lookup), own)
        return hits(opened.snapshot, opened.columns.best(others, limit), lookup.wanted())

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str] = ()) -> Generation:
        """Put in, replace and take out records; see ``SearchIndex.apply``."""
        return self._writing.apply(upserts, deletes)

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None = None) -> Generation:
        """Build anew aside, then switch; see ``SearchIndex.rebuild``."""
        return self._writing.rebuild(documents, progress)

    def generation(self) -> Generation:
        """The state that would answer now; see ``SearchIndex.generation``."""
        opened = self._reading.current()
        return opened.generation if opened else NEVER_BUILT

    def count(self) -> int:
        """Number of records indexed."""
        return self.generation().documents

    def verify(self, expected: Mapping[str, int]) -> list[Difference]:
        """Compare with the database, every file hashed again; see ``SearchIndex.verify``."""
        while (opened := self._reading.current()) is not None:
            try:
                for name in opened.manifest.files:
                    opened.manifest.check(name)
            except IndexUntrusted:
                if self._generations.current() == opened.name:
                    raise
                # Overtaken by writers meanwhile, whose generations are checked instead: this one's files may be gone.
                continue
            return differences(expected, dict(opened.snapshot.versions()))
        return differences(expected, {})

    def close(self) -> None:
        """Let go of files; see ``SearchIndex.close``."""
        self._reading.close()




@dataclass(frozen=True, slots=True)
class _Found:
    """What one search found in one generation."""

    answered: Answer
    hits: tuple[Hit, ...] = ()
    facets: Facets = field(default_factory=Facets)


def _find(opened: Opened, query: Query, weights: Weights) -> _Found:
    lookup = _lookup(opened, query.may_see_medical_only, weights)
    answered = _answered(opened, query, lookup)
    page = opened.columns.best(answered.scores, query.offset + query.limit, query.sort)[query.offset :]
    return _Found(
        answered,
        hits=hits(opened.snapshot, page, lookup.wanted()),
        facets=opened.columns.facets(answered.scores.numbers),
    )


def _lookup(opened: Opened, may_see_medical_only: bool, weights: Weights) -> Lookup:
    return Lookup(Postings(opened.snapshot, LONGEST_SEARCH, may_see_medical_only=may_see_medical_only), weights)


def _answered(opened: Opened, query: Query, lookup: Lookup) -> Answer:
    records = Records(opened.generation.documents, opened.columns.best, opened.text)
    return answer(query, lookup, records, opened.word_files.words)
