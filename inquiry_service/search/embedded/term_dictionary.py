"""The sorted terms of one field in one segment: exact terms and beginnings found by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from inquiry_service.search.embedded.array_file import ArrayFile

_MOST_KNOWN = 2_000
"""Terms whose place is remembered: one search asks for each of its words several times."""


class TermDictionary(Sequence[bytes]):
    """Terms in UTF-8, ascending; a term's place in the sequence is its number.

    Args:
        arrays: where the terms lie.
        name: under which they were written by ``ArrayFileWriter.add_bytes``.
    """

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        # Plain Python objects over the mapped bytes: a bisection step costs a fraction of one through NumPy.
        self._joined = arrays.whole(name).data
        self._ends = arrays.whole(f"{name}.ends").data
        self._known: dict[str, int | None] = {}

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # only ever asked for one term
        return bytes(self._joined[self._ends[number] : self._ends[number + 1]])

    def find(self, term: str) -> int | None:
        """Number of ``term``, or None."""
        known = self._known
        if term in known:
            return known[term]
        if len(known) >= _MOST_KNOWN:
            # A new one: another thread may be reading this one.
            known = self._known = {}
        known[term] = self._bisected(term)
        return known[term]

    def _bisected(self, term: str) -> int | None:
        wanted = term.encode()
        number = bisect_left(self, wanted)
        return number if number < len(self) and self[number] == wanted else None

    def beginning(self, stub: str) -> Iterator[str]:
        """Terms that begin with ``stub``, ascending."""
        wanted = stub.encode()
        for number in range(bisect_left(self, wanted), len(self)):
            term = self[number]
            if not term.startswith(wanted):
                return
            yield term.decode()
