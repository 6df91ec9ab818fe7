"""The page of one inquiry: what it shows to whom, its steps, its timeline."""

from __future__ import annotations

import re

import pytest

from inquiry_service.domain.vocabulary import Role, State
from inquiry_service.services.runtime import Runtime
from tests.database import CountQueries
from tests.front_desk import REPORTED
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf
from tests.web.front_office import FrontOffice

NASTY = "<script>alert(1)</script> \"><img src=x> {{ 7*7 }}"
READERS = [Role.INTAKE_AGENT, Role.MI_SPECIALIST, Role.MEDICAL_REVIEWER, Role.CONTENT_OWNER, Role.SAFETY_CONTACT,
           Role.QUALITY_CONTACT, Role.COMPLIANCE, Role.AUDITOR, Role.PRIVACY_OFFICER]


@pytest.fixture
def office(runtime: Runtime) -> FrontOffice:
    return FrontOffice(runtime)


@pytest.fixture
def specialist(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.MI_SPECIALIST)


def test_the_page_shows_the_question_word_for_word_and_what_is_still_to_do(
    office: FrontOffice, specialist: Browser
) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded(questions=("Can it be split?", "And crushed?")))
    page = specialist.get("inquiries.show", inquiry_id=inquiry_id).text
    assert "Can it be split?" in page
    assert "And crushed?" in page
    assert "Screening can finish when 2 things are done" in page
    contact = office.look(inquiry_id, lambda inquiry: inquiry.interactions[0].id)
    assert f'href="/inquiries/{inquiry_id}/contacts/{contact}/screen"' in page
    assert f'href="/inquiries/{inquiry_id}/solicitation"' in page
    assert 'aria-disabled="true"' in page


def test_what_people_typed_is_shown_as_text_and_never_as_markup(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.prepared(desk.screened(
        desk.recorded(questions=(NASTY,), background=NASTY)), rationale=NASTY, restated=NASTY))
    pages: tuple[tuple[str, dict[str, int]], ...] = (
        ("inquiries.show", {}), ("triage.classify", {"seq": 1}), ("screening.addendum", {"seq": 1}),
        ("screening.message", {}), ("inquiries.timeline", {}))
    for endpoint, values in pages:
        page = specialist.get(endpoint, inquiry_id=inquiry_id, **values).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    page = specialist.get("inquiries.show", inquiry_id=inquiry_id).text
    assert "{{ 7*7 }}" in page
    assert "&lt;script&gt;" in page


def test_the_requesters_name_and_address_are_not_on_the_page_but_behind_a_link_that_is_recorded(
    office: FrontOffice, specialist: Browser
) -> None:
    inquiry_id = office.do(lambda desk: desk.triaged())
    person = office.look(inquiry_id, lambda inquiry: inquiry.requester)
    page = specialist.get("inquiries.show", inquiry_id=inquiry_id).text
    assert person.email not in page
    assert person.full_name not in page
    assert person.email in specialist.get("requesters.show", inquiry_id=inquiry_id).text
    assert "looked at the personal data" in specialist.get("inquiries.show", inquiry_id=inquiry_id).text


@pytest.mark.parametrize("role", READERS)
def test_who_may_read_inquiries_sees_the_page_and_only_the_buttons_of_the_own_role(
    office: FrontOffice, browser_of: BrowserOf, role: Role
) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded(), screen=REPORTED))
    page = browser_of(role).get("inquiries.show", inquiry_id=inquiry_id).text
    assert ("/classify" in page) is (role is Role.MI_SPECIALIST)
    assert ("/contacts/new" in page) is (role in {Role.INTAKE_AGENT, Role.MI_SPECIALIST})
    assert ("tightness in the chest" in page) is (role not in {Role.QUALITY_CONTACT, Role.PRIVACY_OFFICER})
    assert ("PC-2" in page.split("Timeline")[0]) is (role not in {Role.SAFETY_CONTACT, Role.PRIVACY_OFFICER})


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR])
def test_to_all_others_an_inquiry_and_an_invented_one_look_the_same(
    office: FrontOffice, browser_of: BrowserOf, account_of: AccountOf, role: Role
) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded())
    browser = browser_of(role)
    answers = [browser.get("inquiries.show", inquiry_id=one, expect=403).text for one in (inquiry_id, "0" * 36)]
    without_ids = {re.sub(r"(name=\"csrf-token\" content=\"|value=\"|Request <span[^>]*>)[^\"<]*", "", text)
                   for text in answers}
    assert len({re.sub(r"[0-9a-f]{16}|[\w.-]{60,}", "", text.replace(inquiry_id, "").replace("0" * 36, ""))
                for text in without_ids}) == 1


def test_an_inquiry_that_does_not_exist_is_not_found(specialist: Browser) -> None:
    specialist.get("inquiries.show", inquiry_id="00000000-0000-7000-8000-000000000000", expect=404)


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(
    office: FrontOffice, specialist: Browser, count_queries: CountQueries
) -> None:
    small = office.do(lambda desk: desk.prepared(desk.screened(desk.recorded(), screen=REPORTED)))
    big = office.do(lambda desk: desk.prepared(desk.screened(
        desk.recorded(questions=tuple(f"Question {n}?" for n in range(15)),
                      files=[(f"page{n}.txt", b"note %d" % n) for n in range(8)]), screen=REPORTED)))
    counted = []
    for inquiry_id in (small, big):
        with count_queries() as queries:
            specialist.get("inquiries.show", inquiry_id=inquiry_id)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] < 50


def test_the_timeline_is_read_page_by_page_without_gap_or_repetition(
    office: FrontOffice, specialist: Browser
) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded(questions=tuple(f"Question {n}?" for n in range(110))))
    first = specialist.get("inquiries.timeline", inquiry_id=inquiry_id).text
    link = re.search(r'href="([^"]*before=\d+)"', first)
    assert link
    second = specialist.get(link[1].replace("&amp;", "&")).text
    numbers = [int(n) for text in (first, second) for n in re.findall(r" Q(\d+) word for word", text)]
    assert numbers == list(range(110, 0, -1))
    specialist.get("inquiries.timeline", inquiry_id=inquiry_id, before="1e9", expect=200)


def test_steps_lead_from_triage_to_an_assigned_writer(office: FrontOffice, browser_of: BrowserOf) -> None:
    inquiry_id = office.do(lambda desk: desk.prepared(desk.screened(desk.recorded())))
    browser = browser_of(Role.MI_SPECIALIST)
    browser.post("triage.finish", inquiry_id=inquiry_id)
    page = browser.get("triage.assign", inquiry_id=inquiry_id).text
    me = re.search(r'name="assignee" value="([^"]+)"', page)
    assert me
    browser.post("triage.assign", {"assignee": me[1]}, inquiry_id=inquiry_id)
    assert office.look(inquiry_id, lambda inquiry: inquiry.state) is State.ASSIGNED


def test_a_step_that_is_not_possible_says_every_reason(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded()))
    answer = specialist.post("triage.finish", inquiry_id=inquiry_id, expect=409).text
    for words in ("Classify Q1 against the label.", "Choose the audience lane of Q1.", "Set the level of complexity."):
        assert words in answer
    assert office.look(inquiry_id, lambda inquiry: inquiry.state) is State.SCREENED


def test_an_ending_is_read_back_and_needs_its_reason(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.triaged())
    page = specialist.get("closing.step", inquiry_id=inquiry_id, action="withdraw").text
    assert "This cannot be undone." in page
    refused = specialist.post("closing.step", {"reason": "requester_wish", "reason_text": ""}, expect=422,
                              inquiry_id=inquiry_id, action="withdraw").text
    assert "Say in a few words why." in refused
    specialist.post("closing.step", {"reason": "requester_wish", "reason_text": "Solved otherwise."},
                    inquiry_id=inquiry_id, action="withdraw")
    assert office.look(inquiry_id, lambda inquiry: (inquiry.state, inquiry.state_reason)) == (
        State.WITHDRAWN, "Solved otherwise.")
    specialist.get("closing.step", inquiry_id=inquiry_id, action="withdraw", expect=409)
    specialist.get("closing.step", inquiry_id=inquiry_id, action="approve", expect=404)


def test_a_closed_inquiry_is_followed_up_by_a_new_one(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.triaged())
    ends = {"reason": "not_medical", "reason_text": "An order."}
    specialist.post("triage.redirect", ends, inquiry_id=inquiry_id)
    specialist.post("closing.step", ends, inquiry_id=inquiry_id, action="close")
    asked = {"channel": "phone", "forum": "private", "received_on": "2026-11-20", "received_time": "10:00",
             "zone": "UTC", "question": "And in children?", "why": "Same patient group.", "urgency": "standard",
             "late_reason": "Entered after a holiday."}
    refused = specialist.post("closing.follow_up", asked | {"question": ""}, expect=422, inquiry_id=inquiry_id).text
    assert "Write down the question, word for word." in refused
    assert "Same patient group." in refused
    answer = specialist.post("closing.follow_up", asked, inquiry_id=inquiry_id)
    child = specialist.get(answer.headers["Location"]).text
    assert "And in children?" in child
    assert office.look(inquiry_id, lambda inquiry: inquiry.number) in child
