"""A date, a time of day and a time zone as typed, and the moment that they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def moment_in(day: date, at: time, zone: str) -> datetime:
    """Return the moment, aware, in UTC.

    An hour that happens twice (clocks go back) is read as its first occurrence: awareness is then rather
    too early than too late.

    Args:
        day, at: as a clock on the wall in ``zone`` showed them.
        zone: name from the IANA database, e.g. ``Europe/Berlin``.

    Raises:
        ValueError: no such moment; the message is for the person who typed it.
    """
    if not EARLIEST <= day <= LATEST:
        raise ValueError("Check the year.")
    wall, place = datetime.combine(day, at.replace(tzinfo=None)), _zone(zone)
    moment = wall.replace(tzinfo=place).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) != wall:
        raise ValueError("The clocks were put forward then; this time did not exist in the zone.")
    return moment


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("Choose a time zone from the list.") from None
