"""Which records hold a term, and how much that counts.

Scores are those of Whoosh's own BM25F searcher, to the last few bits of a float: the same lengths rounded to
a byte, the same averages and document frequencies over all records, deleted ones included.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice
from math import log

import numpy as np
from whoosh.util.numeric import byte_to_length

from inquiry_service.search.embedded.array_file import Array
from inquiry_service.search.embedded.phrases import holding_phrase
from inquiry_service.search.embedded.segments import Field, Posting
from inquiry_service.search.embedded.snapshot import Part, Snapshot
from inquiry_service.search.language.lexing import complain
from inquiry_service.search.ranking.scores import NOTHING, Scores, Values, common, restricted

K1, B = 1.2, 0.75
"""BM25 saturation and length normalisation; others were measured and did no better."""

_LENGTHS = np.array([byte_to_length(code) for code in range(256)], np.float64)


class Postings:
    """The postings that one search may see, scored.

    Args:
        snapshot: the generation that is searched.
        seconds: time after which a search is refused.
        may_see_medical_only: whether records for medical staff only take part; if not, they are taken out
            before anything is scored or counted (R24).
    """

    def __init__(self, snapshot: Snapshot, seconds: float, *, may_see_medical_only: bool) -> None:
        self._snapshot = snapshot
        self._parts = snapshot.everything if may_see_medical_only else snapshot.public
        self._deadline = time.monotonic() + seconds
        self._cache: dict[tuple[str, str], Scores] = {}

    def term(self, field: str, term: str) -> Scores:
        """Records that hold ``term`` in ``field``, scored; all 0 in a field of labels."""
        known = self._cache.get((field, term))
        if known is None:
            known = self._cache[field, term] = self._read(field, term)
        return known

    def rarity(self, field: str, term: str) -> float:
        """Inverse document frequency of a term: the higher the rarer."""
        documents = len(self._snapshot)
        return log(documents / (self.frequency(field, term) + 1)) + 1 if documents else 0.0

    def frequency(self, field: str, term: str) -> int:
        """Number of records that hold a term, without reading them; hidden ones are counted, too."""
        return sum(found.frequency(number) for _, found, number in self._holding(field, term))

    def held(self, field: str, terms: Sequence[str]) -> list[str]:
        """Those of ``terms`` that any record holds in ``field``; hidden ones are counted, too."""
        return [term for term in terms if self.frequency(field, term)]

    def beginning(self, field: str, stub: str, most: int) -> tuple[list[str], bool]:
        """Terms of ``field`` that begin with ``stub``.

        Returns:
            the first ``most`` of them, and whether there are more.
        """
        ascending = merge(*(found.terms.beginning(stub) for _, found in self._fields(field)))
        terms = list(islice((term for term, _ in groupby(ascending)), most + 1))
        return terms[:most], len(terms) > most

    def everything(self) -> Scores:
        """All records, each with score 0."""
        return _joined(
            (np.arange(part.segment.documents) if part.shown is None else np.flatnonzero(part.shown), part)
            for part in self._parts
        )

    def with_ids(self, record_ids: Collection[str]) -> Scores:
        """The records with these ids, each with score 0; hidden ones are left out."""
        numbers = self._snapshot.numbers(record_ids)
        return restricted(Scores(numbers, np.zeros(len(numbers))), self.everything())

    def phrase(self, field: str, terms: Sequence[str]) -> Scores:
        """Records in which ``terms`` follow each other in ``field``; the score is the sum over the terms."""
        together = common([self.term(field, term) for term in terms])
        if not together or len(terms) == 1:
            return together
        self._check_time()
        found = _joined((holding_phrase(found, terms), part) for part, found in self._fields(field))
        return restricted(together, found)

    def _read(self, field: str, term: str) -> Scores:
        self._check_time()
        rarity = self.rarity(field, term)
        norms = _norms(self._snapshot.average_length(field))
        numbers, values = [], []
        for part, found, number in self._holding(field, term):
            posting = found.posting(number)
            scores = _bm25(posting, rarity, norms)
            own = posting.numbers
            if part.shown is not None:
                kept = part.shown[own]
                own, scores = own[kept], scores[kept]
            numbers.append(own.astype(np.int32) + np.int32(part.offset))
            values.append(scores)
        return Scores(np.concatenate(numbers), np.concatenate(values)) if numbers else NOTHING

    def _fields(self, name: str) -> Iterator[tuple[Part, Field]]:
        for part in self._parts:
            found = part.segment.field(name)
            if found is not None:
                yield part, found

    def _holding(self, field: str, term: str) -> Iterator[tuple[Part, Field, int]]:
        """The segments that know the term, and its number there."""
        for part, found in self._fields(field):
            number = found.terms.find(term)
            if number is not None:
                yield part, found, number

    def _check_time(self) -> None:
        if time.monotonic() > self._deadline:
            complain("The search takes too long", 0, "Use fewer or rarer words, or narrow it with a field.")


def _bm25(posting: Posting, rarity: float, norms: Values) -> Values:
    if posting.counts is None:
        return np.zeros(len(posting.numbers))
    counts = posting.counts.astype(np.float64)
    denominator = norms[posting.lengths]
    denominator += counts
    counts *= rarity * (K1 + 1)
    counts /= denominator
    return counts


@lru_cache(maxsize=32)
def _norms(average_length: float) -> Values:
    """What BM25 adds to a term's frequency, by length byte."""
    return np.asarray(K1 * ((1 - B) + B * _LENGTHS / average_length))


def _joined(found: Iterator[tuple[Array, Part]]) -> Scores:
    """Records of several segments under their numbers among all, with score 0."""
    numbers = [own.astype(np.int32) + np.int32(part.offset) for own, part in found]
    if not numbers:
        return NOTHING
    joined = np.concatenate(numbers)
    return Scores(joined, np.zeros(len(joined)))
