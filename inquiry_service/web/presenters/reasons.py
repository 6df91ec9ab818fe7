"""What stands in the way of a step, as links to the place where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inquiry_service.domain.vocabulary import BlockKind
from inquiry_service.errors import Unmet

_ON_INQUIRY = {
    "safety": "#safety", "triage": "#questions", "question": "#questions", "requester": "#requester",
    "intake": "", "solicitation": "#screens", "assignment": "",
}
"""Parts of the inquiry page."""
_ON_PAGE = {
    "draft": "#draft", "fields": "#merge-fields", "template": "#content", "label": "#content",
    "references": "#checks", "checklist": "#checklist", "review": "#findings",
}
"""Parts of the page of a draft or of its review."""
_BLOCKS = frozenset(kind.value for kind in BlockKind)


@dataclass(frozen=True)
class Reason:
    """One unmet condition, as the macros take it; ``href`` is empty when there is no such place."""

    message: str
    href: str
    code: str = ""


def inquiry_path(inquiry_id: str) -> str:
    """Return the address of an inquiry's page."""
    return f"/inquiries/{inquiry_id}"


def place_of(where: str, inquiry_id: str) -> str:
    """Return the address where something is mended, seen from the page of a draft or its review."""
    if where in _BLOCKS:
        return "#draft"
    if where == "evidence":
        return f"{inquiry_path(inquiry_id)}/evidence"
    if where == "document":
        return f"{inquiry_path(inquiry_id)}/letter"
    if where in _ON_INQUIRY:
        return inquiry_path(inquiry_id) + _ON_INQUIRY[where]
    return _ON_PAGE.get(where, "")


def reasons(unmet: Iterable[Unmet], inquiry_id: str) -> tuple[Reason, ...]:
    """Return every condition with its link, in order."""
    return tuple(Reason(found.message, place_of(found.where, inquiry_id), found.code) for found in unmet)
