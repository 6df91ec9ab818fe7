"""The rail: which rooms a person finds there, in which order, with how much waiting in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import ALERTS
from inquiry_service.domain.permissions import Permission
from inquiry_service.services.runtime import Session
from inquiry_service.store import audit, inquiries
from inquiry_service.store.inquiries import REVIEW_STATES, Filters

Tally = Callable[[Session, Actor], int]
_FRESH = timedelta(hours=72)
"""How long an alert is counted: long enough to be seen after a weekend."""


@dataclass(frozen=True)
class Entry:
    """One room.

    Attributes:
        label, icon, key: word, icon name and hotkey.
        endpoint: the page that it leads to.
        permission: who finds it.
        tally: counts what waits for the viewer there.
        urgent: the count is shown as an alarm.
        foot: stands at the foot of the rail.
        also: blueprints whose pages belong to the room beside its own.
    """

    label: str
    icon: str
    key: str
    endpoint: str
    permission: Permission
    tally: Tally | None = None
    urgent: bool = False
    foot: bool = False
    also: tuple[str, ...] = ()

    @property
    def room(self) -> str:
        """The blueprint: every page of it counts as being in this room."""
        return self.endpoint.partition(".")[0]

    def holds(self, blueprint: str) -> bool:
        """Whether the pages of ``blueprint`` are in this room."""
        return blueprint == self.room or blueprint.startswith(f"{self.room}_") or blueprint in self.also


def _mine(session: Session, viewer: Actor) -> int:
    return inquiries.count(session, viewer, Filters(assignee_id=viewer.user_id))


def _to_review(session: Session, viewer: Actor) -> int:
    return inquiries.count(session, viewer, Filters(states=REVIEW_STATES))


def _open_safety(session: Session, viewer: Actor) -> int:
    return inquiries.count(session, viewer, Filters(states=(), with_open_safety=True))


def _fresh_alerts(session: Session, _viewer: Actor) -> int:
    return audit.count_of(session, ALERTS, since=now() - _FRESH)


ENTRIES = (
    Entry("Home", "home", "g h", "home.start", Permission.INQUIRY_READ),
    Entry("Inbox", "inbox", "g i", "inbox.queue", Permission.INQUIRY_READ, _mine),
    Entry("My questions", "inbox", "g i", "field.submissions", Permission.INQUIRY_STATUS),
    Entry("Safety", "shield-exclamation", "g s", "safety.queue", Permission.SAFETY_READ, _open_safety, urgent=True),
    Entry("Complaints", "package", "g c", "complaints.queue", Permission.COMPLAINT_READ),
    Entry("Review", "clipboard-check", "g r", "review.queue", Permission.REVIEW_DECIDE, _to_review),
    Entry("Literature", "books", "g l", "literature.search", Permission.LITERATURE_SEARCH,
          also=("retraction_lists", "searches")),
    Entry("Documents", "files", "g d", "content.library", Permission.CONTENT_READ),
    Entry("Audit", "history", "g a", "audit.explorer", Permission.AUDIT_READ),
    Entry("Users", "users", "g u", "admin.users", Permission.USERS_MANAGE),
    Entry("Alerts", "alert-triangle", "", "security.alerts", Permission.SECURITY_READ, _fresh_alerts, urgent=True),
    Entry("Roles", "user-check", "", "roles.matrix", Permission.USERS_MANAGE, foot=True),
    Entry("Health", "stethoscope", "", "health.report", Permission.SYSTEM_HEALTH, foot=True),
)


def rooms_of(viewer: Actor) -> list[Entry]:
    """Return the entries that the viewer may use, in order."""
    return [entry for entry in ENTRIES if viewer.may(entry.permission)]
