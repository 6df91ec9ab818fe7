"""Training and what hangs on it: recorded by administrators with a reason; without it nobody is assigned (R32)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import LOG
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import Forbidden, InvalidInput, Refused
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.people import User
from inquiry_service.services import accounts, assignment, triage
from inquiry_service.store import people
from tests.factories import CHEAP, actor, user
from tests.front_desk import open_front_desk


@pytest.fixture
def admin(session: Session) -> Actor:
    found = actor(session, Role.ADMINISTRATOR)
    db.commit(session)
    return found


def _create(session: Session, who: Actor, *, email: str = "new@example.org", trained_until: date | None = None) -> User:
    """Make an MI specialist; without a day, as the form leaves it: never trained."""
    made = accounts.create_account(
        session, who, email=email, printed_name="New Person", password="three green umbrellas", reason="joins",
        roles=[Role.MI_SPECIALIST], passwords=CHEAP, trained_until=trained_until)
    db.commit(session)
    return made


def test_training_is_recorded_with_its_reason_and_may_end(session: Session, admin: Actor) -> None:
    person = _create(session, admin)
    assert person.trained_until is None
    until = now().date() + timedelta(days=365)
    accounts.set_training(session, admin, person.id, until, reason="safety course of November")
    db.commit(session)
    assert people.by_id(session, person.id).trained_until == until
    row = session.scalars(select(AuditEntry).where(AuditEntry.log == LOG).order_by(AuditEntry.seq.desc())).first()
    assert row is not None
    entry = json.loads(row.entry)
    assert entry["action"] == "account:changed"
    assert entry["changes"]["trained_until"] == {"old": None, "new": until.isoformat()}
    assert entry["reason"]["text"] == "safety course of November"
    accounts.set_training(session, admin, person.id, None, reason="certificate withdrawn")
    db.commit(session)
    assert people.by_id(session, person.id).trained_until is None


@pytest.mark.parametrize(("day", "reason", "field"), [
    (date(9999, 1, 1), "a course", "trained_until"), (None, "a course", "trained_until"),
    (date(2020, 1, 1), "  ", "reason"),
])
def test_training_that_cannot_be_is_refused(
    session: Session, admin: Actor, day: date | None, reason: str, field: str
) -> None:
    person = _create(session, admin)
    with pytest.raises(InvalidInput) as refused:
        accounts.set_training(session, admin, person.id, day, reason=reason)
    assert set(refused.value.fields) == {field}
    with pytest.raises(InvalidInput, match="check the year"):
        _create(session, admin, email="b@example.org", trained_until=date(9999, 1, 1))


def test_nobody_but_an_administrator_records_training(session: Session, admin: Actor) -> None:
    person = user(session, Role.MI_SPECIALIST)
    db.commit(session)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(Forbidden):
            accounts.set_training(session, Actor(person.id, "Some One", frozenset({role})), person.id, None, reason="x")


def test_only_a_person_with_current_training_can_be_assigned(session: Session, admin: Actor, tmp_path: Path) -> None:
    desk = open_front_desk(session, tmp_path)
    inquiry = desk.triaged()
    writer = _create(session, admin)

    def unfit() -> str:
        return next(one.unfit for one in assignment.candidates(session, inquiry) if one.id == writer.id)

    for day in (None, now().date() - timedelta(days=1)):
        if day:
            accounts.set_training(session, admin, writer.id, day, reason="entered late")
        assert unfit() == "training has expired"
        with pytest.raises(Refused) as refused:
            triage.assign(session, desk.specialist, inquiry, writer.id)
        assert "assignee_not_trained" in {unmet.code for unmet in refused.value.unmet}
    accounts.set_training(session, admin, writer.id, now().date(), reason="today is the last day")
    assert unfit() == ""
    triage.assign(session, desk.specialist, inquiry, writer.id)
    db.commit(session)
    assert inquiry.assignee_id == writer.id
