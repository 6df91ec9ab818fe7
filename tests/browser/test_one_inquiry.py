"""One question, from the intake form to the sent PDF, by four people in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import SolicitationSituation
from inquiry_service.services.passwords import DEMO_PASSWORD
from tests.browser.conftest import SignIn, Site

QUESTION = (
    "Has oral sumatriptan been studied as short-term prevention around menstruation, and what speaks against it?"
)
RESTATED = "Sumatriptan tablets for the short-term prevention of menstrual migraine"
WORKER_WITHIN = 60.0
REQUESTER = {
    "title": "Dr.", "given_name": "Example", "family_name": "Neurologist", "qualification": "MD",
    "affiliation": "Example hospital", "email": "neurologist@hospital.example",
    "address": "1 Example Street\nExample City, EX 00004",
}

REQUIRED_IN_PDF = (
    "Medical Information",  # 1 letterhead
    "Adverse events and complaints",
    "Dr. Example Neurologist, MD",  # 2 addressee
    "unsolicited request",  # 3 opening
    QUESTION,
    "Not approved for this use",  # 4 status box
    "Approved indication, in full",
    "Important safety information",  # 5
    "Boxed warning",
    "Contraindications",
    "Summary",  # 6
    "Background",  # 7
    "How we searched",  # 8
    "Data",  # 9
    "Conflicting, negative or missing evidence",  # 10
    "not a recommendation",  # 12
    "1-800-FDA-1088",
    "References",  # 13
    "PMID: 9674831",
    "Medical approval",  # 14
    "Authorship",
    "Reviewer 1",
    "UTC",
    "Enclosures",  # 15
    "Page 1 of",  # 16
    "Not for promotion or onward distribution",
)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_one_question_goes_from_the_intake_form_to_the_sent_pdf_by_four_people(site: Site, sign_in: SignIn) -> None:
    """The main job, with nothing skipped: record, screen, classify, search, draft, review, sign, render, send."""
    before = set(site.config.mail_outbox_dir.glob("*.eml"))
    intake = sign_in("intake")
    address = _record(intake)
    _screen(intake, address)
    writer = sign_in("mi")
    _triage(writer, address)
    _search(writer, address)
    _draft_and_submit(writer, address)
    _approve(sign_in("reviewer"), address)
    sender = sign_in("mi2")
    _send(sender, address)
    text = _pdf_text(sender, address)
    missing = [words for words in REQUIRED_IN_PDF if words not in text]
    assert not missing, f"the PDF lacks {missing}"
    messages = list(set(site.config.mail_outbox_dir.glob("*.eml")) - before)
    assert len(messages) == 1, "exactly one message lies in the outbox"
    assert b"neurologist@hospital.example" in messages[0].read_bytes()


def _record(page: Page) -> str:
    page.goto("/inquiries/new")
    page.get_by_label("How it came in").select_option(label="Telephone")
    moment = now()
    page.get_by_label("Date received").fill(f"{moment:%Y-%m-%d}")
    page.get_by_label("Time received").fill(f"{moment:%H:%M}")
    page.get_by_label("Question 1").fill(QUESTION)
    page.locator("#requester-type").select_option(label="Physician")
    page.locator("#requester-country").select_option("US")
    for field, words in REQUESTER.items():
        page.locator(f"#requester-{field}").fill(words)
    product = page.locator("#product_id option").filter(has_text="Sumatriptan tablets").first
    page.locator("#product_id").select_option(product.get_attribute("value"))
    page.get_by_role("button", name="Record inquiry").first.click()
    page.wait_for_url(re.compile(r"/inquiries/[0-9a-f-]{36}$"))
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    return page.url


def _screen(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Answer the safety screen").click()
    for question in ("adverse_event", "special_situation", "complaint"):
        page.locator(f"#{question}-0").check()
    page.get_by_role("button", name="Save the answers").click()
    page.get_by_role("link", name="Answer the eight questions").last.click()
    for situation in SolicitationSituation:
        page.locator(f"#{situation.value}-0").check()
    page.get_by_role("button", name="Save the answers").click()
    page.get_by_role("button", name="Finish screening").click()
    expect(page.locator("main").get_by_text("Screened").first).to_be_visible()


def _triage(page: Page, address: str) -> None:
    page.goto(f"{address}/questions/1/classify")
    page.get_by_label("Question restated").fill(RESTATED)
    page.locator("#label_status-1").check()
    page.locator("#off_label_subtype").select_option(label="Indication")
    page.locator("#label_version_id").select_option(index=1)
    page.get_by_label("Rationale").fill("The label names acute treatment only and excludes prophylactic therapy.")
    page.get_by_label("Efficacy").check()
    page.locator("#lane-0").check()
    page.get_by_role("button", name="Save the classification").click()
    page.goto(f"{address}/level")
    page.locator("#complexity-1").check()
    page.locator("#urgency-2").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{address}/requester")
    page.locator("#status-0").check()
    page.get_by_label("How it was established").fill("Public register of physicians, number checked")
    page.get_by_role("button", name="Record the verification").click()
    page.goto(address)
    page.get_by_role("button", name="Finish triage").click()
    page.goto(f"{address}/assign")
    page.get_by_role("button", name="Assign to me").first.click()
    expect(page.locator("main").get_by_text("Assigned").first).to_be_visible()


def _search(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.get_by_role("button", name="Start drafting").first.click()
    page.goto(f"{address}/evidence")
    page.get_by_label("Search the library for this inquiry").fill("menstrua* AND (sumatriptan OR naratriptan)")
    page.get_by_role("button", name="Run and record").click()
    page.get_by_role("link", name=re.compile(r"Keep….*pilot study of oral sumatriptan")).click()
    form = page.get_by_role("form", name=re.compile("^Keep: A pilot study"))
    form.get_by_label("Supports").check()
    form.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("main").get_by_text("Kept").first).to_be_visible()


def _draft_and_submit(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.get_by_role("link", name=re.compile(rf"^Use this.*{RESTATED}")).click()
    expect(page.locator("textarea[data-editor]")).to_have_value(re.compile("pilot study"))
    page.get_by_role("button", name="Save version").click()
    expect(page.get_by_text("version 1, saved").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Send to review")).click()
    sign(page, "mi")


def _approve(page: Page, address: str) -> None:
    page.goto("/review")
    page.goto(f"{address}/review")
    for item in page.locator("#checklist input[type=checkbox]").all():
        item.check()
    page.get_by_role("button", name=re.compile("Approve and sign")).click()
    sign(page, "reviewer")


def _send(page: Page, address: str) -> None:
    """Wait for the rendered letter, read the confirmation, send, and wait until it is sent."""
    _until(page, f"{address}/letter", lambda: page.get_by_role("link", name="Send…").count() > 0)
    page.get_by_role("link", name="Send…").click()
    expect(page.locator("main")).to_contain_text("neurologist@hospital.example")
    page.get_by_role("button", name="Send to this one person").click()
    _until(page, address, lambda: page.locator("main").get_by_text("Sent", exact=True).count() > 0)


def _until(page: Page, address: str, there: Callable[[], bool]) -> None:
    """Open ``address`` again and again until the worker has done its part."""
    until = time.monotonic() + WORKER_WITHIN
    page.goto(address)
    while not there():
        assert time.monotonic() < until, f"still waiting on {address}: {page.locator('main').inner_text()[:500]}"
        time.sleep(0.5)
        page.goto(address)


def _pdf_text(page: Page, address: str) -> str:
    page.goto(f"{address}/letter")
    link = page.get_by_role("link", name="Open PDF").first.get_attribute("href")
    answer = page.request.get(str(link))
    assert answer.ok
    reader = PdfReader(BytesIO(answer.body()))
    return " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())


def sign(page: Page, name: str) -> None:
    """Fill in the sign dialog as the account ``name`` and sign; both components, every time."""
    dialog = page.locator("dialog#sign")
    dialog.locator("input[name=email]").fill(f"{name}@demo.example")
    dialog.locator("input[name=password]").fill(DEMO_PASSWORD)
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.locator("main")).to_contain_text(re.compile(r"ES-\d{4}-\d{6}|Medical|Authorship"))
