"""What a record gives to the tables of the PostgreSQL index: the same terms and positions as in the Whoosh index."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from inquiry_service.search.embedded.fields import VALUE_BREAK
from inquiry_service.search.embedded.schema import COLUMNS, MEDICAL_ONLY, row, schema
from inquiry_service.search.port import IndexDocument
from inquiry_service.search.postgresql.tables import TEXT_FIELDS

LABEL_BREAK = "\x1f"
"""Between the field and the value of a label."""
_LAST_POSITION = 16_383
"""The highest that a tsvector can hold: words further behind are found, but in no phrase."""
_MOST_POSITIONS = 255
"""Of one term in one tsvector; more of them hardly change a rank."""
_LABEL_FIELDS = (*COLUMNS, "pmid", "pmcid", "doi", "key", "visibility")


def columns_of(document: IndexDocument, number: int) -> dict[str, Any]:
    """Return the values of ``document``'s row under the number ``number``, by column."""
    values = {name: storable(str(value)) for name, value in row(document).items()}
    columns: dict[str, Any] = {
        "number": number, "record_id": document.record_id, "version": document.version, "year": document.year or 0,
        "medical_only": values.get("visibility") == MEDICAL_ONLY, "title": values.get("title", ""),
        "abstract": values.get("abstract", ""), "pages": [storable(page) for page in document.pages],
        "labels": [label(name, value.casefold()) for name, value in _labels(values, _LABEL_FIELDS)],
        "shown": [label(name, value) for name, value in _labels(values, COLUMNS)],
    }
    for field in TEXT_FIELDS:
        vector, length = _vector(field, values.get(field, ""))
        columns |= {f"{field}_terms": vector, f"{field}_length": length}
    return columns


def label(field: str, value: str) -> str:
    """Return the label ``value`` of ``field`` as it is stored."""
    return f"{field}{LABEL_BREAK}{value}"


def quoted(term: str) -> str:
    """Return ``term`` as PostgreSQL reads it in a tsvector or a tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


@cache
def _schema() -> Any:
    return schema()


def _vector(field: str, text: str) -> tuple[str, int]:
    """The terms of ``text`` as tsvector, and its length in words."""
    if not text:
        return "", 0
    pieces, length = [], 0
    for term, places in _schema()[field].places(text).items():
        kept = sorted({min(place + 1, _LAST_POSITION) for place in places})[:_MOST_POSITIONS]
        pieces.append(f"{quoted(term)}:{','.join(map(str, kept))}")
        length += len(places)
    return " ".join(pieces), length


def _labels(values: Mapping[str, Any], fields: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, value) for name in fields for value in str(values.get(name, "")).split(VALUE_BREAK) if value]


def storable(value: str) -> str:
    """Return ``value`` without what PostgreSQL cannot store: null characters and half surrogate pairs."""
    return value.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
