"""The staff's intake form: nothing typed is ever lost, files need not be chosen again, sources leave a trace."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.inquiries import Attachment, Inquiry, Person
from inquiry_service.models.products import Product
from inquiry_service.services.runtime import Runtime
from tests import factories
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf
from tests.web.intake_forms import staff, values_in

HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}<b>&amp;'
"""Breaks out of an attribute, out of an element, and would be calculated by a template."""
TEXT_FIELDS = (
    "questions-0", "background", "sources_consulted", "lot", "parent_number", "recipient_reason",
    *(f"{who}-{part}" for who in ("requester", "recipient") for part in (
        "title", "given_name", "family_name", "qualification", "affiliation", "address", "email", "phone",
        "details_refused_reason")),
)


@pytest.fixture
def product(runtime: Runtime) -> Product:
    with runtime.transaction() as session:
        return factories.product_with_label(session, name="Tryptanol 50 mg")


@pytest.fixture
def mi(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.MI_SPECIALIST)


def only_inquiry(runtime: Runtime) -> Inquiry:
    with runtime.reading() as session:
        return session.scalars(select(Inquiry)).unique().one()


def upload(name: str, data: bytes) -> tuple[BytesIO, str]:
    return BytesIO(data), name


def test_a_call_is_recorded_with_its_questions_people_and_times(
    runtime: Runtime, mi: Browser, product: Product
) -> None:
    answer = mi.post("intake.new", staff(
        product, zone="Europe/Berlin", questions__1="  And how long?\r\nFor weeks?  ", questions__2="  ",
        requester__email="a@b.example", market="DE", late_reason="Called in the night."))
    made = only_inquiry(runtime)
    assert answer.headers["Location"].endswith(f"/inquiries/{made.id}")
    assert [question.verbatim for question in made.questions] == [
        "Can it be split?", "  And how long?\nFor weeks?  "]
    assert (made.market, made.requester.email, made.interactions[0].received_zone) == (
        "DE", "a@b.example", "Europe/Berlin")
    assert made.interactions[0].received_at.hour in (22, 23)


def test_the_market_is_the_requesters_country_unless_another_is_chosen(
    runtime: Runtime, mi: Browser, product: Product
) -> None:
    mi.post("intake.new", staff(product, requester__country="GB"))
    assert only_inquiry(runtime).market == "GB"


def test_a_wrong_form_comes_back_with_every_word_and_a_linked_summary(mi: Browser, product: Product) -> None:
    sent = staff(
        product, channel="", received_time="", questions__1="Second\r\n  question", requester__type="",
        requester__given_name="Ann", background="Two\r\nlines", late_reason="Because", deadline_on="2026-13-45",
        recipient__family_name="Other", recipient__country="FR")
    page = mi.post("intake.new", sent, expect=422).text
    back = values_in(page)
    assert {name: back[name].replace("\r\n", "\n") for name in sent if name != "act"} == {
        name: value.replace("\r\n", "\n") for name, value in sent.items() if name != "act"}
    for field in ("channel", "received_time", "requester-type", "recipient-type", "deadline_on"):
        assert f'href="#{field}"' in page, field
        assert f'id="{field}"' in page, field
    assert 'id="error-summary" data-focus' in page
    assert "nothing you typed is lost" in page


def test_what_the_service_refuses_stands_beside_the_field_where_it_was_typed(
    mi: Browser, product: Product, account_of: AccountOf
) -> None:
    account_of(Role.FIELD_SALES, email="rep@company.example")
    page = mi.post("intake.new", staff(
        product, channel="email", received_on="2026-01-05", parent_number="MI-1999-000001",
        requester__email="rep@company.example"), expect=422).text
    assert "There is no inquiry MI-1999-000001" in page
    page = mi.post("intake.new", staff(
        product, channel="email", received_on="2026-01-05", requester__email="rep@company.example"), expect=422).text
    for field in ("late_reason", "source", "requester-email"):
        assert f'href="#{field}"' in page, field
        assert f'id="{field}-error"' in page, field


def test_a_question_can_be_added_and_removed_without_script(mi: Browser, product: Product) -> None:
    sent = staff(product, act="add", channel="", requester__given_name="Ann")
    page = mi.post("intake.new", sent, expect=200).text
    back = values_in(page)
    assert (back["questions-0"], back["questions-1"], back["requester-given_name"]) == ("Can it be split?", "", "Ann")
    assert "error-summary" not in page
    back = values_in(mi.post("intake.new", staff(
        product, act="remove-0", questions__1="Second?", questions__2="Third?"), expect=200).text)
    assert (back["questions-0"], back["questions-1"]) == ("Second?", "Third?")
    assert "questions-2" not in back


def test_with_script_only_the_questions_come_back(mi: Browser, product: Product) -> None:
    page = mi.post("intake.new", staff(product, act="add"), expect=200, headers={"HX-Request": "true"}).text
    assert "<html" not in page
    assert page.count("<textarea") == 2


def test_chosen_files_survive_a_refused_attempt(runtime: Runtime, mi: Browser, product: Product) -> None:
    files = [upload("mail.eml", b"From: x\n\nHello"), upload("a.png", b"MZ\x00 program")]
    sent = staff(product, channel="", source=files)
    page = mi.post("intake.new", sent, expect=422).text
    assert "mail.eml" in page
    assert "“a.png” cannot be kept as a source" in page
    mi.post("intake.new", staff(product, channel="email", kept=values_in(page)["kept"]))
    attachment = only_inquiry(runtime).interactions[0].attachments[0]
    assert attachment.file_name == "mail.eml"
    assert runtime.blobs.get(attachment.sha256) == b"From: x\n\nHello"


def test_a_kept_file_can_be_removed_again(mi: Browser, product: Product) -> None:
    page = mi.post("intake.new", staff(
        product, act="add", source=[upload("one.txt", b"one"), upload("two.txt", b"two")]), expect=200).text
    page = mi.post("intake.new", staff(product, act="drop-0", kept=values_in(page)["kept"]), expect=200).text
    assert "one.txt" not in page
    assert "two.txt" in page


def test_the_list_of_kept_files_is_signed_for_one_person(
    mi: Browser, browser_of: BrowserOf, product: Product
) -> None:
    page = mi.post("intake.new", staff(product, act="add", source=[upload("one.txt", b"one")]), expect=200).text
    seal = values_in(page)["kept"]
    another = browser_of(Role.MI_SPECIALIST)
    another.post("intake.new", staff(product, kept=seal), expect=400)
    mi.post("intake.new", staff(product, kept=seal[:-2] + "xx"), expect=400)
    mi.post("intake.new", staff(product, kept='[["x","' + "0" * 64 + '",1]]'), expect=400)


def test_nothing_typed_is_ever_run_or_calculated(runtime: Runtime, mi: Browser, product: Product) -> None:
    sent: dict[str, Any] = staff(product, channel="") | dict.fromkeys(TEXT_FIELDS, HOSTILE)
    page = mi.post("intake.new", sent, expect=422).text
    back = values_in(page)
    assert {back[name] for name in TEXT_FIELDS} == {HOSTILE}
    assert "<script>alert" not in page
    mi.post("intake.new", staff(product) | {
        name: HOSTILE for name in TEXT_FIELDS
        if not name.startswith("recipient") and name not in ("parent_number", "requester-email")})
    made = only_inquiry(runtime)
    for page in (
        mi.get("inbox.queue", view="all").text, mi.get("home.start").text,
        mi.get("inbox.peek", inquiry_id=made.id, headers={"HX-Request": "true"}).text,
        mi.get("inbox.queue", q=HOSTILE, view="all").text,
    ):
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "49" not in page.replace(made.id, "").partition("alert(1)")[2][:40]


def test_a_field_that_the_form_does_not_have_is_refused(mi: Browser, product: Product) -> None:
    mi.post("intake.new", staff(product, state="approved"), expect=400)
    mi.post("intake.new", staff(product, lot=["a", "b"]), expect=400)


@pytest.mark.parametrize(("product_id", "country"), [("none", "US"), ("", "US"), ("own", "ZZ")])
def test_a_choice_that_is_not_offered_is_refused(
    mi: Browser, product: Product, product_id: str, country: str
) -> None:
    chosen = product.id if product_id == "own" else product_id
    mi.post("intake.new", staff(product, product_id=chosen, requester__country=country), expect=422)


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "", "Europe"])
def test_a_zone_that_does_not_exist_is_refused(mi: Browser, product: Product, zone: str) -> None:
    mi.post("intake.new", staff(product, zone=zone), expect=422)


def test_the_label_in_force_and_lateness_are_told_while_typing(mi: Browser, product: Product) -> None:
    ask = {"product_id": product.id, "requester-country": "US"}
    assert "Current label in US: 1, effective 2025-03-01" in mi.get("intake.label_hint", **ask).text
    assert "No current label" in mi.get("intake.label_hint", **(ask | {"market": "FR"})).text
    late = {"received_on": "2026-01-05", "received_time": "10:00", "zone": "UTC", "market": "US"}
    assert "late_reason" in mi.get("intake.lateness", **late).text
    assert mi.get("intake.lateness", **(late | {"received_time": ""})).text.strip() == ""
    assert mi.get("intake.lateness", **(late | {"zone": "Mars/Base"})).text.strip() == ""


def test_a_follow_up_is_linked_to_its_parent(runtime: Runtime, mi: Browser, product: Product) -> None:
    mi.post("intake.new", staff(product))
    parent = only_inquiry(runtime)
    assert f'value="{parent.number}"' in mi.get("intake.new", follow_up=parent.number).text
    mi.post("intake.new", staff(product, parent_number=f" {parent.number.lower()} "))
    with runtime.reading() as session:
        assert session.scalars(select(Inquiry.parent_id).where(Inquiry.id != parent.id)).one() == parent.id


@pytest.fixture
def source(runtime: Runtime, mi: Browser, product: Product) -> dict[str, str]:
    """Address parts of a source with a telling name."""
    mi.post("intake.new", staff(product, channel="email", source=[upload("Ann Patient, chart.pdf", b"%PDF-1.7 x")]))
    with runtime.reading() as session:
        attachment = session.scalars(select(Attachment)).one()
    return {"inquiry_id": only_inquiry(runtime).id, "attachment_id": attachment.id}


def test_a_source_is_given_out_under_a_neutral_name_and_leaves_a_trace(
    runtime: Runtime, mi: Browser, source: dict[str, str]
) -> None:
    answer = mi.get("intake.attachment", **source)
    number = only_inquiry(runtime).number
    assert answer.data == b"%PDF-1.7 x"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}-source-1.pdf"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with runtime.reading() as session:
        last = json.loads(session.scalars(select(AuditEntry.entry).order_by(AuditEntry.seq.desc())).first() or "{}")
    assert last["action"] == "attachment:downloaded"
    assert "Patient" not in json.dumps(last)


def test_a_source_belongs_to_its_inquiry(
    runtime: Runtime, mi: Browser, browser_of: BrowserOf, product: Product, source: dict[str, str]
) -> None:
    with runtime.transaction() as session:
        other = factories.inquiry(session, factories.actor(session), product, runtime.blobs)
    mi.get("intake.attachment", **(source | {"inquiry_id": other.id}), expect=404)
    for role in (Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR):
        browser_of(role).get("intake.attachment", **source, expect=403)


def test_people_are_not_stored_when_the_attempt_is_refused(
    runtime: Runtime, mi: Browser, product: Product
) -> None:
    mi.post("intake.new", staff(product, channel="fax"), expect=422)
    with runtime.reading() as session:
        assert session.scalars(select(Person)).all() == []
