"""Screening, triage, hold, safety and complaints by hand, as the forms of the pages send them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inquiry_service.domain.vocabulary import BranchState, LabelStatus, Role, SolicitationSituation, State
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import safety as safety_store
from tests.factories import PASSWORD, at
from tests.front_desk import REPORTED
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf
from tests.web.front_office import FrontOffice

ALL_NO = {situation.value: "no" for situation in SolicitationSituation}
CLEAN = {"adverse_event": "none", "special_situation": "none", "complaint": "none"}
REACTION = {
    "adverse_event": "yes", "special_situation": "none", "complaint": "yes", "reaction": "tightness in the chest",
    "patient_facts": "woman, 34", "seriousness": ["hospitalisation", "other_important"], "nature": "it crumbles",
    "product_and_strength": "Tryptanol 50 mg", "sample_available": "y"}


@pytest.fixture
def office(runtime: Runtime) -> FrontOffice:
    return FrontOffice(runtime)


@pytest.fixture
def agent(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.INTAKE_AGENT)


@pytest.fixture
def specialist(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.MI_SPECIALIST)


def contact_of(office: FrontOffice, inquiry_id: str) -> dict[str, str]:
    return {"inquiry_id": inquiry_id, "contact_id": office.look(inquiry_id, lambda i: i.interactions[0].id)}


def only_case(office: FrontOffice) -> Any:
    with office.runtime.reading() as session:
        (row,) = safety_store.case_queue(session, office.desk.specialist, tuple(BranchState))
    return row[0]


def only_complaint(office: FrontOffice) -> Any:
    with office.runtime.reading() as session:
        (row,) = safety_store.complaint_queue(session, office.desk.specialist, tuple(BranchState))
    return row[0]


def test_both_screens_are_answered_and_screening_is_finished(office: FrontOffice, agent: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded())
    agent.get("screening.contact", **contact_of(office, inquiry_id))
    agent.post("screening.contact", CLEAN, **contact_of(office, inquiry_id))
    agent.get("screening.solicitation", inquiry_id=inquiry_id)
    agent.post("screening.solicitation", ALL_NO, inquiry_id=inquiry_id)
    agent.post("screening.finish", inquiry_id=inquiry_id)
    assert office.look(inquiry_id, lambda inquiry: inquiry.state) is State.SCREENED


def test_a_yes_brings_both_records_from_the_same_form(office: FrontOffice, agent: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded())
    agent.post("screening.contact", REACTION, **contact_of(office, inquiry_id))
    case, complaint = only_case(office), only_complaint(office)
    assert (case.reaction, case.seriousness) == ("tightness in the chest", ["hospitalisation", "other_important"])
    assert (complaint.nature, complaint.sample_available) == ("it crumbles", True)
    again = agent.get("screening.contact", **contact_of(office, inquiry_id)).text
    assert "A safety record is open for this contact." in again
    assert 'name="reaction"' not in again


def test_every_unanswered_question_of_a_screen_is_named_and_nothing_typed_is_lost(
    office: FrontOffice, agent: Browser
) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded())
    page = agent.post("screening.contact", {"adverse_event": "yes", "reaction": "a rash"}, expect=422,
                      **contact_of(office, inquiry_id)).text
    assert page.count("Answer yes or no.") >= 2
    assert "a rash" in page
    some = {name: answer for name, answer in ALL_NO.items() if name != "bloggers"}
    page = agent.post("screening.solicitation", some, expect=422, inquiry_id=inquiry_id).text
    assert "1 thing needs your attention" in page
    page = agent.post("screening.solicitation", ALL_NO | {"bloggers": "yes"}, expect=422, inquiry_id=inquiry_id).text
    assert "Compliance decides on it" in page


def test_a_question_is_classified_beside_the_text_of_its_label(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded()))
    page = specialist.get("triage.classify", inquiry_id=inquiry_id, seq=1).text
    assert "Indications and usage of Tryptanol 50 mg." in page
    form = {"label_status": "off_label", "off_label_subtype": "population", "label_version_id": office.desk.label_id,
            "rationale": "Adults only.", "restated": "Use in children", "topics": ["age_groups"], "lane": "hcp"}
    specialist.post("triage.classify", form | {"topics": ["pregnancy"]}, expect=422, inquiry_id=inquiry_id, seq=1)
    specialist.post("triage.classify", form, inquiry_id=inquiry_id, seq=1)
    assert office.look(
        inquiry_id, lambda i: i.questions[0].classification.label_status) is LabelStatus.OFF_LABEL
    again = form | {"label_status": "on_label"}
    refused = specialist.post("triage.classify", again, expect=422, inquiry_id=inquiry_id, seq=1).text
    assert "Say why the classification changes." in refused
    specialist.post("triage.classify", again | {"reason_text": "Section 8.4."}, inquiry_id=inquiry_id, seq=1)
    assert "Earlier classifications (1)" in specialist.get("inquiries.show", inquiry_id=inquiry_id).text


def test_asking_about_pregnancy_or_overdose_calls_for_asking_back(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded()))
    form = {"label_status": "general", "rationale": "-", "restated": "Use in pregnancy", "topics": ["pregnancy"],
            "lane": "hcp"}
    page = specialist.post("triage.classify", form, expect=422, inquiry_id=inquiry_id, seq=1).text
    assert "Ask whether there is an actual patient" in page
    specialist.post("triage.classify", form | {"patient_asked": "none"}, inquiry_id=inquiry_id, seq=1)


def test_level_requester_attempts_and_recipient_are_set_by_hand(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.triaged())
    specialist.post("triage.level", {"complexity": "3", "urgency": "urgent", "deadline_on": "", "deadline_time": "",
                                     "zone": "UTC"}, inquiry_id=inquiry_id)
    specialist.post("requesters.verify", {"status": "verified", "verification_method": ""}, expect=422,
                    inquiry_id=inquiry_id)
    specialist.post("requesters.verify", {"status": "verified", "verification_method": "NPI"}, inquiry_id=inquiry_id)
    specialist.post("requesters.attempt", {"channel": "phone", "note": "Rang twice."}, inquiry_id=inquiry_id)
    person = {"type": "physician", "country": "US", "family_name": "Other", "email": "other@clinic.example"}
    specialist.post("requesters.recipient", person, expect=422, inquiry_id=inquiry_id)
    specialist.post("requesters.recipient", person | {"recipient_reason": "On leave."}, inquiry_id=inquiry_id)
    assert "Rang twice." in specialist.get("inquiries.show", inquiry_id=inquiry_id).text
    specialist.post("requesters.answer_requester", inquiry_id=inquiry_id)
    assert office.look(inquiry_id, lambda i: (i.complexity.value, i.recipient, i.requester.verified_by[:2])) == (
        "3", None, "MI")


def test_the_requester_is_asked_back_and_the_clock_pauses(office: FrontOffice, specialist: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.triaged())
    specialist.get("triage.ask", inquiry_id=inquiry_id)
    specialist.post("triage.ask", {"channel": "email", "note": "Which dose?", "reason": "overbroad",
                                   "reason_text": "Dose open."}, inquiry_id=inquiry_id)
    assert "Paused" in specialist.get("inquiries.show", inquiry_id=inquiry_id).text
    specialist.post("triage.resume", inquiry_id=inquiry_id)
    assert office.look(inquiry_id, lambda i: i.state) is State.TRIAGED
    specialist.get("triage.ask", inquiry_id=inquiry_id)


def test_a_later_message_is_recorded_with_its_file_and_stops_the_inquiry(office: FrontOffice, agent: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.triaged())
    form = {"channel": "phone", "forum": "private", "received_on": "2026-11-20", "received_time": "10:00",
            "zone": "UTC", "message": "She is well again.", "late_reason": "Found on the desk."}
    assert "did not exist" in agent.post("screening.message", form | {
        "received_on": "2026-03-29", "received_time": "02:30", "zone": "Europe/Berlin"}, expect=422,
        inquiry_id=inquiry_id).text
    agent.post("screening.message", form, inquiry_id=inquiry_id)
    page = agent.get("inquiries.show", inquiry_id=inquiry_id).text
    assert "Safety screen open" in page
    assert office.look(inquiry_id, lambda i: len(i.interactions)) == 2


def sign_form(page: str) -> dict[str, str]:
    """The hidden fields of the sign page."""
    found = re.findall(r'<input[^>]*id="(decision|finding|ticket)"[^>]*value="([^"]*)"', page)
    return dict(found)


def test_compliance_signs_its_finding_in_two_steps(
    office: FrontOffice, browser_of: BrowserOf, account_of: AccountOf
) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded(), prompted=True))
    officer = account_of(Role.COMPLIANCE)
    browser = browser_of(user=officer)
    assert "Reply cards or booth material" in browser.get("hold.show", inquiry_id=inquiry_id).text
    finding = {"decision": "release", "finding": "The card is old.\nNobody used it."}
    assert "Decide." in browser.post("hold.prepare", {"finding": "x"}, expect=422, inquiry_id=inquiry_id).text
    fields = sign_form(browser.post("hold.prepare", finding, expect=200, inquiry_id=inquiry_id).text)
    both = {"email": officer.email, "password": PASSWORD}
    wrong = browser.post("hold.sign", fields | both | {"password": "wrong"}, expect=403, inquiry_id=inquiry_id).text
    assert "Nothing was signed." in wrong
    assert "Nobody used it." in wrong
    assert office.look(inquiry_id, lambda i: i.state) is State.SOLICITED_HOLD
    assert browser.post("hold.sign", fields | both, expect=403, inquiry_id=inquiry_id), "a ticket is spent by one try"
    empty = browser.post("hold.sign", sign_form(wrong) | {"email": "", "password": ""}, expect=422,
                         inquiry_id=inquiry_id).text
    browser.post("hold.sign", sign_form(empty) | both, inquiry_id=inquiry_id)
    page = browser.get("inquiries.show", inquiry_id=inquiry_id).text
    assert "Decided by Compliance" in page
    assert "The card is old." in page


def test_a_tampered_finding_is_shown_as_an_alarm(
    office: FrontOffice, browser_of: BrowserOf, account_of: AccountOf
) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded(), prompted=True))
    officer = account_of(Role.COMPLIANCE)
    browser = browser_of(user=officer)
    finding = {"decision": "close", "finding": "The card invites it."}
    fields = sign_form(browser.post("hold.prepare", finding, expect=200, inquiry_id=inquiry_id).text)
    changed = fields | {"finding": "Nothing was found.", "email": officer.email, "password": PASSWORD}
    browser.post("hold.sign", changed, expect=403, inquiry_id=inquiry_id)
    fields = sign_form(browser.post("hold.prepare", finding, expect=200, inquiry_id=inquiry_id).text)
    browser.post("hold.sign", fields | {"email": officer.email, "password": PASSWORD}, inquiry_id=inquiry_id)
    alarm = "The signature does not fit."
    assert alarm not in browser.get("inquiries.show", inquiry_id=inquiry_id).text
    with office.runtime.sessions() as session:
        session.connection().exec_driver_sql("UPDATE inquiry SET solicitation_finding = 'Nothing was found.'")
        session.commit()
    assert alarm in browser.get("inquiries.show", inquiry_id=inquiry_id).text


def test_a_safety_record_goes_from_the_queue_to_its_number_in_safety(
    office: FrontOffice, specialist: Browser, browser_of: BrowserOf
) -> None:
    inquiry_id = office.do(lambda desk: desk.screened(desk.recorded(), screen=REPORTED))
    case = only_case(office)
    pv = browser_of(Role.SAFETY_CONTACT)
    assert case.number in specialist.get("safety.queue").text
    specialist.post("safety.forward", {"how": ""}, expect=422, case_id=case.id)
    specialist.post("safety.amend", {"source": "call-back", "is_adverse_event": "y", "reaction": "tight chest",
                                     "patient_facts": "woman, 35", "reporter_country": "US"}, case_id=case.id)
    specialist.post("safety.forward", {"how": "safety mailbox"}, case_id=case.id)
    specialist.get("safety.amend", case_id=case.id)
    specialist.post("safety.amend", {"source": "late", "patient_facts": "man"}, expect=409, case_id=case.id)
    specialist.post("safety.acknowledge", {"pv_case_number": "PV-9"}, expect=403, case_id=case.id)
    pv.post("safety.acknowledge", {"pv_case_number": "PV-9"}, case_id=case.id)
    record = pv.get("safety.record", case_id=case.id).text
    assert "woman, 35" in record
    assert "PV-9" in record
    assert "Receipt confirmed" in specialist.get("inquiries.show", inquiry_id=inquiry_id).text
    reporter = office.look(inquiry_id, lambda i: i.requester.email)
    assert reporter not in record
    assert reporter in pv.get("safety.reporter", case_id=case.id).text


def test_a_complaint_goes_from_the_queue_to_its_number_in_quality(
    office: FrontOffice, specialist: Browser, browser_of: BrowserOf
) -> None:
    office.do(lambda desk: desk.screened(desk.recorded(), screen=REPORTED))
    complaint = only_complaint(office)
    quality = browser_of(Role.QUALITY_CONTACT)
    assert complaint.number in quality.get("complaints.queue").text
    specialist.post("complaints.amend", {"source": "call-back", "nature": "crumbles and smells", "lot": "L8",
                                         "product_and_strength": "Tryptanol 50 mg"}, complaint_id=complaint.id)
    quality.post("complaints.forward", {"how": "desk"}, expect=403, complaint_id=complaint.id)
    specialist.post("complaints.forward", {"how": "quality desk"}, complaint_id=complaint.id)
    quality.post("complaints.acknowledge", {"quality_case_number": " "}, expect=422, complaint_id=complaint.id)
    quality.post("complaints.acknowledge", {"quality_case_number": "QA-3"}, complaint_id=complaint.id)
    assert "QA-3" in quality.get("complaints.record", complaint_id=complaint.id).text


def test_an_overdue_hand_over_says_so_in_words(office: FrontOffice, specialist: Browser) -> None:
    office.do(lambda desk: desk.screened(desk.recorded(received_at=at("2026-11-02 10:00")), screen=REPORTED))
    assert re.search(r"Hand-over \d+ d[^<]* overdue", specialist.get("safety.queue").text)
    assert re.search(r"Hand-over \d+ d[^<]* overdue", specialist.get("complaints.queue").text)


@pytest.mark.parametrize(("role", "queue"), [(Role.QUALITY_CONTACT, "safety.queue"), (Role.FIELD_SALES, "safety.queue"),
                                             (Role.SAFETY_CONTACT, "complaints.queue"),
                                             (Role.ADMINISTRATOR, "complaints.queue")])
def test_who_has_no_right_to_a_queue_is_refused(browser_of: BrowserOf, role: Role, queue: str) -> None:
    browser_of(role).get(queue, expect=403)


def test_a_field_that_a_form_does_not_have_is_refused(office: FrontOffice, agent: Browser) -> None:
    inquiry_id = office.do(lambda desk: desk.recorded())
    agent.post("screening.solicitation", ALL_NO | {"state": "sent"}, expect=400, inquiry_id=inquiry_id)
    assert office.look(inquiry_id, lambda i: i.solicitation) is None
