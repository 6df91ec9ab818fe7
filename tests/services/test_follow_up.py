"""A follow-up to a closed inquiry (R13), and the file of an inquiry through different eyes (R24, R99)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import Action, Channel, Forum, ReasonCode, Role, State, Verification
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import follow_up, workflow
from inquiry_service.services.follow_up import FollowUpData
from inquiry_service.services.inquiry_file import LATEST, file_of
from inquiry_service.store import inquiries
from tests.database import CountQueries
from tests.front_desk import REPORTED, FrontDesk, open_front_desk, reason


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> FrontDesk:
    return open_front_desk(session, tmp_path)


def new_question(**more: object) -> FollowUpData:
    known: dict[str, object] = {
        "channel": Channel.PHONE, "forum": Forum.PRIVATE, "received_at": now() - timedelta(minutes=9), "zone": "UTC",
        "questions": ("And in children?",), "why": "Same patient group."}
    return FollowUpData(**(known | more))  # type: ignore[arg-type]


def closed(desk: FrontDesk) -> Inquiry:
    inquiry = desk.triaged()
    ends = reason(ReasonCode.NOT_MEDICAL)
    for action in (Action.REDIRECT, Action.CLOSE):
        workflow.perform(desk.session, desk.specialist, inquiry, action, reason=ends)
    return inquiry


def test_a_follow_up_is_an_inquiry_of_its_own_with_new_clock_screens_and_verification(desk: FrontDesk) -> None:
    parent = closed(desk)
    child = follow_up.open_follow_up(desk.session, desk.intake, desk.blobs, parent, new_question())
    db.commit(desk.session)
    assert parent.state is State.REOPENED
    assert (child.state, child.parent_id) == (State.RECEIVED, parent.id)
    assert child.interactions[0].screened_at is None
    assert child.solicitation is None
    assert (child.product_id, child.market) == (parent.product_id, parent.market)
    assert child.requester_id != parent.requester_id
    assert child.requester.family_name == parent.requester.family_name
    assert child.requester.verification is Verification.UNVERIFIED
    assert [row.number for row in inquiries.follow_ups(desk.session, parent.id)] == [child.number]


def test_a_follow_up_without_a_question_changes_nothing(desk: FrontDesk) -> None:
    parent = closed(desk)
    db.commit(desk.session)
    with pytest.raises(InvalidInput):
        follow_up.open_follow_up(desk.session, desk.intake, desk.blobs, parent, new_question(questions=("",)))
    db.rollback(desk.session)
    desk.session.refresh(parent)
    assert parent.state is State.CLOSED


def test_only_a_closed_inquiry_is_followed_up_and_only_by_who_may_record(desk: FrontDesk) -> None:
    with pytest.raises(Refused):
        follow_up.open_follow_up(desk.session, desk.intake, desk.blobs, desk.triaged(), new_question())
    with pytest.raises(Forbidden):
        follow_up.open_follow_up(
            desk.session, desk.person(Role.MEDICAL_REVIEWER), desk.blobs, closed(desk), new_question())


def test_the_file_of_an_inquiry_shows_each_role_what_it_may_see(desk: FrontDesk) -> None:
    inquiry = desk.screened(desk.recorded(), screen=REPORTED)
    db.commit(desk.session)
    seen = {}
    for role in (Role.MI_SPECIALIST, Role.QUALITY_CONTACT, Role.SAFETY_CONTACT, Role.PRIVACY_OFFICER):
        file = file_of(desk.session, desk.person(role), inquiry.id)
        seen[role] = (len(file.cases), len(file.complaints), file.answer is not None, file.label is not None)
    assert seen == {
        Role.MI_SPECIALIST: (1, 1, True, True), Role.QUALITY_CONTACT: (0, 1, False, False),
        Role.SAFETY_CONTACT: (1, 0, False, False), Role.PRIVACY_OFFICER: (0, 0, False, False),
    }
    for role in (Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR):
        with pytest.raises(NotFound):
            file_of(desk.session, desk.person(role), inquiry.id)


def test_the_file_takes_as_many_queries_for_many_rows_as_for_one(
    desk: FrontDesk, count_queries: CountQueries
) -> None:
    small = desk.screened(desk.recorded())
    big = desk.screened(desk.recorded(questions=tuple(f"Question {n}?" for n in range(12))), screen=REPORTED)
    desk.prepared(big)
    desk.prepared(small)
    db.commit(desk.session)
    ids, counted = [small.id, big.id], []
    for inquiry_id in ids:
        desk.session.expunge_all()
        with count_queries() as queries:
            file = file_of(desk.session, desk.specialist, inquiry_id)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(file.events) == LATEST
