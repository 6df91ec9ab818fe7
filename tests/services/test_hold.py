"""The hold on a solicited question: Compliance alone decides, with a finding and a signature (R6, R72-R74)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Action, Role, SignatureMeaning, State
from inquiry_service.errors import Forbidden, InvalidInput, Refused, SignatureRefused
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import hold, screening, workflow
from inquiry_service.services.hold import Decision, Finding
from inquiry_service.services.signatures import Components
from inquiry_service.store import audit as audit_store
from inquiry_service.store import people
from inquiry_service.store.audit import AuditFilter
from tests.factories import PASSWORD
from tests.front_desk import NONE_PROMPTED, FrontDesk, open_front_desk

RELEASE = Finding(Decision.RELEASE, "The card was an old one.\r\nNobody used it.")
CLOSE = Finding(Decision.CLOSE, "The card invites the question.")


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> FrontDesk:
    return open_front_desk(session, tmp_path)


@pytest.fixture
def compliance(desk: FrontDesk) -> Actor:
    return desk.person(Role.COMPLIANCE)


@pytest.fixture
def held(desk: FrontDesk) -> Inquiry:
    inquiry = desk.screened(desk.recorded(), prompted=True)
    db.commit(desk.session)
    return inquiry


def typed(desk: FrontDesk, who: Actor, ticket: str, password: str = PASSWORD) -> Components:
    return Components(ticket, people.by_id(desk.session, who.user_id).email, password)


def decided(desk: FrontDesk, who: Actor, inquiry: Inquiry, finding: Finding) -> None:
    _, ticket = hold.prepare(desk.session, who, inquiry, finding)
    db.commit(desk.session)
    hold.decide(desk.session, who, inquiry, finding, typed(desk, who, ticket))
    db.commit(desk.session)


@pytest.mark.parametrize(("finding", "state"), [(RELEASE, State.SCREENED), (CLOSE, State.CLOSED_NO_RESPONSE)])
def test_compliance_decides_with_a_signed_finding(
    desk: FrontDesk, compliance: Actor, held: Inquiry, finding: Finding, state: State
) -> None:
    decided(desk, compliance, held, finding)
    assert held.state is state
    standing = hold.standing(desk.session, held)
    assert standing is not None
    assert standing.decision is finding.decision
    assert standing.signature.meaning is SignatureMeaning.COMPLIANCE_FINDING
    assert standing.signature.printed_name == compliance.name
    (entry,) = audit_store.page(desk.session, AuditFilter(inquiry_id=held.id, action="signature:given"))
    assert entry.data["changes"]["digest"]["new"] == standing.signature.digest


def test_a_released_inquiry_goes_through_triage_and_is_not_held_again(
    desk: FrontDesk, compliance: Actor, held: Inquiry
) -> None:
    decided(desk, compliance, held, RELEASE)
    desk.prepared(held)
    workflow.perform(desk.session, desk.specialist, held, Action.TRIAGE)
    assert held.state is State.TRIAGED


def test_without_a_hold_there_is_nothing_to_decide(desk: FrontDesk, compliance: Actor) -> None:
    inquiry = desk.screened(desk.recorded())
    with pytest.raises(Refused):
        hold.prepare(desk.session, compliance, inquiry, RELEASE)
    assert hold.standing(desk.session, inquiry) is None


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 5001])
def test_a_finding_says_something_of_reasonable_length(
    desk: FrontDesk, compliance: Actor, held: Inquiry, text: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        hold.prepare(desk.session, compliance, held, Finding(Decision.RELEASE, text))
    assert refusal.value.fields.keys() == {"finding"}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.COMPLIANCE, Role.SYSTEM)])
def test_nobody_but_compliance_decides(desk: FrontDesk, held: Inquiry, role: Role) -> None:
    other = desk.person(role)
    with pytest.raises(Forbidden):
        hold.prepare(desk.session, other, held, RELEASE)
    with pytest.raises(Forbidden):
        hold.decide(desk.session, other, held, RELEASE, Components("", "", ""))
    assert held.state is State.SOLICITED_HOLD


def test_a_wrong_password_signs_nothing_and_spoils_the_ticket(
    desk: FrontDesk, compliance: Actor, held: Inquiry
) -> None:
    _, ticket = hold.prepare(desk.session, compliance, held, RELEASE)
    db.commit(desk.session)
    with pytest.raises(SignatureRefused):
        hold.decide(desk.session, compliance, held, RELEASE, typed(desk, compliance, ticket, "wrong"))
    desk.session.refresh(held)
    assert (held.state, held.solicitation_finding) == (State.SOLICITED_HOLD, "")
    assert hold.standing(desk.session, held) is None
    assert audit_store.page(desk.session, AuditFilter(inquiry_id=held.id, action="signature:refused"))


@pytest.mark.parametrize("other", [CLOSE, Finding(Decision.RELEASE, "Other words.")])
def test_a_ticket_is_good_for_the_finding_that_was_shown_and_no_other(
    desk: FrontDesk, compliance: Actor, held: Inquiry, other: Finding
) -> None:
    _, ticket = hold.prepare(desk.session, compliance, held, RELEASE)
    db.commit(desk.session)
    with pytest.raises(SignatureRefused):
        hold.decide(desk.session, compliance, held, other, typed(desk, compliance, ticket))


def test_a_ticket_is_good_for_its_own_person_and_inquiry(
    desk: FrontDesk, compliance: Actor, held: Inquiry
) -> None:
    second = desk.screened(desk.recorded(), prompted=True)
    colleague = desk.person(Role.COMPLIANCE)
    _, ticket = hold.prepare(desk.session, compliance, held, RELEASE)
    db.commit(desk.session)
    with pytest.raises(SignatureRefused):
        hold.decide(desk.session, compliance, second, RELEASE, typed(desk, compliance, ticket))
    with pytest.raises(SignatureRefused):
        hold.decide(desk.session, colleague, held, RELEASE, typed(desk, colleague, ticket))


@pytest.mark.parametrize("tampered", ["screen", "finding"])
def test_a_later_change_of_screen_or_finding_is_seen(
    desk: FrontDesk, compliance: Actor, held: Inquiry, tampered: str
) -> None:
    decided(desk, compliance, held, RELEASE)
    if tampered == "screen":
        held.solicitation = dict(held.solicitation or {}) | {
            "answers": {item.value: answer for item, answer in NONE_PROMPTED.items()}}
    else:
        held.solicitation_finding = "Nobody ever looked."
    standing = hold.standing(desk.session, held)
    assert standing is not None
    assert standing.decision is None


def test_a_held_inquiry_is_neither_triaged_nor_withdrawn_nor_screened_again(
    desk: FrontDesk, held: Inquiry
) -> None:
    for action in (Action.TRIAGE, Action.WITHDRAW, Action.SCREEN, Action.REDIRECT):
        with pytest.raises(Refused):
            workflow.perform(desk.session, desk.specialist, held, action)
    with pytest.raises(Refused):
        screening.answer_solicitation(desk.session, desk.intake, held, NONE_PROMPTED)
