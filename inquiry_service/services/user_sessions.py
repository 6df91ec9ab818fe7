"""Signed-in browsers: opened at sign-in, found by their cookie, ended by time or by a person.

The cookie holds 256 random bits, the table only their SHA-256. A browser is signed out after an idle
time and, whatever it does, after an absolute time; every change of password, roles or standing of the
account ends all of its browsers.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from config import Config
from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import NotSignedIn
from inquiry_service.models.people import User, UserSession
from inquiry_service.services import audit
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import people as store

TOUCHED_EVERY = timedelta(seconds=60)
"""A browser's last sign of life is written at most this often: not every page read is worth a write."""

_LONGEST_AGENT = 200


@dataclass(frozen=True)
class Limits:
    """When a browser is signed out: ``idle`` after its last request, ``absolute`` after its sign-in."""

    idle: timedelta
    absolute: timedelta

    @classmethod
    def from_config(cls, config: Config) -> Limits:
        """Take the limits from ``config``."""
        return cls(
            timedelta(minutes=config.session_idle_minutes), timedelta(hours=config.session_absolute_hours))

    def allow(self, browser: UserSession, moment: datetime) -> bool:
        """Say whether the browser is still signed in at ``moment``."""
        if browser.revoked_at is not None:
            return False
        return moment < browser.last_seen_at + self.idle and moment < browser.created_at + self.absolute


def open_session(session: Session, user: User, *, address: str, agent: str) -> tuple[str, UserSession]:
    """Sign a browser in and return the secret for its cookie, which is stored nowhere, and its row."""
    secret, moment = secrets.token_urlsafe(32), now()
    browser = UserSession(
        id=new_id(), secret_hash=_hash(secret), user_id=user.id, created_at=moment, last_seen_at=moment,
        revoked_at=None, address=address, agent=agent[:_LONGEST_AGENT],
    )
    session.add(browser)
    return secret, browser


def resolve_session(session: Session, secret: str, limits: Limits) -> tuple[User, UserSession]:
    """Return the person and the browser behind a cookie.

    Raises:
        NotSignedIn: unknown, ended, timed out, or the account is disabled.
    """
    found = store.browser(session, _hash(secret))
    if found is None or not limits.allow(found[0], now()) or not found[1].is_active:
        raise NotSignedIn("Please sign in.")
    return found[1], found[0]


def touch(runtime: Runtime, browser: UserSession) -> None:
    """Note that the browser is in use, in a transaction of its own; an ended one stays ended."""
    moment = now()
    if moment - browser.last_seen_at < TOUCHED_EVERY:
        return
    with runtime.transaction() as session:
        session.execute(
            update(UserSession).where(UserSession.id == browser.id, UserSession.revoked_at.is_(None))
            .values(last_seen_at=moment))


def revoke_all(session: Session, user_id: str) -> None:
    """End every browser of an account; the caller records why."""
    session.execute(
        update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now()))


def revoke_secret(session: Session, secret: str) -> None:
    """End the browser behind a cookie, if there is one: a new sign-in in the same browser replaces it."""
    session.execute(update(UserSession).where(UserSession.secret_hash == _hash(secret),
                                              UserSession.revoked_at.is_(None)).values(revoked_at=now()))


def end(browser: UserSession) -> None:
    """Sign one browser out; the caller records why."""
    if browser.revoked_at is None:
        browser.revoked_at = now()


def revoke_own(session: Session, actor: Actor, session_id: str) -> None:
    """End one of the actor's own browsers, the present one included.

    Raises:
        NotFound: the actor has none with this id.
    """
    browser = store.browser_of(session, actor.user_id, session_id)
    if browser.revoked_at is None:
        end(browser)
        user = store.account(session, actor, actor.user_id)
        audit.record(
            session, actor, Event.ACCOUNT_SESSION_REVOKED, user, changes={"session": (browser.id, None)})


def own_sessions(session: Session, actor: Actor, limits: Limits) -> list[UserSession]:
    """Return the browsers in which the actor is signed in now, newest first."""
    moment = now()
    return store.open_browsers(
        session, actor.user_id, since=moment - limits.absolute, seen_since=moment - limits.idle)


def _hash(secret: str) -> str:
    # A random secret of 256 bits needs no slow hash; the table alone opens nothing.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
