"""Every database's dialect: small files whose content is written down beside them by the rules of the formats."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of

FOLDER = SAMPLES / "dialects"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_dialect_is_read_as_its_rules_say(name: str) -> None:
    records = records_of((FOLDER / name).read_bytes())
    for record, expected in zip(records, EXPECTED[name], strict=True):
        assert {field: _plain(record, field) for field in expected} == expected


def test_every_dialect_has_its_expectation() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"expected.json"}
    assert files == set(EXPECTED)


def _plain(record: ParsedRecord, field: str) -> object:
    if field == "authors":
        return authors_of(record)
    value = getattr(record, field)
    return list(value) if isinstance(value, tuple) else value


def test_a_type_line_in_the_midst_of_a_record_does_not_cut_it() -> None:
    text = "TY  - BOOK\nTY  - JOUR\nTI  - One\nAU  - Croop, R.\nTY  - OTHER\nPB  - Elsevier\nKW  - migraine\nER  - \n"
    (record,) = records_of(text)
    assert (record.title, record.keywords) == ("One", ("migraine",))


def test_a_record_without_an_end_line_ends_where_the_next_names_its_work() -> None:
    records = records_of("TY  - JOUR\nTI  - One\nPY  - 2019\nTY  - JOUR\nTI  - Two\nER  - \n")
    assert [(record.title, record.year) for record in records] == [("One", 2019), ("Two", None)]


def test_a_record_after_a_closed_one_is_its_own_even_without_a_title() -> None:
    results = results_of("TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nPB  - Elsevier\nER  - \n")
    assert [type(result) for result in results] == [ParsedRecord, Rejected]


def test_further_titles_and_a_second_abstract_are_kept() -> None:
    (record,) = records_of("TY  - JOUR\nT1  - One\nTI  - Two\nN2  - First text.\nAB  - Second text.\nER  - \n")
    assert record.title == "Two"
    assert ("further title", "One") in record.other
    assert record.abstract == "First text.\n\nSecond text."


def test_an_abstract_written_twice_or_cut_short_counts_once() -> None:
    long = "The whole text of an abstract that goes on."
    (record,) = records_of(f"TY  - JOUR\nTI  - One\nN2  - The whole text of an abstract...\nAB  - {long}\nER  - \n")
    assert record.abstract == long


def test_a_pmcid_in_the_column_of_the_pmid_is_put_right() -> None:
    (record,) = records_of("title,pmid,pmcid\nOne,PMC6401234,\n")
    assert (record.pmid, record.pmcid, record.remarks) == ("", "PMC6401234", ())


def test_a_chapter_does_not_carry_the_doi_of_its_book() -> None:
    xml = (
        "<PubmedBookArticleSet><PubmedBookArticle><BookDocument><PMID>1</PMID><Book><BookTitle>A guideline</BookTitle>"
        "<ELocationID EIdType='doi'>10.3275/8949</ELocationID></Book><ArticleTitle>A chapter</ArticleTitle>"
        "</BookDocument></PubmedBookArticle></PubmedBookArticleSet>"
    )
    (record,) = records_of(xml)
    assert (record.title, record.journal, record.doi) == ("A chapter", "A guideline", "")
    assert ("DOI of the book", "10.3275/8949") in record.other
