"""Electronic signatures: both components each time, bound to person, session, meaning, content (R72-R78, P19)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from inquiry_service import clock, db
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import Action, Role, SignatureMeaning, State
from inquiry_service.errors import IntegrityBroken, Locked, SignatureRefused
from inquiry_service.models.signatures import Signature
from inquiry_service.services import accounts, review, signatures, throttle
from inquiry_service.services.binding import ensure_bound
from inquiry_service.services.review import Seen
from inquiry_service.services.signatures import Components, Signable
from inquiry_service.store import audit as audit_store
from inquiry_service.store import people
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import answers, factories
from tests.answers import Desk

MEANING = SignatureMeaning.AUTHORSHIP


@dataclass(frozen=True)
class Try:
    """One attempt to sign: who, what, with which meaning, and what is typed."""

    actor: Actor
    signable: Signable
    meaning: SignatureMeaning
    typed: Components


@pytest.fixture
def right(desk: Desk) -> Try:
    """An attempt with everything right, for a draft that was saved."""
    answers.save(desk)
    return attempt(desk, desk.author)


def attempt(desk: Desk, actor: Actor) -> Try:
    """Issue a ticket for the latest version and return the attempt that would succeed."""
    with desk.runtime.transaction() as session:
        version = desk.version(session)
        signable = review.signable_of(version, version.response.number, desk.inquiry_id)
        ticket = signatures.issue_ticket(session, actor, signable, MEANING)
        typed = answers.components(session, actor, ticket)
    return Try(actor, signable, MEANING, typed)


def sign(desk: Desk, tried: Try) -> Signature:
    """Make the attempt in a unit of work of its own."""
    with desk.runtime.transaction() as session:
        return signatures.sign(session, tried.actor, tried.signable, tried.meaning, tried.typed)


def events(desk: Desk, event: Event) -> list[dict[str, Any]]:
    """Return the audit entries of one kind, oldest first."""
    with desk.runtime.reading() as session:
        return [row.data for row in audit_store.page(session, AuditFilter(action=event.value), limit=50)][::-1]


def signed(desk: Desk) -> int:
    """Return how many signatures exist."""
    with desk.runtime.reading() as session:
        return len(store.signatures_of_inquiry(session, desk.inquiry_id))


def typing(**changes: str) -> Callable[[Desk, Try], Try]:
    """An attempt with something else typed."""
    return lambda _desk, tried: replace(tried, typed=replace(tried.typed, **changes))


def other_signable(**changes: Any) -> Callable[[Desk, Try], Try]:
    """An attempt on something else than the ticket was issued for."""
    return lambda _desk, tried: replace(tried, signable=replace(tried.signable, **changes))


def used(desk: Desk, tried: Try) -> Try:
    """A ticket that led to a signature before."""
    sign(desk, tried)
    return tried


def foreign_user(desk: Desk, tried: Try) -> Try:
    """Another person with own, right components and the author's ticket."""
    with desk.runtime.transaction() as session:
        own = answers.components(session, desk.reviewer, tried.typed.ticket)
    return replace(tried, actor=desk.reviewer, typed=own)


def spent_on_a_wrong_password(desk: Desk, tried: Try) -> Try:
    """A ticket with which a wrong password was tried."""
    with pytest.raises(SignatureRefused):
        sign(desk, typing(password="not the password")(desk, tried))
    return tried


def disabled(desk: Desk, tried: Try) -> Try:
    """An account that was disabled after the page was opened."""
    with desk.runtime.transaction() as session:
        accounts.disable_account(
            session, factories.actor(session, Role.ADMINISTRATOR), tried.actor.user_id, reason="left")
    return tried


def temporary_password(desk: Desk, tried: Try) -> Try:
    """A password that an administrator knows."""
    with desk.runtime.transaction() as session:
        people.by_id(session, tried.actor.user_id).must_change_password = True
        factories.user(session)  # an audited change beside it, so that the transaction may commit
    return tried


WRONG = {
    "no ticket": typing(ticket=""),
    "a made-up ticket": typing(ticket="A" * 43),
    "a used ticket": used,
    "a ticket spent on a wrong password": spent_on_a_wrong_password,
    "another person's ticket": foreign_user,
    "a ticket of another session": lambda _desk, tried: replace(
        tried, actor=replace(tried.actor, session_id="another-session")),
    "a ticket of no session": lambda _desk, tried: replace(tried, actor=replace(tried.actor, session_id=None)),
    "a ticket of another record": other_signable(id="another-record"),
    "a ticket of another kind of record": other_signable(type="inquiry"),
    "a ticket for other content": other_signable(digest="0" * 64),
    "a ticket for another meaning": lambda _desk, tried: replace(tried, meaning=SignatureMeaning.APPROVAL),
    "no user id": typing(email=""),
    "another person's user id": typing(email="somebody@tests.example"),
    "no password": typing(password=""),
    "a wrong password": typing(password="not the password"),
    "the password with a blank": typing(password=factories.PASSWORD + " "),
    "a disabled account": disabled,
    "a temporary password": temporary_password,
}


def test_with_everything_right_a_signature_is_given_and_says_who_what_when_and_why(desk: Desk, right: Try) -> None:
    given = sign(desk, right)
    assert given.printed_name == right.actor.name
    assert (given.object_id, given.digest, given.meaning) == (right.signable.id, right.signable.digest, MEANING)
    assert given.signed_at.tzinfo is not None
    assert signatures.manifestation(given).startswith(f"Written by {right.actor.name}")
    (entry,) = events(desk, Event.SIGNATURE_GIVEN)
    assert entry["changes"]["digest"]["new"] == right.signable.digest
    assert entry["changes"]["policy"]["new"] == "1"


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_anything_wrong_refuses_the_signature_with_the_same_words_and_an_audit_entry(
    desk: Desk, right: Try, wrong: Callable[[Desk, Try], Try]
) -> None:
    tried = wrong(desk, right)
    before, refused_before = signed(desk), len(events(desk, Event.SIGNATURE_REFUSED))
    with pytest.raises(SignatureRefused) as refusal:
        sign(desk, tried)
    assert refusal.value.message == "That was not accepted. Check your user id and your password."
    assert signed(desk) == before
    refusals = events(desk, Event.SIGNATURE_REFUSED)
    assert len(refusals) == refused_before + 1
    assert refusals[-1]["actor"]["id"] == tried.actor.user_id
    assert refusals[-1]["object"]["id"] == tried.signable.id


def test_the_matrix_would_notice_a_signature_that_is_given_without_a_password(
    desk: Desk, right: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures.sign_in, "verify_password", lambda *_args, **_more: None)
    sign(desk, typing(password="not the password")(desk, right))
    assert signed(desk) == 1


def test_an_expired_ticket_is_refused_and_one_just_in_time_is_not(
    desk: Desk, right: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "now", lambda: clock.now() + signatures.TICKET_LIFE + timedelta(seconds=1))
    with pytest.raises(SignatureRefused):
        sign(desk, right)
    monkeypatch.undo()
    again = attempt(desk, right.actor)
    monkeypatch.setattr(signatures, "now", lambda: clock.now() + signatures.TICKET_LIFE - timedelta(seconds=30))
    assert sign(desk, again).digest == right.signable.digest


def test_after_three_failures_the_right_components_are_refused_too_and_the_lock_out_is_audited(
    desk: Desk, right: Try
) -> None:
    for _ in range(throttle.ACCOUNT.free + 1):
        with pytest.raises(SignatureRefused):
            sign(desk, typing(password="not the password")(desk, attempt(desk, right.actor)))
    tried = attempt(desk, right.actor)
    with pytest.raises(Locked, match="Try again in") as refusal:
        sign(desk, tried)
    assert refusal.value.data["retry_after"] > 0
    assert signed(desk) == 0
    assert len(events(desk, Event.ACCOUNT_LOCKED)) == 1
    refusals = events(desk, Event.SIGNATURE_REFUSED)
    assert len(refusals) == throttle.ACCOUNT.free + 2
    assert refusals[-1]["changes"]["locked"]["new"] is True


def test_the_user_id_may_be_typed_in_capitals_and_the_password_may_not(desk: Desk, right: Try) -> None:
    with pytest.raises(SignatureRefused):
        sign(desk, replace(right, typed=replace(right.typed, password=right.typed.password.upper())))
    again = attempt(desk, right.actor)
    assert sign(desk, replace(again, typed=replace(again.typed, email=again.typed.email.upper())))


def test_a_refused_signature_takes_no_step_and_leaves_nothing_half_done(desk: Desk) -> None:
    answers.save(desk)
    tried = attempt(desk, desk.author)
    with desk.runtime.reading() as session:
        version = desk.version(session)
        seen = Seen(version.id, version.digest)
    with pytest.raises(SignatureRefused), desk.runtime.transaction() as session:
        review.sign_step(session, desk.author, desk.inquiry(session), Action.SUBMIT, seen, {},
                         replace(tried.typed, password="not the password"))
    with desk.runtime.reading() as session:
        assert desk.inquiry(session, lock=False).state is State.DRAFTING
    assert events(desk, Event.REVIEW_REQUESTED) == []


def test_signatures_of_a_version_become_void_when_a_newer_one_is_saved_and_stay_visible(desk: Desk) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    answers.give_back(desk)
    with desk.runtime.reading() as session:
        (row,) = store.signatures_of_inquiry(session, desk.inquiry_id)
    assert not row.is_valid
    assert row.voided_reason == "Returned for changes"
    assert len(events(desk, Event.SIGNATURE_VOIDED)) == 1


@pytest.mark.parametrize(("field", "value"), [("digest", "f" * 64), ("object_version", 2)])
def test_a_stored_signature_that_was_moved_to_other_content_is_noticed(desk: Desk, field: str, value: Any) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    with desk.runtime.sessions() as session:
        version = desk.version(session)
        ensure_bound(session, version)
        (row,) = store.signatures_of(session, store.SIGNED_VERSION, version.id)
        setattr(row, field, value)
        with pytest.raises(IntegrityBroken, match=row.number):
            ensure_bound(session, version)
        db.rollback(session)


def test_a_signature_names_its_zone_and_its_meaning_in_words() -> None:
    row = SimpleNamespace(
        meaning=SignatureMeaning.APPROVAL, printed_name="Reviewer 1", title="MD", zone="UTC",
        signed_at=factories.at("2026-03-04 14:22"))
    assert signatures.manifestation(row) == (  # type: ignore[arg-type]
        "Approved by Reviewer 1, MD — Medical approval — 2026-03-04 14:22:00 UTC")
