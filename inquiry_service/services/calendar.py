"""The business calendar of a country, and the due dates that follow from priority (R103)."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import holidays

from inquiry_service.domain.business_time import (
    IsWorkingDay,
    add_working_days,
    add_working_hours,
    add_working_time,
    working_time_between,
)
from inquiry_service.domain.vocabulary import Urgency
from inquiry_service.errors import InvalidInput

EMERGENCY_HOURS = 2
"""R15: an emergency of a professional is answered within one to two hours."""
WORKING_DAYS = {Urgency.URGENT: 1, Urgency.STANDARD: 2, Urgency.EXTENDED: 5}
SAFETY_HANDOVER_DAYS = 1
"""R40: from awareness to the hand-over to pharmacovigilance, one business day."""


@lru_cache(maxsize=32)
def _calendar(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError as error:
        raise InvalidInput(f"There is no business calendar for country {country}.") from error


def working_days_of(country: str) -> IsWorkingDay:
    """Return the predicate that says whether a date is worked in ``country`` (ISO 3166 alpha-2)."""
    calendar = _calendar(country)

    def is_working_day(day: date) -> bool:
        return calendar.is_working_day(day)

    return is_working_day


def due_date(received_at: datetime, urgency: Urgency, country: str, deadline: datetime | None = None) -> datetime:
    """Return when the answer is due: by priority, or by the requester's own deadline when that is earlier.

    Args:
        received_at: moment of awareness.
        urgency: priority; emergencies count working hours, the others working days.
        country: whose calendar counts.
        deadline: what the requester asked for (R103: honoured first).
    """
    calendar = working_days_of(country)
    if urgency is Urgency.EMERGENCY:
        due = add_working_hours(received_at, EMERGENCY_HOURS, calendar)
    else:
        due = add_working_days(received_at, WORKING_DAYS[urgency], calendar)
    return min(due, deadline) if deadline else due


def due_after_pause(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, country: str, deadline: datetime | None = None
) -> datetime:
    """Return when the answer is due once the clock runs again: the working time of the pause is given back (R103).

    What was overdue before the pause stays overdue by as much; the requester's own deadline does not move.
    """
    calendar = working_days_of(country)
    pause = working_time_between(paused_at, resumed_at, calendar)
    due = add_working_time(due_at, pause, calendar) if pause else due_at
    return min(due, deadline) if deadline else due


def handover_due(day_zero: datetime, country: str) -> datetime:
    """Return when a safety record has to be with pharmacovigilance (R40)."""
    return add_working_days(day_zero, SAFETY_HANDOVER_DAYS, working_days_of(country))


def is_late_entry(received_at: datetime, entered_at: datetime, country: str) -> bool:
    """Say whether more than one business day passed between awareness and entry (R9)."""
    limit = add_working_days(received_at, 1, working_days_of(country))
    return entered_at > limit


def minutes_left(now: datetime, due_at: datetime, country: str) -> int:
    """Return the working minutes until ``due_at``; negative when overdue."""
    return int(working_time_between(now, due_at, working_days_of(country)).total_seconds() // 60)
