"""The screens before triage, confirmation, and later messages (R1, R5, R6, R34, R35)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import BranchState, Channel, Forum, Role, SolicitationSituation, State
from inquiry_service.errors import Forbidden, InvalidInput, Refused
from inquiry_service.services import contacts, screening, triage
from inquiry_service.services.attachments import Upload
from inquiry_service.services.contacts import ContactData
from inquiry_service.store import audit as audit_store
from inquiry_service.store.audit import AuditFilter
from tests.front_desk import (
    CASE,
    CLEAN,
    NO,
    NONE_PROMPTED,
    PROMPTED,
    REPORTED,
    YES,
    ContactScreen,
    FrontDesk,
    open_front_desk,
)


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> FrontDesk:
    return open_front_desk(session, tmp_path)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [condition.code for condition in refusal.value.unmet]


def test_screening_ends_only_when_every_screen_is_answered_and_says_all_that_is_missing(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    with pytest.raises(Refused) as refusal:
        screening.finish(desk.session, desk.intake, inquiry)
    assert codes(refusal) == ["adverse_event_screen_missing", "solicitation_screen_missing"]
    assert desk.screened(inquiry).state is State.SCREENED


def test_a_screen_carries_name_and_time_and_an_audit_entry(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded())
    contact = inquiry.interactions[0]
    assert contact.screened_by == desk.intake.name
    assert contact.screened_at is not None
    db.commit(desk.session)
    (entry,) = audit_store.page(desk.session, AuditFilter(inquiry_id=inquiry.id, action="contact:screened"))
    assert entry.data["changes"]["adverse_event"] == {"old": None, "new": "none"}


def test_a_yes_opens_both_records_at_once_with_day_zero_of_the_contact(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    case, complaint = desk.case_of(inquiry), desk.complaint_of(inquiry)
    assert case.state is complaint.state is BranchState.SUSPECTED
    assert case.day_zero == inquiry.interactions[0].received_at
    assert (case.reporter_country, case.suspect_product) == ("US", desk.product.name)
    assert complaint.lot == "L7"


def test_an_empty_safety_record_is_opened_too_for_nothing_may_keep_it_from_being_saved(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    bare = ContactScreen(NO, YES, NO, replace(CASE, is_adverse_event=False, reaction="", patient_facts="",
                                              special_situations=(), reporter_qualification=""))
    screening.screen_contact(desk.session, desk.intake, inquiry, inquiry.interactions[0].id, bare)
    assert desk.case_of(inquiry).reporter_qualification == "consumer"


def test_a_yes_without_its_record_is_refused(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    with pytest.raises(InvalidInput) as refusal:
        screening.screen_contact(desk.session, desk.intake, inquiry, inquiry.interactions[0].id,
                                 ContactScreen(YES, NO, YES))
    assert refusal.value.fields.keys() == {"case", "complaint_data"}


def test_a_yes_is_never_taken_back_and_opens_no_second_record(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    contact = inquiry.interactions[0].id
    screening.screen_contact(desk.session, desk.intake, inquiry, contact, REPORTED)
    with pytest.raises(InvalidInput) as refusal:
        screening.screen_contact(desk.session, desk.intake, inquiry, contact, CLEAN)
    assert refusal.value.fields.keys() == {"adverse_event", "complaint"}
    screening.screen_contact(desk.session, desk.intake, inquiry, contact, ContactScreen(YES, YES, YES))
    assert desk.case_of(inquiry).reaction == CASE.reaction


def test_solicitation_needs_all_eight_answers(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    some = {SolicitationSituation.BLOGGERS: False}
    with pytest.raises(InvalidInput) as refusal:
        screening.answer_solicitation(desk.session, desk.intake, inquiry, some)
    assert len(refusal.value.fields) == 7
    assert inquiry.solicitation is None


def test_a_prompted_question_goes_to_compliance_in_the_same_step(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), prompted=True)
    assert inquiry.state is State.SOLICITED_HOLD
    with pytest.raises(Refused):
        triage.finish(desk.session, desk.specialist, inquiry)


def test_answers_on_solicitation_are_closed_after_screening(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), prompted=True)
    with pytest.raises(Refused):
        screening.answer_solicitation(desk.session, desk.intake, inquiry, NONE_PROMPTED)
    assert inquiry.solicitation is not None
    assert inquiry.solicitation["answers"] == {item.value: yes for item, yes in PROMPTED.items()}


def test_a_question_from_sales_waits_for_the_professional_but_is_screened_meanwhile(desk: FrontDesk) -> None:
    inquiry = desk.recorded(by=desk.person(Role.FIELD_SALES))
    assert inquiry.state is State.AWAITING_CONFIRMATION
    with pytest.raises(Refused) as refusal:
        desk.screened(inquiry)
    assert codes(refusal) == ["confirmation_missing"]
    assert inquiry.interactions[0].screened_at is not None
    with pytest.raises(InvalidInput):
        screening.record_confirmation(desk.session, desk.intake, inquiry, "  ")
    screening.record_confirmation(desk.session, desk.intake, inquiry, "Signed form of today, attached.")
    assert inquiry.state is State.RECEIVED
    screening.finish(desk.session, desk.intake, inquiry)
    assert inquiry.state is State.SCREENED


def message(**more: object) -> ContactData:
    known: dict[str, object] = {
        "channel": Channel.PHONE, "forum": Forum.PRIVATE, "received_at": now() - timedelta(minutes=5), "zone": "UTC",
        "message": "She called again: the rash is gone."}
    return ContactData(**(known | more))  # type: ignore[arg-type]


def test_a_later_message_stops_the_inquiry_until_it_is_screened(desk: FrontDesk) -> None:
    inquiry = desk.prepared(desk.screened(desk.recorded()))
    contact = contacts.add(desk.session, desk.intake, desk.blobs, inquiry, message())
    with pytest.raises(Refused) as refusal:
        triage.finish(desk.session, desk.specialist, inquiry)
    assert codes(refusal) == ["adverse_event_screen_missing"]
    screening.screen_contact(desk.session, desk.intake, inquiry, contact.id, CLEAN)
    triage.finish(desk.session, desk.specialist, inquiry)
    assert inquiry.state is State.TRIAGED


def test_the_words_of_a_message_are_kept_as_its_source(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    contact = contacts.add(desk.session, desk.intake, desk.blobs, inquiry, message(
        message="Naïve question?\nYes.", uploads=(Upload("fax.pdf", b"%PDF-1.7 fax"),)))
    desk.session.refresh(contact)
    kept = {attachment.media_type: desk.blobs.get(attachment.sha256) for attachment in contact.attachments}
    assert kept == {"text/plain": "Naïve question?\nYes.".encode(), "application/pdf": b"%PDF-1.7 fax"}


def test_an_adverse_event_in_a_message_about_a_withdrawn_inquiry_is_still_taken(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    inquiry.state = State.WITHDRAWN
    contact = contacts.add(desk.session, desk.intake, desk.blobs, inquiry, message())
    screening.screen_contact(desk.session, desk.intake, inquiry, contact.id, replace(REPORTED, complaint=NO))
    assert desk.case_of(inquiry).interaction_id == contact.id


def test_a_further_question_is_taken_before_review_and_refused_later(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    contacts.add(desk.session, desk.intake, desk.blobs, inquiry, message(question="And in children?"))
    assert [question.verbatim for question in inquiry.questions][1:] == ["And in children?"]
    inquiry.state = State.APPROVED
    with pytest.raises(InvalidInput) as refusal:
        contacts.add(desk.session, desk.intake, desk.blobs, inquiry, message(question="And in the elderly?"))
    assert refusal.value.fields.keys() == {"question"}


def test_a_message_needs_words_or_a_file_and_a_late_one_its_reason(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    with pytest.raises(InvalidInput) as refusal:
        contacts.add(desk.session, desk.intake, desk.blobs, inquiry,
                     message(message=" ", received_at=now() - timedelta(days=9)))
    assert refusal.value.fields.keys() == {"message", "late_reason"}
    with pytest.raises(InvalidInput) as refusal:
        contacts.add(desk.session, desk.intake, desk.blobs, inquiry, message(received_at=now() + timedelta(hours=1)))
    assert refusal.value.fields.keys() == {"received_at"}


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.AUDITOR, Role.ADMINISTRATOR,
                                  Role.MEDICAL_REVIEWER, Role.COMPLIANCE])
def test_who_has_no_right_to_screen_does_not(desk: FrontDesk, role: Role) -> None:
    inquiry, other = desk.recorded(), desk.person(role)
    contact = inquiry.interactions[0].id
    for act in (
        lambda: screening.screen_contact(desk.session, other, inquiry, contact, CLEAN),
        lambda: screening.answer_solicitation(desk.session, other, inquiry, NONE_PROMPTED),
        lambda: contacts.add(desk.session, other, desk.blobs, inquiry, message()),
        lambda: screening.record_confirmation(desk.session, other, inquiry, "yes"),
    ):
        with pytest.raises(Forbidden):
            act()
