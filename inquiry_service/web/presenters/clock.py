"""The time that is left, in working hours and in words: the same in the inbox, on the home page and in an inquiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inquiry_service.domain.business_time import HOURS_A_DAY
from inquiry_service.domain.vocabulary import State
from inquiry_service.services.calendar import minutes_left
from inquiry_service.store.inquiries import OPEN_STATES

_HOUR = 60
_DAY = HOURS_A_DAY * _HOUR
_HOURS_UNTIL = 10 * _DAY
"""From here on nobody counts in hours any more."""
_LEVELS = ((2 * _HOUR, 1), (_DAY, 2), (2 * _DAY, 3))
"""Up to so many working minutes are left: so many of the four pips are filled."""

_OVER = {
    State.SENT: "Answered", State.CORRECTION_ISSUED: "Answered", State.CLOSED: "Closed",
    State.CLOSED_NO_RESPONSE: "Closed", State.WITHDRAWN: "Withdrawn", State.REDIRECTED: "Redirected",
    State.REOPENED: "Reopened",
}


@dataclass(frozen=True)
class Clock:
    """What the ``clock`` macro takes.

    Attributes:
        level: ``0`` overdue, ``1`` to ``4`` quarters left, ``off`` paused or without a due date, ``done``.
        words: e.g. ``1 h 38`` or ``2 h 10 overdue``; a working day has eight hours.
        due: the due moment itself, in UTC.
    """

    level: str
    words: str
    due: str = ""

    @property
    def row_class(self) -> str:
        """Mark of a table row: late, soon, or none."""
        return {"0": "eh-late", "1": "eh-soon"}.get(self.level, "")


def clock_of(
    state: State, due_at: datetime | None, paused_at: datetime | None, market: str, moment: datetime
) -> Clock:
    """Return the clock of an inquiry at ``moment``; the calendar of ``market`` says what is worked."""
    if state not in OPEN_STATES:
        return Clock("done", _OVER[state])
    if paused_at is not None:
        return Clock("off", "Paused")
    if due_at is None:
        return Clock("off", "No due date")
    minutes = minutes_left(moment, due_at, market)
    due = f"{due_at:%Y-%m-%d %H:%M} UTC"
    if due_at <= moment:
        return Clock("0", f"{time_words(-minutes)} overdue", due)
    level = next((level for limit, level in _LEVELS if minutes < limit), 4)
    return Clock(str(level), time_words(minutes), due)


def time_words(minutes: int) -> str:
    """Return working minutes in words: ``0 h 48``, ``1 d 4 h``, ``12 d``."""
    if minutes >= _HOURS_UNTIL:
        return f"{minutes // _DAY} d"
    if minutes < _DAY:
        return f"{minutes // _HOUR} h {minutes % _HOUR:02}"
    return f"{minutes // _DAY} d {minutes % _DAY // _HOUR} h"
