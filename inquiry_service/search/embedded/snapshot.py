"""One generation of the index, open for reading: its segments, and which of their records count.

Nothing in it changes once made, so any number of threads may search it at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from inquiry_service.search.embedded.array_file import Array
from inquiry_service.search.embedded.schema import MEDICAL_ONLY
from inquiry_service.search.embedded.segments import Segment
from inquiry_service.search.port import Generation
from inquiry_service.search.ranking.scores import Numbers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One segment in its place.

    Attributes:
        offset: number of its first record among those of all segments.
        shown: which of its records may be found; None for all of them.
    """

    segment: Segment
    offset: int
    shown: Mask | None


class Snapshot:
    """A generation.

    Args:
        generation: what it is called.
        segments: in Whoosh's order.
        deleted: for each segment, the numbers of the records that were deleted since it was written.
    """

    def __init__(self, generation: Generation, segments: Collection[Segment], deleted: Collection[Array]) -> None:
        self.generation = generation
        self._segments = tuple(segments)
        self._offsets = [0, *accumulate(segment.documents for segment in segments)]
        self._deleted = tuple(deleted)

    def __len__(self) -> int:
        """Records in all segments, deleted ones included: what Whoosh computes its statistics over."""
        return self._offsets[-1]

    @cached_property
    def everything(self) -> tuple[Part, ...]:
        """The segments, without deleted records."""
        return self._parts(self._deleted)

    @cached_property
    def public(self) -> tuple[Part, ...]:
        """The segments, without deleted records and those for medical staff only (R24)."""
        hidden = [
            np.concatenate([deleted, _medical_only(segment)])
            for segment, deleted in zip(self._segments, self._deleted, strict=True)
        ]
        return self._parts(hidden)

    def average_length(self, field: str) -> float:
        """Average number of terms in ``field``."""
        total = sum(segment.field_lengths.get(field, 0) for segment in self._segments)
        return total / (len(self) or 1) or 1.0

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment that holds a record, and the record's number in it."""
        at = bisect_right(self._offsets, number) - 1
        return self._segments[at], number - self._offsets[at]

    def numbers(self, record_ids: Collection[str]) -> Numbers:
        """Numbers of the records with these ids that are not deleted, ascending."""
        wanted = [record_id.encode() for record_id in record_ids]
        found = []
        for part in self.everything:
            numbers = part.segment.find(wanted)
            kept = numbers if part.shown is None else numbers[part.shown[numbers]]
            found.append(kept.astype(np.int32) + np.int32(part.offset))
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int32)

    def versions(self) -> Iterator[tuple[str, int]]:
        """Id and version of each record that is not deleted."""
        for part in self.everything:
            versions = part.segment.versions()
            for number in range(part.segment.documents):
                if part.shown is None or part.shown[number]:
                    yield part.segment.record_id(number), versions[number]

    def _parts(self, hidden: Collection[Array]) -> tuple[Part, ...]:
        return tuple(
            Part(segment, offset, _shown(segment.documents, numbers))
            for segment, offset, numbers in zip(self._segments, self._offsets, hidden, strict=False)
        )


def _shown(documents: int, hidden: Array) -> Mask | None:
    if not len(hidden):
        return None
    shown = np.ones(documents, bool)
    shown[hidden] = False
    return shown


def _medical_only(segment: Segment) -> Array:
    field = segment.field("visibility")
    term = field.terms.find(MEDICAL_ONLY) if field else None
    if field is None or term is None:
        return np.empty(0, np.int64)
    return field.posting(term).numbers.astype(np.int64)
