"""How good a ranking is, by judgements of which documents are relevant: nDCG, average precision, recall.

Computed as trec_eval does (NIST; so do the BEIR collections, N. Thakur et al., NeurIPS 2021): the gain of a document is
its grade, discounted by the logarithm of its rank; a grade of 0 or less is not relevant; documents without a judgement
are not relevant; a query without any relevant document counts as 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

Grades = Mapping[str, int]
"""Document id -> grade."""


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first ``depth`` documents (Järvelin and Kekäläinen, 2002)."""
    ideal = _gain(sorted(grades.values(), reverse=True), depth)
    return _gain([grades.get(document, 0) for document in ranking], depth) / ideal if ideal else 0.0


def average_precision(ranking: Sequence[str], grades: Grades, depth: int = 1_000) -> float:
    """Precision at the rank of each relevant document found among the first ``depth``, averaged over all relevant."""
    found, precisions = 0, 0.0
    for rank, document in enumerate(ranking[:depth], start=1):
        if grades.get(document, 0) > 0:
            found += 1
            precisions += found / rank
    relevant = _relevant(grades)
    return precisions / relevant if relevant else 0.0


def recall(ranking: Sequence[str], grades: Grades, depth: int = 100) -> float:
    """Part of the relevant documents that is among the first ``depth``."""
    found = sum(grades.get(document, 0) > 0 for document in ranking[:depth])
    relevant = _relevant(grades)
    return found / relevant if relevant else 0.0


def _gain(grades: Sequence[int], depth: int) -> float:
    return sum(max(grade, 0) / log2(rank + 1) for rank, grade in enumerate(grades[:depth], start=1))


def _relevant(grades: Grades) -> int:
    return sum(grade > 0 for grade in grades.values())
