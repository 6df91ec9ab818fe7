"""Judged collections in the formats of the BEIR benchmark: corpus and queries as JSON lines, judgements as a table.

    corpus.jsonl    {"_id": "d1", "title": "...", "text": "...", "metadata": {...}}
    queries.jsonl   {"_id": "q1", "text": "..."}
    qrels.tsv       query-id <tab> corpus-id <tab> score; the header line may be missing, and the four columns of
                    TREC (query, iteration, document, grade) are read, too
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import IndexDocument

Judgements = dict[str, dict[str, int]]
"""Query id -> document id -> grade."""

_TREC_COLUMNS = 4
_HEADINGS = ("query-id", "query_id", "qid")
_YEAR = re.compile(r"\d{4}", re.ASCII)


def read_corpus(path: Path) -> Iterator[IndexDocument]:
    """The documents of a corpus, one at a time.

    Of ``metadata`` the lists mesh, keywords, authors and publication_types, and year, are taken over as far as they
    are there.

    Raises:
        InvalidInput: a line is not a JSON object with an ``_id``.
    """
    for place, row in _rows(path):
        given = row.get("metadata")
        metadata = given if isinstance(given, dict) else {}
        year = str(metadata.get("year") or "")
        yield IndexDocument(
            record_id=_text(row, "_id", path, place),
            version=1,
            title=_whole(str(row.get("title") or "")),
            abstract=_whole(str(row.get("text") or "")),
            year=int(year) if _YEAR.fullmatch(year) else None,
            mesh=_strings(metadata, "mesh"),
            keywords=_strings(metadata, "keywords"),
            authors=_strings(metadata, "authors"),
            publication_types=_strings(metadata, "publication_types"),
        )


def read_queries(path: Path) -> dict[str, str]:
    """Query id -> text, in the order of the file.

    Raises:
        InvalidInput: a line is not a JSON object with ``_id`` and ``text``.
    """
    return {_text(row, "_id", path, place): _text(row, "text", path, place) for place, row in _rows(path)}


def read_judgements(path: Path) -> Judgements:
    """The judgements.

    Raises:
        InvalidInput: a line has not three or four columns, or its grade is no number.
    """
    judgements: Judgements = {}
    for place, line in enumerate(_lines(path), start=1):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) == _TREC_COLUMNS:
            del cells[1]
        if place == 1 and cells and cells[0] in _HEADINGS:
            continue
        try:
            query, document, grade = cells
            judgements.setdefault(query, {})[document] = int(float(grade))
        except (ValueError, OverflowError):
            raise InvalidInput(
                f"{path.name}, line {place}: expected query-id, corpus-id and a score, separated by tabs."
            ) from None
    return judgements


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for place, line in enumerate(_lines(path), start=1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise InvalidInput(f"{path.name}, line {place}: expected a JSON object.")
        yield place, row


def _text(row: dict[str, Any], name: str, path: Path, place: int) -> str:
    value = row.get(name)
    if not isinstance(value, (str, int)) or (name == "_id" and value == ""):
        raise InvalidInput(f"{path.name}, line {place}: {name} is missing.")
    return _whole(str(value))


def _whole(text: str) -> str:
    """``text`` without half characters: JSON can write them (``\\ud800``), UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def _strings(metadata: dict[str, Any], name: str) -> tuple[str, ...]:
    values = metadata.get(name)
    return tuple(_whole(str(value)) for value in values) if isinstance(values, list) else ()


def _lines(path: Path) -> Iterator[str]:
    """Lines with something in them; the last may lack its line break."""
    try:
        with open(path, encoding="utf-8-sig") as stream:
            yield from (line for raw in stream if (line := raw.rstrip("\n").rstrip("\r")).strip())
    except UnicodeDecodeError:
        raise InvalidInput(f"{path.name} is not UTF-8 text.") from None
