"""Postings on their way into a segment, kept by field and term.

Whoosh collects one tuple per posting, sorts them all and spills them to disk; most of its time goes there.
Documents come in ascending order anyway, so appending to arrays per term leaves only the terms to be sorted.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from inquiry_service.search.embedded.fields import PLACE, Places

Item = tuple[str, bytes, int, float, bytes]
"""Whoosh's posting: field, term, document, weight, encoded positions."""


class TermPostings:
    """The documents of one term, ascending; how often each holds it; all positions, one after the other."""

    __slots__ = ("counts", "numbers", "places")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.counts = array("I")
        self.places = array(PLACE)


class TermPool:
    """Stands in for Whoosh's ``PostingPool``."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[str, TermPostings]] = {}

    def add_places(self, field: str, number: int, places: Places) -> None:
        """Add the terms of one field of one document."""
        terms = self._fields.setdefault(field, {})
        for term, at in places.items():
            postings = terms.get(term)
            if postings is None:
                postings = terms[term] = TermPostings()
            postings.numbers.append(number)
            postings.counts.append(len(at))
            postings.places.extend(at)

    def add(self, item: Item) -> None:
        """Add one posting of a segment that is merged."""
        field, term, number, _, value = item
        self.add_places(field, number, {term.decode(): array(PLACE, value or b"").tolist()})

    def iter_postings(self) -> TermPool:
        """Whoosh passes the answer on to ``FieldWriter.add_postings``, which here is our own."""
        return self

    def fields(self) -> Iterator[str]:
        """Names of the fields, sorted."""
        yield from sorted(self._fields)

    def take(self, field: str) -> Iterator[tuple[bytes, TermPostings]]:
        """The terms of a field, sorted as bytes, with their postings, which are forgotten here."""
        terms = self._fields.pop(field)
        for encoded, term in sorted((term.encode(), term) for term in terms):
            yield encoded, terms.pop(term)

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()
