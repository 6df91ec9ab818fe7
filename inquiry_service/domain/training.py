"""Whether a person's training is current (R32): one rule for assigning, for candidates and for the pages."""

from __future__ import annotations

from datetime import date


def is_current(trained_until: date | None, today: date) -> bool:
    """Say whether training that is valid up to and including ``trained_until`` (None: never had any) holds today."""
    return trained_until is not None and trained_until >= today
