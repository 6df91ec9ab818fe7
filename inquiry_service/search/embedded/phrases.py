"""Phrases: in which records of a segment terms stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inquiry_service.search.embedded.array_file import Array
from inquiry_service.search.embedded.segments import Field

_Places = npt.NDArray[np.int64]

_SPAN = 1 << 32
"""More than any position: a record and a position in it make one number."""
_NONE = np.empty(0, np.int64)


def holding_phrase(field: Field, terms: Sequence[str]) -> Array:
    """Numbers of the records in which ``terms`` follow each other in ``field``, ascending."""
    found = [field.terms.find(term) for term in terms]
    held = [number for number in found if number is not None]
    if len(held) < len(terms):
        return _NONE
    # The rarest terms first: what is left after them is all that is looked up of the others.
    steps = sorted(enumerate(held), key=lambda step: field.frequency(step[1]))
    records = _in_all(field, held)
    starts: _Places | None = None
    for step, term in steps:
        if not len(records):
            return _NONE
        places = _places(field, term, records, len(terms) - step)
        starts = places if starts is None else starts[_are_in(starts, places)]
        records = np.unique(starts // _SPAN)
    return records


def _in_all(field: Field, terms: Sequence[int]) -> _Places:
    """Records that hold all of ``terms``."""
    rarest, *others = sorted(set(terms), key=field.frequency)
    records = field.posting(rarest).numbers
    for term in others:
        records = records[_are_in(records, field.posting(term).numbers)]
    return records.astype(np.int64)


def _places(field: Field, term: int, records: _Places, shift: int) -> _Places:
    """Where ``term`` stands in ``records``, each place moved on by ``shift``, as one number with its record."""
    posting = field.posting(term)
    counts = posting.counts
    if counts is None:
        return _NONE
    wanted = _are_in(posting.numbers, records)
    places = field.places(term)[np.repeat(wanted, counts)]
    owners = np.repeat(posting.numbers[wanted].astype(np.int64), counts[wanted])
    return owners * _SPAN + places + shift


def _are_in(numbers: Array, ascending: Array) -> npt.NDArray[np.bool_]:
    """Which of ``numbers`` occur in ``ascending``."""
    if not len(ascending):
        return np.zeros(len(numbers), bool)
    places = np.minimum(np.searchsorted(ascending, numbers), len(ascending) - 1)
    return np.asarray(ascending[places] == numbers)
