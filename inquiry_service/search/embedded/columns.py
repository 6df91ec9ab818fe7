"""What is known of each record besides its words: for counting, and for the order of the hits."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np
import numpy.typing as npt

from inquiry_service.search.embedded.array_file import Array, narrowest
from inquiry_service.search.embedded.fields import VALUE_BREAK
from inquiry_service.search.embedded.schema import COLUMNS
from inquiry_service.search.embedded.snapshot import Snapshot
from inquiry_service.search.port import Facets, Sort
from inquiry_service.search.ranking.scores import Numbers, Scores

_Keys = npt.NDArray[np.float64]
_LATEST = 10_000
"""Later than any year: where records without a year go when the oldest come first."""


class Columns:
    """The columns of one generation, over the records of all segments; made when first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._coded: dict[str, tuple[Array, list[str]]] = {}

    def facets(self, numbers: Numbers) -> Facets:
        """Counts over the records ``numbers``."""
        counts = {name: self._counts(name, numbers) for name in COLUMNS if name != "year"}
        return Facets(
            years=self._year_counts(numbers), statuses=counts["status"], publication_types=counts["type"],
            products=counts["product"], designs=counts["design"], kinds=counts["kind"], sources=counts["source"],
            populations=counts["population"],
        )

    def best(self, found: Scores, most: int, sort: Sort = Sort.RELEVANCE) -> list[tuple[int, float]]:
        """The ``most`` first records with their scores; equal ones newest first, then by id: paging is stable."""
        years = self._years[found.numbers].astype(np.float64)
        match sort:
            case Sort.RELEVANCE:
                keys = [-found.values, -years]
            case Sort.NEWEST:
                keys = [-years]
            case Sort.OLDEST:
                keys = [np.where(years == 0, _LATEST, years)]
        places = _least(keys, most)
        places.sort(key=lambda place: (*(key[place] for key in keys), self._record_id(int(found.numbers[place]))))
        return [(int(found.numbers[place]), float(found.values[place])) for place in places[:most]]

    def _record_id(self, number: int) -> str:
        segment, own = self._snapshot.place(number)
        return segment.record_id(own)

    @cached_property
    def _years(self) -> npt.NDArray[np.int16]:
        years = [part.segment.years for part in self._snapshot.everything]
        return np.concatenate(years) if years else np.empty(0, np.int16)

    def _year_counts(self, numbers: Numbers) -> tuple[tuple[int, int], ...]:
        counts = np.bincount(self._years[numbers], minlength=1)
        return tuple((int(year), int(counts[year])) for year in np.flatnonzero(counts)[::-1] if year)

    def _counts(self, name: str, numbers: Numbers) -> tuple[tuple[str, int], ...]:
        """Values of a column with their counts, most frequent first, then by name."""
        codes, values = self._column(name)
        counts = np.bincount(codes[numbers], minlength=1)
        single: Counter[str] = Counter()
        for code in np.flatnonzero(counts).tolist():
            for value in filter(None, values[code].split(VALUE_BREAK)):
                single[value] += int(counts[code])
        return tuple(sorted(single.items(), key=lambda item: (-item[1], item[0])))

    def _column(self, name: str) -> tuple[Array, list[str]]:
        """Code of each record's value, and the values by code, over all segments."""
        if name not in self._coded:
            known: dict[str, int] = {}
            joined = [np.empty(0, np.int64)]
            for part in self._snapshot.everything:
                codes, values = part.segment.column(name)
                joined.append(np.array([known.setdefault(value, len(known)) for value in values])[codes])
            self._coded[name] = (narrowest(np.concatenate(joined)), list(known))
        return self._coded[name]


def _least(keys: list[_Keys], most: int) -> list[int]:
    """Places that may be among the ``most`` least by ``keys``, the first key deciding: all ties are kept."""
    tied = np.arange(len(keys[0]))
    settled: list[int] = []
    for key in keys:
        wanted = most - len(settled)
        if len(tied) <= wanted:
            break
        own = key[tied]
        bar = np.partition(own, wanted - 1)[wanted - 1]
        settled.extend(tied[own < bar].tolist())
        tied = tied[own == bar]
    return [*settled, *tied.tolist()]
