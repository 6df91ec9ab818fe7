"""Accounts: who may make, change and close them, and what is kept of it (R27, R28, R31, R75)."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import LOG
from inquiry_service.domain.permissions import INCOMPATIBLE_ROLES, Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.people import User, UserSession
from inquiry_service.services import accounts, passwords, user_sessions
from inquiry_service.services.access import OPERATOR
from inquiry_service.store import people
from tests.factories import CHEAP, PASSWORD, actor, user

WANTED = "three green umbrellas"


@pytest.fixture
def admin(session: Session) -> Actor:
    found = actor(session, Role.ADMINISTRATOR)
    db.commit(session)
    return found


def _create(session: Session, who: Actor, *roles: Role, **changed: str) -> User:
    given = {"email": "new@example.org", "printed_name": "New Person", "password": WANTED, "reason": "joins"}
    return accounts.create_account(session, who, roles=roles, passwords=CHEAP, **(given | changed))


def _actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).where(AuditEntry.log == LOG).order_by(AuditEntry.seq)))


def _open_sessions(session: Session, of: User) -> int:
    rows = session.scalars(select(UserSession).where(UserSession.user_id == of.id, UserSession.revoked_at.is_(None)))
    return len(rows.all())


def test_a_new_account_has_dated_reasoned_roles_and_a_password_to_replace(session: Session, admin: Actor) -> None:
    made = _create(session, admin, Role.MI_SPECIALIST, Role.CONTENT_OWNER, email=" New@Example.org ")
    db.commit(session)
    assert made.email == "new@example.org"
    assert made.roles == {Role.MI_SPECIALIST, Role.CONTENT_OWNER}
    assert {grant.reason for grant in made.grants} == {"joins"}
    assert {grant.granted_by for grant in made.grants} == {admin.user_id}
    assert all(abs((now() - grant.granted_at).total_seconds()) < 60 for grant in made.grants)
    assert made.must_change_password
    assert WANTED not in made.password_hash
    assert passwords.matches(made.password_hash, WANTED)
    assert _actions(session)[-1] == "account:created"


def test_nobody_but_an_administrator_makes_accounts(session: Session) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(Forbidden):
            _create(session, Actor("someone", "Some One", frozenset({role})), Role.MI_SPECIALIST)


def test_roles_that_exclude_each_other_are_refused(session: Session, admin: Actor) -> None:
    pairs = [(left, right) for lefts, rights in INCOMPATIBLE_ROLES for left in lefts for right in rights]
    assert len(pairs) > 30
    for left, right in pairs:
        with pytest.raises(InvalidInput) as refused:
            _create(session, admin, left, right)
        assert set(refused.value.fields) == {"roles"}


def test_a_second_role_that_excludes_the_first_is_refused_and_changes_nothing(session: Session, admin: Actor) -> None:
    sales = user(session, Role.FIELD_SALES)
    db.commit(session)
    with pytest.raises(InvalidInput) as refused:
        accounts.grant_role(session, admin, sales.id, Role.MEDICAL_REVIEWER, reason="promotion")
    assert "role" in refused.value.fields
    db.rollback(session)
    assert people.by_id(session, sales.id).roles == {Role.FIELD_SALES}


@pytest.mark.parametrize(
    "email", ["", "no-at-sign", "two@@signs.org", "a b@example.org", "a@b\x00.org", "x" * 300 + "@a.org"], ids=len)
def test_an_address_that_is_none_is_refused(session: Session, admin: Actor, email: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _create(session, admin, Role.MI_SPECIALIST, email=email)
    assert "email" in refused.value.fields


def test_the_address_of_a_disabled_account_is_never_given_to_another_person(session: Session, admin: Actor) -> None:
    made = _create(session, admin, Role.MI_SPECIALIST)
    db.commit(session)
    accounts.disable_account(session, admin, made.id, reason="left")
    db.commit(session)
    with pytest.raises(InvalidInput, match="never reused"):
        _create(session, admin, Role.MI_SPECIALIST, email="NEW@example.org")


def test_there_is_no_way_to_delete_an_account() -> None:
    assert not [name for name in dir(accounts) if "delete" in name or "remove" in name]


def test_disabling_signs_out_everywhere_and_needs_a_reason(session: Session, admin: Actor) -> None:
    leaver = user(session, Role.MI_SPECIALIST)
    for _ in range(2):
        user_sessions.open_session(session, leaver, address="", agent="")
    db.commit(session)
    with pytest.raises(InvalidInput):
        accounts.disable_account(session, admin, leaver.id, reason="  ")
    accounts.disable_account(session, admin, leaver.id, reason="left the company")
    db.commit(session)
    assert not leaver.is_active
    assert leaver.disabled_reason == "left the company"
    assert _open_sessions(session, leaver) == 0
    assert _actions(session)[-1] == "account:disabled"
    with pytest.raises(Refused):
        accounts.disable_account(session, admin, leaver.id, reason="again")


def test_a_disabled_account_can_be_opened_again_for_the_same_person(session: Session, admin: Actor) -> None:
    back = user(session, Role.MI_SPECIALIST)
    accounts.disable_account(session, admin, back.id, reason="parental leave")
    accounts.enable_account(session, admin, back.id, reason="is back")
    db.commit(session)
    assert back.is_active
    assert _actions(session)[-2:] == ["account:disabled", "account:enabled"]


def test_the_last_administrator_cannot_be_disabled_or_lose_the_role(session: Session, admin: Actor) -> None:
    with pytest.raises(Refused, match="last administrator"):
        accounts.disable_account(session, OPERATOR, admin.user_id, reason="gone")
    with pytest.raises(Refused, match="last administrator"):
        accounts.revoke_role(session, OPERATOR, admin.user_id, Role.ADMINISTRATOR, reason="gone")
    user(session, Role.ADMINISTRATOR)
    accounts.disable_account(session, OPERATOR, admin.user_id, reason="gone")
    db.commit(session)
    assert not people.by_id(session, admin.user_id).is_active


def test_nobody_disables_the_own_account(session: Session, admin: Actor) -> None:
    user(session, Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="own account"):
        accounts.disable_account(session, admin, admin.user_id, reason="enough")


def test_a_change_of_roles_signs_out_and_keeps_the_history(session: Session, admin: Actor) -> None:
    person = user(session, Role.INTAKE_AGENT)
    user_sessions.open_session(session, person, address="", agent="")
    accounts.grant_role(session, admin, person.id, Role.MI_SPECIALIST, reason="trained")
    accounts.revoke_role(session, admin, person.id, Role.INTAKE_AGENT, reason="new job")
    db.commit(session)
    assert person.roles == {Role.MI_SPECIALIST}
    assert len(person.grants) == 2
    assert _open_sessions(session, person) == 0
    assert _actions(session)[-2:] == ["account:roles_changed"] * 2


def test_a_role_is_granted_once_and_revoked_only_when_held(session: Session, admin: Actor) -> None:
    person = user(session, Role.INTAKE_AGENT)
    with pytest.raises(InvalidInput, match="already"):
        accounts.grant_role(session, admin, person.id, Role.INTAKE_AGENT, reason="again")
    with pytest.raises(InvalidInput, match="does not hold"):
        accounts.revoke_role(session, admin, person.id, Role.MI_SPECIALIST, reason="never had it")
    with pytest.raises(InvalidInput, match="never given"):
        accounts.grant_role(session, admin, person.id, Role.SYSTEM, reason="no")


def test_a_new_password_needs_the_present_one_and_signs_out_everywhere(session: Session) -> None:
    person = user(session, Role.MI_SPECIALIST)
    user_sessions.open_session(session, person, address="", agent="")
    db.commit(session)
    who = Actor(person.id, person.printed_name, person.roles)
    accounts.change_own_password(session, who, current=PASSWORD, new=WANTED, passwords=CHEAP)
    db.commit(session)
    assert passwords.matches(people.by_id(session, person.id).password_hash, WANTED)
    assert _open_sessions(session, person) == 0
    assert _actions(session)[-1] == "account:password_changed"


def test_a_wrong_present_password_changes_nothing_and_is_recorded(session: Session) -> None:
    person = user(session, Role.MI_SPECIALIST)
    db.commit(session)
    who = Actor(person.id, person.printed_name, person.roles)
    with pytest.raises(InvalidInput) as refused:
        accounts.change_own_password(session, who, current="not it at all", new=WANTED, passwords=CHEAP)
    assert set(refused.value.fields) == {"current"}
    assert passwords.matches(people.by_id(session, person.id).password_hash, PASSWORD)
    assert _actions(session)[-1] == "account:login_failed"


def test_a_password_set_by_an_administrator_must_be_replaced(session: Session, admin: Actor) -> None:
    person = user(session, Role.MI_SPECIALIST)
    accounts.reset_password(session, admin, person.id, password=WANTED, reason="forgotten", passwords=CHEAP)
    db.commit(session)
    assert person.must_change_password
    who = Actor(person.id, person.printed_name, person.roles)
    accounts.change_own_password(session, who, current=WANTED, new="yet another phrase 7", passwords=CHEAP)
    db.commit(session)
    assert not people.by_id(session, person.id).must_change_password


def test_only_who_manages_accounts_sees_those_of_others(session: Session, admin: Actor) -> None:
    neighbour, person = user(session, Role.MI_SPECIALIST), user(session, Role.MI_SPECIALIST)
    db.commit(session)
    who = Actor(person.id, person.printed_name, person.roles)
    assert people.account(session, who, person.id).id == person.id
    with pytest.raises(NotFound):
        people.account(session, who, neighbour.id)
    assert people.page(session, who).items == []
    assert not who.may(Permission.USERS_MANAGE)
    assert {found.id for found in people.page(session, admin).items} == {admin.user_id, neighbour.id, person.id}


def test_the_list_of_accounts_is_paged_by_address_without_gaps(session: Session, admin: Actor) -> None:
    for number in range(5):
        user(session, Role.MI_SPECIALIST, email=f"p{number}@example.org")
    db.commit(session)
    seen, after = [], ""
    while True:
        page = people.page(session, admin, after=after, limit=2)
        seen += [found.email for found in page.items]
        after = page.next_cursor
        if not after:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 6
