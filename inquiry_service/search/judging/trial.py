"""The search measured on a judged collection: indexed in a folder of its own, asked every question, scored.

Nothing but the ranking is taken from the installation: no database, no network, no setting. The same files always
give the same figures.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from inquiry_service.errors import InvalidInput
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.judging.judged_files import Judgements
from inquiry_service.search.judging.relevance import average_precision, ndcg, recall
from inquiry_service.search.language.lexing import LONGEST_QUERY
from inquiry_service.search.port import IndexDocument, Progress, Query
from inquiry_service.search.ranking.weights import MEASURED, Weights

DEPTH = 1_000
"""Documents of each ranking that are looked at, as trec_eval does."""
PARTS: dict[str, dict[str, float]] = {
    "synonyms": {},
    "several-synonyms": {"synonyms": 0.0},
    "light-words": {"light_words": 1.0},
    "second-look": {"feedback": 0.0},
    "title": {"title": 0.0},
}
"""Parts of the ranking that can be switched off, with the weights that do so; synonyms are switched in the query."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one query, or their means: each from 0 to 1, the higher the better."""

    ndcg10: float
    average_precision: float
    recall100: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What was measured.

    Attributes:
        by_query: query id -> its figures, for every query that was judged.
        documents: number of documents indexed.
    """

    by_query: Mapping[str, Measured]
    documents: int

    @property
    def mean(self) -> Measured:
        """Means over all judged queries."""
        found = list(self.by_query.values())
        return Measured(
            fmean(one.ndcg10 for one in found),
            fmean(one.average_precision for one in found),
            fmean(one.recall100 for one in found),
        )


def weights_without(parts: Iterable[str]) -> Weights:
    """The weights in use with ``parts`` (of ``PARTS``) switched off."""
    off: dict[str, float] = {}
    for part in parts:
        off.update(PARTS[part])
    return replace(MEASURED, **off)


def measure(
    corpus: Iterable[IndexDocument],
    queries: Mapping[str, str],
    judgements: Judgements,
    *,
    without: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> Trial:
    """Index ``corpus`` in a temporary folder, ask every judged query as plain text, and compare with the judgements.

    Queries without a line in the judgements are left out, as the BEIR programs do; those whose lines name no relevant
    document count as 0, as in trec_eval.

    Args:
        without: parts of the ranking to switch off, of ``PARTS``.
        progress: called now and then with the number of documents indexed.

    Raises:
        InvalidInput: a document id is there twice, or no query has a judgement.
    """
    judged = {number: text for number, text in queries.items() if number in judgements}
    if not judged:
        raise InvalidInput("None of the queries has a judgement: do queries and qrels belong together?")
    with TemporaryDirectory(prefix="evenhand-evaluate-") as folder:
        index = WhooshIndex(Path(folder) / "index", secrets.token_bytes(32), weights=weights_without(without))
        try:
            documents = index.rebuild(corpus, progress).documents
            found = {
                number: _measured(_ranking(index, text, "synonyms" not in without), judgements[number])
                for number, text in judged.items()
            }
        finally:
            index.close()
    return Trial(found, documents)


def _ranking(index: WhooshIndex, text: str, synonyms: bool) -> list[str]:
    try:
        asked = Query(text[:LONGEST_QUERY], plain=True, synonyms=synonyms, may_see_medical_only=True)
        return index.ranking(asked, DEPTH) if text.strip() else []
    except InvalidInput:  # nothing but stop words: it finds nothing, as for whoever asks it
        return []


def _measured(ranking: list[str], grades: Mapping[str, int]) -> Measured:
    return Measured(ndcg(ranking, grades), average_precision(ranking, grades, DEPTH), recall(ranking, grades))
