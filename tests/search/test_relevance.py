"""Figures of a ranking: values worked out by hand, and the same from a second, independent way of computing them."""

from __future__ import annotations

import math
import random

import pytest

from inquiry_service.search.judging.relevance import average_precision, ndcg, recall

GRADES = {"a": 2, "b": 1, "c": 0, "d": -1, "e": 1}


def test_ndcg_is_what_paper_and_pencil_give() -> None:
    # Gains 0, 2, 1 at ranks 1, 2, 3; the ideal order has 2, 1, 1.
    expected = (2 / math.log2(3) + 1 / math.log2(4)) / (2 + 1 / math.log2(3) + 1 / math.log2(4))
    assert ndcg(["x", "a", "b"], GRADES) == pytest.approx(expected)


def test_average_precision_and_recall_are_what_paper_and_pencil_give() -> None:
    ranking = ["a", "c", "b", "d"]
    assert average_precision(ranking, GRADES) == pytest.approx((1 / 1 + 2 / 3) / 3)
    assert recall(ranking, GRADES, 3) == pytest.approx(2 / 3)
    assert recall(ranking, GRADES, 1) == pytest.approx(1 / 3)


def test_a_perfect_ranking_is_one_and_a_useless_one_zero() -> None:
    assert [measure(["a", "b", "e"], GRADES) for measure in (ndcg, average_precision, recall)] == [1.0, 1.0, 1.0]
    assert [measure(["c", "d", "x"], GRADES) for measure in (ndcg, average_precision, recall)] == [0.0, 0.0, 0.0]


def test_a_query_without_relevant_documents_counts_as_zero() -> None:
    assert [measure(["a"], {"a": 0}) for measure in (ndcg, average_precision, recall)] == [0.0, 0.0, 0.0]


def test_a_second_way_of_computing_agrees_on_random_rankings() -> None:
    chance = random.Random(7)
    for _ in range(200):
        documents = [f"d{number}" for number in range(30)]
        grades = {document: chance.choice((0, 0, 1, 2, 3)) for document in chance.sample(documents, 12)}
        ranking = chance.sample(documents, 20)
        assert ndcg(ranking, grades) == pytest.approx(_ndcg(ranking, grades))
        assert average_precision(ranking, grades) == pytest.approx(_precision(ranking, grades))


def _ndcg(ranking: list[str], grades: dict[str, int]) -> float:
    gains = [grades.get(document, 0) * math.log(2) / math.log(2 + place) for place, document in enumerate(ranking)]
    best = [grade * math.log(2) / math.log(2 + place) for place, grade in enumerate(sorted(grades.values())[::-1])]
    return math.fsum(gains[:10]) / math.fsum(best[:10]) if any(best) else 0.0


def _precision(ranking: list[str], grades: dict[str, int]) -> float:
    relevant = {document for document, grade in grades.items() if grade > 0}
    at = [len(relevant & set(ranking[:rank])) / rank for rank in range(1, len(ranking) + 1)]
    hits = [place for place, document in enumerate(ranking) if document in relevant]
    return sum(at[place] for place in hits) / len(relevant) if relevant else 0.0
