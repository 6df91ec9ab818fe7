"""Training of a person in words: current, expired since when, or never recorded (R32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inquiry_service.domain.training import is_current


@dataclass(frozen=True)
class Standing:
    """Whether the training is current, and the sentence for the page."""

    current: bool
    words: str


def standing(trained_until: date | None, today: date) -> Standing:
    """Return how training that is valid until ``trained_until`` stands on the day ``today`` (both in UTC)."""
    current = is_current(trained_until, today)
    if trained_until is None:
        return Standing(current, "None recorded; no answer can be assigned.")
    days = (trained_until - today).days
    if current:
        return Standing(current, f"Valid until {trained_until:%Y-%m-%d}, {_in_days(days)}.")
    return Standing(
        current, f"Expired: was valid until {trained_until:%Y-%m-%d}, {_days_ago(-days)}; no answer can be assigned.")


def _in_days(days: int) -> str:
    if days == 0:
        return "today is the last day"
    return "for 1 more day" if days == 1 else f"for {days:,} more days"


def _days_ago(days: int) -> str:
    return "1 day ago" if days == 1 else f"{days:,} days ago"
