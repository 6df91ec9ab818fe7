"""Gathering the panel with the evidence of an inquiry, for every page that shows it beside something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.services import record_changes
from inquiry_service.services.runtime import Session
from inquiry_service.store.literature_pairs import now_standing_for
from inquiry_service.web.presenters import evidence as presenter


def panel_of(
    session: Session, viewer: Actor, inquiry: Any, decisions: Sequence[Any], *,
    numbers: Mapping[str, int] | None = None, may_decide: bool = False, insertable: bool = False,
) -> dict[str, Any]:
    """Return what ``evidence/panel.html`` shows; arguments as of :func:`presenters.evidence.panel`."""
    around = presenter.Around(
        viewer, now_standing_for(session, {row.record_id: row.record for row in decisions}),
        record_changes.of_decisions(session, decisions), numbers or {})
    return presenter.panel(inquiry, decisions, around, may_decide=may_decide, insertable=insertable)
