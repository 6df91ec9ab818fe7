"""Proving who one is: at sign-in, and again at every signing (R31, R72, R77; 21 CFR 11.100, 11.300)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from inquiry_service import db
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef, Personal
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import NotSignedIn, SignatureRefused
from inquiry_service.models.people import User
from inquiry_service.services import audit, passwords, throttle, user_sessions
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import people as store

REFUSED = "The e-mail address or the password is not right, or the account is not open."
"""One text for every reason: it tells nobody which accounts exist."""

NOBODY = Actor(user_id="", name="Nobody signed in", roles=frozenset())


@dataclass(frozen=True)
class Attempt:
    """One attempt to sign in.

    Attributes:
        email, password: as typed.
        address, agent: network address and browser, as the server sees them.
        replaces: cookie that the browser brought along; that session ends when this one begins.
        request_id: the request in which it happened.
    """

    email: str
    password: str
    address: str = ""
    agent: str = ""
    replaces: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A successful sign-in; ``secret`` goes into the cookie and is kept nowhere else."""

    secret: str
    session_id: str
    user_id: str
    must_change_password: bool


def actor_for(user: User, session_id: str | None = None) -> Actor:
    """Return the actor that a person is at this moment."""
    return Actor(user_id=user.id, name=user.printed_name, roles=user.roles, session_id=session_id)


def sign_in(runtime: Runtime, attempt: Attempt) -> SignedIn:
    """Check name and password and open a new session.

    No transaction is open while the password is hashed: that takes a fifth of a second on purpose, and
    SQLite has one writer. Success and failure are audited in transactions of their own.

    Raises:
        NotSignedIn: anything is wrong; the text never says what.
        Locked: too many failures before; says how long to wait.
    """
    account, network = throttle.account_subject(attempt.email), throttle.network_subject(attempt.address)
    with runtime.transaction() as session:
        throttle.count_attempt(session, account, network)
    with runtime.reading() as session:
        user = store.by_email(session, attempt.email)
    if user is None:
        runtime.passwords.spend_time(attempt.password)
        right = False
    else:
        right = passwords.matches(user.password_hash, attempt.password)
    if user is None or not right or not _open(user, runtime):
        _note_failure(runtime, attempt, user, account)
        raise NotSignedIn(REFUSED)
    with runtime.transaction() as session:
        session.info["request_id"] = attempt.request_id
        throttle.forgive(session, account, network)
        return _begin(session, runtime, attempt, user.id, user.password_hash)


def _open(user: User, runtime: Runtime) -> bool:
    """Demonstration accounts have a public password, so they open nothing outside demo mode."""
    return user.is_active and (runtime.config.demo or not user.is_demo)


def _begin(session: Session, runtime: Runtime, attempt: Attempt, user_id: str, checked_hash: str) -> SignedIn:
    user = session.get(User, user_id, with_for_update=True)
    # Between the check and this lock the account may have been disabled or given another password.
    if user is None or not _open(user, runtime) or user.password_hash != checked_hash:
        raise NotSignedIn(REFUSED)
    if attempt.replaces:
        user_sessions.revoke_secret(session, attempt.replaces)
    secret, browser = user_sessions.open_session(session, user, address=attempt.address, agent=attempt.agent)
    changes: dict[str, tuple[object, object]] = {
        "session": (None, browser.id), "address": (None, Personal(attempt.address, user.id)),
    }
    if runtime.passwords.lags_behind(user.password_hash):
        user.password_hash = runtime.passwords.hash(attempt.password)
        changes["password_hash"] = ("made with earlier parameters", "made with the present parameters")
    audit.record(session, actor_for(user, browser.id), Event.ACCOUNT_LOGGED_IN, user, changes=changes)
    return SignedIn(secret, browser.id, user.id, user.must_change_password)


def _note_failure(runtime: Runtime, attempt: Attempt, user: User | None, account: throttle.Subject) -> None:
    # What was typed as the name of no account may be somebody's password, so it is not written down.
    obj = _ref(user) if user else ObjectRef("user_account", "", label="an unknown account")
    with runtime.transaction() as session:
        session.info["request_id"] = attempt.request_id
        audit.record(session, NOBODY, Event.ACCOUNT_LOGIN_FAILED, obj, changes={
            "address": (None, Personal(attempt.address, user.id if user else "sign_in"))})
        if user and throttle.is_blocked(session, account):
            audit.record(session, NOBODY, Event.ACCOUNT_LOCKED, obj)


def sign_out(session: Session, actor: Actor) -> None:
    """End the actor's present session."""
    user = store.account(session, actor, actor.user_id)
    if actor.session_id:
        browser = store.browser_of(session, actor.user_id, actor.session_id)
        user_sessions.end(browser)
    audit.record(
        session, actor, Event.ACCOUNT_LOGGED_OUT, user, changes={"session": (actor.session_id, None)})


def verify_password(
    session: Session, user: User, password: str, *,
    typed_email: str | None = None, about: ObjectRef | None = None, event: Event = Event.SIGNATURE_REFUSED,
    temporary_allowed: bool = False,
) -> None:
    """Make sure once more that the person at the keyboard is ``user``; call it before changing anything.

    A failure ends the unit of work: ``session`` is rolled back, the failure is counted towards the
    lock-out and audited in a transaction of its own, which no caller can forget or undo.

    Args:
        session: the running unit of work.
        user: whose password is asked for.
        password: as typed.
        typed_email: the user id as typed, where both components are asked for (21 CFR 11.200(a)(1)).
        about: what was to be signed; default the account itself.
        event: the name under which a failure is audited.
        temporary_allowed: whether a password that an administrator set will do; never for signing (R77).

    Raises:
        SignatureRefused: any component is wrong, or the account may not sign now; never says which.
        Locked: too many failures before.
    """
    account = throttle.account_subject(user.email)
    throttle.check(session, account)
    same_person = typed_email is None or store.normal_email(typed_email) == user.email
    # Both are always looked at, so that the time taken does not tell which one was wrong.
    right = passwords.matches(user.password_hash, password)
    own = temporary_allowed or not user.must_change_password
    if same_person and right and own and user.is_active:
        throttle.forgive(session, account)
        return
    _note_refusal(session, user, account, event, about or _ref(user))
    raise SignatureRefused("That was not accepted. Check your user id and your password.")


def _note_refusal(
    session: Session, user: User, account: throttle.Subject, event: Event, about: ObjectRef
) -> None:
    """Give up the unit of work, then count and audit the failure in one of its own: SQLite has one writer."""
    actor, obj = actor_for(user), _ref(user)
    request_id = session.info.get("request_id", "")
    db.rollback(session)
    with db.transaction(sessionmaker(session.get_bind())) as own:
        own.info["request_id"] = request_id
        blocked = throttle.count_failure(own, account)
        audit.record(own, actor, event, about)
        if blocked:
            audit.record(own, actor, Event.ACCOUNT_LOCKED, obj)


def _ref(user: User) -> ObjectRef:
    return ObjectRef("user_account", user.id, label=user.email)
