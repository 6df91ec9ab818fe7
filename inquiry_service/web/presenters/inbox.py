"""The inbox as plain data: views with their filters and counts, rows, the preview of one inquiry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import BranchState, RequesterType, State
from inquiry_service.store.inquiries import REVIEW_STATES, WAITING_STATES, Filters
from inquiry_service.store.queue import LONGEST_START, Row, Tags
from inquiry_service.web.presenters.clock import Clock, clock_of

VIEW_WORDS = {
    "mine": "Mine", "unassigned": "Unassigned", "due": "Due today", "possible_ae": "Possible AE",
    "waiting": "Waiting for requester", "in_review": "In review", "all": "All",
}
HEADINGS = {
    "mine": "My queue", "unassigned": "Unassigned", "due": "Due today", "possible_ae": "Possible adverse events",
    "waiting": "Waiting for requester", "in_review": "In review", "all": "All inquiries",
}
EMPTY = {
    "mine": ("Nothing in your queue", "No open inquiry is assigned to you."),
    "unassigned": ("Everything is assigned", "Each open inquiry has somebody who answers it."),
    "due": ("Nothing due today", "No open inquiry is overdue or due before midnight UTC."),
    "possible_ae": ("No open safety record", "Safety has confirmed receipt of everything handed over."),
    "waiting": ("Nobody is waited for", "No inquiry waits for its requester or for a confirmation."),
    "in_review": ("Nothing in review", "No draft waits for a reviewer."),
    "all": ("No inquiry yet", "Inquiries appear here as soon as they are recorded or handed in."),
}
_SHORT_STATES = {
    State.AWAITING_CONFIRMATION: "To confirm", State.SOLICITED_HOLD: "On hold", State.CLARIFICATION: "Waiting",
    State.SECOND_REVIEW: "2nd review", State.READY: "Ready", State.DELIVERY_FAILED: "Failed",
    State.CLOSED_NO_RESPONSE: "Closed", State.REOPENED: "Reopened", State.CORRECTION_ISSUED: "Corrected",
}
_SHORT_REQUESTERS = {
    RequesterType.NP_PA: "NP or PA", RequesterType.OTHER_HCP: "Other HCP", RequesterType.PAYER: "Payer",
    RequesterType.PUBLIC: "Public",
}
"""Where the full words do not fit into the column; the preview has them."""
ALARMS = frozenset({"possible_ae"})


@dataclass(frozen=True)
class Line:
    """One row of the table, ready to show."""

    row: Row
    clock: Clock

    @property
    def question(self) -> str:
        """Restated question, or the start of the first one as it was asked, on one line."""
        words = " ".join(self.row.question.split())
        return f"{words}…" if len(self.row.question) >= LONGEST_START else words or "(no words)"

    @property
    def more(self) -> int:
        """Number of further questions in the inquiry."""
        return max(self.row.question_count - 1, 0)

    @property
    def requester(self) -> str:
        """Type and country: a queue shows no names."""
        kind = self.row.requester_type
        return f"{_SHORT_REQUESTERS.get(kind, kind.label)}, {self.row.requester_country}"

    @property
    def status(self) -> str:
        """The state in a word or two."""
        return _SHORT_STATES.get(self.row.state, self.row.state.label)


def default_view(viewer: Actor) -> str:
    """Return the view in which a person's own work is."""
    order = (
        (Permission.DRAFT_WRITE, "mine"), (Permission.REVIEW_DECIDE, "in_review"),
        (Permission.SAFETY_ACKNOWLEDGE, "possible_ae"), (Permission.INQUIRY_RECORD, "unassigned"),
    )
    return next((view for permission, view in order if viewer.may(permission)), "all")


def views_of(viewer: Actor, moment: datetime) -> dict[str, Filters]:
    """Return the filters of every view, in the order of the tabs.

    Args:
        viewer: whose "mine" it is.
        moment: now; "today" ends at midnight UTC.
    """
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    views = {
        "mine": Filters(assignee_id=viewer.user_id),
        "unassigned": Filters(unassigned=True),
        "due": Filters(due_before=midnight, running=True),
        "possible_ae": Filters(states=(), with_open_safety=True),
        "waiting": Filters(states=WAITING_STATES),
        "in_review": Filters(states=REVIEW_STATES),
        "all": Filters(states=()),
    }
    if not viewer.may(Permission.DRAFT_WRITE):
        del views["mine"]
    return views


def lines(rows: Sequence[Row], moment: datetime) -> list[Line]:
    """Return the rows with their clocks at ``moment``."""
    return [Line(row, clock_of(row.state, row.due_at, row.paused_at, row.market, moment)) for row in rows]


def safety_words(tags: Tags) -> str:
    """Return where the safety records stand, in a sentence; empty without one."""
    if tags.safety is None:
        return ""
    what = "Adverse event" if tags.adverse_event else "Special situation"
    return f"{what}: {BranchState(tags.safety).label.lower()}"
