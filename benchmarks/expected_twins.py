"""The same records exported twice, by different programs: both readings must agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.expected_bibtex import read
from benchmarks.expected_fields import Checked, checked, field_of, notation
from inquiry_service.bibliography.record import ParsedRecord

# (one file, the other, fields that both programs write)
_TWINS = (
    ("embase.ris", "embase.csv", ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi",
     "abstract")),
    ("_baseline.ris", "baseline_zotero.ris", ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi",
     "abstract", "keywords")),
    ("ovid_psycinfo.ris", "ovid_zotero.ris", ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi",
     "abstract")),
    ("pubmed_endnote.txt", "pubmed_zotero.ris", ("title", "year", "doi")),
)  # fmt: skip


def asreview_twins(folder: Path) -> Iterator[Checked]:
    """Compare pairs of files of ASReview's tests, record by record of the same title."""
    for first, second, fields in _TWINS:
        one, other = (_by_title(folder / "bib_asreview" / name) for name in (first, second))
        for title in one.keys() & other.keys():
            expected = {name: field_of(other[title], name) for name in fields}
            if "authors" in expected:
                expected["authors"] = [
                    (author.collective or author.family, author.initials) for author in other[title].authors
                ]
            yield from checked(f"{first} / {second}: {title[:40]}", one[title], expected)


def _by_title(path: Path) -> dict[str, ParsedRecord]:
    if not path.exists():
        return {}
    records = (item for item in read(path) if isinstance(item, ParsedRecord))
    # The abstract of a talk and the later article may have the same title.
    return {f"{notation('title', item.title)} {item.year}": item for item in records}
