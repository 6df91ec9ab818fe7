"""From records found to hits: their texts, with the words that matched marked, and the passage that tells most.

Where each word of title and abstract stands was written down when they were indexed, so that nothing is read
again; of a full text, only the page that is shown is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from inquiry_service.search.embedded.fields import PAGE_START
from inquiry_service.search.embedded.schema import MARKED
from inquiry_service.search.embedded.segments import Field, Segment
from inquiry_service.search.embedded.snapshot import Snapshot
from inquiry_service.search.ranking.snippets import Highlighted, Match, Wanted
from inquiry_service.search.result import Hit
from inquiry_service.search.words.analysis import BREAK

_Places = dict[int, list[tuple[int, str]]]
"""Number of a record -> positions in one of its fields, each with the wanted term that stands there."""


def hits(snapshot: Snapshot, ranked: Sequence[tuple[int, float]], wanted: Wanted) -> tuple[Hit, ...]:
    """The records of one page of results.

    Args:
        ranked: record numbers with their scores, best first.
        wanted: what to mark.
    """
    placed = [(*snapshot.place(number), score) for number, score in ranked]
    by_segment: dict[Segment, list[int]] = defaultdict(list)
    for segment, number, _ in placed:
        by_segment[segment].append(number)
    found = {segment: _Passages(segment, numbers, wanted) for segment, numbers in by_segment.items()}
    return tuple(found[segment].hit(number, score) for segment, number, score in placed)


class _Passages:
    """The passages of some records of one segment."""

    def __init__(self, segment: Segment, numbers: Sequence[int], wanted: Wanted) -> None:
        self._segment = segment
        self._wanted = wanted
        self._places = {name: _places(segment.field(name), sorted(numbers), wanted) for name in (*MARKED, "fulltext")}

    def hit(self, number: int, score: float) -> Hit:
        segment = self._segment
        title = self._marked("title", segment.title(number), number)
        abstract = self._marked("abstract", segment.abstract(number), number)
        best, page = self._best(abstract, number)
        return Hit(
            record_id=segment.record_id(number),
            version=segment.version(number),
            score=score,
            title_html=title.whole(),
            snippet_html=best.passage(),
            matched_terms=self._wanted.words(title.terms | abstract.terms | best.terms),
            page=page,
        )

    def _marked(self, field: str, text: str, number: int) -> Highlighted:
        places = sorted(self._places[field].get(number, ()))
        if not places:
            return Highlighted(text, self._wanted, ())
        starts, widths = self._segment.spots(field, number, [position for position, _ in places])
        by_start: dict[int, Match] = {}
        for (_, term), start, width in zip(places, starts, widths, strict=True):
            known = by_start.get(start)
            # A name is spelled with the letters of all its parts, so the longest term is the name as a whole.
            if known is None or len(known.term) < len(term):
                by_start[start] = Match(start, start + width, term)
        return Highlighted(text, self._wanted, list(by_start.values()))

    def _best(self, abstract: Highlighted, number: int) -> tuple[Highlighted, int | None]:
        """The abstract, or the page of the full text that says more; and that page's number, from 1 on."""
        places = self._places["fulltext"].get(number)
        if not places:
            return abstract, None
        page = _page_of(places, self._page_starts(number), self._wanted)
        text = Highlighted(self._segment.full_text(number).split(BREAK)[page], self._wanted)
        return (text, page + 1) if text.worth() > abstract.worth() else (abstract, None)

    def _page_starts(self, number: int) -> list[int]:
        field = self._segment.field("fulltext")
        term = field.terms.find(PAGE_START) if field else None
        return field.places_in(term, [number])[number] if field and term is not None else [0]


def _places(field: Field | None, numbers: Sequence[int], wanted: Wanted) -> _Places:
    found: _Places = defaultdict(list)
    for term in wanted.surfaces if field else ():
        known = field.terms.find(term) if field else None
        if field is None or known is None:
            continue
        for number, positions in field.places_in(known, numbers).items():
            found[number].extend((position, term) for position in positions)
    return found


def _page_of(places: Iterable[tuple[int, str]], page_starts: Sequence[int], wanted: Wanted) -> int:
    """The page, from 0 on, on which the wanted words are worth most; of equal ones the first."""
    by_page: dict[int, set[str]] = defaultdict(set)
    for position, term in places:
        by_page[int(np.searchsorted(page_starts, position, "right")) - 1].add(term)
    worth = {page: sum(wanted.weights.get(term, 1.0) for term in terms) for page, terms in by_page.items()}
    return min(worth, key=lambda page: (-worth[page], page))
