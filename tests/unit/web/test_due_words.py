"""Days ahead and behind, as people say them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inquiry_service.web.presenters.due import distance, expiry_words, review_words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("days", "words"), [
    (0, "today"), (1, "tomorrow"), (-1, "yesterday"), (2, "in 2 days"), (-3, "3 days ago"), (90, "in 90 days"),
    (91, "in 3 months"), (345, "in 11 months"), (-400, "13 months ago"),
])
def test_a_distance_is_said_in_days_when_near_and_in_months_when_far(days: int, words: str) -> None:
    assert distance(TODAY + timedelta(days), TODAY) == words


def test_a_review_that_is_due_is_told_from_one_to_come() -> None:
    assert review_words(TODAY, TODAY) == "Review is due today"
    assert review_words(TODAY + timedelta(30), TODAY) == "Review in 30 days"
    assert review_words(TODAY - timedelta(2), TODAY) == "Review was due 2 days ago"


def test_a_text_has_expired_on_the_day_of_its_expiry() -> None:
    assert expiry_words(TODAY, TODAY) == "Expired today"
    assert expiry_words(TODAY + timedelta(1), TODAY) == "Expires tomorrow"
    assert expiry_words(TODAY - timedelta(1), TODAY) == "Expired yesterday"
