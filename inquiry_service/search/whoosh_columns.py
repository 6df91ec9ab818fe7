"""Per-record values kept in columns: what facets count and ties are broken by.

Whoosh's own ``groupedby`` silently switches the limit of a search off, so that every record found is loaded
and highlighted; counting over columns touches nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from heapq import nlargest
from typing import Any

from inquiry_service.search.port import Facets
from inquiry_service.search.postings import Scores
from inquiry_service.search.whoosh_schema import VALUE_BREAK


class Columns:
    """Column values of the records in one searcher."""

    def __init__(self, searcher: Any) -> None:
        self._leaves = [
            (leaf.reader(), offset, offset + leaf.doc_count_all()) for leaf, offset in searcher.leaf_searchers()
        ]

    def facets(self, numbers: Collection[int]) -> Facets:
        """Counts over the records ``numbers``."""
        return Facets(
            years=tuple(sorted(((int(year), count) for year, count in self._counts("year", numbers)), reverse=True)),
            statuses=tuple(self._counts("status", numbers)),
            publication_types=tuple(self._counts("type", numbers)),
        )

    def best(self, scores: Scores, most: int) -> list[int]:
        """The ``most`` best records, best first; equal ones newest first, then by id: paging is stable."""
        lowest = min(nlargest(most, scores.values()), default=0.0)
        candidates = sorted(number for number, score in scores.items() if score >= lowest)
        years, ids = self._values("year", candidates), self._values("record_id", candidates)
        keyed = [
            (-scores[number], -int(year or 0), record_id, number)
            for number, year, record_id in zip(candidates, years, ids, strict=True)
        ]
        return [number for *_, number in sorted(keyed)[:most]]

    def _counts(self, field: str, numbers: Collection[int]) -> Iterator[tuple[str, int]]:
        """Values of ``field`` with their counts, most frequent first, then by name."""
        joined = Counter(self._values(field, sorted(numbers)))
        single: Counter[str] = Counter()
        for values, count in joined.items():
            for value in filter(None, values.split(VALUE_BREAK)):
                single[value] += count
        yield from sorted(single.items(), key=lambda item: (-item[1], item[0]))

    def _values(self, field: str, numbers: Iterable[int]) -> Iterator[str]:
        """The value of ``field`` for each of ``numbers``, which ascend."""
        leaves = iter(self._leaves)
        column: Any = None
        offset = end = 0
        for number in numbers:
            while number >= end:
                reader, offset, end = next(leaves)
                column = reader.column_reader(field, translate=False)
            yield column[number - offset].decode()
