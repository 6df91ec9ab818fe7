"""One segment of the index as arrays: its terms, postings and positions per field, and its records.

Segments never change once written; what was deleted since is known to the generation, not to the segment.
The file is written by ``segment_writing`` while Whoosh writes the same segment in its own way.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from inquiry_service.search.embedded.array_file import Array, ArrayFile
from inquiry_service.search.embedded.term_dictionary import TermDictionary

TEXTS_PER_RECORD = 3
"""Title, abstract and full text, one after the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Posting:
    """The records of one segment that hold one term.

    Attributes:
        numbers: of the records in the segment, ascending.
        counts: how often each holds the term; None in a field of labels.
        lengths: of the field in each record, as Whoosh's length byte; None in a field of labels.
    """

    numbers: Array
    counts: Array | None
    lengths: Array | None


class Field:
    """One indexed field of one segment."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._arrays = arrays
        self._names = [f"{name}.{part}" for part in ("numbers", "counts", "lengths", "places")]
        self.terms = TermDictionary(arrays, f"{name}.terms")
        self._starts = arrays.whole(f"{name}.starts").data
        self._first_places = arrays.whole(f"{name}.first_places").data if f"{name}.places" in arrays else None

    def frequency(self, term: int) -> int:
        """Records that hold the term with this number, deleted ones included."""
        return int(self._starts[term + 1] - self._starts[term])

    def posting(self, term: int) -> Posting:
        """The records that hold the term with this number."""
        start, stop = self._starts[term], self._starts[term + 1]
        numbers = self._arrays.part(self._names[0], start, stop)
        if self._first_places is None:
            return Posting(numbers, None, None)
        counts, lengths = (self._arrays.part(name, start, stop) for name in self._names[1:3])
        return Posting(numbers, counts, lengths)

    def places(self, term: int) -> Array:
        """Positions of the term in all its records, one record after the other, ascending within each."""
        if self._first_places is None:
            return np.empty(0, np.uint32)
        return self._arrays.part(self._names[3], self._first_places[term], self._first_places[term + 1])

    def places_in(self, term: int, numbers: Sequence[int]) -> dict[int, list[int]]:
        """Positions of the term in each of the records ``numbers`` that hold it."""
        posting = self.posting(term)
        if posting.counts is None:
            return {}
        at = np.minimum(np.searchsorted(posting.numbers, numbers), len(posting.numbers) - 1)
        found = [(number, place) for number, place, held in
                 zip(numbers, at.tolist(), (posting.numbers[at] == numbers).tolist(), strict=True) if held]
        if not found:
            return {}
        ends = np.cumsum(posting.counts[: max(place for _, place in found) + 1], dtype=np.int64)
        places = self.places(term)
        return {
            number: places[ends[place] - posting.counts[place] : ends[place]].tolist() for number, place in found
        }


class Segment:
    """One segment.

    Args:
        arrays: its file.
    """

    def __init__(self, arrays: ArrayFile) -> None:
        self._arrays = arrays
        self._fields: dict[str, Field | None] = {}
        self.documents = int(arrays.facts["documents"])
        self.field_lengths: dict[str, int] = arrays.facts["field_lengths"]
        self.text_ends = arrays.whole("texts.ends").data
        self.ids_sorted = arrays.whole("ids")
        self.numbers_by_id = arrays.whole("ids.numbers")
        self.id_ranks = arrays.whole("ids.ranks")
        self.years = arrays.whole("years")

    def field(self, name: str) -> Field | None:
        """An indexed field; None if no record of this segment has it."""
        if name not in self._fields:
            self._fields[name] = Field(self._arrays, name) if f"{name}.starts" in self._arrays else None
        return self._fields[name]

    def column(self, name: str) -> tuple[Array, list[str]]:
        """Code of each record's value, and the values by code."""
        return self._arrays.whole(f"{name}.codes"), self._arrays.strings(f"{name}.values")

    def record_id(self, number: int) -> str:
        """Id of the record with this number."""
        return str(self.ids_sorted[self.id_ranks[number]].decode())

    def version(self, number: int) -> int:
        """Version of the record that is indexed."""
        return int(self._arrays.part("versions", number, number + 1)[0])

    def versions(self) -> list[int]:
        """Versions of all records."""
        return [int(version) for version in self._arrays.whole("versions")]

    def title(self, number: int) -> str:
        """Title of the record."""
        return self._text(TEXTS_PER_RECORD * number).decode()

    def abstract(self, number: int) -> str:
        """Abstract of the record."""
        return self._text(TEXTS_PER_RECORD * number + 1).decode()

    def full_text(self, number: int) -> str:
        """Full text of the record, its pages with a break between; empty without one."""
        packed = self._text(TEXTS_PER_RECORD * number + 2)
        return zlib.decompress(packed).decode() if packed else ""

    def spots(self, field: str, number: int, positions: Sequence[int]) -> tuple[list[int], list[int]]:
        """Where the words at ``positions`` of a text begin, and how many characters they have."""
        start, stop = self._arrays.part(f"{field}.spots.ends", number, number + 2).tolist()
        starts = self._arrays.part(f"{field}.spots.starts", start, stop)
        widths = self._arrays.part(f"{field}.spots.widths", start, stop)
        return starts[positions].tolist(), widths[positions].tolist()

    def find(self, record_ids: Collection[bytes]) -> Array:
        """Numbers of the records with these ids, as far as they are here, in any order."""
        dtype = self.ids_sorted.dtype
        fitting = [record_id for record_id in record_ids if len(record_id) <= dtype.itemsize]
        if not fitting or not self.documents:
            return np.empty(0, np.int32)
        wanted = np.array(fitting, dtype)
        places = np.minimum(np.searchsorted(self.ids_sorted, wanted), self.documents - 1)
        return np.asarray(self.numbers_by_id[places[self.ids_sorted[places] == wanted]])

    def _text(self, place: int) -> bytes:
        return self._arrays.part("texts", self.text_ends[place], self.text_ends[place + 1]).tobytes()
