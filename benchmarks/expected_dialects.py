"""Small files in the dialects of many databases; what they hold is written down beside them by the formats' rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from benchmarks.expected_bibtex import read
from benchmarks.expected_fields import Checked
from inquiry_service.bibliography.record import ParsedRecord, Rejected

DIALECTS = Path(__file__).parents[1] / "tests/data/bibliography/dialects"


def dialects(_: Path) -> Iterator[Checked]:
    """Compare every field of every record letter by letter; the folder is the project's own."""
    for name, expected in json.loads((DIALECTS / "expected.json").read_text("utf-8")).items():
        results = read(DIALECTS / name)
        yield Checked(name, "records", len(results), len(expected))
        for number, (result, fields) in enumerate(zip_longest(results, expected, fillvalue=None), 1):
            for field, value in (fields or {}).items():
                yield Checked(f"{name}[{number}]", field, field_of(result, field), value)


def field_of(record: ParsedRecord | Rejected | None, field: str) -> object:
    """A field as JSON writes it; authors as MEDLINE prints them."""
    if not isinstance(record, ParsedRecord):
        return record.reason if record else None
    if field == "authors":
        return [author.name for author in record.authors]
    value = getattr(record, field)
    return list(value) if isinstance(value, tuple) else value
