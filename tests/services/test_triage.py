"""Triage: classification, level and due date, verification, recipient, asking back, assignment, endings (R12-R27)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.domain.vocabulary import (
    Action,
    Channel,
    Complexity,
    LabelStatus,
    Lane,
    ReasonCode,
    RequesterType,
    Role,
    State,
    Urgency,
    Verification,
)
from inquiry_service.errors import Forbidden, InvalidInput, Refused
from inquiry_service.services import assignment, facts, recipients, requesters, triage, workflow
from inquiry_service.services.calendar import due_after_pause
from inquiry_service.store import audit as audit_store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.front_desk import FrontDesk, open_front_desk, reason


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> FrontDesk:
    return open_front_desk(session, tmp_path)


def refused(desk: FrontDesk, inquiry: Any, action: Action, **more: Any) -> list[str]:
    """The codes of all that stands in the way of a step."""
    with pytest.raises(Refused) as refusal:
        workflow.perform(desk.session, desk.specialist, inquiry, action, **more)
    return [condition.code for condition in refusal.value.unmet]


def test_triage_ends_only_when_everything_is_decided_and_says_all_that_is_missing(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(questions=("One?", "Two?")))
    assert refused(desk, inquiry, Action.TRIAGE) == [
        "classification_missing", "lane_missing", "complexity_missing"]
    desk.prepared(inquiry)
    triage.finish(desk.session, desk.specialist, inquiry)
    assert inquiry.state is State.TRIAGED


@pytest.mark.parametrize(("changed", "fields"), [
    ({"rationale": " "}, {"rationale"}),
    ({"off_label_subtype": None}, {"off_label_subtype"}),
    ({"label_version_id": None}, {"label_version_id"}),
    ({"topics": [], "restated": ""}, {"topics", "restated"}),
])
def test_a_classification_is_complete_or_refused(desk: FrontDesk, changed: dict[str, Any], fields: set[str]) -> None:
    inquiry = desk.screened(desk.recorded())
    with pytest.raises(InvalidInput) as refusal:
        triage.classify(desk.session, desk.specialist, inquiry, inquiry.questions[0], desk.classification(**changed))
    assert refusal.value.fields.keys() == fields
    assert inquiry.questions[0].classification is None


def test_a_reclassification_needs_a_reason_and_keeps_the_earlier_one(desk: FrontDesk) -> None:
    inquiry = desk.prepared(desk.screened(desk.recorded()))
    question = inquiry.questions[0]
    on_label = {"label_status": LabelStatus.ON_LABEL, "off_label_subtype": None}
    with pytest.raises(InvalidInput) as refusal:
        triage.classify(desk.session, desk.specialist, inquiry, question, desk.classification(**on_label))
    assert refusal.value.fields.keys() == {"reason_text"}
    triage.classify(desk.session, desk.specialist, inquiry, question, desk.classification(
        **on_label, reason=reason(ReasonCode.RECLASSIFIED, "Section 2 covers it.")))
    assert [known.label_status for known in question.classifications] == [LabelStatus.OFF_LABEL, LabelStatus.ON_LABEL]
    db.commit(desk.session)
    (entry,) = audit_store.page(desk.session, AuditFilter(inquiry_id=inquiry.id, action="question:reclassified"))
    assert entry.data["changes"]["label_status"] == {"old": "off_label", "new": "on_label"}
    assert entry.data["reason"] == {"code": "reclassified", "text": "Section 2 covers it."}


def test_an_undecided_question_counts_as_off_label(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded())
    assert facts.gather(desk.session, inquiry).label_statuses == {LabelStatus.OFF_LABEL}


def test_off_label_content_goes_to_a_verified_professional_only(desk: FrontDesk) -> None:
    inquiry = desk.prepared(desk.screened(desk.recorded()))
    triage.verify_requester(desk.session, desk.specialist, inquiry, inquiry.requester, Verification.UNVERIFIED, "")
    assert refused(desk, inquiry, Action.TRIAGE) == ["requester_not_verified"]
    inquiry.requester.type = RequesterType.PATIENT
    assert refused(desk, inquiry, Action.TRIAGE) == ["requester_not_verified", "requester_not_professional"]


def test_the_patient_lane_takes_no_off_label_question(desk: FrontDesk) -> None:
    inquiry = desk.prepared(desk.screened(desk.recorded(
        requester=factories.person_data(type=RequesterType.PATIENT))), lane=Lane.PATIENT)
    assert refused(desk, inquiry, Action.TRIAGE) == ["off_label_in_patient_lane"]


def test_a_verification_says_how(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    with pytest.raises(InvalidInput):
        triage.verify_requester(desk.session, desk.specialist, inquiry, inquiry.requester, Verification.VERIFIED, "")
    triage.verify_requester(desk.session, desk.specialist, inquiry, inquiry.requester, Verification.VERIFIED, "NPI")
    assert inquiry.requester.verified_by == desk.specialist.name


def test_the_due_date_follows_from_priority_and_the_requesters_own_deadline(desk: FrontDesk) -> None:
    received = factories.at("2026-11-16 10:00")
    inquiry = desk.recorded(received_at=received)
    triage.set_level(desk.session, desk.specialist, inquiry, Complexity.LEVEL_1, Urgency.STANDARD)
    assert inquiry.due_at == factories.at("2026-11-18 10:00")
    deadline = factories.at("2026-11-17 12:00")
    triage.set_level(desk.session, desk.specialist, inquiry, Complexity.LEVEL_1, Urgency.EXTENDED, deadline)
    assert inquiry.due_at == deadline


def test_only_the_working_time_of_a_pause_is_given_back() -> None:
    due = factories.at("2026-11-19 15:00")
    # Paused from Tuesday 16:00 to Wednesday 11:00: one hour of Tuesday and two of Wednesday.
    again = due_after_pause(due, factories.at("2026-11-17 16:00"), factories.at("2026-11-18 11:00"), "US")
    assert again == factories.at("2026-11-20 10:00")
    over_night = due_after_pause(due, factories.at("2026-11-17 18:00"), factories.at("2026-11-18 08:00"), "US")
    assert over_night == due
    deadline = factories.at("2026-11-19 16:00")
    assert due_after_pause(due, factories.at("2026-11-17 10:00"), factories.at("2026-11-18 10:00"), "US",
                           deadline) == deadline


def test_asking_back_logs_the_attempt_pauses_the_clock_and_resuming_starts_it(desk: FrontDesk) -> None:
    inquiry = desk.triaged()
    triage.ask_requester(desk.session, desk.specialist, inquiry, Channel.EMAIL, "Which dose?",
                         reason(ReasonCode.OVERBROAD))
    assert inquiry.state is State.CLARIFICATION
    assert inquiry.paused_at is not None
    assert facts.gather(desk.session, inquiry).contact_attempts == 1
    due = inquiry.due_at
    workflow.perform(desk.session, desk.specialist, inquiry, Action.RESUME)
    assert (inquiry.state, inquiry.paused_at) == (State.TRIAGED, None)
    assert inquiry.due_at is not None
    assert due is not None
    assert timedelta() <= inquiry.due_at - due < timedelta(minutes=1)


def test_without_reply_three_attempts_come_before_closing(desk: FrontDesk) -> None:
    inquiry = desk.triaged()
    triage.ask_requester(desk.session, desk.specialist, inquiry, Channel.PHONE, "No answer.",
                         reason(ReasonCode.OVERBROAD))
    no_reply = reason(ReasonCode.NO_REPLY)
    assert refused(desk, inquiry, Action.CLOSE_UNANSWERED, reason=no_reply) == ["attempts_missing"]
    for _ in range(2):
        triage.log_contact_attempt(desk.session, desk.specialist, inquiry, Channel.PHONE, "No answer.")
    workflow.perform(desk.session, desk.specialist, inquiry, Action.CLOSE_UNANSWERED, reason=no_reply)
    assert inquiry.state is State.CLOSED_NO_RESPONSE
    assert inquiry.closed_at is not None


@pytest.mark.parametrize("given", [None, reason(ReasonCode.ANSWERED), reason(ReasonCode.NOT_MEDICAL, " ")])
def test_a_step_with_reasons_takes_one_of_its_list_and_words(desk: FrontDesk, given: Any) -> None:
    inquiry = desk.triaged()
    with pytest.raises(InvalidInput):
        workflow.perform(desk.session, desk.specialist, inquiry, Action.REDIRECT, reason=given)
    assert inquiry.state is State.TRIAGED


def test_an_answer_is_written_by_a_trained_person_who_did_not_hand_the_question_in(desk: FrontDesk) -> None:
    submitter = desk.person(Role.MI_SPECIALIST, name="Submitter")
    untrained = desk.person(Role.MI_SPECIALIST, name="Untrained", trained=False)
    inquiry = desk.triaged(by=submitter)
    found = {person.name: person.unfit for person in assignment.candidates(desk.session, inquiry)}
    assert found == {desk.specialist.name: "", "Submitter": "submitted this question",
                     "Untrained": "training has expired"}
    for person, code in ((submitter, "assignee_is_submitter"), (untrained, "assignee_not_trained")):
        with pytest.raises(Refused) as refusal:
            triage.assign(desk.session, desk.specialist, inquiry, person.user_id)
        assert [condition.code for condition in refusal.value.unmet] == [code]
    triage.assign(desk.session, desk.specialist, inquiry, desk.specialist.user_id)
    assert inquiry.state is State.ASSIGNED


def test_nobody_without_the_right_to_write_is_assigned(desk: FrontDesk) -> None:
    inquiry = desk.triaged()
    for role in (Role.MEDICAL_REVIEWER, Role.FIELD_SALES, Role.ADMINISTRATOR):
        with pytest.raises(InvalidInput):
            triage.assign(desk.session, desk.specialist, inquiry, desk.person(role).user_id)


def test_a_field_person_is_never_the_recipient(desk: FrontDesk) -> None:
    sales = factories.user(desk.session, Role.FIELD_SALES, email="sales@firm.example")
    inquiry = desk.triaged()
    to_sales = factories.person_data(email=" Sales@Firm.example", family_name="Carrier")
    with pytest.raises(InvalidInput) as refusal:
        recipients.change(desk.session, desk.specialist, inquiry, to_sales, "will hand it over")
    assert refusal.value.fields.keys() == {"email"}
    inquiry.requester.email = sales.email
    assert facts.gather(desk.session, inquiry).recipient_in_field


def test_another_recipient_needs_a_name_and_a_reason_and_can_be_undone(desk: FrontDesk) -> None:
    inquiry = desk.triaged()
    with pytest.raises(InvalidInput) as refusal:
        recipients.change(desk.session, desk.specialist, inquiry, factories.person_data(family_name=""), " ")
    assert refusal.value.fields.keys() == {"recipient_reason", "family_name"}
    recipients.change(desk.session, desk.specialist, inquiry, factories.person_data(family_name="Other"), "on leave")
    known = facts.gather(desk.session, inquiry)
    assert (known.recipient_is_requester, known.recipient_reason_given) == (False, True)
    recipients.change(desk.session, desk.specialist, inquiry, None, "")
    assert facts.gather(desk.session, inquiry).recipient_is_requester
    db.commit(desk.session)


def test_another_name_has_to_be_verified_anew_and_another_telephone_number_not(desk: FrontDesk) -> None:
    inquiry = desk.triaged()
    requesters.complete(desk.session, desk.intake, inquiry, factories.person_data(phone="+1 555 0199"))
    assert inquiry.requester.verification is Verification.VERIFIED
    requesters.complete(desk.session, desk.intake, inquiry, factories.person_data(family_name="Somebodyelse"))
    assert inquiry.requester.verification is Verification.UNVERIFIED
    db.commit(desk.session)
    stored = b"".join(row.entry for row in audit_store.page(desk.session, AuditFilter(inquiry_id=inquiry.id)))
    assert b"Somebodyelse" not in stored


def test_looking_at_the_requester_leaves_a_trace(desk: FrontDesk) -> None:
    inquiry = desk.recorded()
    assert requesters.contact_details(desk.session, desk.intake, inquiry) is inquiry.requester
    db.commit(desk.session)
    (entry,) = audit_store.page(desk.session, AuditFilter(inquiry_id=inquiry.id, action="person:viewed"))
    assert entry.data["actor"]["name"] == desk.intake.name
    with pytest.raises(Forbidden):
        requesters.contact_details(desk.session, desk.person(Role.AUDITOR), inquiry)


def test_a_correction_stands_beside_the_question_which_stays_as_it_is(desk: FrontDesk) -> None:
    inquiry = desk.recorded(questions=("Can it be spilt?",))
    triage.add_addendum(desk.session, desk.intake, inquiry, inquiry.questions[0], "split, not spilt")
    assert inquiry.questions[0].verbatim == "Can it be spilt?"
    assert [note.text for note in inquiry.questions[0].addenda] == ["split, not spilt"]


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.INTAKE_AGENT, Role.MEDICAL_REVIEWER, Role.AUDITOR,
                                  Role.ADMINISTRATOR, Role.COMPLIANCE])
def test_who_has_no_right_to_triage_does_not(desk: FrontDesk, role: Role) -> None:
    inquiry, other = desk.screened(desk.recorded()), desk.person(role)
    for act in (
        lambda: triage.classify(desk.session, other, inquiry, inquiry.questions[0], desk.classification()),
        lambda: triage.set_level(desk.session, other, inquiry, Complexity.LEVEL_1, Urgency.STANDARD),
        lambda: triage.finish(desk.session, other, inquiry),
        lambda: recipients.change(desk.session, other, inquiry, None, ""),
        lambda: triage.log_contact_attempt(desk.session, other, inquiry, Channel.PHONE, "tried"),
        lambda: triage.assign(desk.session, other, inquiry, desk.specialist.user_id),
    ):
        with pytest.raises(Forbidden):
            act()
