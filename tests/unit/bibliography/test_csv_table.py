"""Tables: columns by name or by mapping, delimiters, faults, and the starter library."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from inquiry_service.bibliography import csv_table, formats
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import ROOT, SAMPLES, authors_of, records_of, results_of, sample

TRIPTANS = ROOT / "literature_index" / "corpus" / "triptans"


def test_embase_columns_and_its_source_cell_are_understood() -> None:
    record = sample("embase.csv")
    assert record.title == "Duplication cysts: Diagnosis, management, and the role of endoscopic ultrasound"
    assert authors_of(record) == ["Liu R", "Adler DG"]
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == (
        "Endoscopic Ultrasound", 2014, "3", "3", "152-160",
    )  # fmt: skip
    assert record.keywords[:2] == ("article", "bronchogenic duplication cyst (diagnosis, surgery)")


@pytest.mark.parametrize("name", ["generic.csv", "generic_semicolon.csv"])
def test_the_delimiter_is_recognised_and_lists_are_unpacked(name: str) -> None:
    record = sample(name)
    assert (record.title, record.year, authors_of(record)) == ("Title of reference", 2014, ["Marx K", "Lindgren A"])
    assert record.keywords == ("Pippi", "Nordwind", "Piraten")


def test_rows_without_a_title_are_rejected_one_by_one() -> None:
    results = results_of((SAMPLES / "missing_values.csv").read_bytes())
    assert [type(result) for result in results] == [ParsedRecord, Rejected, ParsedRecord, Rejected]


def test_a_mapping_names_the_columns_of_an_unusual_table() -> None:
    text = io.TextIOWrapper(io.BytesIO(b"nr,heading,who\n1,A trial,Liu R\n"), encoding="utf-8", newline="")
    (record,) = csv_table.read(text, {"heading": "title", "who": "authors", "nr": "identifier"})
    assert isinstance(record, ParsedRecord)
    assert (record.title, authors_of(record)) == ("A trial", ["Liu R"])


@pytest.mark.parametrize("mapping", [{"absent": "title"}, {"heading": "title", "nr": "colour"}, {"who": "authors"}])
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict[str, str]) -> None:
    text = io.TextIOWrapper(io.BytesIO(b"nr,heading,who\n1,A trial,Liu R\n"), encoding="utf-8", newline="")
    with pytest.raises(InvalidInput):
        list(csv_table.read(text, mapping))


def test_a_table_without_a_title_column_is_refused_with_the_reason() -> None:
    with pytest.raises(InvalidInput, match="no title column"):
        results_of("authors,year,abstract\nLiu R,2014,Text\n")


def test_a_row_with_too_many_cells_is_reported_and_the_rest_is_read() -> None:
    results = results_of("title,year\nFirst,2001\nSecond,2002,surplus\nThird,2003\n")
    assert [type(result) for result in results] == [ParsedRecord, Rejected, ParsedRecord]
    assert isinstance(results[1], Rejected)
    assert results[1].reason.startswith("Line 3 has 3 cells, the header 2")


def test_an_open_quotation_mark_is_reported_with_its_lines() -> None:
    results = results_of('title,year\nFirst,2001\n"Second,2002\nThird,2003\n')
    assert [type(result) for result in results] == [ParsedRecord, Rejected]
    assert isinstance(results[1], Rejected)
    assert "Lines 3 to 4" in results[1].reason


def test_every_row_of_the_starter_library_is_accounted_for() -> None:
    data = (TRIPTANS / "records.csv").read_bytes()
    results = results_of(data)
    rejected = [result for result in results if isinstance(result, Rejected)]
    bare = [row["pubmedID"] for row in csv.DictReader(io.StringIO(data.decode(), newline="")) if not row["title"]]
    assert (len(results), len(rejected)) == (671, 24)
    assert [result.identifier for result in rejected] == bare
    assert {result.reason for result in rejected} == {"The record has no title."}


def test_the_starter_library_is_the_one_its_readme_describes() -> None:
    readme = (TRIPTANS / "README.md").read_text()
    assert hashlib.sha256((TRIPTANS / "records.csv").read_bytes()).hexdigest() in readme


def test_a_record_of_the_starter_library_is_read_in_full() -> None:
    results = results_of((TRIPTANS / "records.csv").read_bytes())
    record = next(result for result in results if isinstance(result, ParsedRecord) and result.pmid == "9674831")
    assert record.title.startswith("A pilot study of oral sumatriptan")
    assert authors_of(record) == ["Newman LC", "Lipton RB", "Lay CL", "Solomon S"]
    assert record.year == 1998
    assert len(record.abstract) == 470
    assert record.remarks == ()


def test_odd_author_cells_of_the_starter_library_are_people_and_groups() -> None:
    results = results_of((TRIPTANS / "records.csv").read_bytes())
    authors = [author for record in results if isinstance(record, ParsedRecord) for author in record.authors]
    assert not [author.name for author in authors if "[" in author.name or "]" in author.name]
    groups = {author.collective for author in authors if author.collective}
    assert len(groups) == 21
    assert {"AAFP", "COZAM Study Group", "USMAP Investigators", "251/96/14 Study Group"} <= groups


def test_a_row_that_is_one_blank_line_is_no_record() -> None:
    assert len(records_of("title,year\nFirst,2001\n\n,\n")) == 1


def one_row(columns: str, cells: str) -> ParsedRecord:
    (record,) = records_of(f"{columns}\n{cells}\n")
    return record


def source_of(record: ParsedRecord) -> tuple[object, ...]:
    return record.journal, record.year, record.volume, record.issue, record.pages


def test_the_columns_of_scopus_are_known() -> None:
    record = one_row(
        "Authors,Author full names,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI,Abstract,"
        "Author Keywords,Index Keywords,Document Type,Source,EID,PubMed ID",
        'Liu R.; Adler D.,"Liu, Roy A. (57190001234); Adler, Douglas G. (7001234567)",A trial,2020,Headache,60,3,,5,12,'
        "10.1000/x,Text,aura; triptan,Humans; Migraine,Article,Scopus,2-s2.0-1,31234567",
    )
    assert source_of(record) == ("Headache", 2020, "60", "3", "5-12")
    assert authors_of(record) == ["Liu RA", "Adler DG"]
    assert (record.pmid, record.publication_types) == ("31234567", ("Journal Article",))
    assert record.keywords == ("aura", "triptan", "Humans", "Migraine")


def test_the_columns_of_web_of_science_are_known() -> None:
    record = one_row(
        "Publication Type\tAuthors\tAuthor Full Names\tGroup Authors\tArticle Title\tSource Title\tPublication Year"
        "\tVolume\tIssue\tStart Page\tEnd Page\tArticle Number\tDocument Type\tDOI\tPubmed Id\tUT (Unique WOS ID)",
        "J\tLiu, R\tLiu, Roy A.\tTrial Group\tA trial\tHEADACHE"
        "\t2020\t60\t3\t\t\te17\tReview\t10.1000/x\t31234567\tWOS:1",
    )
    assert source_of(record) == ("HEADACHE", 2020, "60", "3", "e17")
    assert authors_of(record) == ["Liu RA", "Trial Group"]
    assert record.publication_types == ("Review",)


def test_pubmed_keeps_volume_and_pages_in_its_citation_column() -> None:
    record = one_row(
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI",
        '31234567,A trial.,"Liu R, Adler DG.",Headache. 2020 Mar;60(3):512-519. doi: 10.1000/x. Epub 2020 Jan 2.,Liu R,'
        "Headache,2020,2020/01/03,PMC7000001,,10.1000/x",
    )
    assert source_of(record) == ("Headache", 2020, "60", "3", "512-519")
    assert authors_of(record) == ["Liu R", "Adler DG"]


@pytest.mark.parametrize("top", ["sep=;\n", "\n\n", "About the data: exported on 2026-11-22\n\n"])
def test_lines_above_the_header_are_passed_over(top: str) -> None:
    assert [record.title for record in records_of(f"{top}Title;Year\nA trial;2001\n")] == ["A trial"]


def test_a_table_of_unknown_columns_is_offered_for_mapping() -> None:
    data = "Überschrift|Wer|Überschrift\nEine Studie|Liu R|x\n".encode()
    facts = formats.inspect(data, "tabelle.csv")
    assert facts.table is not None
    assert (facts.table.columns, facts.table.mapping) == (("Überschrift", "Wer", "Überschrift (2)"), {})
    assert facts.table.sample == (("Eine Studie", "Liu R", "x"),)
    (record,) = formats.read(data, "tabelle.csv", {"Überschrift": "title", "Wer": "authors"})
    assert isinstance(record, ParsedRecord)
    assert authors_of(record) == ["Liu R"]


def test_prose_is_no_table() -> None:
    with pytest.raises(InvalidInput, match="not a literature file"):
        results_of("Dear colleagues,\nplease find the list attached, as promised.\nKind regards\n")


def test_a_list_of_retractions_is_not_taken_for_literature() -> None:
    with pytest.raises(InvalidInput, match="list of retractions"):
        results_of("Record ID,Title,OriginalPaperDOI,RetractionNature\n1,A trial,10.1000/x,Retraction\n")


def test_a_date_in_digits_gives_its_year() -> None:
    assert one_row("Title,Publication Date", "A trial,20200301").year == 2020
