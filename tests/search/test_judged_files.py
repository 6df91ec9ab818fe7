"""Reading judged collections in BEIR formats, and the trial that runs on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from inquiry_service.errors import InvalidInput
from inquiry_service.search.judging.judged_files import read_corpus, read_judgements, read_queries
from inquiry_service.search.judging.trial import PARTS, measure, weights_without
from inquiry_service.search.ranking.weights import MEASURED
from tests.search.corpus import made_up


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_corpus_line_becomes_a_document(tmp_path: Path) -> None:
    line = '{"_id": 7, "title": "T", "text": "Body", "metadata": {"mesh": ["Migraine Disorders"], "year": "1998"}}\n\n'
    (document,) = read_corpus(written(tmp_path, "\ufeff" + line))
    assert (document.record_id, document.title, document.abstract) == ("7", "T", "Body")
    assert (document.mesh, document.year) == (("Migraine Disorders",), 1998)


@pytest.mark.parametrize("text", ["[1]\n", "{broken\n", '{"text": "no id"}\n', '{"_id": ""}\n', "[" * 100_000 + "\n"])
def test_a_line_that_is_no_document_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="line 1"):
        list(read_corpus(written(tmp_path, text)))


@pytest.mark.parametrize("head", ["query-id\tcorpus-id\tscore\n", "qid\tdocid\trel\n", ""])
def test_judgements_are_read_with_header_without_and_as_trec_writes_them(tmp_path: Path, head: str) -> None:
    assert read_judgements(written(tmp_path, f"{head}q1\td1\t2\nq1\td2\t0\nq2\td1\t1.0\n")) == {
        "q1": {"d1": 2, "d2": 0},
        "q2": {"d1": 1},
    }
    assert read_judgements(written(tmp_path, "q1 0 d1 1\n")) == {"q1": {"d1": 1}}


@pytest.mark.parametrize("text", ["q1\td1\tyes\n", "q1\td1\n", "q1\td1\t1e999\n"])
def test_a_judgement_without_a_grade_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="line 1"):
        read_judgements(written(tmp_path, text))


def test_queries_keep_their_order(tmp_path: Path) -> None:
    lines = '{"_id": "b", "text": "two"}\n{"_id": "a", "text": "one"}\n'
    assert list(read_queries(written(tmp_path, lines)).items()) == [("b", "two"), ("a", "one")]


def test_a_trial_counts_judged_queries_only_and_unanswerable_ones_as_zero() -> None:
    corpus = [made_up("d1", "Sumatriptan in migraine"), made_up("d2", "Insulin in diabetes")]
    queries = {"good": "sumatriptan", "stop": "what is the", "bad": "insulin", "unjudged": "insulin"}
    judgements = {"good": {"d1": 1}, "stop": {"d1": 1}, "bad": {"d1": 1, "d2": 0}}
    trial = measure(corpus, queries, judgements)
    assert (len(trial.by_query), trial.documents) == (3, 2)
    assert [trial.by_query[name].recall100 for name in ("good", "stop", "bad")] == [1.0, 0.0, 0.0]
    assert trial.mean.ndcg10 == pytest.approx(1 / 3)
    assert measure(corpus, queries, judgements) == trial


def test_a_trial_without_any_judged_query_is_refused() -> None:
    with pytest.raises(InvalidInput, match="belong together"):
        measure([made_up("d1", "Sumatriptan")], {"q": "sumatriptan"}, {"other": {"d1": 1}})


def test_each_part_of_the_ranking_can_be_switched_off_alone() -> None:
    assert weights_without([]) == MEASURED
    changed = [weights_without([part]) for part in PARTS if part != "synonyms"]
    assert MEASURED not in changed
    assert len(set(changed)) == len(changed)


def test_without_synonyms_a_class_no_longer_finds_its_members() -> None:
    corpus = [made_up("d1", "Sumatriptan in migraine"), made_up("d2", "Insulin in diabetes")]
    for without, expected in ((frozenset[str](), 1.0), (frozenset({"synonyms"}), 0.0)):
        trial = measure(corpus, {"q": "triptans"}, {"q": {"d1": 1}}, without=without)
        assert trial.mean.recall100 == expected


def test_half_characters_are_left_out_of_what_is_indexed(tmp_path: Path) -> None:
    line = '{"_id": "a", "title": "Mig\\ud800raine", "text": "x", "metadata": {"year": 99999, "mesh": ["\\udc00"]}}\n'
    (document,) = read_corpus(written(tmp_path, line))
    assert (document.title, document.year, document.mesh) == ("Mig?raine", None, ("?",))


def test_a_question_longer_than_a_search_is_asked_by_its_beginning_and_an_empty_one_finds_nothing() -> None:
    corpus = [made_up("d1", "Sumatriptan in migraine"), made_up("d2", "Insulin in diabetes")]
    trial = measure(corpus, {"long": "sumatriptan " * 2_000, "empty": " "}, {"long": {"d1": 1}, "empty": {"d1": 1}})
    assert [trial.by_query[name].recall100 for name in ("long", "empty")] == [1.0, 0.0]
