"""PDF: text by page from a limited process, a proposed record, and files that hold nothing or are hostile."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from weasyprint import HTML

from inquiry_service.bibliography.pdf_text import Limits, pages_of
from inquiry_service.bibliography.pdf_xmp import xmp_fields
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of

ARTICLE = """<style>h1 {{ font-size: 20pt }} .journal {{ font-size: 30pt }}</style><p class="journal">The Journal</p>
<h1>Rizatriptan in acute migraine: a controlled trial</h1><p>Roy A. Liu<sup>1</sup>, Ann de Vries<sup>2</sup></p>
<p>doi: 10.1000/riza.2019.17 &nbsp; PMID: 31234567</p><p>Published: 3 May 2019</p>
<p style="break-before: page">{second}</p>"""


def pdf(source: str) -> bytes:
    return bytes(HTML(string=source).write_pdf())


PAPER = pdf("<h1>Paper Title</h1><p>Running text of the paper.</p><p style='break-before: page'>Second page.</p>")


def test_text_is_extracted_page_by_page() -> None:
    found = pages_of(pdf(ARTICLE.format(second="Second page, p &lt; 0.05.")))
    assert found.failure == ""
    assert len(found.pages) == 2
    assert "Rizatriptan in acute migraine" in found.pages[0]
    assert found.pages[1] == "Second page, p < 0.05."


def test_a_record_is_proposed_from_the_first_pages() -> None:
    (record,) = records_of(pdf(ARTICLE.format(second="Text")))
    assert record.title == "Rizatriptan in acute migraine: a controlled trial"
    assert (record.doi, record.pmid, record.year) == ("10.1000/riza.2019.17", "31234567", 2019)
    assert authors_of(record) == ["Liu RA", "de Vries A"]
    assert "were proposed from the PDF" in record.remarks[0]


def test_the_words_set_largest_are_the_title_when_the_document_names_none() -> None:
    (record,) = records_of(PAPER)
    assert record.title == "Paper Title"


def test_a_scan_with_metadata_is_proposed_with_the_remark_that_it_has_no_text() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": "Sumatriptan nasal spray", "/Author": "Roy A. Liu, Ann Adler"})
    target = io.BytesIO()
    writer.write(target)
    (record,) = records_of(target.getvalue())
    assert (record.title, authors_of(record)) == ("Sumatriptan nasal spray", ["Liu RA", "Adler A"])
    assert any("holds no text" in remark for remark in record.remarks)


@pytest.mark.parametrize(
    ("data", "reason"),
    [((SAMPLES / "encrypted.pdf").read_bytes(), "protected by a password"), (b"%PDF-1.7\n%%EOF", "damaged"),
     (b"%PDF-1.4\n" + bytes(range(256)) * 20, "damaged")],
    ids=["encrypted", "empty", "random"],
)  # fmt: skip
def test_a_file_of_which_nothing_can_be_told_is_rejected_with_the_reason(data: bytes, reason: str) -> None:
    (result,) = results_of(data)
    assert isinstance(result, Rejected)
    assert reason in result.reason


def test_what_is_no_pdf_is_said_to_be_none() -> None:
    assert pages_of(b"plain text").failure == "It is not a PDF document."


def test_a_document_that_takes_too_long_is_given_up() -> None:
    found = pages_of(PAPER, Limits(wall_seconds=0.01))
    assert "took longer than 0.01 seconds" in found.failure


def test_a_document_that_needs_too_much_memory_or_time_ends_its_own_process_only() -> None:
    found = pages_of(PAPER, Limits(cpu_seconds=0))
    assert found.failure


def test_pages_beyond_the_limit_are_named_and_those_before_are_kept() -> None:
    found = pages_of(PAPER, Limits(pages=1))
    assert len(found.pages) == 1
    assert "more than 1 pages" in found.failure


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=60))
def test_a_damaged_document_is_a_record_or_a_rejection_but_never_an_error(start: int, damage: bytes) -> None:
    data = PAPER
    start %= len(data)
    (result,) = results_of(b"%PDF-1.5\n" + data[:start] + damage + data[start + len(damage) :])
    assert isinstance(result, ParsedRecord | Rejected)


def test_the_fields_of_an_xmp_packet_are_read_and_broken_ones_ignored() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
        "<rdf:Description><dc:title><rdf:Alt><rdf:li>A trial</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq>"
        "<rdf:li>Liu R</rdf:li><rdf:li>Adler D</rdf:li></rdf:Seq></dc:creator><prism:doi>10.1000/x</prism:doi>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    assert xmp_fields(packet) == {"title": "A trial", "authors": "Liu R; Adler D", "doi": "10.1000/x"}
    assert xmp_fields("<x") == {}
