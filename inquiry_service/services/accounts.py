"""Accounts and their roles: made, changed, disabled; never deleted, never passed on (R31, R75)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission, conflict_of
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import InvalidInput, Refused, SignatureRefused, Unmet
from inquiry_service.models.people import RoleGrant, User
from inquiry_service.services import audit, sign_in, user_sessions
from inquiry_service.services.access import require
from inquiry_service.services.passwords import DEMO_PASSWORD, Passwords, check_acceptable
from inquiry_service.store import people as store

_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f\ufffd]{1,64}@[^@\s\x00-\x1f\x7f\ufffd]{1,120}")
_LONGEST_NAME = 120
_LONGEST_TRAINING = timedelta(days=5 * 366)
"""Nobody's training stays valid longer; a later day is a slip in the year."""


def create_account(
    session: Session, actor: Actor, *, email: str, printed_name: str, password: str, roles: Iterable[Role],
    reason: str, passwords: Passwords, title: str = "", is_demo: bool = False,
    must_change_password: bool = True, trained_until: date | None = None,
) -> User:
    """Make an account with its first roles and return it.

    Args:
        email: the user id; unique for ever, disabled accounts included.
        printed_name: as it will stand beside signatures (21 CFR 11.50).
        password: the first one; known to whoever makes the account, so by default it must be changed.
        roles: at least one; roles that exclude each other are refused.
        reason: why this person needs the roles; kept with each grant.
        trained_until: last day on which the training is current; without it nobody can be assigned (R32).
        is_demo: a demonstration account, which alone may have the public password.

    Raises:
        Forbidden, InvalidInput: the actor may not manage accounts, or the fields named are wrong.
    """
    require(actor, Permission.USERS_MANAGE)
    email, printed_name, wanted = store.normal_email(email), printed_name.strip(), frozenset(roles)
    _check_person(session, email, printed_name)
    _check_roles(wanted)
    _check_training(trained_until)
    _check_reason(reason)
    if not (is_demo and password == DEMO_PASSWORD):
        check_acceptable(password, about=(email, printed_name))
    user = User(
        id=new_id(), email=email, printed_name=printed_name, title=title.strip()[:_LONGEST_NAME],
        password_hash=passwords.hash(password), password_changed_at=now(), is_demo=is_demo,
        must_change_password=must_change_password, trained_until=trained_until, created_at=now(),
        disabled_at=None, disabled_reason="",
    )
    user.grants = [_grant(actor, role, reason) for role in sorted(wanted)]
    session.add(user)
    audit.record(session, actor, Event.ACCOUNT_CREATED, user, reason=Reason(text=reason), changes={
        "email": (None, email), "printed_name": (None, printed_name), "title": (None, user.title),
        "roles": (None, _names(wanted)), "is_demo": (None, is_demo), "trained_until": (None, trained_until),
    })
    return user


def grant_role(session: Session, actor: Actor, user_id: str, role: Role, *, reason: str) -> None:
    """Give a person one more role; the person signs in again with the new rights.

    Raises:
        Forbidden, NotFound: the actor may not, or there is no such account.
        InvalidInput: the role is held already, excludes one that is held, or the reason is missing.
    """
    require(actor, Permission.USERS_MANAGE)
    user = store.account(session, actor, user_id, lock=True)
    before = user.roles
    if role in before:
        raise _wrong("role", f"{user.printed_name} holds the role {role.label} already.")
    _check_reason(reason)
    _check_roles(before | {role}, field="role")
    user.grants.append(_grant(actor, role, reason))
    _roles_changed(session, actor, user, before, reason)


def revoke_role(session: Session, actor: Actor, user_id: str, role: Role, *, reason: str) -> None:
    """Take a role from a person; the grant stays on record with its end.

    Raises:
        Forbidden, NotFound: the actor may not, or there is no such account.
        InvalidInput: the role is not held, or the reason is missing.
        Refused: nobody else could manage accounts any more.
    """
    require(actor, Permission.USERS_MANAGE)
    user = store.account(session, actor, user_id, lock=True)
    before = user.roles
    if role not in before:
        raise _wrong("role", f"{user.printed_name} does not hold the role {role.label}.")
    _check_reason(reason)
    if role is Role.ADMINISTRATOR:
        _check_another_administrator(session, user)
    for grant in user.grants:
        if grant.role is role and grant.revoked_at is None:
            grant.revoked_at = now()
    _roles_changed(session, actor, user, before, reason)


def set_training(
    session: Session, actor: Actor, user_id: str, trained_until: date | None, *, reason: str
) -> None:
    """Record until when a person's training is current; without it nobody can be assigned (R32; 21 CFR 11.10(i)).

    Args:
        trained_until: last day, inclusive; a past day or None where the training no longer holds.
        reason: what it rests on, e.g. the course and its date.

    Raises:
        Forbidden, NotFound: the actor may not, or there is no such account.
        InvalidInput: the day is unlikely or recorded already, or the reason is missing.
    """
    require(actor, Permission.USERS_MANAGE)
    user = store.account(session, actor, user_id, lock=True)
    before = user.trained_until
    _check_training(trained_until)
    if trained_until == before:
        raise _wrong("trained_until", "This is what is recorded already.")
    _check_reason(reason)
    user.trained_until = trained_until
    audit.record(session, actor, Event.ACCOUNT_CHANGED, user, reason=Reason(text=reason),
                 changes={"trained_until": (before, trained_until)})


def disable_account(session: Session, actor: Actor, user_id: str, *, reason: str) -> None:
    """Close an account: its browsers are signed out at once, its signatures stay valid (R75).

    Raises:
        Forbidden, NotFound: the actor may not, or there is no such account.
        InvalidInput: the reason is missing.
        Refused: it is closed already, it is the actor's own, or the last administrator's.
    """
    require(actor, Permission.USERS_MANAGE)
    user = store.account(session, actor, user_id, lock=True)
    _check_reason(reason)
    if not user.is_active:
        raise _refused("account_disabled", f"{user.email} is disabled already.")
    if user.id == actor.user_id:
        raise _refused("own_account", "Nobody disables the own account; ask another administrator.")
    _check_another_administrator(session, user)
    user.disabled_at, user.disabled_reason = now(), reason.strip()
    user_sessions.revoke_all(session, user.id)
    audit.record(session, actor, Event.ACCOUNT_DISABLED, user, reason=Reason(text=reason),
                 changes={"disabled_at": (None, user.disabled_at)})


def enable_account(session: Session, actor: Actor, user_id: str, *, reason: str) -> None:
    """Open a disabled account again for the same person.

    Raises:
        Forbidden, NotFound: the actor may not, or there is no such account.
        InvalidInput: the reason is missing.
        Refused: it is open.
    """
    require(actor, Permission.USERS_MANAGE)
    user = store.account(session, actor, user_id, lock=True)
    _check_reason(reason)
    if user.is_active:
        raise _refused("account_open", f"{user.email} is not disabled.")
    before, user.disabled_at, user.disabled_reason = user.disabled_at, None, ""
    audit.record(session, actor, Event.ACCOUNT_ENABLED, user, reason=Reason(text=reason),
                 changes={"disabled_at": (before, None)})


def change_own_password(
    session: Session, actor: Actor, *, current: str, new: str, passwords: Passwords
) -> User:
    """Set a new password after asking for the present one; every browser of the account is signed out.

    Raises:
        InvalidInput: names the field that is wrong; a wrong present password counts towards the lock-out.
        Locked: too many failures before.
    """
    user = store.account(session, actor, actor.user_id)
    _check_present_password(session, user, current)
    user = store.account(session, actor, actor.user_id, lock=True)
    if new == current:
        raise _wrong("new", "This is your present password; choose another one.")
    check_acceptable(new, about=(user.email, user.printed_name), field="new")
    _set_password(session, user, passwords.hash(new), must_change=False)
    audit.record(session, actor, Event.ACCOUNT_PASSWORD_CHANGED, user)
    return user


def reset_password(
    session: Session, actor: Actor, user_id: str, *, password: str, reason: str, passwords: Passwords
) -> None:
    """Give a person a temporary password, which opens nothing but the page to replace it (R77).

    Raises:
        Forbidden, NotFound: the actor may not, or there is no such account.
        InvalidInput: password or reason cannot be accepted.
        Refused: it is the actor's own account.
    """
    require(actor, Permission.USERS_MANAGE)
    user = store.account(session, actor, user_id, lock=True)
    _check_reason(reason)
    if user.id == actor.user_id:
        raise _refused("own_account", "Change your own password on the page of your account.")
    check_acceptable(password, about=(user.email, user.printed_name))
    _set_password(session, user, passwords.hash(password), must_change=True)
    audit.record(session, actor, Event.ACCOUNT_PASSWORD_RESET, user, reason=Reason(text=reason))


def _set_password(session: Session, user: User, stored: str, *, must_change: bool) -> None:
    user.password_hash, user.password_changed_at, user.must_change_password = stored, now(), must_change
    user_sessions.revoke_all(session, user.id)


def _check_present_password(session: Session, user: User, current: str) -> None:
    try:
        sign_in.verify_password(
            session, user, current, event=Event.ACCOUNT_LOGIN_FAILED, temporary_allowed=True)
    except SignatureRefused:
        raise _wrong("current", "This is not your present password.") from None


def _roles_changed(session: Session, actor: Actor, user: User, before: frozenset[Role], reason: str) -> None:
    # Other rights, another session (ASVS 7.2.4): the person signs in again.
    user_sessions.revoke_all(session, user.id)
    audit.record(session, actor, Event.ACCOUNT_ROLES_CHANGED, user, reason=Reason(text=reason),
                 changes={"roles": (_names(before), _names(user.roles))})


def _grant(actor: Actor, role: Role, reason: str) -> RoleGrant:
    return RoleGrant(id=new_id(), role=role, granted_at=now(), granted_by=actor.user_id or actor.name,
                     reason=reason.strip(), revoked_at=None)


def _names(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _check_person(session: Session, email: str, printed_name: str) -> None:
    fields = {}
    if not _ADDRESS.fullmatch(email):
        fields["email"] = "Enter an e-mail address, such as name@example.org."
    elif store.by_email(session, email) is not None:
        fields["email"] = "There is or was an account with this address; addresses are never reused."
    if not 1 <= len(printed_name) <= _LONGEST_NAME or not printed_name.isprintable():
        fields["printed_name"] = f"Enter the name for signatures, at most {_LONGEST_NAME} characters."
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)


def _check_roles(roles: frozenset[Role], field: str = "roles") -> None:
    if not roles:
        raise _wrong(field, "Choose at least one role.")
    if Role.SYSTEM in roles:
        raise _wrong(field, "The role System is never given to a person.")
    conflict = conflict_of(roles)
    if conflict:
        left, right = conflict
        raise _wrong(field, f"One person may not hold {left.label} and {right.label} together.")


def _check_training(trained_until: date | None) -> None:
    if trained_until is not None and trained_until > now().date() + _LONGEST_TRAINING:
        raise _wrong("trained_until", "Training is not valid for so long; check the year.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise _wrong("reason", "Say why; the reason is kept on record.")


def _check_another_administrator(session: Session, user: User) -> None:
    others: Sequence[User] = store.holding(session, {Role.ADMINISTRATOR})
    if Role.ADMINISTRATOR in user.roles and not any(other.id != user.id for other in others):
        raise _refused("last_administrator", "This is the last administrator; name another one first.")


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, fields={field: message})


def _refused(code: str, message: str) -> Refused:
    return Refused(message, [Unmet(code, message, requirement="R31")])
