"""Postings of the Whoosh index: which records hold a term, and how much that counts.

The only place that touches Whoosh's matchers. Scores are those of Whoosh's own BM25F searcher.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from whoosh.reading import TermNotFound

from inquiry_service.search.lexing import complain
from inquiry_service.search.whoosh_schema import MEDICAL_ONLY

Scores = dict[int, float]
"""Document number -> score."""

_CHECK_EVERY = 4096


def total(found: Iterable[Scores]) -> Scores:
    """Records in any of ``found``, their scores added up."""
    sums: Scores = {}
    for scores in found:
        for number, score in scores.items():
            sums[number] = sums.get(number, 0.0) + score
    return sums


def highest(found: Iterable[Scores]) -> Scores:
    """Records in any of ``found``, each with its highest score."""
    best: Scores = {}
    for scores in found:
        for number, score in scores.items():
            best[number] = max(best.get(number, score), score)
    return best


def common(found: Sequence[Scores]) -> Scores:
    """Records in all of ``found``, their scores added up; none if ``found`` is empty."""
    if len(found) < 2:
        return dict(found[0]) if found else {}
    smallest = min(found, key=lambda scores: len(scores))
    numbers = set(smallest).intersection(*found)
    return {number: sum(scores[number] for scores in found) for number in numbers}


def without(found: Scores, excluded: Scores) -> Scores:
    """``found`` less the records in ``excluded``."""
    return {number: score for number, score in found.items() if number not in excluded}


class Postings:
    """Reads postings through one searcher, which must not be used by another thread meanwhile.

    Args:
        searcher: a Whoosh searcher.
        seconds: time after which a search is refused.
        may_see_medical_only: whether records for medical staff only take part; if not, they are taken out
            before anything is scored or counted (R24).
    """

    def __init__(self, searcher: Any, seconds: float, *, may_see_medical_only: bool) -> None:
        self._searcher = searcher
        # Without a record Whoosh takes the logarithm of zero for every term.
        self._is_empty = searcher.doc_count_all() == 0
        self._deadline = time.monotonic() + seconds
        self._hidden: frozenset[int] = frozenset()
        if not may_see_medical_only:
            self._hidden = frozenset(self._read("visibility", MEDICAL_ONLY))
        self._cache: dict[tuple[str, str], Scores] = {}

    def term(self, field: str, term: str) -> Scores:
        """Records that hold ``term`` in ``field``, scored; the caller must not change the result."""
        known = self._cache.get((field, term))
        if known is None:
            known = self._cache[field, term] = self._read(field, term)
        return known

    def rarity(self, field: str, term: str) -> float:
        """Inverse document frequency of a term: the higher the rarer."""
        return 0.0 if self._is_empty else float(self._searcher.idf(field, term))

    def frequency(self, field: str, term: str) -> int:
        """Number of records that hold a term, without reading them; hidden ones are counted, too."""
        return int(self._searcher.doc_frequency(field, term))

    def beginning(self, field: str, stub: str, most: int) -> tuple[list[str], bool]:
        """Terms of ``field`` that begin with ``stub``.

        Returns:
            the first ``most`` of them, and whether there are more.
        """
        found = list(islice(self._searcher.reader().expand_prefix(field, stub), most + 1))
        return [term.decode() for term in found[:most]], len(found) > most

    def everything(self) -> Scores:
        """All records, each with score 0."""
        numbers = self._searcher.reader().all_doc_ids()
        return {number: 0.0 for number in numbers if number not in self._hidden}

    def phrase(self, field: str, terms: Sequence[str]) -> Scores:
        """Records in which ``terms`` follow each other in ``field``; the score is the sum over the terms."""
        common = set(self.term(field, terms[0]))
        for term in terms[1:]:
            common &= self.term(field, term).keys()
        found = self._places(field, terms[0], common)
        for step, term in enumerate(terms[1:], start=1):
            places = self._places(field, term, found.keys())
            found = {
                number: kept
                for number, starts in found.items()
                if (kept := {start for start in starts if start + step in places[number]})
            }
        return {number: sum(self.term(field, term)[number] for term in terms) for number in found}

    def _places(self, field: str, term: str, numbers: Collection[int]) -> dict[int, set[int]]:
        """Positions of ``term`` in the records ``numbers``, all of which hold it."""
        wanted = sorted(numbers)
        places: dict[int, set[int]] = {}
        for matcher, offset, end in self._matchers(field, term):
            for number in wanted:
                if offset <= number < end:
                    matcher.skip_to(number - offset)
                    places[number] = set(matcher.value_as("positions"))
        return places

    def _read(self, field: str, term: str) -> Scores:
        hidden = self._hidden
        scores: Scores = {}
        for matcher, offset, _ in self._matchers(field, term):
            while matcher.is_active():
                number = offset + matcher.id()
                if number not in hidden:
                    scores[number] = matcher.score()
                matcher.next()
                if len(scores) % _CHECK_EVERY == 0:
                    self._check_time()
        return scores

    def _matchers(self, field: str, term: str) -> Iterator[tuple[Any, int, int]]:
        """Per segment that knows the term: a scoring matcher, the segment's first document number and end."""
        self._check_time()
        if self._is_empty:
            return
        for leaf, offset in self._searcher.leaf_searchers():
            try:
                matcher = leaf.postings(field, term)
            except TermNotFound:
                continue
            yield matcher, offset, offset + leaf.doc_count_all()

    def _check_time(self) -> None:
        if time.monotonic() > self._deadline:
            complain("The search takes too long", 0, "Use fewer or rarer words, or narrow it with a field.")
