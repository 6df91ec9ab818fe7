"""The finished PDF: every section's words, structure, type size, equal bytes."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pikepdf
import pytest

from inquiry_service.errors import RenderingFailed
from inquiry_service.rendering.letter import letter_html
from inquiry_service.rendering.letter_parts import Block, BlockKind, Reference
from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.rendering.verify import verify_pdf
from tests.rendering.pdf_structure import elements, fonts_without_file, opened, tags, text_runs
from tests.rendering.sample_letters import patient_letter, professional_letter


@pytest.fixture(scope="module")
def letter(renderer: PdfRenderer) -> bytes:
    return renderer.render_pdf(letter_html(professional_letter()))


@pytest.fixture(scope="module")
def patient(renderer: PdfRenderer) -> bytes:
    return renderer.render_pdf(letter_html(patient_letter()))


@pytest.mark.parametrize(("section", "words"), [
    ("letterhead", "Example Therapeutics (demo) Medical Information"),
    ("contact for follow-up", "Follow-up: 1-800-555-0199, medinfo@example.com"),
    ("contact for adverse events", "Adverse events and complaints: 1-800-555-0198"),
    ("letter id and version", "MI-2026-000123-L1, version 3"),
    ("addressee", "Dr. Demo Pediatrician, MD"),
    ("opening", "in response to your unsolicited request of 16 November 2026, by telephone"),
    ("relayed", "forwarded it to us on your behalf"),
    ("question", "“Is there published evidence on sumatriptan, by any route"),
    ("status", "Sumatriptan tablets are not approved by the US Food and Drug Administration"),
    ("indication", "indicated for the acute treatment of migraine attacks with or without aura in adults"),
    ("limitation", "not intended for the prophylactic therapy"),
    ("label", "Label 9485cc30-15e8-4b53-876d-db317145474b, version 12, effective 1 March 2026"),
    ("safety", "Important safety information"),
    ("boxed warning", "Boxed warning None."),
    ("summary", "Findings in favor"),
    ("summary, other side", "Findings against, or uncertain"),
    ("background", "Oral sumatriptan is described as effective in adults"),
    ("search", "Query as run (child* OR adolescen*) AND sumatriptan"),
    ("not searched", "Not searched Publications after 2003"),
    ("data", "Table 1. Randomized, double-blind, placebo-controlled trials"),
    ("second table", "Table 2. Open studies without a control group"),
    ("contrary evidence", "Conflicting, negative or missing evidence"),
    ("guidelines", "The library holds no guideline for this age group."),
    ("closing", "It is not a recommendation"),
    ("clinician decides", "rests with the treating clinician"),
    ("reporting", "FDA MedWatch at 1-800-FDA-1088"),
    ("copyright", "under the copyright of their publishers"),
    ("references", "Ueberall MA, Wenzel D. Intranasal sumatriptan"),
    ("funding mark", "[Funded by a manufacturer]"),
    ("retractions", "Retraction status of all references checked on 20 November 2026."),
    ("signature meaning", "Medical approval Demo Medical Reviewer, MD"),
    ("signature time", "20 November 2026, 09:12:31 EST (UTC−05:00)"),
    ("signature statement", "equivalent of handwritten signatures"),
    ("generation time", "Letter generated 20 November 2026, 14:12:31 UTC"),
    ("enclosures", "Sumatriptan tablets, full prescribing information, version 12"),
    ("foot", "MI-2026-000123-L1 · version 3 · SRD-SUM-014 v2 · Data to 18 November 2026"),
    ("confidentiality", "Confidential: for the requester. Not for promotion or onward distribution."),
    ("page count", "Page 2 of 4"),
    ("content code", "Content d836 20f4 e49b 561a"),
])
def test_the_letter_prints(letter: bytes, section: str, words: str) -> None:
    assert words in verify_pdf(letter).text.replace("\u00a0", " ").replace("- ", "-"), section


def test_the_sections_come_in_the_order_of_the_outline(letter: bytes) -> None:
    text = verify_pdf(letter).text
    heads = ["Your question", "Not approved for this use", "Important safety information", "Summary", "Background",
             "How we searched", "Data and limits", "Conflicting, negative or", "Guidelines", "Closing", "References",
             "Signatures", "Enclosures"]
    places = [re.search(rf"{head}(?! of| with| that)", text[1:]).start() for head in heads]  # type: ignore[union-attr]
    assert places == sorted(places)


def test_a_letter_can_be_opened_again_and_says_what_it_is(letter: bytes) -> None:
    facts = verify_pdf(letter)
    assert (facts.pages, facts.tagged, facts.lang) == (4, True, "en-US")
    assert facts.title.startswith("Sumatriptan for acute migraine in patients younger than 18 years")
    with opened(letter) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261120141231")


def test_the_letter_declares_pdf_a_and_pdf_ua_once(letter: bytes) -> None:
    with opened(letter) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes())
        assert metadata.count(b"<rdf:RDF") == 1
        assert b"<pdfuaid:part>1" in metadata
        assert b'pdfaid:part="3"' in metadata or b"<pdfaid:part>3" in metadata
        assert "/OutputIntents" in pdf.Root
        assert fonts_without_file(pdf) == []


@pytest.mark.parametrize("which", ["letter", "patient"])
def test_headings_lists_and_tables_are_tagged(which: str, request: pytest.FixtureRequest) -> None:
    with opened(request.getfixturevalue(which)) as pdf:
        found = tags(pdf)
        levels = [int(tag[1]) for tag in found if re.fullmatch("H[1-6]", tag)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        counted = Counter(found)
        assert counted["LI"] == counted["LBody"] > counted["Lbl"] > 0
        heads = [each for each in elements(pdf) if each.S == "/TH"]
        assert all("Scope" in str(each.get("/A")) for each in heads)
        assert which == "patient" or (len(heads) > 12 and counted["Caption"] == 2)


def test_all_text_is_tagged_or_an_artifact(letter: bytes) -> None:
    with opened(letter) as pdf:
        counted = text_runs(pdf)
    assert counted["neither"] == 0
    assert counted["tagged"] > 150
    assert counted["artifact"] >= 4 * 4, "running heads and feet are pagination artifacts"


def test_citations_say_where_they_go(letter: bytes) -> None:
    with opened(letter) as pdf:
        links = [each for page in pdf.pages for each in page.get("/Annots", []) if "/Dest" in each]
        assert {str(link.Contents) for link in links} == {f"Go to reference {n}" for n in range(1, 6)}
        assert all(abs(float(link.Rect[3]) - float(link.Rect[1])) > 6 for link in links), "too small to click"


def _body_sizes(data: bytes) -> Counter[float]:
    """Characters per type size, as drawn."""
    sizes: Counter[float] = Counter()
    with opened(data) as pdf:
        for page in pdf.pages:
            size, scale = 0.0, 1.0
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    size = float(operands[1])
                elif str(operator) == "Tm":
                    scale = abs(float(operands[3]))
                elif str(operator) == "TJ":
                    sizes[round(size * scale, 2)] += sum(len(str(each)) for each in operands[0]
                                                         if isinstance(each, pikepdf.String))
    return sizes


def test_the_patient_letter_is_in_large_type(patient: bytes, letter: bytes) -> None:
    large = _body_sizes(patient)
    assert sum(count for size, count in large.items() if size * 0.75 >= 12 or size >= 12) > 0.75 * large.total()
    usual = _body_sizes(letter)
    assert max(large, key=lambda size: large[size]) > max(usual, key=lambda size: usual[size])


def test_the_patient_letter_is_short_and_plain(patient: bytes) -> None:
    text = verify_pdf(patient).text
    for words in ("The short answer", "not approved to prevent migraine", "What the medicine is approved for",
                  "If you have a side effect", "speak to your doctor or pharmacist", "Who prepared this letter",
                  "Enclosures: Patient Information for sumatriptan tablets", "Page 2 of 2"):
        assert words in text
    assert "How we searched" not in text
    assert "Findings in favor" not in text


def test_equal_letters_have_equal_bytes_in_two_processes(letter: bytes) -> None:
    with PdfRenderer() as other:
        assert other.render_pdf(letter_html(patient_letter())) != letter
        assert other.render_pdf(letter_html(professional_letter())) == letter


def test_one_changed_word_changes_the_bytes(renderer: PdfRenderer, letter: bytes) -> None:
    assert renderer.render_pdf(letter_html(professional_letter(salutation="Dear Doctor,"))) != letter


def test_a_draft_carries_a_watermark_that_adds_no_text(renderer: PdfRenderer, letter: bytes) -> None:
    draft = renderer.render_pdf(letter_html(professional_letter(draft=True)))
    assert len(draft) > len(letter) + 5_000
    assert verify_pdf(draft).text == verify_pdf(letter).text


def test_many_references_and_long_tables_come_out_right(renderer: PdfRenderer) -> None:
    references = tuple(
        Reference(n, f"key{n}", f"Author {n}. A title of usual length for study number {n}. <i>Headache</i>. 2001.")
        for n in range(1, 201))
    rows = "".join(f"| Study {n} [@key{n}] | {n} patients | 6{n % 10}% |\n" for n in range(1, 201))
    table = f"Text first.\n\nTable: All studies\n\n| Study | Patients | Response |\n|---|---|--:|\n{rows}"
    blocks = (*professional_letter().blocks[:1], Block(BlockKind.DATA, "Data", table, (1,)))
    data = renderer.render_pdf(letter_html(professional_letter(references=references, blocks=blocks, safety=())))
    facts = verify_pdf(data)
    assert facts.pages > 8
    assert "Table 1, continued" in facts.text
    assert "study number 200." in facts.text.replace("- ", "")
    with opened(data) as pdf:
        assert fonts_without_file(pdf) == []


def test_a_letter_of_one_line_is_a_letter(renderer: PdfRenderer) -> None:
    empty = professional_letter(addressee=(), safety=(), search=(), blocks=(), references=(), signatures=(),
                                enclosures=(), standard_responses=(), data_cutoff=None)
    assert verify_pdf(renderer.render_pdf(letter_html(empty))).pages >= 1


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7\n", b"not a pdf"])
def test_something_that_is_no_pdf_is_refused(damage: bytes) -> None:
    with pytest.raises(RenderingFailed):
        verify_pdf(damage)


def test_a_truncated_letter_is_refused(letter: bytes) -> None:
    with pytest.raises(RenderingFailed):
        verify_pdf(letter[:len(letter) // 2])
