"""Slowing down guesses: a delay that grows with each failure, per account name and per network.

An attempt is counted before the password is looked at and given back when it was right, so a hundred
attempts at the same moment get no more guesses than a hundred in a row. Names without an account are
counted too: the waiting time tells nobody which accounts exist. Nothing is blocked for ever.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import UtcDateTime
from inquiry_service.errors import Locked
from inquiry_service.models.people import LoginThrottle
from inquiry_service.store.people import normal_email

FORGOTTEN_AFTER = timedelta(hours=12)
_LONGEST_NAME = 150


@dataclass(frozen=True)
class Policy:
    """How fast the delay grows.

    Attributes:
        free: failures without any delay.
        first: delay after the next one; each further failure doubles it.
        longest: the delay never exceeds this, or an attacker could shut people out for days.
    """

    free: int
    first: timedelta
    longest: timedelta

    def delay(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row."""
        if failures <= self.free:
            return timedelta()
        doublings = min(failures - self.free - 1, 20)
        return min(self.first * (1 << doublings), self.longest)


@dataclass(frozen=True)
class Subject:
    """Whose failures are counted: an account name or a network."""

    name: str
    policy: Policy


ACCOUNT = Policy(free=2, first=timedelta(seconds=15), longest=timedelta(minutes=15))
NETWORK = Policy(free=30, first=timedelta(seconds=15), longest=timedelta(minutes=15))
"""Many people may sign in from behind one address, so a network is allowed more."""


def account_subject(email: str) -> Subject:
    """Return the subject for an account name as typed, whether or not such an account exists."""
    name = normal_email(email)
    if len(name) > _LONGEST_NAME:
        name = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return Subject(f"account:{name}", ACCOUNT)


def network_subject(address: str) -> Subject:
    """Return the subject for a network address; an IPv6 host owns its whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Subject(f"network:{address[:_LONGEST_NAME]}", NETWORK)
    name = str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
    return Subject(f"network:{name}", NETWORK)


def count_attempt(session: Session, *subjects: Subject) -> None:
    """Count one attempt for each subject before it is made.

    Raises:
        Locked: one of them must still wait; nothing is counted then.
    """
    moment = now()
    rows = [_row(session, subject, moment) for subject in sorted(subjects, key=lambda subject: subject.name)]
    for row in rows:
        _refuse_blocked(row, moment)
    policies = {subject.name: subject.policy for subject in subjects}
    for row in rows:
        _count(row, policies[row.subject], moment)


def check(session: Session, subject: Subject) -> None:
    """Let an attempt pass or not, without counting it; holds the row until the transaction ends.

    Raises:
        Locked: the subject must still wait.
    """
    moment = now()
    _refuse_blocked(_row(session, subject, moment), moment)


def count_failure(session: Session, subject: Subject) -> bool:
    """Count a failure after the fact; True if the subject must wait now."""
    moment = now()
    row = _row(session, subject, moment)
    _count(row, subject.policy, moment)
    return row.blocked_until is not None


def is_blocked(session: Session, subject: Subject) -> bool:
    """Say whether the subject must wait now."""
    blocked_until = session.scalar(
        select(LoginThrottle.blocked_until).where(LoginThrottle.subject == subject.name))
    return blocked_until is not None and blocked_until > now()


def forgive(session: Session, account: Subject, network: Subject | None = None) -> None:
    """The attempt was right: forget the account's failures and take back the network's last count.

    The network keeps its other failures, or an attacker with an account of his own could clear them.
    """
    moment = now()
    session.execute(delete(LoginThrottle).where(
        (LoginThrottle.subject == account.name) | (LoginThrottle.last_failure_at < moment - FORGOTTEN_AFTER)))
    if network is None:
        return
    row = _row(session, network, moment)
    row.failures = max(row.failures - 1, 0)
    row.blocked_until = None


_MAKE = text(
    "INSERT INTO login_throttle (subject, failures, last_failure_at) VALUES (:subject, 0, :moment)"
    " ON CONFLICT (subject) DO NOTHING"
).bindparams(bindparam("moment", type_=UtcDateTime()))


def _row(session: Session, subject: Subject, moment: datetime) -> LoginThrottle:
    """The subject's row, made when missing, locked until the transaction ends."""
    session.execute(_MAKE, {"subject": subject.name, "moment": moment})
    row = session.scalars(
        select(LoginThrottle).where(LoginThrottle.subject == subject.name)
        .with_for_update().execution_options(populate_existing=True)
    ).one()
    if row.last_failure_at < moment - FORGOTTEN_AFTER:
        row.failures, row.blocked_until = 0, None
    return row


def _count(row: LoginThrottle, policy: Policy, moment: datetime) -> None:
    row.failures += 1
    row.last_failure_at = moment
    delay = policy.delay(row.failures)
    row.blocked_until = moment + delay if delay else None


def _refuse_blocked(row: LoginThrottle, moment: datetime) -> None:
    if row.blocked_until is not None and row.blocked_until > moment:
        seconds = int((row.blocked_until - moment).total_seconds()) + 1
        raise Locked(f"Too many failed attempts. Try again in {_words(seconds)}.", retry_after=seconds)


def _words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
