"""What became of a text or a label: added, released, suspended, retired, with the reasons people gave.

A view of the audit log for everybody who may read the text itself; the log has more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inquiry_service.domain.audit_events import describe
from inquiry_service.store.audit import AuditRow

_SIGNS = {
    "added": ("plus", ""), "released": ("circle-check", "done"), "superseded": ("history", ""),
    "suspended": ("player-pause", "wait"), "retired": ("archive", "wait"),
}


def history(rows: Sequence[AuditRow]) -> list[dict[str, str]]:
    """Return the entries in the order given, as the ``timeline`` macro takes them."""
    return [_happening(row.data) for row in rows]


def _happening(entry: dict[str, Any]) -> dict[str, str]:
    at = entry["at"]
    icon, tone = _SIGNS.get(entry["action"].partition(":")[2], ("point", ""))
    return {"iso": at, "time": f"{at[:10]} {at[11:16]} UTC", "title": describe(entry),
            "text": entry["reason"]["text"], "icon": icon, "tone": tone}


def latest_reason(happened: Sequence[dict[str, str]]) -> dict[str, str] | None:
    """Return the newest happening that has a reason."""
    return next((one for one in happened if one["text"]), None)
