"""Whether a version of reviewed content may be used on a given day, and the word people see for it (R63, R64)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from inquiry_service.domain.vocabulary import ContentState

WARNING_DAYS = (90, 60, 30)
"""Days before expiry on which the owner is reminded (R64)."""
LONGEST_LIFE = timedelta(days=731)
"""Content expires at the latest two years after it became effective (R64)."""


@dataclass(frozen=True)
class Standing:
    """The state of a version on one day.

    Attributes:
        word: what the library shows: Effective, Review due, Expires soon, Expired, Not yet effective ...
        usable: whether a draft may start from it; ``reason`` says why not.
    """

    word: str
    usable: bool
    reason: str = ""


def standing(
    state: ContentState, *, effective_from: date | None, review_due: date, expires: date, today: date
) -> Standing:
    """Judge a version; expiry is computed, never stored, so that no job has to run for it."""
    if state is not ContentState.EFFECTIVE:
        return Standing(state.label, False, f"It is {state.label.lower()}; only effective content may be used.")
    if effective_from is None or effective_from > today:
        start = effective_from.isoformat() if effective_from else "a day to be set"
        return Standing("Not yet effective", False, f"It becomes effective on {start}.")
    if expires <= today:
        return Standing("Expired", False, f"It expired on {expires.isoformat()}.")
    if review_due <= today:
        return Standing("Review due", True)
    if (expires - today).days <= WARNING_DAYS[0]:
        return Standing("Expires soon", True)
    return Standing(state.label, True)
