"""The lines about works that stand worse since they were cited or kept, for the home page and those of an inquiry."""

from __future__ import annotations

from typing import Any

from inquiry_service.services import doubted_work
from inquiry_service.web.access import current_actor
from inquiry_service.web.presenters import doubted_work as presenter
from inquiry_service.web.session import db_session


def doubted_lines(inquiry_id: str = "") -> list[dict[str, Any]]:
    """Return a line for each such work in the open answers that concern the viewer, or in that of one inquiry."""
    found = doubted_work.in_open_answers(db_session(), current_actor(), inquiry_id=inquiry_id)
    return presenter.lines(found, current_actor())
