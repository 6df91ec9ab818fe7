"""Several XML documents in one file."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from tests.unit.bibliography.samples import records_of, results_of

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet>\n'


def _document(*titles: str, padding: int = 0) -> str:
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{title}</ArticleTitle>"
        f"<Abstract><AbstractText>{'x' * padding}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
        for title in titles
    )
    return f"{HEAD}<PubmedArticleSet>{articles}</PubmedArticleSet>"


def test_joined_documents_are_read_to_the_end_and_numbered_through() -> None:
    records = records_of(f"{_document('One', 'Two')}\n\ufeff{_document('Three')}\n{_document('Four')}\n\n")
    assert [record.title for record in records] == ["One", "Two", "Three", "Four"]
    assert [record.raw_position for record in records] == [1, 2, 3, 4]


@pytest.mark.parametrize("padding", [65_100, *range(65_225, 65_260), 131_000])
def test_a_declaration_across_two_pieces_of_a_file_is_seen(padding: int) -> None:
    records = records_of(_document("One", padding=padding) + _document("Two"))
    assert [record.title for record in records] == ["One", "Two"]


def test_a_document_that_breaks_off_does_not_take_the_next_with_it() -> None:
    broken = _document("One", "Two")[:-40]
    results = results_of(broken + _document("Three"))
    titles = [result.title for result in results if isinstance(result, ParsedRecord)]
    assert titles[0] == "One"
    assert titles[-1] == "Three"
    assert sum(isinstance(result, Rejected) for result in results) == 1
    positions = [item.raw_position if isinstance(item, ParsedRecord) else item.position for item in results]
    assert positions == list(range(1, len(results) + 1))
