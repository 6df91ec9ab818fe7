"""The records that the search tests index: sixty real ones, and made-up ones for what these do not show."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from inquiry_service.search.port import IndexDocument

_SAMPLE = Path(__file__).parent.parent / "data" / "search" / "triptans_sample.csv"


@cache
def sample() -> tuple[IndexDocument, ...]:
    """Sixty PubMed records on triptans, two of them without title, abstract and year.

    The labels are the tests' own: every fifth is a review, every tenth was retracted.
    """
    with open(_SAMPLE, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(
        IndexDocument(
            record_id=f"triptan-{row['record_id']}",
            version=1,
            title=row["title"],
            citation_key=f"key{row['record_id']}",
            abstract=row["abstract"],
            authors=tuple(row["authors"].split("; ")),
            journal="Headache" if place % 2 else "Cephalalgia",
            year=int(float(row["year"])) if row["year"] else None,
            publication_types=("Journal Article", "Review") if place % 5 == 0 else ("Journal Article",),
            products=("sumatriptan",) if "umatriptan" in row["title"] else (),
            status="retracted" if place % 10 == 9 else "current",
            design="randomized_trial" if "double-blind" in row["title"] else "",
            pmid=row["pubmedID"],
        )
        for place, row in enumerate(rows)
    )


def made_up(record_id: str, title: str, abstract: str = "", version: int = 1) -> IndexDocument:
    """A record of our own with the given words in it."""
    return IndexDocument(record_id=record_id, version=version, title=title, abstract=abstract, year=2020)


def versions(documents: tuple[IndexDocument, ...]) -> dict[str, int]:
    """Record id -> version, as the database would list them."""
    return {document.record_id: document.version for document in documents}
