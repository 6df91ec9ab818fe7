"""MEDLINE text, field by field on real records, and with faults."""

from __future__ import annotations

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of, sample


def test_every_field_of_a_record_is_read() -> None:
    record = sample("medline.nbib")
    assert record.pmid == "12230038"
    assert record.title == "The Bio* toolkits--a brief overview."
    assert authors_of(record) == ["Mangalam H"]
    assert record.authors[0].given == "Harry"
    assert (record.journal, record.journal_abbrev) == ("Briefings in bioinformatics", "Brief Bioinform")
    assert (record.year, record.volume, record.issue, record.pages) == (2002, "3", "3", "296-302")
    assert record.language == "eng"
    assert record.publication_types == ("Journal Article",)
    assert record.mesh[0] == "*Computational Biology"
    assert len(record.mesh) == 7
    assert record.abstract.startswith(
        "Bioinformatics research is often difficult to do with commercial software. The Open"
    )
    assert record.source_format == "nbib"
    assert record.raw_position == 1
    assert ("PL", "England") in record.other


def test_a_wrapped_title_is_one_line_and_the_doi_is_found() -> None:
    record = sample("pubmed_wrapped_title.nbib")
    assert record.title == (
        "Night shift work, chronotype, and colorectal cancer risk in the MCC-Spain case-control study: "
        "a population-based multicase-control study of common tumors in Spain."
    )
    assert record.doi == "10.1093/aje/kwx137"


def test_authors_without_a_full_form_and_groups_are_kept_in_order() -> None:
    assert authors_of(sample("pubmed_au_only.nbib")) == ["van Eijck CH", "Jeekel J", "Dutch Colorectal Cancer Group"]
    wrapped = sample("pubmed_wrapped_authors.nbib")
    assert authors_of(wrapped)[:2] == ["Espinosa A", "Kogevinas M"]
    assert wrapped.authors[2].collective == (
        "MCC-Spain Multi Case-Control Study Group of the Consortium for Biomedical Research in Epidemiology and "
        "Public Health"
    )
    assert authors_of(sample("pubmed_retraction_notice.nbib")) == ["Editors of The Lancet"]


def test_a_translated_title_keeps_its_brackets_and_its_original() -> None:
    record = sample("pubmed_translated_title.nbib")
    assert record.title == "[Occupational exposure to pesticides and risk of cancer among agricultural workers]."
    assert record.language == "fre"
    assert dict(record.other)["TT"].startswith("Exposition professionnelle aux pesticides")


def test_sections_of_a_structured_abstract_become_paragraphs() -> None:
    (record,) = records_of(
        "PMID- 1\nTI  - A trial.\nAB  - OBJECTIVE: To test a drug in COPD: a trial. MAIN\n"
        "      OUTCOME MEASURES: Pain. RESULTS: 5% (95% CI 2-8). CONCLUSION: It works.\n"
    )
    assert record.abstract.split("\n\n") == [
        "OBJECTIVE: To test a drug in COPD: a trial.",
        "MAIN OUTCOME MEASURES: Pain.",
        "RESULTS: 5% (95% CI 2-8).",
        "CONCLUSION: It works.",
    ]


def test_a_broken_record_stops_neither_those_before_nor_those_after() -> None:
    good = (SAMPLES / "medline.nbib").read_text()
    broken = "PMID- 77\nOWN - NLM\nIS  - not an issn\nDEP - 99999999\nXX no tag at all\nPMC - nonsense\n"
    results = results_of(good + "\n" + broken + "\n" + good)
    assert [type(result) for result in results] == [ParsedRecord, Rejected, ParsedRecord]
    assert results[1] == Rejected(2, "77", "The record has no title.")


def test_records_are_told_apart_even_without_a_blank_line() -> None:
    text = "PMID- 1\nTI  - First.\nPMID- 2\nTI  - Second.\n"
    assert [record.title for record in records_of(text)] == ["First.", "Second."]


def test_identifiers_of_the_article_and_of_its_registration_are_read() -> None:
    (record,) = records_of(
        "PMID- 1\nTI  - A trial.\nLID - 10.1000/X1 [doi]\nLID - e0240506 [pii]\nPMC - PMC123\n"
        "SI  - ClinicalTrials.gov/NCT01234567\nOT  - migraine\nGR  - R01/HL/United States\n"
    )
    assert (record.doi, record.pages, record.pmcid) == ("10.1000/x1", "e0240506", "PMC123")
    assert record.registrations == ("NCT01234567",)
    assert record.keywords == ("migraine",)
    assert ("GR", "R01/HL/United States") in record.other


def test_an_unusable_identifier_is_remarked_and_not_fatal() -> None:
    (record,) = records_of("PMID- 1\nTI  - A trial.\nDP  - Spring\nPMC - none\n")
    assert record.remarks == (
        "“Spring” is not a publication year; the field was left empty.",
        "“none” is not a PMCID; the field was left empty.",
    )
