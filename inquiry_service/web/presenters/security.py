"""Security alerts as plain data: what happened to whose account, and whether it happens again and again (R77)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.store.audit import AuditRow
from inquiry_service.web.presenters.audit import Line, line_of

PERIOD = timedelta(days=30)
MOST = 200
"""Rows of the page; a longer list belongs into the audit explorer."""
_WORDS = {
    Event.ACCOUNT_LOCKED.value: "Account locked after wrong passwords",
    Event.SIGNATURE_REFUSED.value: "Signature refused",
}


@dataclass(frozen=True)
class Alert:
    """One alert.

    Attributes:
        line: the entry of the log; one that cannot be read has a ``problem`` and nothing else.
        account: whose credentials were used, by name or address; ``account_id`` leads to the account.
        times: how often this happened to this account up to then, within the period.
        about: what was to be signed; only for those who read the log.
    """

    line: Line
    words: str
    account: str
    account_id: str
    times: int
    about: str

    @property
    def grave(self) -> bool:
        """Whether it is more than a single slip of the fingers."""
        return self.times > 1 or self.line.action == Event.ACCOUNT_LOCKED


def alerts_of(rows: Sequence[AuditRow], viewer: Actor, endpoints: Mapping[str, Any]) -> list[Alert]:
    """Return the alerts in ``rows`` (newest first); ``endpoints`` as in :func:`line_of`."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for row in reversed(rows):
        line = line_of(row, viewer, endpoints)
        account_id, account = _account(line)
        seen[line.action, account_id] += 1
        found.append(Alert(
            line, _WORDS.get(line.action, "An entry that cannot be read"), account, account_id,
            seen[line.action, account_id], _about(line, viewer)))
    return found[::-1]


def _account(line: Line) -> tuple[str, str]:
    """Return id and name: a lock-out is about an account, a refused signature is an act of one."""
    if line.action == Event.ACCOUNT_LOCKED:
        return str(line.data["object"]["id"]), line.object
    return line.who_id, line.who


def _about(line: Line, viewer: Actor) -> str:
    """What a person works on is no business of administrators (R28)."""
    signing = line.action == Event.SIGNATURE_REFUSED
    return line.object if signing and viewer.may(Permission.AUDIT_READ) else ""
