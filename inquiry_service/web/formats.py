"""How values are written in pages: template filters."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask


def moment(value: datetime | None) -> str:
    """Return ``2026-11-22 14:05 UTC``; server time with its zone, the same for everybody (R86)."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if value else ""


def day(value: date | None) -> str:
    """Return ``2026-11-22``."""
    return f"{value:%Y-%m-%d}" if value else ""


def install(app: Flask) -> None:
    """Give the filters to every template."""
    app.jinja_env.filters |= {"moment": moment, "day": day}
