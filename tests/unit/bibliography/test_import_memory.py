"""Twenty thousand records need no more memory than two thousand, in every format that may be large."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import pytest

from inquiry_service.bibliography import formats

ABSTRACT = "Words of an abstract, é. " * 6
GROWTH = 8 << 20
"""Bytes by which memory may grow over 18,000 records; kept in a list, these would take more than 20 MB."""

PARTS = {
    "ris": ("", "TY  - JOUR\nTI  - Title {n}\nAB  - " + ABSTRACT + "\nER  - \n", ""),
    "nbib": ("", "PMID- {n}\nTI  - Title {n}\nAB  - " + ABSTRACT + "\n\n", ""),
    "csv": ("title,abstract\n", '"Title {n}","' + ABSTRACT + '"\n', ""),
    "json": ('[{{"title":"First"}}', ',{{"title":"Title {n}","abstract":"' + ABSTRACT + '"}}', "]"),
    "pubmed_xml": (
        "<PubmedArticleSet>", "<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>Title {n}"
        "</ArticleTitle></Article></MedlineCitation></PubmedArticle>", "</PubmedArticleSet>",
    ),
    "jats": (
        "<articles>", "<article><front><article-meta><title-group><article-title>Title {n}</article-title>"
        "</title-group></article-meta></front><body><p>" + ABSTRACT + "</p></body></article>", "</articles>",
    ),
}  # fmt: skip


def file_of(kind: str, records: int) -> BinaryIO:
    start, record, end = PARTS[kind]
    stream = TemporaryFile()  # noqa: SIM115 - the caller reads it
    stream.write(start.format().encode())
    stream.writelines(record.format(n=number).encode() for number in range(1, records + 1))
    stream.write(end.encode())
    stream.seek(0)
    return cast(BinaryIO, stream)


def resident() -> int:
    """Bytes of memory that this process holds, those of the XML library included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
@pytest.mark.parametrize("kind", PARTS)
def test_memory_does_not_grow_with_the_number_of_records(kind: str) -> None:
    total = 20_001 if kind == "json" else 20_000
    with file_of(kind, 20_000) as stream:
        results = formats.read(stream, kind)
        assert sum(1 for _ in islice(results, 2_000)) == 2_000
        before = resident()
        assert sum(1 for _ in results) == total - 2_000
        assert resident() - before < GROWTH
