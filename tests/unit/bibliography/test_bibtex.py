"""BibTeX and BibLaTeX: fields, names, inheritance and what is wrong with an entry."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.vocabulary import RecordKind
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of

ENTRY = """
@Article{newman2019,
  author    = {Newman, Lawrence C. and van Eijck, Casper H. J. and King, Jr., Martin Luther
               and {USMAP Investigators} and others},
  title     = {{Menstrual Migraine}: a {TNF-$\\alpha$} trial},
  journal   = {Headache: The Journal},
  shortjournal = {Headache},
  year      = 2019,
  month     = mar,
  volume    = {59},
  number    = {3},
  pages     = {348--358},
  doi       = {https://doi.org/10.1111/HEAD.13499},
  pmid      = {30912345},
  pmcid     = {PMC6401234},
  abstract  = {Objective: 5% of $100 was spent.},
  keywords  = {Migraine; Triptans},
  language  = {English},
  issn      = {0017-8748},
  publisher = {Wiley},
}
"""


def authors(field: str) -> list[str]:
    (record,) = records_of(f"@article{{k, title = {{A trial}}, author = {{{field}}}}}")
    return authors_of(record)


def test_every_field_of_an_entry_is_read() -> None:
    (record,) = records_of(ENTRY)
    assert (record.title, record.journal, record.journal_abbrev) == (
        "Menstrual Migraine: a TNF-α trial", "Headache: The Journal", "Headache",
    )  # fmt: skip
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "59", "3", "348-358")
    assert (record.doi, record.pmid, record.pmcid) == ("10.1111/head.13499", "30912345", "PMC6401234")
    assert authors_of(record) == ["Newman LC", "van Eijck CHJ", "King ML Jr", "USMAP Investigators"]
    assert record.authors[3].collective == "USMAP Investigators"
    assert record.abstract == "Objective: 5% of $100 was spent."
    assert (record.keywords, record.language) == (("Migraine", "Triptans"), "eng")
    assert (record.source_format, record.kind) == ("bibtex", RecordKind.ARTICLE)
    assert dict(record.other) == {"issn": "0017-8748", "publisher": "Wiley"}


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ("von Helmholtz, Hermann and Hermann von Helmholtz", ["von Helmholtz H", "von Helmholtz H"]),
        (r"Helmh{\"o}ltz, Herm{\"a}n{\~n}", ["Helmhöltz H"]),
        ("Hermann {von Helmholtz}", ["von Helmholtz H"]),
        (
            "{Food and Drug Agency} and Smith, J. AND Doe, Jane",
            ["Food and Drug Agency", "Smith J", "Doe J"],
        ),
        ("{{World Health Organization}}", ["World Health Organization"]),
        ("{Smith, John and Doe, Jane}", ["Smith J", "Doe J"]),
        ("given=Hans, family=Berg, prefix=van den", ["van den Berg H"]),
        ("Sa, M. C. M.; Kascheres, A.", ["Sa MCM", "Kascheres A"]),
        ("Smith, A and others", ["Smith A"]),
        ("Doe, Jr, John", ["Doe J Jr"]),
    ],
)
def test_names_are_read_as_bibtex_means_them(field: str, read: list[str]) -> None:
    assert authors(field) == read


def test_abbreviations_and_concatenation_are_expanded() -> None:
    (record,) = records_of(
        '@string{jh = "Headache"}\n@preamble{"x"}\n'
        '@article{k, title = "A " # "trial", journal = jh, year=2019}'
    )
    assert (record.title, record.journal, record.year) == ("A trial", "Headache", 2019)


def test_a_chapter_inherits_from_its_book_wherever_that_stands() -> None:
    book = (
        "@collection{b, title={The Book}, subtitle={Part One}, editor={Doe, Jane}, publisher={A House}, "
        "date={2020-05}}\n"
    )
    chapter = "@incollection{c, title={The Chapter}, author={Roe, R.}, crossref={b}}\n"
    for text in (book + chapter, chapter + book):
        record = next(item for item in records_of(text) if item.title == "The Chapter")
        assert (record.journal, record.year, authors_of(record)) == ("The Book: Part One", 2020, ["Roe R"])
        assert dict(record.other)["publisher"] == "A House"
    assert len(results_of((SAMPLES / "crossref.bib").read_bytes())) == 6


def test_biblatex_names_its_fields_otherwise() -> None:
    (record,) = records_of(
        "@article{k, title={Rizatriptan}, subtitle={A trial}, journaltitle={Cephalalgia}, date={2019-03/2019-04},"
        " eid={e0240506}, eprint={30912345}, eprinttype={pubmed}, langid={german}}"
    )
    assert (record.title, record.journal, record.year) == ("Rizatriptan: A trial", "Cephalalgia", 2019)
    assert (record.pages, record.pmid, record.language) == ("e0240506", "30912345", "ger")


def test_entries_with_one_key_or_none_and_fields_given_twice_are_all_kept() -> None:
    records = records_of(
        "@article{k, title={One}}\n@article{k, title={Two}}\n@article{, title={Three}}\n"
        "@article{title={Four}, year=2001}\n"
        "@article{k, title={Five}, keywords={a}, keywords={b}}"
    )
    assert [record.title for record in records] == ["One", "Two", "Three", "Four", "Five"]
    assert records[3].year == 2001
    assert records[4].keywords == ("a", "b")


def test_a_forgotten_comma_does_not_lose_the_field_behind_it() -> None:
    (record,) = records_of("@article{k,\n title = {A trial}\n year = {2019}\n journal = {Headache},\n volume = 3\n}")
    assert (record.title, record.year, record.journal, record.volume) == ("A trial", 2019, "Headache", "3")


@pytest.mark.parametrize(
    "broken",
    [
        "@article{b,\n  title = {Not {closed},\n  year = 2019\n}\n",
        '@article{b,\n  title = "Not closed,\n  year = {2019\n}\n',
        "@article{b, year = 2019}\n",
    ],
)
def test_a_broken_entry_is_rejected_and_its_neighbours_are_read(broken: str) -> None:
    results = results_of(f"@article{{a,\n  title = {{First}}\n}}\n\n{broken}\n@article{{c,\n  title = {{Third}}\n}}\n")
    assert [type(item) for item in results] == [ParsedRecord, Rejected, ParsedRecord]
    rejected = results[1]
    assert isinstance(rejected, Rejected)
    assert (rejected.position, rejected.identifier) == (2, "b")


def test_what_is_between_the_entries_is_no_record() -> None:
    text = (
        "% Encoding: UTF-8\nMade by hand, ask me@example.org\n% @article{no, title={Commented out}}\n"
        "@comment{jabref-meta: databaseType:bibtex; @article{no, title={In a comment}}}\n"
        "@article(p, title={In parentheses (really)}, note={mail\n@work{home}}) @book{b, title={On the same line}}"
    )
    assert [record.title for record in records_of(text)] == ["In parentheses (really)", "On the same line"]


def test_a_real_file_with_every_fault_gives_each_entry_once() -> None:
    results = results_of((SAMPLES / "bibaudit.bib").read_bytes())
    assert len(results) == 13
    assert [item.identifier for item in results if isinstance(item, Rejected)] == ["malformed2023"]
    titles = [item.title for item in results if isinstance(item, ParsedRecord)]
    assert "Response to @mentions in social media surveillance" in titles


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_author(encoding: str) -> None:
    (record,) = records_of("@article{k,\n  title = {A trial},\n  author = {Müller, José}\n}\n".encode(encoding))
    assert authors_of(record) == ["Müller J"]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@article{k, title={A}, journal={medRxiv}}", RecordKind.PREPRINT),
        ("@misc{k, title={A}, eprint={2001.00001}, archiveprefix={arXiv}}", RecordKind.PREPRINT),
        ("@inproceedings{k, title={A}, booktitle={Congress}}", RecordKind.CONGRESS_ABSTRACT),
        ("@inbook{k, title={A}, booktitle={Book}}", RecordKind.BOOK),
        ("@phdthesis{k, title={A}}", RecordKind.OTHER),
        ("@article{k, title={Retraction notice to: A trial}}", RecordKind.NOTICE),
        ("@misc{k, title={A}}", RecordKind.ARTICLE),
    ],
)
def test_the_entry_type_tells_the_kind(entry: str, kind: RecordKind) -> None:
    assert records_of(entry)[0].kind is kind
