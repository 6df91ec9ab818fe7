"""Proving who one is: sign-in, delays, sessions, and the second look at the password when signing (P40, P44)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config import Config
from inquiry_service import db
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import EvenhandError, Locked, NotFound, NotSignedIn, SignatureRefused
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.people import LoginThrottle, User, UserSession
from inquiry_service.services import accounts, passwords, sign_in, throttle, user_sessions
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.sign_in import Attempt, SignedIn
from inquiry_service.services.user_sessions import Limits
from inquiry_service.store import people
from tests.factories import PASSWORD, user

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def runtime(config: Config, engine: Engine) -> Iterator[Runtime]:
    opened = Runtime.open(config)
    yield opened
    opened.close()


@pytest.fixture
def person(session: Session) -> User:
    made = user(session, Role.MI_SPECIALIST)
    db.commit(session)
    return made


@pytest.fixture
def limits(config: Config) -> Limits:
    return Limits.from_config(config)


def _try(runtime: Runtime, person: User | str, password: str = PASSWORD, **more: str) -> SignedIn:
    email = person if isinstance(person, str) else person.email
    return sign_in.sign_in(runtime, Attempt(email, password, **({"address": "192.0.2.7"} | more)))


def _is_open(runtime: Runtime, secret: str, limits: Limits) -> bool:
    with runtime.reading() as session:
        try:
            user_sessions.resolve_session(session, secret, limits)
        except NotSignedIn:
            return False
        return True


def _events(session: Session) -> list[str]:
    found = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
    # On SQLite the session under test holds the write lock until it ends its transaction.
    session.commit()
    return found


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_stored(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    opened = _try(runtime, person, agent="Firefox " * 50)
    assert _is_open(runtime, opened.secret, limits)
    row = session.scalars(select(UserSession)).one()
    assert opened.secret not in (row.id, row.secret_hash)
    assert row.address == "192.0.2.7"
    assert len(row.agent) <= 200
    assert _events(session)[-1] == "account:logged_in"


def test_the_address_is_found_in_any_case_and_with_spaces_around(runtime: Runtime, person: User) -> None:
    assert _try(runtime, f"  {person.email.upper()} ").user_id == person.id


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
        _try(runtime, email, password)
    assert refused.value.message == sign_in.REFUSED
    assert _events(session)[-1] == "account:login_failed"
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0


def test_what_was_typed_as_an_unknown_name_is_not_written_into_the_log(runtime: Runtime, session: Session) -> None:
    with pytest.raises(NotSignedIn):
        _try(runtime, "my secret passphrase", "x")
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
    assert _try(demo, made, passwords.DEMO_PASSWORD).user_id == made.id
    demo.close()


def test_a_new_sign_in_ends_the_session_that_the_browser_brought_along(
    runtime: Runtime, person: User, limits: Limits
) -> None:
    first = _try(runtime, person)
    second = _try(runtime, person, replaces=first.secret)
    assert second.secret != first.secret
    assert not _is_open(runtime, first.secret, limits)
    assert _is_open(runtime, second.secret, limits)


def test_a_signed_out_session_cannot_be_replayed(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    opened = _try(runtime, person)
    sign_in.sign_out(session, sign_in.actor_for(person, opened.session_id))
    db.commit(session)
    assert not _is_open(runtime, opened.secret, limits)
    assert _events(session)[-1] == "account:logged_out"


def test_an_idle_browser_is_signed_out_and_a_used_one_is_not(
    runtime: Runtime, session: Session, person: User, limits: Limits
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        opened = _try(runtime, person)
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
        opened = _try(runtime, person)
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
        opened = _try(runtime, person)
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
    opened = _try(runtime, person)
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
    mine, theirs = _try(runtime, person), _try(runtime, other)
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
    _try(risen, person)
    after = _stored_hash(session)
    assert after != before
    assert not risen.passwords.lags_behind(after)
    _try(risen, person)
    assert _stored_hash(session) == after
    risen.close()


def _stored_hash(session: Session) -> str:
    found = session.scalars(select(User.password_hash)).one()
    session.commit()
    return found


def _fail(runtime: Runtime, name: str, times: int) -> list[type[EvenhandError]]:
    raised: list[type[EvenhandError]] = []
    for _ in range(times):
        with pytest.raises((NotSignedIn, Locked)) as refused:
            _try(runtime, name, "wrong guess number")
        raised.append(refused.type)
    return raised


@pytest.mark.parametrize("known", [True, False])
def test_the_third_failure_makes_everybody_wait_also_with_the_right_password(
    runtime: Runtime, session: Session, person: User, known: bool
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        name = person.email if known else "nobody@example.org"
        assert _fail(runtime, name, 4) == [NotSignedIn, NotSignedIn, NotSignedIn, Locked]
        with pytest.raises(Locked, match="seconds"):
            _try(runtime, name)
        assert _events(session).count("account:locked") == (1 if known else 0)
        assert _events(session).count("account:login_failed") == 3
        clock.shift(16)
        if known:
            assert _try(runtime, name).user_id == person.id


def test_the_delay_doubles_up_to_a_quarter_of_an_hour_and_never_locks_for_ever() -> None:
    seconds = [throttle.ACCOUNT.delay(failures).total_seconds() for failures in range(12)]
    assert seconds == [0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert throttle.ACCOUNT.delay(10_000) == timedelta(minutes=15)


def test_a_success_forgives_the_account_but_not_the_network(runtime: Runtime, session: Session, person: User) -> None:
    _fail(runtime, person.email, 2)
    _try(runtime, person)
    rows = {row.subject: row.failures for row in session.scalars(select(LoginThrottle))}
    assert rows == {"network:192.0.2.7": 2}


def test_one_network_that_tries_many_names_must_wait(runtime: Runtime, person: User) -> None:
    raised = [kind for number in range(throttle.NETWORK.free + 2)
              for kind in _fail(runtime, f"guess{number}@example.org", 1)]
    assert raised[-2:] == [NotSignedIn, Locked]
    with pytest.raises(Locked):
        _try(runtime, person)
    assert _try(runtime, person, address="198.51.100.1").user_id == person.id


def test_an_ipv6_network_counts_as_one_however_many_addresses_it_uses() -> None:
    assert throttle.network_subject("2001:db8::1") == throttle.network_subject("2001:db8::ffff:1")
    assert throttle.network_subject("2001:db8:0:1::1") != throttle.network_subject("2001:db8::1")
    assert throttle.network_subject("no address").name == "network:no address"


def test_guesses_at_the_same_moment_get_no_more_tries_than_guesses_in_a_row(runtime: Runtime, person: User) -> None:
    def guess(_number: int) -> type[EvenhandError]:
        with pytest.raises((NotSignedIn, Locked)) as refused:
            _try(runtime, person, "wrong guess number")
        return refused.type

    with ThreadPoolExecutor(8) as pool:
        raised = list(pool.map(guess, range(16)))
    assert raised.count(NotSignedIn) == throttle.ACCOUNT.free + 1
    assert raised.count(Locked) == 16 - throttle.ACCOUNT.free - 1


def test_old_failures_are_forgotten(runtime: Runtime, person: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        _fail(runtime, person.email, 3)
        clock.shift(throttle.FORGOTTEN_AFTER + timedelta(seconds=1))
        assert _fail(runtime, person.email, 2) == [NotSignedIn, NotSignedIn]


def test_the_password_is_asked_again_for_a_signature_and_the_right_one_changes_nothing(
    session: Session, person: User
) -> None:
    before = len(_events(session))
    sign_in.verify_password(session, person, PASSWORD, typed_email=person.email.upper())
    db.commit(session)
    assert len(_events(session)) == before


@pytest.mark.parametrize("wrong", ["password", "user id", "both", "temporary password", "disabled"])
def test_a_refused_signature_undoes_the_work_and_is_counted_and_audited(
    session: Session, person: User, wrong: str
) -> None:
    password = "wrong" if wrong in {"password", "both"} else PASSWORD
    typed = "reviewer@example.org" if wrong in {"user id", "both"} else person.email
    if wrong == "temporary password":
        password = "eleven paper boats"
        accounts.reset_password(session, OPERATOR, person.id, password=password, reason="forgotten",
                                passwords=passwords.Passwords.from_config(_cheap()))
    elif wrong == "disabled":
        accounts.disable_account(session, OPERATOR, person.id, reason="left")
    db.commit(session)
    person_id, about = person.id, ObjectRef("response_version", "v1", label="draft version 1")
    accounts.grant_role(session, OPERATOR, person_id, Role.CONTENT_OWNER, reason="must be undone")
    with pytest.raises(SignatureRefused) as refused:
        sign_in.verify_password(session, people.by_id(session, person_id), password, typed_email=typed, about=about)
    assert "password" in refused.value.message
    assert Role.CONTENT_OWNER not in people.by_id(session, person_id).roles
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (newest.action, newest.object_type, newest.actor_id) == ("signature:refused", "response_version", person_id)
    assert session.scalars(select(LoginThrottle.failures)).one() == 1


def _cheap() -> Config:
    return Config(secret_key="x" * 32, database_url="sqlite://", argon2_memory_kib=8, argon2_time_cost=1,
                  argon2_parallelism=1)


def test_the_third_refused_signature_locks_the_account_for_sign_in_too(
    runtime: Runtime, session: Session, person: User
) -> None:
    for _ in range(3):
        with pytest.raises(SignatureRefused):
            sign_in.verify_password(session, people.by_id(session, person.id), "wrong")
    email = people.by_id(session, person.id).email
    with pytest.raises(Locked):
        sign_in.verify_password(session, people.by_id(session, person.id), PASSWORD)
    db.rollback(session)
    with pytest.raises(Locked):
        _try(runtime, email)
    assert _events(session)[-1] == "account:locked"
