"""Proving who one is: sign-in, and the life of the session that it opens (P40, P44)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from inquiry_service import db
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import NotFound, NotSignedIn
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.people import User, UserSession
from inquiry_service.services import accounts, passwords, sign_in, user_sessions
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.user_sessions import Limits
from inquiry_service.store import people
from tests.factories import PASSWORD, user
from tests.services.signing_in import attempt, events

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def limits(config: Config) -> Limits:
    return Limits.from_config(config)


def _is_open(runtime: Runtime, secret: str, limits: Limits) -> bool:
    with runtime.reading() as session:
        try:
            user_sessions.resolve_session(session, secret, limits)
        except NotSignedIn:
            return False
        return True


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_stored(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    opened = attempt(runtime, person, agent="Firefox " * 50)
    assert _is_open(runtime, opened.secret, limits)
    row = session.scalars(select(UserSession)).one()
    assert opened.secret not in (row.id, row.secret_hash)
    assert row.address == "192.0.2.7"
    assert len(row.agent) <= 200
    assert events(session)[-1] == "account:logged_in"


def test_the_address_is_found_in_any_case_and_with_spaces_around(runtime: Runtime, person: User) -> None:
    assert attempt(runtime, f"  {person.email.upper()} ").user_id == person.id


@pytest.mark.parametrize(
    "case", ["wrong password", "unknown", "disabled", "demonstration account", "empty", "too long"])
def test_every_failure_says_the_same_and_is_audited(
    runtime: Runtime, session: Session, person: User, case: str
) -> None:
    email, password = person.email, PASSWORD
    if case == "wrong password":
        password = "not the password"
    elif case == "unknown":
        email = "nobody@example.org"
    elif case == "disabled":
        accounts.disable_account(session, OPERATOR, person.id, reason="left")
    elif case == "demonstration account":
        person.is_demo = True
        accounts.grant_role(session, OPERATOR, person.id, Role.CONTENT_OWNER, reason="audited change")
    elif case == "empty":
        password = ""
    else:
        password = PASSWORD * 100
    db.commit(session)
    with pytest.raises(NotSignedIn) as refused:
        attempt(runtime, email, password)
    assert refused.value.message == sign_in.REFUSED
    assert events(session)[-1] == "account:login_failed"
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0


def test_what_was_typed_as_an_unknown_name_is_not_written_into_the_log(runtime: Runtime, session: Session) -> None:
    with pytest.raises(NotSignedIn):
        attempt(runtime, "my secret passphrase", "x")
    assert not any(b"passphrase" in entry for entry in session.scalars(select(AuditEntry.entry)))


def test_a_demonstration_account_signs_in_where_demonstrations_are_meant(
    runtime: Runtime, session: Session, config: Config
) -> None:
    made = accounts.create_account(
        session, OPERATOR, email="mi@demo.example", printed_name="Demo MI", password=passwords.DEMO_PASSWORD,
        roles=[Role.MI_SPECIALIST], reason="demonstration", passwords=runtime.passwords, is_demo=True,
        must_change_password=False,
    )
    db.commit(session)
    demo = Runtime.open(replace(config, demo=True))
    assert attempt(demo, made, passwords.DEMO_PASSWORD).user_id == made.id
    demo.close()


def test_a_new_sign_in_ends_the_session_that_the_browser_brought_along(
    runtime: Runtime, person: User, limits: Limits
) -> None:
    first = attempt(runtime, person)
    second = attempt(runtime, person, replaces=first.secret)
    assert second.secret != first.secret
    assert not _is_open(runtime, first.secret, limits)
    assert _is_open(runtime, second.secret, limits)


def test_a_signed_out_session_cannot_be_replayed(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    opened = attempt(runtime, person)
    sign_in.sign_out(session, sign_in.actor_for(person, opened.session_id))
    db.commit(session)
    assert not _is_open(runtime, opened.secret, limits)
    assert events(session)[-1] == "account:logged_out"


def test_an_idle_browser_is_signed_out_and_a_used_one_is_not(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        opened = attempt(runtime, person)
        for _ in range(3):
            clock.shift(limits.idle - timedelta(seconds=1))
            assert _is_open(runtime, opened.secret, limits)
            with runtime.reading() as own:
                _, browser = user_sessions.resolve_session(own, opened.secret, limits)
            user_sessions.touch(runtime, browser)
        clock.shift(limits.idle)
        assert not _is_open(runtime, opened.secret, limits)


def test_no_browser_stays_signed_in_beyond_the_absolute_limit(
    runtime: Runtime, person: User, limits: Limits
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        opened = attempt(runtime, person)
        while clock_is_before(NOON + limits.absolute - limits.idle / 2):
            clock.shift(limits.idle / 2)
            with runtime.reading() as own:
                _, browser = user_sessions.resolve_session(own, opened.secret, limits)
            user_sessions.touch(runtime, browser)
        clock.shift(limits.idle / 2)
        assert not _is_open(runtime, opened.secret, limits)


def clock_is_before(moment: datetime) -> bool:
    """Whether the travelling clock has not reached ``moment``."""
    return datetime.now(UTC) < moment


def test_a_sign_of_life_is_not_written_at_each_request_and_never_wakes_an_ended_session(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        opened = attempt(runtime, person)
        browser = people.browser_of(session, person.id, opened.session_id)
        clock.shift(user_sessions.TOUCHED_EVERY - timedelta(seconds=1))
        user_sessions.touch(runtime, browser)
        session.expire_all()
        assert people.browser_of(session, person.id, opened.session_id).last_seen_at == NOON
        user_sessions.end(browser)
        db.commit(session)
        clock.shift(timedelta(minutes=5))
        user_sessions.touch(runtime, browser)
        session.expire_all()
        assert people.browser_of(session, person.id, opened.session_id).last_seen_at == NOON
        assert not _is_open(runtime, opened.secret, limits)


@pytest.mark.parametrize("change", ["disable", "roles", "password", "reset"])
def test_what_changes_an_account_ends_its_sessions(
    runtime: Runtime, session: Session, person: User, limits: Limits, change: str
) -> None:
    opened = attempt(runtime, person)
    assert _is_open(runtime, opened.secret, limits)
    if change == "disable":
        accounts.disable_account(session, OPERATOR, person.id, reason="left")
    elif change == "roles":
        accounts.grant_role(session, OPERATOR, person.id, Role.CONTENT_OWNER, reason="more work")
    elif change == "password":
        accounts.change_own_password(session, sign_in.actor_for(person, opened.session_id), current=PASSWORD,
                                     new="eleven paper boats", passwords=runtime.passwords)
    else:
        accounts.reset_password(session, OPERATOR, person.id, password="eleven paper boats", reason="forgotten",
                                passwords=runtime.passwords)
    db.commit(session)
    assert not _is_open(runtime, opened.secret, limits)


def test_people_end_their_own_sessions_and_nobody_elses(runtime: Runtime, session: Session, person: User) -> None:
    other = user(session, Role.MI_SPECIALIST)
    db.commit(session)
    mine, theirs = attempt(runtime, person), attempt(runtime, other)
    actor = sign_in.actor_for(person, mine.session_id)
    with pytest.raises(NotFound):
        user_sessions.revoke_own(session, actor, theirs.session_id)
    user_sessions.revoke_own(session, actor, mine.session_id)
    db.commit(session)
    assert user_sessions.own_sessions(session, actor, Limits.from_config(runtime.config)) == []


def test_the_hash_is_made_anew_at_sign_in_when_the_parameters_rise(
    runtime: Runtime, session: Session, person: User, config: Config
) -> None:
    before = person.password_hash
    risen = Runtime.open(replace(config, argon2_time_cost=2))
    attempt(risen, person)
    after = _stored_hash(session)
    assert after != before
    assert not risen.passwords.lags_behind(after)
    attempt(risen, person)
    assert _stored_hash(session) == after
    risen.close()


def _stored_hash(session: Session) -> str:
    found = session.scalars(select(User.password_hash)).one()
    session.commit()
    return found
