"""``evenhand literature evaluate``: how well the search ranks a judged collection (docs/search.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from inquiry_service.cli.progress import progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PARTS = ("synonyms", "several-synonyms", "light-words", "second-look", "title")


@click.command()
@click.option("--corpus", required=True, type=_FILE, help='JSON lines {"_id", "title", "text"}.')
@click.option("--queries", required=True, type=_FILE, help='JSON lines {"_id", "text"}.')
@click.option("--qrels", required=True, type=_FILE, help="Table query-id, corpus-id, score; header optional.")
@click.option("--without", multiple=True, type=click.Choice(PARTS), help="Switch a part of the ranking off.")
@click.option("--per-query", is_flag=True, help="Also the figures of each query.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, nothing else.")
def evaluate(
    corpus: Path, queries: Path, qrels: Path, without: tuple[str, ...], per_query: bool, as_json: bool
) -> None:
    """Rank a judged collection in BEIR file formats, and say how well.

    The collection is indexed in a temporary folder; neither the library nor the network is used. Every query is
    searched as plain text. Queries without a line in the judgements are left out; those without a relevant document
    count as 0.
    """
    from inquiry_service.search.judging import judged_files, trial

    with progress("documents indexed") as report:
        measured = trial.measure(
            judged_files.read_corpus(corpus), judged_files.read_queries(queries), judged_files.read_judgements(qrels),
            without=frozenset(without), progress=report,
        )
    figures = {**_figures(measured.mean), "queries": len(measured.by_query), "documents": measured.documents}
    each = {number: _figures(one) for number, one in measured.by_query.items()} if per_query else {}
    if as_json:
        click.echo(json.dumps({**figures, **({"per_query": each} if each else {})}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(figures, each)))


def _figures(measured: Any) -> dict[str, float]:
    return {
        "ndcg@10": round(measured.ndcg10, 5),
        "map": round(measured.average_precision, 5),
        "recall@100": round(measured.recall100, 5),
    }


def _lines(figures: dict[str, float], each: dict[str, dict[str, float]]) -> list[str]:
    lines = [f"{name:<11} {value:.4f}" for name, value in figures.items() if "@" in name or name == "map"]
    lines.append(f"{figures['queries']:,} queries, {figures['documents']:,} documents")
    for number, own in each.items():
        lines.append(f"  {number}: " + ", ".join(f"{name} {value:.4f}" for name, value in own.items()))
    return lines
