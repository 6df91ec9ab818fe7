"""Guessing is slow: delays after failures, and the second look at the password when signing (P40, P44, R77)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from inquiry_service import db
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import EvenhandError, Locked, NotSignedIn, SignatureRefused
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.people import LoginThrottle, User
from inquiry_service.services import accounts, passwords, sign_in, throttle
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import people
from tests.factories import PASSWORD
from tests.services.signing_in import attempt, events

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _fail(runtime: Runtime, name: str, times: int) -> list[type[EvenhandError]]:
    raised: list[type[EvenhandError]] = []
    for _ in range(times):
        with pytest.raises((NotSignedIn, Locked)) as refused:
            attempt(runtime, name, "wrong guess number")
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
            attempt(runtime, name)
        assert events(session).count("account:locked") == (1 if known else 0)
        assert events(session).count("account:login_failed") == 3
        clock.shift(16)
        if known:
            assert attempt(runtime, name).user_id == person.id


def test_the_delay_doubles_up_to_a_quarter_of_an_hour_and_never_locks_for_ever() -> None:
    seconds = [throttle.ACCOUNT.delay(failures).total_seconds() for failures in range(12)]
    assert seconds == [0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert throttle.ACCOUNT.delay(10_000) == timedelta(minutes=15)


def test_a_success_forgives_the_account_but_not_the_network(runtime: Runtime, session: Session, person: User) -> None:
    _fail(runtime, person.email, 2)
    attempt(runtime, person)
    rows = {row.subject: row.failures for row in session.scalars(select(LoginThrottle))}
    assert rows == {"network:192.0.2.7": 2}


def test_one_network_that_tries_many_names_must_wait(runtime: Runtime, person: User) -> None:
    raised = [kind for number in range(throttle.NETWORK.free + 2)
              for kind in _fail(runtime, f"guess{number}@example.org", 1)]
    assert raised[-2:] == [NotSignedIn, Locked]
    with pytest.raises(Locked):
        attempt(runtime, person)
    assert attempt(runtime, person, address="198.51.100.1").user_id == person.id


def test_an_ipv6_network_counts_as_one_however_many_addresses_it_uses() -> None:
    assert throttle.network_subject("2001:db8::1") == throttle.network_subject("2001:db8::ffff:1")
    assert throttle.network_subject("2001:db8:0:1::1") != throttle.network_subject("2001:db8::1")
    assert throttle.network_subject("no address").name == "network:no address"


def test_guesses_at_the_same_moment_get_no_more_tries_than_guesses_in_a_row(runtime: Runtime, person: User) -> None:
    def guess(_number: int) -> type[EvenhandError]:
        with pytest.raises((NotSignedIn, Locked)) as refused:
            attempt(runtime, person, "wrong guess number")
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
    before = len(events(session))
    sign_in.verify_password(session, person, PASSWORD, typed_email=person.email.upper())
    db.commit(session)
    assert len(events(session)) == before


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
        attempt(runtime, email)
    assert events(session)[-1] == "account:locked"
