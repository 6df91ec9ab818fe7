"""The one clock. Server time only, stored as UTC (R86); tests travel with time-machine."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, timezone-aware, in UTC."""
    return datetime.now(UTC)
