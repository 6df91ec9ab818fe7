"""The letter as HTML: order of sections, variants, placeholders, and every field escaped."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, datetime
from enum import Enum
from itertools import pairwise
from typing import Any

import pytest
from lxml import html as lxml_html

from inquiry_service.errors import RenderingFailed
from inquiry_service.rendering import letter
from inquiry_service.rendering.letter import letter_body_html, letter_html, placeholders, refuse_placeholders
from inquiry_service.rendering.letter_parts import (
    AddressLine,
    Block,
    BlockKind,
    LetterContext,
    LetterLane,
    Question,
    Signature,
    StatusBox,
    StatusKind,
)
from tests.rendering.sample_letters import patient_letter, professional_letter

PAYLOAD = '"><script>alert(1)</script><img src=x onerror=alert(1) style="x">\'{{ 7*7 }}'


def _words(fragment: str) -> str:
    return " ".join(" ".join(lxml_html.fromstring(fragment).itertext()).split())


def test_the_sections_follow_the_outline() -> None:
    page = lxml_html.fromstring(letter_html(professional_letter()))
    heads = ["".join(each.itertext()) for each in page.iter("h2")]
    assert heads == [
        "Your question", "Not approved for this use", "Important safety information", "Summary", "Background",
        "How we searched", "Data and limits", "Conflicting, negative or missing evidence", "Guidelines", "Closing",
        "References", "Signatures", "Enclosures"]


def test_headings_start_at_one_and_leave_no_gap() -> None:
    for context in (professional_letter(), patient_letter()):
        page = lxml_html.fromstring(letter_body_html(context))
        levels = [int(each.tag[1]) for each in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_field_person_who_forwarded_the_question_is_mentioned() -> None:
    assert "forwarded it to us on your behalf" in _words(letter_body_html(professional_letter()))
    assert "on your behalf" not in _words(letter_body_html(professional_letter(relayed=False)))


def test_a_long_question_is_restated_and_not_quoted() -> None:
    question = Question(1, "What is known of long questions?", "so many words " * 60)
    words = _words(letter_body_html(professional_letter(questions=(question,))))
    assert "What is known of long questions?" in words
    assert "so many words so many words" not in words


def test_several_questions_are_numbered_and_blocks_say_which_they_answer() -> None:
    questions = (Question(1, "First?", "first in their words"), Question(2, "Second?"))
    blocks = (*professional_letter().blocks, Block(BlockKind.DATA, "Data two", "x", (1, 2)))
    words = _words(letter_body_html(professional_letter(questions=questions, blocks=blocks)))
    assert "First? “first in their words” Second?" in words
    assert "Data two On question 1 and 2" in words


def test_a_complete_letter_has_no_placeholders() -> None:
    for context in (professional_letter(), patient_letter()):
        refuse_placeholders(letter_html(context))


@pytest.mark.parametrize(("changes", "named"), [
    ({"signatures": ()}, "not signed yet"),
    ({"safety": ()}, "important safety information"),
    ({"enclosures": ()}, "current labeling"),
    ({"search": ()}, "how we searched"),
    ({"blocks": ()}, "conflicting, negative or missing evidence"),
    ({"status": StatusBox(StatusKind.NOT_APPROVED)}, "approved indications, in full"),
    ({"references": ()}, "unknown citation: ueberall1999"),
    ({"closing": "Ask {{ product.name }}"}, "product.name"),
])
def test_a_final_letter_with_a_gap_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    html = letter_html(professional_letter(**changes))
    with pytest.raises(RenderingFailed) as refusal:
        refuse_placeholders(html)
    assert any(named in each for each in refusal.value.data["placeholders"])
    assert placeholders(html) == refusal.value.data["placeholders"]


def test_an_investigational_product_says_so() -> None:
    status = StatusBox(StatusKind.INVESTIGATIONAL, "It has not been approved anywhere.")
    words = _words(letter_body_html(professional_letter(status=status)))
    assert "Investigational: not approved for any use It has not been approved anywhere." in words
    refuse_placeholders(letter_html(professional_letter(status=status)))


def test_an_on_label_letter_quotes_the_indication_without_the_caution_box() -> None:
    status = dataclasses.replace(professional_letter().status, kind=StatusKind.NONE)
    body = letter_body_html(professional_letter(status=status))
    assert 'class="status' not in body
    assert "Approved use" in _words(body)


@pytest.mark.parametrize("lane", [LetterLane.DECLINE, LetterLane.PUBLIC])
def test_short_letters_need_neither_evidence_nor_label(lane: LetterLane) -> None:
    context = professional_letter(
        lane=lane, status=StatusBox(), safety=(), search=(), references=(), enclosures=(),
        blocks=(Block(BlockKind.OTHER, "Our answer", "Please turn to your pharmacist.", (1,)),))
    html = letter_html(context)
    refuse_placeholders(html)
    assert "Please turn to your pharmacist." in _words(html)


def test_a_voided_signature_stays_visible_and_says_why() -> None:
    signature = Signature("Demo Reviewer", "Medical approval", "20 November 2026, 09:12 EST", "SIG-1",
                          voided="content changed on 21 November 2026")
    body = letter_body_html(professional_letter(signatures=(signature,)))
    assert 'class="sig voided"' in body
    assert "Void: content changed on 21 November 2026" in _words(body)


def test_the_foot_of_each_page_carries_identity_and_digest() -> None:
    page = lxml_html.fromstring(letter_html(professional_letter()))
    body = page.find("body")
    assert body.get("data-foot") == "MI-2026-000123-L1  ·  version 3  ·  SRD-SUM-014 v2  ·  Data to 18 November 2026"
    assert body.get("data-hash") == "Content d836 20f4 e49b 561a"
    assert "Not for promotion" in body.get("data-conf")


def test_dates_of_the_document_come_from_the_context() -> None:
    assert '<meta name="dcterms.created" content="2026-11-20T14:12:31Z">' in letter_html(professional_letter())


def test_the_preview_has_no_inline_style_and_no_second_main() -> None:
    page = lxml_html.fromstring(letter_body_html(professional_letter(draft=True)))
    assert page.tag == "article"
    assert "draft" in page.get("class").split()
    assert page.xpath("//@style") == []
    assert list(page.iter("main", "style", "script", "link")) == []


def test_an_address_in_hebrew_runs_from_right_to_left() -> None:
    assert AddressLine("רחוב הרצל 12").direction == "rtl"
    assert AddressLine("12 Herzl Street").direction == ""
    assert '<p dir="rtl" lang="he">' in letter_body_html(professional_letter())


def test_invisible_direction_controls_are_removed() -> None:
    assert "\u202e" not in letter_html(professional_letter(title="50 \u202egm 5"))


def _poisoned(value: Any) -> Any:
    """The same structure with every text replaced by the payload; coded values and dates stay."""
    if isinstance(value, (Enum, date, datetime, bool, int)) or value is None:
        return value
    if isinstance(value, str):
        return PAYLOAD
    if isinstance(value, tuple):
        return tuple(_poisoned(each) for each in value)
    return dataclasses.replace(
        value, **{each.name: _poisoned(getattr(value, each.name)) for each in dataclasses.fields(value)})


def _foreign(html: str) -> list[str]:
    page = lxml_html.fromstring(html)
    handlers = [name for each in page.iter() for name in each.attrib if name.startswith("on") or name == "style"]
    return [str(each.tag) for each in page.iter("script", "img")] + handlers


@pytest.mark.parametrize("make", [professional_letter, patient_letter])
def test_no_field_of_a_letter_can_carry_markup(make: Any) -> None:
    context: LetterContext = _poisoned(make())
    assert _foreign(letter_html(context)) == []
    assert _foreign(letter_body_html(context)) == []
    assert len(re.findall("alert", letter_html(context))) > 40


def test_without_escaping_the_payload_would_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same letter through the same templates with autoescape off."""
    open_environment = letter._environment(letter.PRINT_DIR).overlay(autoescape=False)
    monkeypatch.setattr(letter, "_environment", lambda folder: open_environment)
    assert "script" in _foreign(letter_html(_poisoned(professional_letter())))
