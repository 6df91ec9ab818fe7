"""Days ahead and behind in words: when a review is due, when something expires."""

from __future__ import annotations

from datetime import date

_MONTHS_FROM = 91
_DAYS_A_MONTH = 30.44


def distance(day: date, today: date) -> str:
    """Return ``in 11 months``, ``in 30 days``, ``tomorrow``, ``today``, ``3 days ago``."""
    days = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    words = f"{abs(days)} days" if abs(days) < _MONTHS_FROM else f"{round(abs(days) / _DAYS_A_MONTH)} months"
    return f"in {words}" if days > 0 else f"{words} ago"


def review_words(day: date, today: date) -> str:
    """Return ``Review in 11 months`` or ``Review was due 3 days ago``."""
    if day == today:
        return "Review is due today"
    return f"Review {distance(day, today)}" if day > today else f"Review was due {distance(day, today)}"


def expiry_words(day: date, today: date) -> str:
    """Return ``Expires in 23 months`` or ``Expired 3 days ago``; on its day a text is expired already (R64)."""
    return f"{'Expires' if day > today else 'Expired'} {distance(day, today)}"
