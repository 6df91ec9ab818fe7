"""Reading one generation of the PostgreSQL index: what its scores rest on, counts, the order and texts of the hits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select

from inquiry_service.search.embedded.generations import MADE_BY
from inquiry_service.search.embedded.schema import COLUMNS
from inquiry_service.search.port import Facets, Generation, Hit, IndexUntrusted, Sort
from inquiry_service.search.postgresql.postings import Statistics
from inquiry_service.search.postgresql.rows import LABEL_BREAK
from inquiry_service.search.postgresql.tables import DOCUMENT, STATE, TEXT_FIELDS, TOLD, exist, is_any
from inquiry_service.search.ranking.answering import Words
from inquiry_service.search.ranking.scores import Scores
from inquiry_service.search.ranking.snippets import Highlighted, Wanted
from inquiry_service.search.ranking.spelling import Speller
from inquiry_service.search.result import REBUILD
from inquiry_service.search.words.analysis import BREAK
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.thesaurus import Thesaurus

_LATEST = 10_000


def current(connection: Connection) -> Generation | None:
    """Return the generation that answers; None if nothing was ever indexed.

    Raises:
        IndexUntrusted: it was made by another version.
    """
    found = connection.execute(select(STATE)).one_or_none() if exist(connection) else None
    if found is None:
        return None
    if found.made_by != MADE_BY:
        raise IndexUntrusted(f"The literature index was made by another version. {REBUILD}")
    return Generation(found.generation, found.documents, found.digest)


def read_statistics(connection: Connection, generation: Generation) -> Statistics:
    """Return what the scores of ``generation`` rest on."""
    lengths = [func.avg(DOCUMENT.c[f"{field}_length"]) for field in TEXT_FIELDS]
    averages = connection.execute(select(*lengths)).one()
    each = select(func.unnest(DOCUMENT.c.labels).label("label")).subquery()
    few = connection.scalars(select(each.c.label).where(
        func.split_part(each.c.label, LABEL_BREAK, 1).in_(COLUMNS)).distinct())
    return Statistics(
        documents=generation.documents, labels=frozenset(few),
        averages={field: float(average or 0) or 1.0 for field, average in zip(TEXT_FIELDS, averages, strict=True)})


def read_facts(connection: Connection) -> Facts:
    """Return what all records tell about words."""
    facts = Facts()
    for told in connection.scalars(select(TOLD.c.facts).order_by(TOLD.c.generation)):
        for name in Facts.SECTIONS:
            facts.read(name, told[name])
    return facts


def read_words(connection: Connection) -> Words:
    """Return thesaurus and speller of the generation that is read."""
    facts = read_facts(connection)
    return Words(Thesaurus(facts), Speller(lambda: facts))


class PostgresqlColumns:
    """What is known of each record besides its words."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def facets(self, numbers: Collection[int]) -> Facets:
        """Counts over the records ``numbers``."""
        chosen = is_any(DOCUMENT.c.number, numbers)
        each = select(func.unnest(DOCUMENT.c.shown).label("shown")).where(chosen).subquery()
        counted = self._connection.execute(select(each.c.shown, func.count()).group_by(each.c.shown)).all()
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for shown, count in counted:
            name, _, value = shown.partition(LABEL_BREAK)
            counts[name][value] = count
        years = sorted(((int(year), count) for year, count in counts["year"].items()), reverse=True)
        return Facets(
            years=tuple(years), statuses=_sorted(counts["status"]), publication_types=_sorted(counts["type"]),
            products=_sorted(counts["product"]), designs=_sorted(counts["design"]), kinds=_sorted(counts["kind"]),
            sources=_sorted(counts["source"]), populations=_sorted(counts["population"]),
        )

    def best(self, found: Scores, most: int, sort: Sort = Sort.RELEVANCE) -> list[tuple[int, float]]:
        """The ``most`` first records with their scores; equal ones newest first, then by id: paging is stable."""
        scores = dict(zip(found.numbers.tolist(), found.values.tolist(), strict=True))
        if sort is Sort.RELEVANCE and len(scores) > most:
            least = np.partition(found.values, len(scores) - most)[len(scores) - most]
            scores = {number: score for number, score in scores.items() if score >= least}
        rows = self._connection.execute(
            select(DOCUMENT.c.number, DOCUMENT.c.year, DOCUMENT.c.record_id)
            .where(is_any(DOCUMENT.c.number, scores))).all()
        keys = {
            Sort.RELEVANCE: lambda row: (-scores[row.number], -row.year, row.record_id),
            Sort.NEWEST: lambda row: (-row.year, row.record_id),
            Sort.OLDEST: lambda row: (row.year or _LATEST, row.record_id),
        }
        return [(row.number, scores[row.number]) for row in sorted(rows, key=keys[sort])[:most]]

    def text(self, number: int) -> str:
        """Title and abstract of a record."""
        row = self._connection.execute(
            select(DOCUMENT.c.title, DOCUMENT.c.abstract).where(DOCUMENT.c.number == number)).one()
        return f"{row.title}{BREAK}{row.abstract}"

    def hits(self, ranked: Sequence[tuple[int, float]], wanted: Wanted) -> tuple[Hit, ...]:
        """The records of one page of results, with the wanted words marked."""
        rows = {row.number: row for row in self._connection.execute(
            select(DOCUMENT.c.number, DOCUMENT.c.record_id, DOCUMENT.c.version, DOCUMENT.c.title, DOCUMENT.c.abstract,
                   DOCUMENT.c.pages).where(DOCUMENT.c.number.in_([number for number, _ in ranked])))}
        return tuple(_hit(rows[number], score, wanted) for number, score in ranked)

    def versions(self) -> dict[str, int]:
        """Id and version of each record."""
        rows = self._connection.execute(select(DOCUMENT.c.record_id, DOCUMENT.c.version)).all()
        return {row.record_id: row.version for row in rows}


def _hit(row: Any, score: float, wanted: Wanted) -> Hit:
    title, best, page = Highlighted(row.title, wanted), Highlighted(row.abstract, wanted), None
    abstract = best
    for number, text in enumerate(row.pages, start=1):
        other = Highlighted(text, wanted)
        if other.worth() > best.worth():
            best, page = other, number
    return Hit(
        record_id=row.record_id, version=row.version, score=score, title_html=title.whole(),
        snippet_html=best.passage(), matched_terms=wanted.words(title.terms | abstract.terms | best.terms), page=page)


def _sorted(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
