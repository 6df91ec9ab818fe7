"""The numbered reference list of a letter, in AMA style (R56, R57)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inquiry_service.bibliography import ama
from inquiry_service.models.literature import LiteratureRecord

PRINTED = ("title", "authors", "journal", "journal_abbrev", "year", "volume", "issue", "pages", "doi", "pmid", "kind")
"""The fields of a record from which its reference is printed."""


def build(
    keys: Sequence[str], cited: Mapping[str, LiteratureRecord], marks: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Return the references in order of first appearance; keys of one record share its number.

    Args:
        keys: citation keys in order; those that lead nowhere are left to the gate.
        cited: key to record. marks: record id to what a reader must know, e.g. its retraction.
    """
    order = list(dict.fromkeys(cited[key].id for key in keys if key in cited))
    rows = {row.id: row for row in cited.values()}
    texts = ama.format_references([ama.to_csl(_fields(rows[record_id])) for record_id in order])
    number = {record_id: position for position, record_id in enumerate(order, start=1)}
    return [
        {"number": number[cited[key].id], "key": key, "record_id": cited[key].id, "version": cited[key].version,
         "html": texts[number[cited[key].id] - 1], "marks": list(marks.get(cited[key].id, ()))}
        for key in keys if key in cited
    ]


def _fields(row: LiteratureRecord) -> dict[str, Any]:
    return {"id": row.id, "status": row.status.value, **printed_fields(row)}


def printed_fields(row: LiteratureRecord) -> dict[str, Any]:
    """Return the values of :data:`PRINTED`, as a stored version of the record holds them."""
    return {"kind": row.kind.value, **{name: getattr(row, name) for name in PRINTED if name != "kind"}}


def unmarked(works: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return works, given by the values of :data:`PRINTED`, as AMA references without a mark of their standing."""
    return ama.format_references([ama.to_csl({name: work.get(name) for name in PRINTED}) for work in works])


def one(row: LiteratureRecord) -> str:
    """Return a single record as an AMA reference (safe HTML)."""
    return many([row])[0]


def many(rows: Sequence[LiteratureRecord]) -> list[str]:
    """Return records as AMA references (safe HTML), in the order given."""
    return ama.format_references([ama.to_csl(_fields(row)) for row in rows])
