"""EndNote XML: styled text, identifiers, faults of the file."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.vocabulary import RecordKind
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import authors_of, records_of, results_of, sample


def document(*records: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<xml><records>{"".join(records)}</records></xml>'


def work(title: str, more: str = "", kind: str = "Journal Article") -> str:
    return (
        f'<record><rec-number>7</rec-number><ref-type name="{kind}">17</ref-type>'
        f"<titles><title>{title}</title></titles>{more}</record>"
    )


def test_a_real_record_is_read_field_by_field() -> None:
    record = sample("endnote.xml")
    assert record.title.startswith("Trends in the lifetime risk of developing cancer in Great Britain")
    assert authors_of(record) == ["Ahmad AS", "Ormiston-Smith N", "Sasieni PD"]
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == (
        "Br J Cancer", 2015, "112", "5", "943-7",
    )  # fmt: skip
    assert (record.doi, record.pmid) == ("10.1038/bjc.2014.606", "25647015")
    assert record.abstract == "test abstract"
    assert "Neoplasms/*epidemiology" in record.keywords
    assert (record.source_format, record.kind) == ("endnote_xml", RecordKind.ARTICLE)
    assert dict(record.other)["isbn"].startswith("1532-1827")


def test_runs_of_style_join_and_scripts_keep_their_meaning() -> None:
    title = (
        '<style face="normal">Effect of CO</style><style face="subscript">2</style><style face="italic"> at 10</style>'
        '<style face="superscript">5</style> cells'
    )
    (record,) = records_of(document(work(title)))
    assert record.title == "Effect of CO₂ at 10⁵ cells"


def test_groups_full_journal_names_and_numbers_of_pubmed_records_are_found() -> None:
    more = (
        "<contributors><authors><author>The Example Study Group,</author>"
        "<author>Doe, J.</author></authors></contributors>"
        "<periodical><full-title>Br J Cancer</full-title></periodical>"
        "<alt-periodical><full-title>British journal of cancer</full-title></alt-periodical>"
        "<accession-num>30912345</accession-num><remote-database-provider>NLM</remote-database-provider>"
        "<custom2>PMC6401234</custom2><urls><related-urls><url>https://doi.org/10.1000/abc</url></related-urls></urls>"
    )
    (record,) = records_of(document(work("A trial", more)))
    assert authors_of(record) == ["The Example Study Group", "Doe J"]
    assert (record.journal, record.journal_abbrev) == ("British journal of cancer", "Br J Cancer")
    assert (record.doi, record.pmid, record.pmcid) == ("10.1000/abc", "30912345", "PMC6401234")


def test_an_accession_number_of_another_database_is_no_pmid() -> None:
    (record,) = records_of(document(work("A trial", "<accession-num>30912345</accession-num>")))
    assert record.pmid == ""
    assert dict(record.other)["accession-num"] == "30912345"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Book Section", RecordKind.BOOK),
        ("Conference Paper", RecordKind.CONGRESS_ABSTRACT),
        ("Thesis", RecordKind.OTHER),
        ("Generic", RecordKind.ARTICLE),
    ],
)
def test_the_reference_type_tells_the_kind(name: str, kind: RecordKind) -> None:
    (record,) = records_of(document(work("A trial", kind=name)))
    assert record.kind is kind


def test_a_record_without_title_is_rejected_and_the_others_are_read() -> None:
    results = results_of(document(work("First"), "<record><rec-number>8</rec-number></record>", work("Third")))
    assert [type(item) for item in results] == [ParsedRecord, Rejected, ParsedRecord]
    assert isinstance(results[1], Rejected)
    assert (results[1].position, results[1].identifier) == (2, "8")


def test_a_file_that_breaks_off_gives_what_it_held_and_says_where_it_broke() -> None:
    results = results_of(document(work("First"), work("Second"))[:-60])
    assert [type(item) for item in results] == [ParsedRecord, Rejected]


def test_a_doctype_line_is_allowed_and_never_loaded_and_entities_are_refused() -> None:
    (record,) = records_of(document(work("First"), head='<!DOCTYPE xml SYSTEM "file:///nowhere/RSXML.dtd">'))
    assert record.title == "First"
    with pytest.raises(InvalidInput, match="declares entities"):
        results_of(document(work("&a;"), head='<!DOCTYPE xml [<!ENTITY a "x">]>'))


def test_an_undeclared_entity_rejects_only_its_record() -> None:
    head = '<!DOCTYPE xml SYSTEM "RSXML.dtd">'
    results = results_of(document(work("First &alpha; trial"), work("Second"), head=head))
    assert [type(item) for item in results] == [Rejected, ParsedRecord]
