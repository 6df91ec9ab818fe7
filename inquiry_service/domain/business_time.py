"""Working days and working hours, for due dates and for the time that is left.

The calendar itself (which days are worked) comes in as a predicate, so that the arithmetic stays pure.
Working hours are 09:00 to 17:00 UTC; a due date falls inside them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

IsWorkingDay = Callable[[date], bool]

OPENS = time(9, tzinfo=UTC)
CLOSES = time(17, tzinfo=UTC)
HOURS_A_DAY = 8
LONGEST_CALENDAR_GAP = 30
"""No calendar in the world has more days off in a row; the limit keeps a wrong one from looping."""


def next_working_moment(moment: datetime, is_working_day: IsWorkingDay) -> datetime:
    """Return ``moment`` itself when it lies in working hours, else the next opening."""
    moment = moment.astimezone(UTC)
    for _ in range(LONGEST_CALENDAR_GAP):
        opens = datetime.combine(moment.date(), OPENS)
        if is_working_day(moment.date()) and moment < datetime.combine(moment.date(), CLOSES):
            return max(moment, opens)
        moment = datetime.combine(moment.date() + timedelta(days=1), OPENS)
    raise ValueError("the calendar has no working day within a month")


def add_working_days(start: datetime, days: int, is_working_day: IsWorkingDay) -> datetime:
    """Return the moment ``days`` working days after ``start``, at the same time of day.

    A start outside working hours counts from the next opening.
    """
    moment = next_working_moment(start, is_working_day)
    for _ in range(days):
        # The next worked day is looked for by its opening, so that the time of day survives a weekend.
        opening = next_working_moment(datetime.combine(moment.date() + timedelta(days=1), OPENS), is_working_day)
        moment = datetime.combine(opening.date(), moment.timetz())
    return moment


def add_working_hours(start: datetime, hours: int, is_working_day: IsWorkingDay) -> datetime:
    """Return the moment ``hours`` working hours after ``start``."""
    return add_working_time(start, timedelta(hours=hours), is_working_day)


def add_working_time(start: datetime, span: timedelta, is_working_day: IsWorkingDay) -> datetime:
    """Return the moment by which ``span`` of working time has passed since ``start``."""
    moment = next_working_moment(start, is_working_day)
    left = span
    while moment + left > datetime.combine(moment.date(), CLOSES):
        left -= datetime.combine(moment.date(), CLOSES) - moment
        moment = next_working_moment(datetime.combine(moment.date(), CLOSES), is_working_day)
    return moment + left


def working_time_between(start: datetime, end: datetime, is_working_day: IsWorkingDay) -> timedelta:
    """Return the working time from ``start`` to ``end``; negative when ``end`` comes first."""
    if end < start:
        return -working_time_between(end, start, is_working_day)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    total = timedelta()
    day = start.date()
    while day <= end.date():
        if is_working_day(day):
            opens = max(start, datetime.combine(day, OPENS))
            closes = min(end, datetime.combine(day, CLOSES))
            total += max(closes - opens, timedelta())
        day += timedelta(days=1)
    return total


def working_days_between(start: datetime, end: datetime, is_working_day: IsWorkingDay) -> float:
    """Return the working time from ``start`` to ``end`` in working days of eight hours."""
    return working_time_between(start, end, is_working_day) / timedelta(hours=HOURS_A_DAY)
