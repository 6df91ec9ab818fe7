"""The page of the retraction lists as plain data: how old each is, and what became of the last imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from inquiry_service.clock import now
from inquiry_service.store.audit import AuditRow
from inquiry_service.store.literature_notices import ListState

OLD_AFTER_DAYS = 30
"""A list older than this is no ground to call a work sound: some hundred retractions are added to it each month."""


def page(lists: Sequence[ListState], entries: Sequence[AuditRow]) -> dict[str, Any]:
    """Return the lists with their age, and the imports as the audit log tells them, the newest first."""
    imports = [_import(row.data) for row in entries]
    newest = {one["name"]: one for one in reversed(imports)}
    shown = [_list(one, newest.get(one.name)) for one in lists]
    return {"lists": shown, "imports": imports, "last": imports[0] if imports else None, "warning": warning(shown)}


def warning(lists: Sequence[dict[str, Any]]) -> str:
    """Return what to say when no list is held or all are old; empty when one is fresh."""
    if not lists:
        return "No retraction list was imported yet: only what records and notices say themselves is known."
    days = min(one["days"] for one in lists)
    if days <= OLD_AFTER_DAYS:
        return ""
    return f"The last retraction list was imported {days} days ago; import a newer one."


def _list(one: ListState, newest: dict[str, Any] | None) -> dict[str, Any]:
    day = newest["day"] if newest else one.newest_line.date()
    days = (now().date() - day).days
    return {"name": one.name, "lines": one.lines, "retractions": one.retractions, "sha256": one.sha256,
            "on": day.isoformat(), "days": days, "is_old": days > OLD_AFTER_DAYS}


def _import(entry: dict[str, Any]) -> dict[str, Any]:
    values = {name: change["new"] for name, change in entry["changes"].items()}
    at = entry["at"]
    return {
        "name": entry["object"]["label"], "day": date.fromisoformat(at[:10]),
        "on": f"{at[:10]} {at[11:16]} UTC", "by": entry["actor"]["name"],
        **{name: values.get(name) for name in ("read", "added", "unchanged", "rejected", "gone")},
        # A list too long for the log is kept there as a digest.
        **{name: found if isinstance(found := values.get(name), list) else [] for name in ("rejections", "lowered")},
    }
