"""Safety records and complaints: criteria, hand-over, receipt, follow-up information (R35-R48)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import BranchState, Role, SpecialSituation
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.services import facts, safety, safety_followup
from inquiry_service.store import audit as audit_store
from inquiry_service.store import safety as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.front_desk import CASE, COMPLAINT, REPORTED, FrontDesk, open_front_desk


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> FrontDesk:
    return open_front_desk(session, tmp_path)


def test_the_four_criteria_and_their_fallbacks(desk: FrontDesk) -> None:
    case = desk.case_of(desk.screened(desk.recorded(), screen=REPORTED))
    assert safety.criteria(case) == {"Reporter": True, "Patient": True, "Suspect product": True, "Reaction": True}
    case.patient_facts = case.patient_code = ""
    case.reaction, case.special_situations = "", []
    assert safety.criteria(case) == {"Reporter": True, "Patient": False, "Suspect product": True, "Reaction": False}


def test_the_hand_over_is_due_one_business_day_after_day_zero(desk: FrontDesk) -> None:
    friday = factories.at("2026-11-20 10:00")
    case = desk.case_of(desk.screened(desk.recorded(received_at=friday), screen=REPORTED))
    assert case.day_zero == friday
    assert case.due_at == factories.at("2026-11-23 10:00")


def test_what_is_handed_over_is_fixed_by_its_hash_and_names_nobody(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    case = desk.case_of(inquiry)
    safety.forward_case(desk.session, desk.specialist, case, "safety mailbox")
    assert (case.state, case.forwarded_by) == (BranchState.FORWARDED, desk.specialist.name)
    assert case.forwarded_sha256 == digest(safety.handed_over(case))
    words = repr(safety.handed_over(case))
    assert inquiry.requester.family_name not in words
    assert inquiry.requester.email not in words
    case.reaction = "something else"
    assert case.forwarded_sha256 != digest(safety.handed_over(case))


def test_hand_over_and_receipt_happen_once_and_in_order(desk: FrontDesk) -> None:
    case = desk.case_of(desk.screened(desk.recorded(), screen=REPORTED))
    contact = desk.person(Role.SAFETY_CONTACT)
    with pytest.raises(Refused):
        safety.acknowledge_case(desk.session, contact, case, "PV-1")
    with pytest.raises(InvalidInput):
        safety.forward_case(desk.session, desk.specialist, case, " ")
    safety.forward_case(desk.session, desk.specialist, case, "safety mailbox")
    with pytest.raises(Refused):
        safety.forward_case(desk.session, desk.specialist, case, "again")
    with pytest.raises(Forbidden):
        safety.acknowledge_case(desk.session, desk.specialist, case, "PV-1")
    safety.acknowledge_case(desk.session, contact, case, " PV-1 ")
    assert (case.state, case.pv_case_number) == (BranchState.ACKNOWLEDGED, "PV-1")


def test_an_inquiry_counts_its_branches_until_safety_and_quality_confirmed_receipt(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    case, complaint = desk.case_of(inquiry), desk.complaint_of(inquiry)
    assert facts.gather(desk.session, inquiry).open_branches == (case.number, complaint.number)
    safety.forward_case(desk.session, desk.specialist, case, "safety mailbox")
    safety.acknowledge_case(desk.session, desk.person(Role.SAFETY_CONTACT), case, "PV-1")
    assert facts.gather(desk.session, inquiry).open_branches == (complaint.number,)
    safety.forward_complaint(desk.session, desk.specialist, complaint, "quality desk")
    safety.acknowledge_complaint(desk.session, desk.person(Role.QUALITY_CONTACT), complaint, "QA-1")
    assert facts.gather(desk.session, inquiry).open_branches == ()


def test_follow_up_information_goes_into_the_record_and_old_values_into_the_log(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    case = desk.case_of(inquiry)
    day_zero = case.day_zero
    safety_followup.amend_case(
        desk.session, desk.intake, case, replace(CASE, special_situations=(SpecialSituation.OVERDOSE,),
                                                 seriousness=("hospitalisation",)), "call-back of today")
    assert case.special_situations == ["overdose"]
    assert case.seriousness == ["hospitalisation"]
    assert case.day_zero == day_zero
    db.commit(desk.session)
    (entry,) = audit_store.page(desk.session, AuditFilter(inquiry_id=inquiry.id, action="safety_case:changed"))
    assert entry.data["changes"]["special_situations"] == {"old": ["off_label_use"], "new": ["overdose"]}
    assert entry.data["reason"]["text"] == "call-back of today"


def test_what_the_patient_had_stands_in_the_log_as_a_commitment_only(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    safety_followup.amend_case(desk.session, desk.intake, desk.case_of(inquiry),
                               replace(CASE, reaction="loss of sight"), "call-back")
    db.commit(desk.session)
    stored = b"".join(row.entry for row in audit_store.page(desk.session, AuditFilter(inquiry_id=inquiry.id)))
    assert b"loss of sight" not in stored
    assert b"tightness" not in stored
    assert b'"$c"' in stored


def test_an_amendment_needs_a_source_and_something_new_and_never_drops_the_event(desk: FrontDesk) -> None:
    case = desk.case_of(desk.screened(desk.recorded(), screen=REPORTED))
    with pytest.raises(InvalidInput) as refusal:
        safety_followup.amend_case(desk.session, desk.intake, case, replace(CASE, patient_code="P-1"), " ")
    assert refusal.value.fields.keys() == {"source"}
    with pytest.raises(InvalidInput, match="Nothing was changed"):
        safety_followup.amend_case(desk.session, desk.intake, case, CASE, "call-back")
    safety_followup.amend_case(
        desk.session, desk.intake, case, replace(CASE, is_adverse_event=False, patient_code="P-1"), "call-back")
    assert case.is_adverse_event


def test_a_record_that_was_handed_over_is_not_changed_any_more(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    case, complaint = desk.case_of(inquiry), desk.complaint_of(inquiry)
    safety_followup.amend_complaint(desk.session, desk.intake, complaint, replace(COMPLAINT, lot="L8"), "call-back")
    assert complaint.lot == "L8"
    safety.forward_case(desk.session, desk.specialist, case, "mailbox")
    safety.forward_complaint(desk.session, desk.specialist, complaint, "desk")
    with pytest.raises(Refused):
        safety_followup.amend_case(desk.session, desk.intake, case, replace(CASE, patient_code="P-1"), "call-back")
    with pytest.raises(Refused):
        safety_followup.amend_complaint(desk.session, desk.intake, complaint, replace(COMPLAINT, lot="L9"), "call")


def test_the_queue_shows_first_what_nobody_handed_over_yet(desk: FrontDesk) -> None:
    first, second, third = (desk.case_of(desk.screened(desk.recorded(), screen=REPORTED)) for _ in range(3))
    safety.forward_case(desk.session, desk.specialist, first, "mailbox")
    safety.forward_case(desk.session, desk.specialist, second, "mailbox")
    safety.acknowledge_case(desk.session, desk.person(Role.SAFETY_CONTACT), second, "PV-2")
    rows = store.case_queue(desk.session, desk.specialist)
    assert [case.number for case, _ in rows] == [third.number, first.number]
    assert store.count_cases(desk.session, desk.specialist) == 2
    assert store.count_cases(desk.session, desk.specialist, (BranchState.ACKNOWLEDGED,)) == 1


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_for_who_may_not_read_them_records_do_not_exist(desk: FrontDesk, role: Role) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    case, complaint, viewer = desk.case_of(inquiry), desk.complaint_of(inquiry), desk.person(role)
    assert store.case_queue(desk.session, viewer) == []
    assert store.count_complaints(desk.session, viewer) == 0
    assert store.cases_of(desk.session, viewer, inquiry.id) == []
    for look in (lambda: store.case(desk.session, viewer, case.id),
                 lambda: store.complaint(desk.session, viewer, complaint.id)):
        with pytest.raises(NotFound):
            look()


def test_quality_reads_complaints_and_no_safety_records_and_safety_the_other_way_round(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    quality, pv = desk.person(Role.QUALITY_CONTACT), desk.person(Role.SAFETY_CONTACT)
    assert [len(store.cases_of(desk.session, who, inquiry.id)) for who in (quality, pv)] == [0, 1]
    assert [len(store.complaints_of(desk.session, who, inquiry.id)) for who in (quality, pv)] == [1, 0]
