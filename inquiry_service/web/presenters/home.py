"""The home page as plain data: what comes first, figures, short lists; each only for who works with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import State
from inquiry_service.store.inquiries import OPEN_STATES, REVIEW_STATES, Filters
from inquiry_service.store.queue import HandOver
from inquiry_service.web.presenters.clock import Clock, clock_of
from inquiry_service.web.presenters.inbox import Line, views_of

TARGET_PERCENT = 95
"""Share of answers that leave by their due date: the figure of the service level."""

_DRAFT_STATES = (State.DRAFTING, State.RETURNED)
_NOT_MY_TURN = frozenset({*REVIEW_STATES, State.CLARIFICATION, State.SENDING})


@dataclass(frozen=True)
class Lead:
    """The one thing to continue with, the word for it, and the list that it is first of."""

    line: Line
    words: str
    list: str


def lists_of(viewer: Actor) -> dict[str, Filters]:
    """Return the filters of the short lists that concern the viewer."""
    lists = {}
    if viewer.may(Permission.DRAFT_WRITE):
        my_turn = tuple(state for state in OPEN_STATES if state not in _NOT_MY_TURN)
        lists["mine"] = Filters(assignee_id=viewer.user_id, states=my_turn)
        lists["drafts"] = Filters(assignee_id=viewer.user_id, states=_DRAFT_STATES)
    if viewer.may(Permission.REVIEW_DECIDE):
        lists["review"] = Filters(states=REVIEW_STATES)
    if viewer.may(Permission.INQUIRY_SCREEN):
        lists["screen"] = Filters(states=(State.RECEIVED, State.AWAITING_CONFIRMATION))
    if viewer.may(Permission.INQUIRY_HOLD_DECIDE):
        lists["hold"] = Filters(states=(State.SOLICITED_HOLD,))
    return lists or {"open": Filters()}


def lead(lists: dict[str, list[Line]]) -> Lead | None:
    """Return what to continue with: own work first, then reviews, then what has to be screened or decided."""
    words = {"mine": "Continue", "review": "Review", "hold": "Decide", "screen": "Screen"}
    return next((Lead(lists[name][0], word, name) for name, word in words.items() if lists.get(name)), None)


def counted(viewer: Actor, moment: datetime) -> dict[str, Filters]:
    """Return the filters behind the figures."""
    views = views_of(viewer, moment)
    mine = views.get("mine", Filters())
    return {
        "mine": mine,
        "overdue": replace(mine, due_before=moment, running=True),
        "due": replace(views["due"], assignee_id=mine.assignee_id),
        "possible_ae": views["possible_ae"], "in_review": views["in_review"], "unassigned": views["unassigned"],
    }


def tiles(viewer: Actor, counts: dict[str, int], measured: tuple[int, int]) -> list[dict[str, Any]]:
    """Return the figures with the list behind each; at most five."""
    whose = "in my queue" if viewer.may(Permission.DRAFT_WRITE) else "open"
    found = [
        _tile("Overdue", counts["overdue"], f"of {counts['mine']} {whose}", "due", alarm=True, icon="alarm"),
        _tile("Due today", counts["due"], "before midnight UTC", "due"),
    ]
    if viewer.may(Permission.SAFETY_READ):
        found.append(_tile("Safety, no receipt yet", counts["possible_ae"], "inquiries with an open record",
                           "possible_ae", alarm=True, icon="alert-triangle"))
    if viewer.may(Permission.REVIEW_DECIDE):
        found.append(_tile("Awaits review", counts["in_review"], "drafts", "in_review"))
    else:
        found.append(_tile("Unassigned", counts["unassigned"], "open inquiries", "unassigned"))
    return [*found, _in_time(*measured)]


def _tile(label: str, value: int, sub: str, view: str, *, alarm: bool = False, icon: str = "") -> dict[str, Any]:
    return {
        "label": label, "value": value, "sub": sub, "href": url_for("inbox.queue", view=view),
        "alarm": alarm and value > 0, "icon": icon if value > 0 else "",
    }


def _in_time(answered: int, in_time: int) -> dict[str, Any]:
    tile = _tile("Answered in time, 30 days", 0, "no answer sent yet", "all")
    if not answered:
        return tile | {"value": "–"}
    return tile | {
        "value": f"{100 * in_time / answered:.1f}", "unit": "%",
        "sub": f"{in_time} of {answered}, target {TARGET_PERCENT} %",
    }


def hand_overs(records: Sequence[HandOver], moment: datetime) -> list[tuple[HandOver, Clock]]:
    """Return the safety records to hand over, each with its clock."""
    return [(record, _safety_clock(record, moment)) for record in records]


def first_hand_over(
    viewer: Actor, safety: Sequence[tuple[HandOver, Clock]], own: Lead | None
) -> tuple[HandOver, Clock] | None:
    """Return the safety record that goes before everything else: it is nearly due, or nothing else waits."""
    if not safety or not viewer.may(Permission.SAFETY_FORWARD):
        return None
    return safety[0] if own is None or safety[0][1].row_class else None


def _safety_clock(record: HandOver, moment: datetime) -> Clock:
    return clock_of(State.RECEIVED, record.due_at, None, record.market, moment)

