"""JATS: the metadata of articles, and XML that is hostile."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import authors_of, records_of, results_of, sample

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def article(meta: str, kind: str = "research-article") -> str:
    title = "<title-group><article-title>A trial</article-title></title-group>"
    front = f"<front><article-meta>{title}{meta}</article-meta></front>"
    return f'<article article-type="{kind}" {XLINK}>{front}<body><p>Text</p></body></article>'


def test_an_article_of_pubmed_central_is_read_in_full() -> None:
    record = sample("jats.xml")
    assert record.title.startswith("The Dutch version of the Oral Health Impact Profile (OHIP-NL)")
    assert authors_of(record) == ["van der Meulen MJ", "John MT", "Naeije M", "Lobbezoo F"]
    assert (record.journal_abbrev, record.year, record.volume, record.pages) == ("BMC Oral Health", 2008, "8", "11")
    assert (record.doi, record.pmid, record.pmcid) == ("10.1186/1472-6831-8-11", "18405359", "PMC2329613")
    assert record.abstract.startswith("BACKGROUND: The purpose of this study")
    assert "\n\nCONCLUSION: " in record.abstract
    assert any(name == "license" and "creativecommons.org/licenses/by/2.0" in text for name, text in record.other)


def test_groups_stand_among_the_authors_and_their_members_do_not() -> None:
    (record,) = records_of(article(
        "<contrib-group><contrib contrib-type='author'><name><surname>Liu</surname><given-names>Roy A</given-names>"
        "</name></contrib><contrib contrib-type='author'><collab>The Trial Group<contrib-group><contrib><name><surname>"
        "Member</surname></name></contrib></contrib-group></collab></contrib><contrib contrib-type='editor'><name>"
        "<surname>Editor</surname></name></contrib></contrib-group>"
    ))  # fmt: skip
    assert authors_of(record) == ["Liu RA", "The Trial Group"]


@pytest.mark.parametrize(
    ("kind", "link", "status", "is_notice"),
    [("research-article", "retraction-forward", RecordStatus.RETRACTED, False),
     ("retraction", "retracted-article", RecordStatus.CURRENT, True),
     ("correction", "corrected-article", RecordStatus.CURRENT, True),
     ("research-article", "correction-forward", RecordStatus.CORRECTED, False),
     ("expression-of-concern", "object-of-concern", RecordStatus.CURRENT, True),
     ("research-article", "commentary", RecordStatus.CURRENT, False)],
)  # fmt: skip
def test_related_articles_have_a_direction(kind: str, link: str, status: RecordStatus, is_notice: bool) -> None:
    meta = f'<related-article related-article-type="{link}" ext-link-type="doi" xlink:href="10.1000/other"/>'
    (record,) = records_of(article(meta, kind))
    assert (record.status, record.is_notice) == (status, is_notice)
    assert [relation.doi for relation in record.relations] == ["10.1000/other"]


def test_the_year_of_the_issue_comes_before_the_year_online() -> None:
    (record,) = records_of(article("<pub-date pub-type='epub'><year>2019</year></pub-date>"
                                   "<pub-date pub-type='ppub'><year>2020</year></pub-date>"))  # fmt: skip
    assert record.year == 2020


def test_named_characters_of_an_unread_dtd_are_resolved_and_unknown_ones_reject_the_article() -> None:
    head = '<!DOCTYPE articles PUBLIC "-//NLM//DTD JATS//EN" "journal.dtd">'
    first, second = results_of(head + "<articles>" + article("<volume>&alpha;1</volume>")
                               + article("<volume>&mystery;</volume>") + "</articles>")  # fmt: skip
    assert isinstance(first, ParsedRecord)
    assert first.volume == "α1"
    assert isinstance(second, Rejected)
    assert "&mystery;" in second.reason


@pytest.mark.parametrize(
    "entities",
    ['<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">', '<!ENTITY a SYSTEM "file:///etc/passwd">',
     '<!ENTITY % a SYSTEM "http://example.invalid/x">'],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_refuse_the_file(entities: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE article [{entities}]>' + article("")
    with pytest.raises(InvalidInput, match="declares entities"):
        results_of(text.encode(encoding))


@pytest.mark.parametrize("hostile", ["<a>" * 10_000 + "</a>" * 10_000, "x" * 11_000_000])
def test_depth_and_text_beyond_all_measure_end_the_reading_with_a_reason(hostile: str) -> None:
    text = "<articles>" + article("") + article(f"<volume>{hostile}</volume>") + "</articles>"
    first, second = results_of(text)
    assert isinstance(first, ParsedRecord)
    assert isinstance(second, Rejected)
    assert "cannot be read on from here" in second.reason
