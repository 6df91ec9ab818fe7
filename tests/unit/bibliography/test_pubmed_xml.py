"""PubMed XML, field by field on real records, and its hardening."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from inquiry_service.bibliography import pubmed_xml
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of, sample

ARTICLE = """<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article>
<Journal><JournalIssue><Volume>1</Volume><PubDate><MedlineDate>2001 Nov-Dec</MedlineDate></PubDate></JournalIssue>
<Title>Test journal</Title></Journal><ArticleTitle>{title}</ArticleTitle>{more}</Article>{citation}</MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/A</ArticleId><ArticleId IdType="pmc">PMC12</ArticleId>
</ArticleIdList>{data}</PubmedData></PubmedArticle>"""


def document(*articles: str, prolog: str = "") -> str:
    return f'<?xml version="1.0"?>{prolog}<PubmedArticleSet>{"".join(articles)}</PubmedArticleSet>'


def article(title: str = "A trial.", *, pmid: int = 1, more: str = "", citation: str = "", data: str = "") -> str:
    return ARTICLE.format(pmid=pmid, title=title, more=more, citation=citation, data=data)


def test_every_field_of_a_real_record_is_read() -> None:
    record = sample("pubmed2.xml")
    assert (record.pmid, record.doi, record.pmcid) == ("11748933", "10.1006/cryo.2001.2328", "")
    assert record.title == (
        "Is cryopreservation a homogeneous process? Ultrastructure and motility of untreated, prefreezing, and "
        "postthawed spermatozoa of Diplodus puntazzo (Cetti)."
    )
    assert authors_of(record) == [
        "Taddei AR", "Barbato F", "Abelli L", "Canese S", "Moretti F", "Rana KJ", "Fausto AM", "Mazzini M",
    ]  # fmt: skip
    assert (record.journal, record.journal_abbrev) == ("Cryobiology", "Cryobiology")
    assert (record.year, record.volume, record.issue, record.pages) == (2001, "42", "4", "244-55")
    assert record.language == "eng"
    assert record.publication_types == ("Journal Article", "Research Support, Non-U.S. Gov't")
    assert record.mesh[:3] == ("Animals", "Cell Membrane/ultrastructure", "Cryopreservation/*methods")
    assert "*Sperm Motility" in record.mesh
    assert record.abstract.startswith("This study subdivides the cryopreservation procedure")
    assert "(P < 0.001)" in record.abstract
    assert ("CopyrightInformation", "Copyright 2001 Elsevier Science.") in record.other


def test_a_record_without_doi_volume_month_or_abstract_is_read() -> None:
    record = sample("pubmed1.xml")
    assert (record.pmid, record.doi, record.abstract) == ("12091962", "", "")
    assert record.journal == "Social justice (San Francisco, Calif.)"
    assert record.journal_abbrev == "Soc Justice"
    assert record.keywords == ("Health Care and Public Health", "Legal Approach")


def test_sections_groups_markup_and_registrations_are_kept() -> None:
    more = """<Abstract><AbstractText Label="METHODS">10<sup>5</sup> <i>cells</i></AbstractText>
    <AbstractText Label="UNLABELLED">CO<sub>2</sub> &lt;b&gt;</AbstractText></Abstract>
    <AuthorList><Author><LastName>Example</LastName><ForeName>Anna-Maria</ForeName><Initials>AM</Initials>
    <Suffix>Jr</Suffix></Author><Author><CollectiveName>Test Study Group</CollectiveName></Author></AuthorList>
    <DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
    <AccessionNumber>NCT01234567</AccessionNumber></AccessionNumberList></DataBank><DataBank>
    <DataBankName>GENBANK</DataBankName><AccessionNumberList><AccessionNumber>AB1</AccessionNumber>
    </AccessionNumberList></DataBank></DataBankList>"""
    (record,) = records_of(document(article("Effect on Ca<sup>2+</sup>: a <i>trial</i>.", more=more)))
    assert record.title == "Effect on Ca²⁺: a trial."
    assert record.abstract == "METHODS: 10⁵ cells\n\nCO₂ <b>"
    assert authors_of(record) == ["Example AM Jr", "Test Study Group"]
    assert record.registrations == ("NCT01234567",)
    assert (record.year, record.pmcid) == (2001, "PMC12")


def test_links_tell_the_status_and_cited_works_are_not_the_work() -> None:
    citation = """<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Test. 2010;1:2.
    doi: 10.1000/R1.</RefSource><PMID>3</PMID></CommentsCorrections><CommentsCorrections RefType="Cites">
    <RefSource>Other</RefSource><PMID>4</PMID></CommentsCorrections></CommentsCorrectionsList>"""
    data = """<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId>
    </ArticleIdList></Reference></ReferenceList>"""
    (record,) = records_of(document(article(citation=citation, data=data)))
    assert record.status is RecordStatus.RETRACTED
    assert [(link.kind, link.pmid, link.doi) for link in record.relations] == [("retraction_in", "3", "10.1000/r1")]
    assert record.doi == "10.1000/a"


def test_books_and_deleted_citations_are_accounted_for() -> None:
    book = """<PubmedBookArticle><BookDocument><PMID>7</PMID><Book><Publisher><PublisherName>A house</PublisherName>
    </Publisher><BookTitle>A handbook</BookTitle><PubDate><Year>2015</Year></PubDate></Book><ArticleTitle>A chapter
    </ArticleTitle></BookDocument></PubmedBookArticle>"""
    results = results_of(document(article(), book, "<DeleteCitation><PMID>8</PMID><PMID>9</PMID></DeleteCitation>"))
    assert [type(result) for result in results] == [ParsedRecord, ParsedRecord, Rejected, Rejected]
    chapter, gone = results[1], results[3]
    assert isinstance(chapter, ParsedRecord)
    assert (chapter.title, chapter.journal, chapter.year) == ("A chapter", "A handbook", 2015)
    assert gone == Rejected(4, "9", "PubMed has deleted this citation.")


def test_a_file_that_breaks_off_yields_what_it_held_and_says_where() -> None:
    whole = (SAMPLES / "pubmed2.xml").read_bytes()
    results = results_of(whole[: len(whole) - 400])
    assert [type(result) for result in results] == [ParsedRecord, Rejected]
    assert isinstance(results[1], Rejected)
    assert results[1].position == 2
    assert results[1].reason.startswith("The file cannot be read on from here")


def test_a_record_without_an_article_or_title_is_rejected_by_its_pmid() -> None:
    bare = "<PubmedArticle><MedlineCitation><PMID>5</PMID></MedlineCitation></PubmedArticle>"
    results = results_of(document(bare, article("", pmid=6)))
    assert [result.identifier for result in results if isinstance(result, Rejected)] == ["5", "6"]


# --- hardening -------------------------------------------------------------------------------------------


def laughs(levels: int = 9) -> str:
    """A billion laughs: each entity is ten of the one before."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels + 1))
    prolog = f'<!DOCTYPE PubmedArticleSet [<!ENTITY l0 "lol">{entities}]>'
    return document(article(f"&l{levels};"), prolog=prolog)


def outside(path: Path) -> str:
    """An external entity that embeds a file of this machine."""
    prolog = f'<!DOCTYPE PubmedArticleSet [<!ENTITY file SYSTEM "{path.as_uri()}">]>'
    return document(article("&file;"), prolog=prolog)


def test_a_billion_laughs_are_refused_before_they_take_memory() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput, match="declares entities"):
            results_of(laughs())
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_an_external_entity_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the content of a local file")
    with pytest.raises(InvalidInput, match="declares entities"):
        results_of(outside(secret))


def test_without_the_hardening_the_same_file_would_leak(tmp_path: Path) -> None:
    """Negative control: a parser with lxml's old defaults puts the file into the title, so the check can fail."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the content of a local file")
    open_parser = etree.XMLParser(resolve_entities=True, load_dtd=True)
    tree = etree.fromstring(outside(secret).encode(), open_parser)
    assert tree.findtext(".//ArticleTitle") == "the content of a local file"
    few_laughs = etree.fromstring(laughs(2).encode(), open_parser)
    assert few_laughs.findtext(".//ArticleTitle") == "lol" * 100


def test_entities_hidden_behind_a_long_prolog_are_refused_all_the_same() -> None:
    comment = f"<!--{' ' * 40_000}-->"
    text = laughs().replace("<!DOCTYPE", comment + comment + "<!DOCTYPE")
    with pytest.raises(InvalidInput):
        results_of(text)
    with pytest.raises(InvalidInput, match="declares entities"):
        list(pubmed_xml.read(io.BytesIO(text.encode())))


def test_the_doctype_line_of_pubmed_is_allowed_and_its_dtd_is_never_loaded(tmp_path: Path) -> None:
    dtd = tmp_path / "pubmed.dtd"
    dtd.write_text('<!ENTITY added "text from the DTD">')
    prolog = f'<!DOCTYPE PubmedArticleSet SYSTEM "{dtd.as_uri()}">'
    (record,) = records_of(document(article(), prolog=prolog))
    assert record.title == "A trial."
    (rejected,) = results_of(document(article("&added;"), prolog=prolog))
    assert rejected == Rejected(1, "1", "The record uses an undeclared entity, so its text is incomplete.")


def test_depth_beyond_the_limit_of_the_parser_is_a_rejection() -> None:
    results = results_of(document(article(), article("<i>" * 5_000 + "</i>" * 5_000)))
    assert [type(result) for result in results] == [ParsedRecord, Rejected]


def test_many_records_are_read_in_constant_memory() -> None:
    def peak(count: int) -> int:
        stream = io.BytesIO(document(*(article(pmid=number) for number in range(1, count + 1))).encode())
        tracemalloc.start()
        try:
            assert sum(1 for _ in pubmed_xml.read(stream)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(2_000) < 2 * peak(100) + 200_000


def test_an_abstract_that_only_stands_beside_the_article_is_kept() -> None:
    other = '<OtherAbstract Type="plain-language-summary"><AbstractText>In plain words.</AbstractText></OtherAbstract>'
    text = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A trial</ArticleTitle>"
        f"</Article>{other}</MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (record,) = records_of(text)
    assert record.abstract == "In plain words."
    assert ("OtherAbstract", "In plain words.") in record.other


def test_the_doi_of_a_book_is_found_where_pubmed_puts_it() -> None:
    text = (
        "<PubmedBookArticleSet><PubmedBookArticle><BookDocument><PMID>1</PMID><Book><BookTitle>A guideline</BookTitle>"
        "</Book></BookDocument><PubmedBookData><ArticleIdList><ArticleId IdType='doi'>10.1000/book</ArticleId>"
        "</ArticleIdList></PubmedBookData></PubmedBookArticle></PubmedBookArticleSet>"
    )
    assert records_of(text)[0].doi == "10.1000/book"
