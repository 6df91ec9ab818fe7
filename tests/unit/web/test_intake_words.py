"""Small rules of the intake and inbox pages: moments as typed, words for time left, the next step."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.countries import COUNTRIES
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.vocabulary import Role, State, Urgency
from inquiry_service.domain.workflow import FINAL_STATES, options
from inquiry_service.errors import InvalidInput
from inquiry_service.services.calendar import due_date, is_late_entry, working_days_of
from inquiry_service.web.forms.choices import zones
from inquiry_service.web.forms.moments import moment_in
from inquiry_service.web.presenters.clock import clock_of, time_words
from inquiry_service.web.presenters.next_step import next_step

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
SPECIALIST = Actor("u1", "MI specialist", frozenset({Role.MI_SPECIALIST}))
REVIEWER = Actor("u2", "Reviewer", frozenset({Role.MEDICAL_REVIEWER}))
AUDITOR = Actor("u3", "Auditor", frozenset({Role.AUDITOR}))


def test_a_local_time_becomes_the_moment_in_utc() -> None:
    assert moment_in(date(2026, 7, 1), time(9, 30), "Europe/Berlin") == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)


def test_a_time_that_the_clock_change_skipped_is_refused() -> None:
    with pytest.raises(ValueError, match="did not exist"):
        moment_in(date(2026, 3, 29), time(2, 30), "Europe/Berlin")


def test_an_hour_that_happened_twice_is_read_as_the_first() -> None:
    assert moment_in(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_mistyped_year_is_noticed(year: int) -> None:
    with pytest.raises(ValueError, match="Check the year"):
        moment_in(date(year, 1, 1), time(12), "UTC")


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "Europe"])
def test_a_zone_that_does_not_exist_is_an_error_in_words(zone: str) -> None:
    with pytest.raises(ValueError, match="Choose a time zone"):
        moment_in(date(2026, 7, 1), time(12), zone)


@pytest.mark.parametrize("zone", [choice.value for choice in zones()])
def test_every_zone_to_choose_from_can_be_computed(zone: str) -> None:
    assert moment_in(date(2026, 7, 1), time(12), zone).tzinfo is UTC


@pytest.mark.parametrize(("minutes", "words"), [
    (0, "0 h 00"), (48, "0 h 48"), (98, "1 h 38"), (479, "7 h 59"), (480, "1 d 0 h"), (720, "1 d 4 h"),
    (4799, "9 d 7 h"), (4800, "10 d"),
])
def test_working_time_is_said_in_hours_and_in_days_of_eight_hours(minutes: int, words: str) -> None:
    assert time_words(minutes) == words


@pytest.mark.parametrize(("due", "level", "words"), [
    ("2026-11-24 11:52", "0", "2 h 10 overdue"), ("2026-11-24 14:02", "0", "0 h 00 overdue"),
    ("2026-11-24 14:50", "1", "0 h 48"), ("2026-11-24 16:57", "2", "2 h 55"), ("2026-11-25 10:00", "2", "3 h 58"),
    ("2026-11-25 16:00", "3", "1 d 1 h"), ("2026-12-03 14:02", "4", "6 d 0 h"),
])
def test_the_clock_shows_working_time_left_by_the_calendar_of_the_market(due: str, level: str, words: str) -> None:
    due_at = datetime.strptime(due, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    found = clock_of(State.DRAFTING, due_at, None, "US", NOW)  # 26 November 2026 is Thanksgiving
    assert (found.level, found.words) == (level, words)


def test_a_paused_clock_and_an_answered_inquiry_show_no_time() -> None:
    late = NOW - timedelta(days=3)
    assert clock_of(State.CLARIFICATION, late, NOW, "US", NOW).words == "Paused"
    assert clock_of(State.SENT, late, None, "US", NOW).words == "Answered"
    assert clock_of(State.RECEIVED, None, None, "US", NOW).level == "off"


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_clock(state: State) -> None:
    assert clock_of(state, NOW, None, "US", NOW).words


@pytest.mark.parametrize("state", list(State))
def test_every_open_state_says_what_comes_next(state: State) -> None:
    step = next_step(state, options(state, SPECIALIST, Facts()))
    over = state in FINAL_STATES or state is State.CLOSED
    assert (step is None) == over


def test_the_next_step_names_what_stands_in_its_way() -> None:
    step = next_step(State.RECEIVED, options(State.RECEIVED, SPECIALIST, Facts(confirmation_recorded=True)))
    assert step is not None
    assert step.title == "Next: finish screening"
    assert "adverse event" in step.text
    assert "And 1 more" in step.text


def test_who_cannot_take_the_step_is_told_so() -> None:
    step = next_step(State.RECEIVED, options(State.RECEIVED, AUDITOR, Facts()))
    assert step is not None
    assert step.text == "Another role takes this step."


def test_a_draft_that_needs_two_reviews_asks_for_the_second_one() -> None:
    facts = Facts(comparative=True)
    step = next_step(State.IN_REVIEW, options(State.IN_REVIEW, REVIEWER, facts))
    assert step is not None
    assert step.title == "Next: sign review, pass to second approver"


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_to_choose_from_has_a_calendar(country: str) -> None:
    assert isinstance(working_days_of(country)(date(2026, 11, 24)), bool)


def test_an_unknown_market_has_no_calendar() -> None:
    with pytest.raises(InvalidInput, match="XX"):
        working_days_of("XX")


@pytest.mark.parametrize(("urgency", "due"), [
    (Urgency.EMERGENCY, "2026-11-24 16:02"), (Urgency.URGENT, "2026-11-25 14:02"),
    (Urgency.STANDARD, "2026-11-27 14:02"), (Urgency.EXTENDED, "2026-12-02 14:02"),
])
def test_priority_sets_the_due_date_and_holidays_move_it(urgency: Urgency, due: str) -> None:
    assert f"{due_date(NOW, urgency, 'US'):%Y-%m-%d %H:%M}" == due


def test_the_requesters_own_deadline_comes_first_when_it_is_earlier() -> None:
    deadline = NOW + timedelta(hours=1)
    assert due_date(NOW, Urgency.STANDARD, "US", deadline) == deadline
    assert due_date(NOW, Urgency.URGENT, "US", NOW + timedelta(days=90)) == due_date(NOW, Urgency.URGENT, "US")


def test_an_entry_is_late_after_more_than_one_business_day() -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert not is_late_entry(friday, datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "DE")
    assert is_late_entry(friday, datetime(2026, 11, 23, 15, 1, tzinfo=UTC), "DE")
