"""Scored sets of records, and the few operations that searches are made of.

A set is opaque to the rest of the search: it is taken from ``postings``, combined with the functions here, and
ranked by ``columns``. Inside it is a pair of arrays, so that every operation is a handful of vector operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]
Values = npt.NDArray[np.float64]

_SPARSE = 64
"""One posting in this many records: below that sorting the postings beats a pass over all records."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Records found, with their scores; never changed once made.

    Attributes:
        numbers: document numbers, ascending, each once.
        values: the score of each.
    """

    numbers: Numbers
    values: Values

    def __len__(self) -> int:
        return len(self.numbers)


NOTHING = Scores(np.empty(0, np.int32), np.empty(0, np.float64))


def total(found: Iterable[Scores]) -> Scores:
    """Records in any of ``found``, their scores added up."""
    filled = [scores for scores in found if scores]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING
    numbers = np.concatenate([scores.numbers for scores in filled])
    values = np.concatenate([scores.values for scores in filled])
    if len(numbers) * _SPARSE < _end(filled):
        once, places = np.unique(numbers, return_inverse=True)
        return Scores(once, _sums(places, values))
    return _picked(_sums(numbers, values), numbers)


def highest(found: Iterable[Scores]) -> Scores:
    """Records in any of ``found``, each with its highest score."""
    filled = [scores for scores in found if scores]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING
    best = np.full(_end(filled), -np.inf)
    for scores in filled:
        best[scores.numbers] = np.maximum(best[scores.numbers], scores.values)
    return _picked(best, np.concatenate([scores.numbers for scores in filled]))


def common(found: Sequence[Scores]) -> Scores:
    """Records in all of ``found``, their scores added up; none if ``found`` is empty."""
    if not found:
        return NOTHING
    first, *others = sorted(found, key=len)
    for other in others:
        places, held = _places(other, first.numbers)
        first = Scores(first.numbers[held], first.values[held] + other.values[places[held]])
    return first


def without(found: Scores, excluded: Scores) -> Scores:
    """``found`` less the records in ``excluded``."""
    if not excluded:
        return found
    _, held = _places(excluded, found.numbers)
    return Scores(found.numbers[~held], found.values[~held])


def restricted(found: Scores, allowed: Scores) -> Scores:
    """Those of ``found`` that are in ``allowed``, too; their scores stay as they are."""
    _, held = _places(allowed, found.numbers)
    return Scores(found.numbers[held], found.values[held])


def boosted(found: Scores, by: Scores, weight: float) -> Scores:
    """``found`` with ``weight`` times the score in ``by`` added to those records that ``by`` holds, too."""
    if not by:
        return found
    places, held = _places(found, by.numbers)
    values = found.values.copy()
    values[places[held]] += weight * by.values[held]
    return Scores(found.numbers, values)


def scaled(found: Scores, factor: float) -> Scores:
    """``found`` with every score multiplied."""
    return Scores(found.numbers, found.values * factor)


def zeroed(found: Scores) -> Scores:
    """``found`` with every score 0: for what narrows without ranking."""
    return Scores(found.numbers, np.zeros(len(found)))


def _sums(places: npt.NDArray[Any], values: Values) -> Values:
    """The sum of the values at each place."""
    return np.bincount(places, weights=values).astype(np.float64, copy=False)


def _end(found: Sequence[Scores]) -> int:
    return 1 + max(int(scores.numbers[-1]) for scores in found)


def _picked(dense: Values, numbers: Numbers) -> Scores:
    """The ``numbers``, in any order and repeated, with their values in ``dense``."""
    held = np.zeros(len(dense), bool)
    held[numbers] = True
    once = np.flatnonzero(held).astype(np.int32)
    return Scores(once, dense[once])


def _places(found: Scores, numbers: Numbers) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where ``numbers`` stand in ``found``, and whether they do."""
    places = np.searchsorted(found.numbers, numbers)
    if not found:
        return places, np.zeros(len(numbers), bool)
    held = found.numbers[np.minimum(places, len(found) - 1)] == numbers
    return places, held
