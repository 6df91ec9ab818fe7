"""Working time: what is added can be measured again, and no moment outside working hours counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.domain.business_time import (
    CLOSES,
    HOURS_A_DAY,
    OPENS,
    add_working_days,
    add_working_hours,
    next_working_moment,
    working_days_between,
    working_time_between,
)

MOMENTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.sampled_from([UTC])  # noqa: DTZ001 - zone follows
)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


CHRISTMAS = frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1)})


def weekdays_but_christmas(day: date) -> bool:
    return weekdays(day) and day not in CHRISTMAS


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def is_worked(moment: datetime) -> bool:
    return weekdays(moment.date()) and OPENS <= moment.timetz() < CLOSES


@given(MOMENTS)
def test_the_next_working_moment_is_worked_and_never_earlier(moment: datetime) -> None:
    found = next_working_moment(moment, weekdays)
    assert found >= moment
    assert is_worked(found)
    assert next_working_moment(found, weekdays) == found


@given(MOMENTS, st.integers(0, 30))
def test_days_that_were_added_are_measured_again(start: datetime, days: int) -> None:
    due = add_working_days(start, days, weekdays)
    assert is_worked(due)
    assert working_days_between(start, due, weekdays) == days


@given(MOMENTS, st.integers(0, 80))
def test_hours_that_were_added_are_measured_again(start: datetime, hours: int) -> None:
    due = add_working_hours(start, hours, weekdays)
    assert working_time_between(start, due, weekdays) == timedelta(hours=hours)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up_over_any_moment_in_between(first: datetime, second: datetime, third: datetime) -> None:
    left = working_time_between(first, second, weekdays)
    right = working_time_between(second, third, weekdays)
    assert left + right == working_time_between(first, third, weekdays)


@given(MOMENTS, st.integers(1, 20))
def test_a_holiday_never_makes_a_due_date_earlier(start: datetime, days: int) -> None:
    assert add_working_days(start, days, weekdays_but_christmas) >= add_working_days(start, days, weekdays)


@given(MOMENTS)
def test_a_day_has_at_most_eight_hours(moment: datetime) -> None:
    assert working_time_between(moment, moment + timedelta(days=1), weekdays) <= timedelta(hours=HOURS_A_DAY)


@pytest.mark.parametrize(("start", "days", "due"), [
    ("2026-11-20 16:59", 1, "2026-11-23 16:59"),
    ("2026-11-20 17:00", 1, "2026-11-24 09:00"),
    ("2026-11-21 12:00", 1, "2026-11-24 09:00"),
    ("2026-12-23 10:30", 1, "2026-12-28 10:30"),
    ("2026-12-23 10:30", 4, "2027-01-04 10:30"),
    ("2026-11-23 08:59", 0, "2026-11-23 09:00"),
])
def test_due_dates_jump_over_nights_weekends_and_holidays(start: str, days: int, due: str) -> None:
    assert add_working_days(at(start), days, weekdays_but_christmas) == at(due)


@pytest.mark.parametrize(("start", "hours", "due"), [
    ("2026-11-20 16:30", 2, "2026-11-23 10:30"), ("2026-11-20 15:00", 2, "2026-11-20 17:00"),
    ("2026-11-22 03:00", 2, "2026-11-23 11:00"),
])
def test_an_emergency_counts_working_hours(start: str, hours: int, due: str) -> None:
    assert add_working_hours(at(start), hours, weekdays) == at(due)


def test_overdue_time_is_negative_and_counts_working_hours_only() -> None:
    assert working_time_between(at("2026-11-23 10:00"), at("2026-11-20 16:00"), weekdays) == timedelta(hours=-2)


def test_a_start_in_another_zone_is_the_same_moment() -> None:
    tokyo = datetime(2026, 11, 23, 19, 0, tzinfo=timezone(timedelta(hours=9)))
    assert add_working_days(tokyo, 1, weekdays) == at("2026-11-24 10:00")


def test_a_calendar_without_a_working_day_is_an_error_and_not_an_endless_loop() -> None:
    with pytest.raises(ValueError, match="no working day"):
        next_working_moment(at("2026-11-23 10:00"), lambda _day: False)


def test_opening_hours_are_eight_and_in_utc() -> None:
    assert (time(9, tzinfo=UTC), time(17, tzinfo=UTC), 8) == (OPENS, CLOSES, HOURS_A_DAY)
