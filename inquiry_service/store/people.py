"""Reading accounts and signed-in browsers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import FIELD_ROLES, Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import NotFound
from inquiry_service.models.people import RoleGrant, User, UserSession


@dataclass(frozen=True)
class Page:
    """One page of accounts; ``next_cursor`` is empty on the last one."""

    items: list[User]
    next_cursor: str


def account(session: Session, viewer: Actor, user_id: str, *, lock: bool = False) -> User:
    """Return one account, optionally locked for a change: one's own, or any for who manages accounts.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    query = select(User).where(User.id == user_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None or not (viewer.may(Permission.USERS_MANAGE) or viewer.user_id == user_id):
        raise NotFound("There is no such account, or you may not see it.")
    return found


def by_email(session: Session, email: str) -> User | None:
    """Return the account with this address, disabled ones included; for sign-in and for new accounts."""
    return session.scalar(select(User).where(User.email == normal_email(email)))


def normal_email(email: str) -> str:
    """Return the one spelling under which an address is kept and looked up.

    U+0000 becomes a visible sign: PostgreSQL can store none, and no address holds one.
    """
    return email.replace("\x00", "\ufffd").strip().lower()


def is_field_address(session: Session, email: str) -> bool:
    """Say whether an address is that of a field submitter, who may be neither recipient nor carrier (R26)."""
    account = by_email(session, email) if email.strip() else None
    return account is not None and bool(account.roles & FIELD_ROLES)


def page(
    session: Session, viewer: Actor, *,
    words: str = "", after: str = "", limit: int = 50, disabled: bool = True,
) -> Page:
    """Return accounts in the order of their addresses, from the one behind ``after`` on.

    Args:
        words: part of the name or address.
        after: cursor of the previous page, i.e. its last address.
        limit: rows of a page.
        disabled: whether disabled accounts are listed too.
    """
    if not viewer.may(Permission.USERS_MANAGE):
        return Page([], "")
    query = select(User).where(User.email > after).order_by(User.email).limit(limit + 1)
    if words:
        query = query.where(or_(User.email.icontains(words, autoescape=True),
                                User.printed_name.icontains(words, autoescape=True)))
    if not disabled:
        query = query.where(User.disabled_at.is_(None))
    found = list(session.scalars(query))
    return Page(found[:limit], found[limit - 1].email if len(found) > limit else "")


def holding(session: Session, roles: Iterable[Role]) -> list[User]:
    """Return the active accounts that hold one of ``roles`` now, by printed name."""
    return list(session.scalars(
        select(User).where(User.disabled_at.is_(None), User.id.in_(_holders(roles)))
        .order_by(User.printed_name, User.id)
    ))


def _holders(roles: Iterable[Role]) -> Select[str]:
    return select(RoleGrant.user_id).where(RoleGrant.role.in_(list(roles)), RoleGrant.revoked_at.is_(None))


def demo_logins(session: Session) -> list[User]:
    """Return the demonstration accounts that can sign in, in the order in which they were made."""
    return list(session.scalars(
        select(User).where(User.is_demo.is_(True), User.disabled_at.is_(None)).order_by(User.id)
    ))


def count(session: Session) -> int:
    """Return the number of accounts ever made."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def browser(session: Session, secret_hash: str) -> tuple[UserSession, User] | None:
    """Return the signed-in browser whose cookie hashes to ``secret_hash``, with its person."""
    row = session.execute(
        select(UserSession, User).join(User, User.id == UserSession.user_id)
        .where(UserSession.secret_hash == secret_hash)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def open_browsers(
    session: Session, user_id: str, *, since: datetime, seen_since: datetime
) -> list[UserSession]:
    """Return a person's browsers that are still signed in, newest first.

    Args:
        since: older sign-ins have passed the absolute limit.
        seen_since: browsers not seen since then have passed the idle limit.
    """
    return list(session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None),
               UserSession.created_at >= since, UserSession.last_seen_at >= seen_since)
        .order_by(UserSession.created_at.desc(), UserSession.id)
    ))


def browser_of(session: Session, user_id: str, session_id: str) -> UserSession:
    """Return one of a person's own browsers.

    Raises:
        NotFound: this person has none with this id.
    """
    found = session.scalar(
        select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id))
    if found is None:
        raise NotFound("You are not signed in on such a browser.")
    return found


def by_id(session: Session, user_id: str) -> User:
    """Return the account with this id whoever asks; for checks inside services, never for display.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(select(User).where(User.id == user_id))
    if found is None:
        raise NotFound("There is no such account.")
    return found
