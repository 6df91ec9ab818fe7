"""The field hands in and sees status words: no page, count, name or address tells more (R4, R5, R24-R26)."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from inquiry_service.domain.attestation import TEXT
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.vocabulary import Action, Channel, Role, State
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.people import User
from inquiry_service.models.products import Product
from inquiry_service.services import workflow
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.sign_in import actor_for
from inquiry_service.web.access import tag_of
from tests import factories
from tests.database import CountQueries
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf
from tests.web.intake_forms import field, values_in
from tests.web.routes import NOWHERE, every_route

SECRET = "Zebrafinch question words"
FIELD = (Role.FIELD_SALES, Role.FIELD_MSL)


@pytest.fixture
def product(runtime: Runtime) -> Product:
    with runtime.transaction() as session:
        return factories.product_with_label(session, name="Tryptanol")


@pytest.fixture
def rep(account_of: AccountOf) -> User:
    return account_of(Role.FIELD_SALES, name="Representative")


@pytest.fixture
def sales(browser_of: BrowserOf, rep: User) -> Browser:
    return browser_of(user=rep)


def only_inquiry(runtime: Runtime) -> Inquiry:
    with runtime.reading() as session:
        return session.scalars(select(Inquiry)).unique().one()


@pytest.mark.parametrize(("role", "channel", "state"), [
    (Role.FIELD_SALES, Channel.REP, State.AWAITING_CONFIRMATION), (Role.FIELD_MSL, Channel.MSL, State.RECEIVED)])
def test_a_question_is_handed_in_under_the_attestation_shown(
    runtime: Runtime, browser_of: BrowserOf, product: Product, role: Role, channel: Channel, state: State
) -> None:
    browser = browser_of(role)
    assert TEXT in browser.get("field.new").text
    answer = browser.post("field.new", field(product, others_present="a nurse"))
    made = only_inquiry(runtime)
    contact = made.interactions[0]
    assert (made.state, contact.channel, made.market) == (state, channel, "US")
    assert contact.attestation is not None
    assert (contact.attestation["text"], contact.attestation["place"], contact.attestation["others_present"]) == (
        TEXT, "Visit at the clinic", "a nurse")
    page = browser.get(answer.headers["Location"]).text
    assert made.number in page
    assert "Can it be split?" not in page


def test_a_confirmed_sales_request_does_not_wait(runtime: Runtime, sales: Browser, product: Product) -> None:
    sales.post("field.new", field(
        product, confirmation="Signed form, today", source=[(BytesIO(b"%PDF-1.7 form"), "form.pdf")]))
    made = only_inquiry(runtime)
    assert (made.state, made.confirmation_note) == (State.RECEIVED, "Signed form, today")
    assert made.interactions[0].attachments[0].media_type == "application/pdf"


def test_only_sales_is_asked_for_a_confirmation(browser_of: BrowserOf, sales: Browser) -> None:
    assert 'name="confirmation"' in sales.get("field.new").text
    assert 'name="confirmation"' not in browser_of(Role.FIELD_MSL).get("field.new").text


def test_without_the_attestation_nothing_is_handed_in_and_nothing_lost(
    runtime: Runtime, sales: Browser, product: Product
) -> None:
    sent = field(product, place="", questions__1="Second?", requester__given_name="Ann")
    del sent["attestation"]
    page = sales.post("field.new", sent, expect=422).text
    for name in ("attestation", "place"):
        assert f'href="#{name}"' in page, name
    back = values_in(page)
    assert (back["questions-0"], back["questions-1"], back["requester-given_name"]) == (
        "Can it be split?", "Second?", "Ann")
    assert "attestation" not in back
    with runtime.reading() as session:
        assert session.scalars(select(Inquiry)).first() is None


def test_a_late_hand_in_is_asked_why(sales: Browser, product: Product) -> None:
    assert 'name="late_reason"' not in sales.get("field.new").text
    page = sales.post("field.new", field(product, received_on="2026-01-05"), expect=422).text
    assert 'name="late_reason"' in page
    assert 'href="#late_reason"' in page
    sales.post("field.new", field(product, received_on="2026-01-05", late_reason="On holiday."))


def test_a_field_colleague_cannot_be_named_as_the_one_who_asks(
    sales: Browser, product: Product, rep: User
) -> None:
    page = sales.post("field.new", field(product, requester__email=rep.email), expect=422).text
    assert "address of a field colleague" in page


def test_the_list_shows_numbers_days_and_status_words_only(
    runtime: Runtime, sales: Browser, product: Product, rep: User
) -> None:
    sales.post("field.new", field(product, questions__0=SECRET, requester__family_name="Quetzal"))
    made = only_inquiry(runtime)
    page = sales.get("field.submissions").text
    assert made.number in page
    assert re.search(r'eh-tag[^>]*>Received</span>', page)
    hidden = (SECRET, "Quetzal", "Tryptanol", "Visit at the clinic", made.id, "confirmation", "Awaiting")
    assert [words for words in hidden if words in page] == []


def test_the_words_follow_the_state_and_never_name_it(
    runtime: Runtime, sales: Browser, product: Product, rep: User
) -> None:
    words = {State.DRAFTING: "In work", State.SOLICITED_HOLD: "In work", State.RETURNED: "In work",
             State.SENT: "Answered", State.WITHDRAWN: "Closed", State.CLOSED_NO_RESPONSE: "Closed"}
    with runtime.transaction() as session:
        for state in words:
            # The state alone matters here, not the way to it.
            factories.inquiry(session, actor_for(rep), product, runtime.blobs).state = state
    page = sales.get("field.submissions").text
    shown = re.findall(r'<span class="eh-tag[^"]*">([^<]+)</span></td>', page)
    assert shown == list(reversed(list(words.values())))
    assert not re.search("hold|draft|return|withdrawn", page[page.index("<tbody>"):page.index("</tbody>")], re.I)


@pytest.mark.parametrize("role", FIELD)
def test_somebody_elses_submission_does_not_exist(
    runtime: Runtime, browser_of: BrowserOf, sales: Browser, product: Product, role: Role
) -> None:
    sales.post("field.new", field(product))
    made = only_inquiry(runtime)
    sales.get("field.received", inquiry_id=made.id)
    other = browser_of(role)
    other.get("field.received", inquiry_id=made.id, expect=404)
    assert made.number not in other.get("field.submissions").text


def test_a_sales_account_gets_no_content_from_any_address(
    app: Flask, runtime: Runtime, sales: Browser, product: Product
) -> None:
    sales.post("field.new", field(product, questions__0=SECRET, source=[(BytesIO(b"note"), "Zebrafinch.txt")]))
    made = only_inquiry(runtime)
    objects = {"inquiry_id": made.id, "attachment_id": made.interactions[0].attachments[0].id, "number": made.number,
               "seq": "1", "product_id": product.id}
    asked = 0
    for route in every_route(app, objects):
        if route.is_unsafe:
            continue
        answer = sales.client.get(route.path)
        assert "Zebrafinch" not in answer.text, route
        assert "Zebrafinch" not in str(answer.headers), route
        asked += 1
    assert asked > 15


def test_the_same_walk_as_staff_does_find_the_words(
    app: Flask, runtime: Runtime, browser_of: BrowserOf, sales: Browser, product: Product
) -> None:
    sales.post("field.new", field(product, questions__0=SECRET))
    staff = browser_of(Role.MI_SPECIALIST)
    found = [route.endpoint for route in every_route(app, {"inquiry_id": only_inquiry(runtime).id})
             if not route.is_unsafe and "Zebrafinch" in staff.client.get(route.path).text]
    assert "inbox.queue" in found or "home.start" in found


def test_field_pages_are_for_the_field(app: Flask, browser_of: BrowserOf) -> None:
    own = [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("field.")]
    assert {tag.permission.value for name in own if (tag := tag_of(app, name)) and tag.permission} == {
        "inquiry:submit", "inquiry:status"}
    specialist = browser_of(Role.MI_SPECIALIST)
    specialist.get("field.new", expect=403)
    specialist.get("field.submissions", expect=403)
    specialist.get("field.received", inquiry_id=NOWHERE, expect=403)


def test_an_empty_list_says_what_it_is_for(sales: Browser) -> None:
    assert "You have handed in no question yet" in sales.get("field.submissions").text


def test_fifty_stand_on_a_page_at_the_cost_of_one(
    runtime: Runtime, sales: Browser, product: Product, rep: User, count_queries: CountQueries
) -> None:
    def hand_in(many: int) -> None:
        with runtime.transaction() as session:
            for _ in range(many):
                factories.inquiry(session, actor_for(rep), product, runtime.blobs)

    hand_in(1)
    with count_queries() as few:
        sales.get("field.submissions")
    hand_in(51)
    with count_queries() as many:
        page = sales.get("field.submissions").text
    assert len(many) == len(few)
    assert page.count("<td class=\"eh-num\">MI-") == 50
    older = re.search(r'href="([^"]+before=[^"]+)"', page)
    assert older is not None
    assert sales.get(older[1]).text.count("<td class=\"eh-num\">MI-") == 2


def test_a_closed_inquiry_stays_in_the_list(runtime: Runtime, sales: Browser, product: Product) -> None:
    sales.post("field.new", field(product))
    with runtime.transaction() as session:
        found = session.scalars(select(Inquiry)).unique().one()
        actor = factories.actor(session, Role.MI_SPECIALIST)
        workflow.perform(session, actor, found, Action.WITHDRAW, reason=Reason("requester_wish", "No longer needed."))
    assert ">Closed</span>" in sales.get("field.submissions").text
