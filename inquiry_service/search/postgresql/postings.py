"""Which records hold a term, and how much that counts, asked of PostgreSQL's full text index.

PostgreSQL finds the records and tells how often a term stands in each; the score is the same BM25 as in the
embedded index, so that both adapters rank alike. ``ts_rank`` itself would not do: it knows nothing of rare words.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from sqlalchemy import REAL, ColumnElement, Connection, Select, and_, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from whoosh.util.numeric import byte_to_length, length_to_byte

from inquiry_service.search.embedded.postings import K1, B
from inquiry_service.search.embedded.schema import COLUMNS
from inquiry_service.search.language.lexing import complain
from inquiry_service.search.postgresql.rows import label, quoted, storable
from inquiry_service.search.postgresql.tables import DOCUMENT, TERM, TEXT_FIELDS, is_any
from inquiry_service.search.ranking.scores import NOTHING, Scores, Values, common, restricted

_MOST_COUNTED = 256
# ts_rank of one term with all weights 1 is the sum of 1, 1/4, 1/9 ... over its occurrences, divided by the limit
# of that series. That sum is different for each count, so the count can be read back from it.
_SERIES_LIMIT = 1.64493406685
_RANKS = np.cumsum(1.0 / np.arange(1, _MOST_COUNTED + 1) ** 2) / _SERIES_LIMIT
_STEPS = (_RANKS[1:] + _RANKS[:-1]) / 2
_EQUAL_WEIGHTS = cast([1.0, 1.0, 1.0, 1.0], ARRAY(REAL))


@dataclass(frozen=True, slots=True)
class Statistics:
    """What one generation's scores rest on.

    Attributes:
        documents: records in it; averages: average length by text field.
        labels: the labels of few values (years, statuses, ...) that occur, as they are stored.
    """

    documents: int
    averages: Mapping[str, float]
    labels: frozenset[str]


class PostgresqlPostings:
    """The postings that one search may see, scored; see :class:`~inquiry_service.search.embedded.postings.Postings`.

    Args:
        connection: inside one REPEATABLE READ transaction, so that the whole search sees one generation.
        seconds: time after which a search is refused.
    """

    def __init__(
        self, connection: Connection, statistics: Statistics, seconds: float, *, may_see_medical_only: bool
    ) -> None:
        self._connection = connection
        self._statistics = statistics
        self._deadline = time.monotonic() + seconds
        self._visible = true() if may_see_medical_only else DOCUMENT.c.medical_only.is_(False)
        self._scores: dict[tuple[str, str], Scores] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def term(self, field: str, term: str) -> Scores:
        """Records that hold ``term`` in ``field``, scored; all 0 in a field of labels."""
        known = self._scores.get((field, term))
        if known is None:
            read = self._read_term if field in TEXT_FIELDS else self._read_label
            known = self._scores[field, term] = read(field, storable(term))
        return known

    def rarity(self, field: str, term: str) -> float:
        """Inverse document frequency of a term: the higher the rarer."""
        documents = self._statistics.documents
        return log(documents / (self.frequency(field, term) + 1)) + 1 if documents else 0.0

    def frequency(self, field: str, term: str) -> int:
        """Number of records that hold a term; hidden ones are counted, too."""
        if (field, term) not in self._counts:
            rows = self._rows(select(TERM.c.documents).where(TERM.c.field == field, TERM.c.term == storable(term)))
            self._counts[field, term] = rows[0][0] if rows else 0
        return self._counts[field, term]

    def held(self, field: str, terms: Sequence[str]) -> list[str]:
        """Those of ``terms`` that any record holds in ``field``, asked in one statement; hidden ones, too."""
        unknown = [term for term in terms if (field, term) not in self._counts]
        if unknown:
            rows = self._rows(select(TERM.c.term, TERM.c.documents).where(
                TERM.c.field == field, is_any(TERM.c.term, map(storable, unknown))))
            counts = {row.term: row.documents for row in rows}
            self._counts |= {(field, term): counts.get(storable(term), 0) for term in unknown}
        return [term for term in terms if self._counts[field, term]]

    def beginning(self, field: str, stub: str, most: int) -> tuple[list[str], bool]:
        """Terms of ``field`` that begin with ``stub``: the first ``most``, and whether there are more."""
        stub = storable(stub)
        rows = self._rows(
            select(TERM.c.term).where(TERM.c.field == field, TERM.c.term >= stub, TERM.c.documents > 0,
                                      func.starts_with(TERM.c.term, stub)).order_by(TERM.c.term).limit(most + 1))
        terms = [row[0] for row in rows]
        return terms[:most], len(terms) > most

    def everything(self) -> Scores:
        """All records, each with score 0."""
        return self._numbers(true())

    def with_ids(self, record_ids: Collection[str]) -> Scores:
        """The records with these ids, each with score 0; hidden ones are left out."""
        return self._numbers(is_any(DOCUMENT.c.record_id, map(storable, record_ids)))

    def phrase(self, field: str, terms: Sequence[str]) -> Scores:
        """Records in which ``terms`` follow each other in ``field``; the score is the sum over the terms."""
        together = common([self.term(field, term) for term in terms])
        if not together or len(terms) == 1:
            return together
        query = " <-> ".join(quoted(storable(term)) for term in terms)
        return restricted(together, self._numbers(_matches(field, query)))

    def _read_term(self, field: str, term: str) -> Scores:
        if not self.frequency(field, term):
            return NOTHING
        words, query = DOCUMENT.c[f"{field}_terms"], cast(quoted(term), TSQUERY)
        rank = func.ts_rank(_EQUAL_WEIGHTS, words, query)
        found = self._rows(
            select(DOCUMENT.c.number, rank, DOCUMENT.c[f"{field}_length"])
            .where(_matches(field, quoted(term)), self._visible).order_by(DOCUMENT.c.number))
        if not found:
            return NOTHING
        numbers, ranks, lengths = (np.array(column) for column in zip(*found, strict=True))
        counts = np.searchsorted(_STEPS, ranks.astype(np.float64)) + 1.0
        norms = K1 * ((1 - B) + B * _rounded(lengths) / self._statistics.averages[field])
        return Scores(numbers.astype(np.int32), self.rarity(field, term) * (K1 + 1) * counts / (counts + norms))

    def _read_label(self, field: str, value: str) -> Scores:
        wanted = label(field, value)
        if field in COLUMNS and wanted not in self._statistics.labels:
            return NOTHING
        return self._numbers(DOCUMENT.c.labels.contains([wanted]))

    def _numbers(self, condition: ColumnElement[bool]) -> Scores:
        found = self._rows(
            select(DOCUMENT.c.number).where(and_(condition, self._visible)).order_by(DOCUMENT.c.number))
        return Scores(np.array([row[0] for row in found], np.int32), np.zeros(len(found)))

    def _rows(self, statement: Select[Any]) -> Sequence[Any]:
        if time.monotonic() > self._deadline:
            complain("The search takes too long", 0, "Use fewer or rarer words, or narrow it with a field.")
        return self._connection.execute(statement).all()


def _rounded(lengths: Values) -> Values:
    """Lengths as Whoosh keeps them, in one byte: so both indexes rank in the same order."""
    distinct, places = np.unique(lengths, return_inverse=True)
    return np.array([byte_to_length(length_to_byte(int(length))) for length in distinct], np.float64)[places]


def _matches(field: str, query: str) -> ColumnElement[bool]:
    return DOCUMENT.c[f"{field}_terms"].bool_op("@@")(cast(query, TSQUERY))
