"""Whether content may be used on a day: state first, then the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from inquiry_service.domain.content_standing import standing
from inquiry_service.domain.vocabulary import ContentState


@pytest.mark.parametrize(("today", "word", "usable"), [
    (date(2026, 11, 1), "Not yet effective", False),
    (date(2026, 11, 2), "Effective", True),
    (date(2027, 11, 1), "Effective", True),
    (date(2027, 11, 2), "Review due", True),
    (date(2028, 10, 31), "Review due", True),
    (date(2028, 11, 1), "Expired", False),
])
def test_the_calendar_decides_what_effective_content_is_worth(today: date, word: str, usable: bool) -> None:
    found = standing(ContentState.EFFECTIVE, effective_from=date(2026, 11, 2), review_due=date(2027, 11, 2),
                     expires=date(2028, 11, 1), today=today)
    assert (found.word, found.usable) == (word, usable)
    assert bool(found.reason) is not usable


def test_content_about_to_expire_says_so_for_ninety_days() -> None:
    days = [standing(ContentState.EFFECTIVE, effective_from=date(2026, 1, 1), review_due=date(2026, 12, 31),
                     expires=date(2026, 12, 31), today=today).word
            for today in (date(2026, 10, 1), date(2026, 10, 2))]
    assert days == ["Effective", "Expires soon"]


@pytest.mark.parametrize("state", [state for state in ContentState if state is not ContentState.EFFECTIVE])
def test_content_in_any_other_state_is_not_used(state: ContentState) -> None:
    found = standing(state, effective_from=date(2026, 1, 1), review_due=date(2030, 1, 1), expires=date(2030, 1, 1),
                     today=date(2026, 11, 22))
    assert not found.usable
    assert state.label.lower() in found.reason
