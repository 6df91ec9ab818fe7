"""Reading of the samples in tests/data/bibliography; their provenance is beside them."""

from __future__ import annotations

from pathlib import Path

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.record import ParsedRecord, Rejected

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "data" / "bibliography"


def results_of(data: bytes | str) -> list[ParsedRecord | Rejected]:
    """Everything that a file yields."""
    return list(formats.read(data.encode() if isinstance(data, str) else data, "sample"))


def records_of(data: bytes | str) -> list[ParsedRecord]:
    """The records of a file that must hold no rejected one."""
    results = results_of(data)
    records = [result for result in results if isinstance(result, ParsedRecord)]
    assert len(records) == len(results), [result for result in results if isinstance(result, Rejected)]
    return records


def sample(name: str) -> ParsedRecord:
    """The first record of a sample file."""
    return records_of((SAMPLES / name).read_bytes())[0]


def authors_of(record: ParsedRecord) -> list[str]:
    """The authors as MEDLINE prints them."""
    return [author.name for author in record.authors]
