"""RIS in the dialects of its vendors, field by field on real exports, and with faults."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of, sample

# journal, abbreviation, year, volume, issue, pages, doi, pmid, first and last author
DIALECTS = {
    "embase.ris": ("Endoscopic Ultrasound", "", 2014, "3", "3", "152-160", "10.4103/2303-9027.138783", "",
                   "Liu R", "Adler DG"),
    "endnote.ris": ("Clin Pharmacokinet", "", 2011, "50", "6", "349-69", "10.2165/11586800-000000000-00000",
                    "21553931", "Abdel-Tawab M", "Schubert-Zsilavecz M"),
    "ovid.ris": ("Clinical Psychology & Psychotherapy", "Clin Psychol Psychother", 2019, "", "", "",
                 "10.1002/cpp.2398", "",
                 "Trindade IA", "Pinto-Gouveia J"),
    "proquest.ris": ("Journal of Traumatic Stress", "", 2019, "", "", "", "10.1002/jts.22387", "",
                     "Jones H", "Hanna D"),
    "scopus.ris": ("Psychoneuroendocrinology", "", 2020, "111", "", "104501", "10.1016/j.psyneuen.2019.104501", "",
                   "Labanski A", "Elsenbruch S"),
    "web_of_science.ris": ("JOURNAL OF APPLIED RESEARCH IN MEMORY AND COGNITION", "J Appl Res Mem Cogn", 2018, "7",
                           "3", "387-397", "10.1016/j.jarmac.2018.03.001", "", "Alceste F", "Kassin SM"),
    "zotero.ris": ("Przeglad gastroenterologiczny", "Prz Gastroenterol", 2019, "14", "2", "121-128",
                   "10.5114/pg.2018.81081", "", "Rudnik A", "Rashedi V"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_gives_the_same_fields(name: str) -> None:
    record = sample(name)
    found = (
        record.journal, record.journal_abbrev, record.year, record.volume, record.issue, record.pages,
        record.doi, record.pmid, authors_of(record)[0], authors_of(record)[-1],
    )  # fmt: skip
    assert found == DIALECTS[name]
    assert record.title
    assert len(record.abstract) > 200
    assert "Journal Article" in record.publication_types
    assert record.remarks == ()


def test_scopus_names_the_pmid_in_c2_and_cited_references_are_not_taken_for_the_work() -> None:
    second = records_of((SAMPLES / "scopus.ris").read_bytes())[1]
    assert (second.pmid, second.doi) == ("31421429", "10.1016/j.mehy.2019.109324")
    assert "References:" not in dict(second.other)["N1"]
    (record,) = records_of("TY  - JOUR\nTI  - A trial\nN1  - References: Other A., 10.1000/cited, PMID: 99\nER  -\n")
    assert (record.doi, record.pmid) == ("", "")


def test_one_keyword_per_line_is_one_keyword_each() -> None:
    keywords = sample("endnote.ris").keywords
    assert keywords[:3] == (
        "Animals",
        "Anti-Inflammatory Agents/adverse effects/pharmacokinetics/*pharmacology",
        "Boswellia/*chemistry",
    )


def test_a_record_without_an_end_does_not_swallow_the_next() -> None:
    results = results_of("TY  - JOUR\nTI  - First\nTY  - JOUR\nTI  - Second\nER  - \nTY  - JOUR\nTI  - Third")
    assert [result.title for result in results if isinstance(result, ParsedRecord)] == ["First", "Second", "Third"]


def test_lines_outside_any_record_are_reported() -> None:
    results = results_of("TY  - JOUR\nTI  - First\nER  - \nTI  - Lost\nAU  - Nobody, A\nER  - \n")
    assert len(results) == 2
    assert isinstance(results[1], Rejected)
    assert results[1].position == 2
    assert "2 tagged line(s)" in results[1].reason


def test_what_ovid_writes_behind_the_end_belongs_to_the_record() -> None:
    ended = "TY  - JOUR\nT1  - First\nJF  - The journal\nER  - \nNL  - J Test\n\nLink to the Ovid Full Text\n\n2.\n"
    (first, second) = records_of(ended + "TY  - JOUR\nT1  - Second\nER  - \n")
    assert (first.journal, first.journal_abbrev) == ("The journal", "J Test")
    assert second.journal_abbrev == ""


def test_a_heading_before_the_first_record_is_no_record() -> None:
    (record,) = records_of("Provider: A house\n\n1.\nTY  - JOUR\nTI  - First\nER  - \n")
    assert record.raw_position == 1


def test_tagged_lines_before_the_first_record_are_reported() -> None:
    results = results_of("TI  - Lost\nTY  - JOUR\nTI  - First\nER  - \n")
    assert [type(result) for result in results] == [Rejected, ParsedRecord]


def test_empty_values_reject_only_what_has_no_title() -> None:
    results = results_of((SAMPLES / "empty_values.ris").read_bytes())
    assert [type(result) for result in results] == [ParsedRecord, Rejected, ParsedRecord, Rejected]


def test_a_faulty_year_is_remarked_and_the_record_kept() -> None:
    record = sample("faulty_year.ris")
    assert record.year is None
    assert record.remarks == ("“10 15” is not a publication year; the field was left empty.",)


def test_tabs_and_single_blanks_around_the_hyphen_are_understood() -> None:
    (record,) = records_of("TY\t- JOUR\nTI - A trial\nA1\t- Liu R.\nPY - 2014\nER -\n")
    assert (record.title, authors_of(record), record.source_format) == ("A trial", ["Liu R"], "ris")


def test_unknown_tags_are_kept_and_no_tag_breaks_the_reading() -> None:
    tags = [f"{first}{second}  - value" for first in "AQUX" for second in "AKZ019"]
    (record,) = records_of("\n".join(["TY  - JOUR", "TI  - A trial", *tags, "ER  - "]))
    assert ("UK", "value") in record.other
    assert ("QZ", "value") in record.other


def test_the_abstract_keeps_its_lines_together() -> None:
    (record,) = records_of("TY  - JOUR\nTI  - A trial\nAB  - First line\nsecond line\nER  - \n")
    assert record.abstract == "First line second line"
