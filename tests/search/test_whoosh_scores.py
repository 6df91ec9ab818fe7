"""Scores from arrays are those of Whoosh's own searcher over the same files, and one search never disturbs another."""

from __future__ import annotations

import math
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.scoring import BM25F

from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.embedded.postings import K1, B, Postings
from inquiry_service.search.embedded.reading import Opened
from inquiry_service.search.port import Sort
from inquiry_service.search.ranking.lookup import Lookup
from inquiry_service.search.ranking.scores import Scores, common, highest, restricted, total, without
from tests.search.corpus import made_up, sample
from tests.search.random_queries import RandomQuery, random_query

KEY = b"a key of the tests, 32 bytes long"
QUERIES = 300


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Several segments with deleted records."""
    index = WhooshIndex(tmp_path_factory.mktemp("scores") / "index", KEY)
    index.rebuild(sample())
    index.apply([made_up("extra", "Triptans and nausea", "Nausea was seen. " * 40)], [sample()[0].record_id])
    index.apply([made_up("more", "Sumatriptan, sumatriptan and sumatriptan")], [sample()[7].record_id])
    current = index._reading.current()
    assert current is not None
    return current


@pytest.fixture(scope="module")
def searcher(opened: Opened) -> object:
    return FileStorage(str(opened.manifest.folder)).open_index().searcher(weighting=BM25F(B=B, K1=K1))


@pytest.fixture(scope="module")
def queries() -> list[RandomQuery]:
    words = sorted({word for document in sample() for word in document.abstract.lower().split() if word.isalpha()})
    drawn = random.Random(20_261_122)
    return [random_query(drawn, words) for _ in range(QUERIES)]


def ours(opened: Opened, query: RandomQuery) -> dict[int, float]:
    postings = Postings(opened.snapshot, 5.0, may_see_medical_only=True)
    return dict(opened.columns.best(query.ours(postings), 20))


def test_the_best_twenty_and_their_scores_are_whooshs(
    opened: Opened, searcher: object, queries: list[RandomQuery]
) -> None:
    found = 0
    for query in queries:
        scores = query.ours(Postings(opened.snapshot, 5.0, may_see_medical_only=True))
        expected = query.whooshs(searcher)
        got = dict(zip(scores.numbers.tolist(), scores.values.tolist(), strict=True))
        assert got.keys() == expected.keys(), query
        assert all(math.isclose(got[number], expected[number], rel_tol=1e-6) for number in got), query
        best = [score for _, score in opened.columns.best(scores, 20)]
        assert best == pytest.approx(sorted(expected.values(), reverse=True)[:20], rel=1e-6)
        found += bool(expected)
    assert found > QUERIES / 2, "most of the queries find something"


def test_eight_threads_get_what_one_gets(opened: Opened, queries: list[RandomQuery]) -> None:
    alone = [ours(opened, query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda query: ours(opened, query), queries * 2))
    assert answers == alone * 2


@pytest.mark.parametrize("size", [3, 40, 5_000])
def test_the_algebra_of_scores_is_that_of_dictionaries(size: int) -> None:
    drawn = random.Random(size)

    def some() -> dict[int, float]:
        return {number: drawn.uniform(0, 9) for number in drawn.sample(range(size * 90), drawn.randint(0, size))}

    for _ in range(20):
        first, second, third = some(), some(), some()
        union = first.keys() | second.keys() | third.keys()
        both = first.keys() & second.keys()
        sums = {n: first.get(n, 0) + second.get(n, 0) + third.get(n, 0) for n in union}
        best = {n: max(each.get(n, -1.0) for each in (first, second, third)) for n in union}
        _same(total(map(_scores, (first, second, third))), sums)
        _same(highest(map(_scores, (first, second, third))), best)
        _same(common([_scores(first), _scores(second)]), {n: first[n] + second[n] for n in both})
        _same(without(_scores(first), _scores(second)), {n: first[n] for n in first.keys() - both})
        _same(restricted(_scores(first), _scores(second)), {n: first[n] for n in both})


@pytest.mark.parametrize("sort", list(Sort))
def test_the_first_hits_are_the_first_of_all_in_order(opened: Opened, sort: Sort) -> None:
    everything = Lookup(Postings(opened.snapshot, 5.0, may_see_medical_only=True)).everything()
    ordered = opened.columns.best(everything, len(everything), sort)
    assert len(ordered) == opened.generation.documents
    for most in (1, 7, 20):
        assert opened.columns.best(everything, most, sort) == ordered[:most]


def _scores(found: dict[int, float]) -> Scores:
    numbers = sorted(found)
    return Scores(np.array(numbers, np.int32), np.array([found[number] for number in numbers], np.float64))


def _same(scores: Scores, expected: dict[int, float]) -> None:
    assert scores.numbers.tolist() == sorted(expected)
    assert scores.values.tolist() == pytest.approx([expected[number] for number in sorted(expected)])
