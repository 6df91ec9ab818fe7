"""``evenhand literature evaluate``: a judged collection measured without an installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inquiry_service.cli import main
from inquiry_service.cli.literature_evaluate import PARTS as OFFERED
from inquiry_service.search.judging.trial import PARTS

CORPUS = (
    '{"_id": "d1", "title": "Sumatriptan in acute migraine", "text": "A trial."}\n'
    '{"_id": "d2", "title": "Rizatriptan", "text": "Migraine, again."}\n'
    '{"_id": "d3", "title": "Insulin glargine in diabetes", "text": ""}\n'
)
QUERIES = '{"_id": "q1", "text": "Do triptans help?"}\n{"_id": "q2", "text": "insulin"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t1\nq2\td3\t2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES), ("qrels.tsv", QRELS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def evaluate(folder: Path, *options: str) -> Result:
    files = [f"--corpus={folder}/corpus.jsonl", f"--queries={folder}/queries.jsonl", f"--qrels={folder}/qrels.tsv"]
    return CliRunner().invoke(main, ["literature", "evaluate", *files, *options], env={}, prog_name="evenhand")


def test_json_holds_the_figures_and_nothing_else(folder: Path) -> None:
    result = evaluate(folder, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "ndcg@10": 1.0, "map": 1.0, "recall@100": 1.0, "queries": 2, "documents": 3,
    }  # fmt: skip


def test_a_part_switched_off_shows_in_the_figures(folder: Path) -> None:
    figures = json.loads(evaluate(folder, "--json", "--per-query", "--without", "synonyms").stdout)
    assert figures["per_query"]["q1"]["recall@100"] == 0.0
    assert figures["recall@100"] == 0.5


def test_people_get_lines(folder: Path) -> None:
    lines = evaluate(folder, "--per-query").stdout.splitlines()
    assert lines[0] == "ndcg@10     1.0000"
    assert "2 queries, 3 documents" in lines
    assert any(line.startswith("  q1: ") for line in lines)


def test_a_broken_file_is_named_with_its_line(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("q1\td1\n", encoding="utf-8")
    result = evaluate(folder, "--json")
    assert result.exit_code == 1
    assert "qrels.tsv, line 1" in result.stderr
    assert result.stdout == ""


def test_every_part_of_the_ranking_is_offered() -> None:
    assert set(OFFERED) == set(PARTS)
