"""What the page of one piece of reviewed content shows, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import ContentState
from inquiry_service.rendering.diff import TextDiff
from inquiry_service.services.content import name_of
from inquiry_service.services.content_preview import TemplatePreview
from inquiry_service.store.content import STANDARD_RESPONSE
from inquiry_service.web.presenters import content as shared
from inquiry_service.web.presenters import lifecycle

VIEWS = {"preview": "Preview", "source": "Source", "changes": "Changes"}


@dataclass(frozen=True)
class Found:
    """The rows behind the page.

    Attributes:
        label: the label version that the content was written for, if it names one.
        in_force: the label in force for its product and market.
        versions: all of the item, oldest first.
        history: what became of this version (lifecycle.history).
    """

    row: Any
    product: Any
    label: Any
    in_force: Any
    versions: Sequence[Any]
    letters: Any
    history: Sequence[Any]


def page(found: Found) -> dict[str, Any]:
    """Return everything about a version except its text."""
    row, today = found.row, now().date()
    return {
        "id": row.id, "name": name_of(row), "key": row.item.key, "version": row.version, "title": row.title,
        "source": row.source, "is_standard": row.item.kind == STANDARD_RESPONSE,
        "sign": shared.sign_of(row), "due": shared.due_of(row, today),
        "facts": shared.facts(row, found.product), "label": found.label, "label_version": row.label_version,
        "label_replaced": _replacement(found),
        "approval": [
            ("Owner", row.owner), ("Approved by", row.approved_by), ("Approved", row.approved_at),
            ("Effective", row.effective_from), ("Review due", row.review_due), ("Expires", row.expires),
        ],
        "sha256": row.sha256, "change_summary": row.change_summary, "history": found.history,
        "out_of_use": _out_of_use(found),
        "letters": shared.letters(found.letters), "versions": [_version(one, row) for one in reversed(found.versions)],
        "may_suspend": row.state is ContentState.EFFECTIVE, "may_retire": row.state is not ContentState.RETIRED,
    }


def _replacement(found: Found) -> str:
    """The label in force, when it is not the one that the content was written for (R65)."""
    row = found.row
    if not row.label_version or row.state is not ContentState.EFFECTIVE:
        return ""
    if found.in_force is None:
        return "none is in force"
    return "" if found.in_force.version == row.label_version else f"version {found.in_force.version} is in force"


def _out_of_use(found: Found) -> dict[str, Any] | None:
    """Who took the version out of use, when and why."""
    if found.row.state not in (ContentState.SUSPENDED, ContentState.RETIRED):
        return None
    return lifecycle.latest_reason(found.history)


def _version(one: Any, shown: Any) -> dict[str, Any]:
    return {"id": one.id, "number": one.version, "state": one.state, "sign": shared.sign_of(one),
            "sha256": one.sha256, "summary": one.change_summary, "here": one.id == shown.id,
            "effective": one.effective_from}


def preview(found: TemplatePreview) -> dict[str, Any]:
    """Return the rendered template; its HTML was cleaned by the renderer."""
    return {
        "problem": found.problem, "unknown": found.unknown, "fields": found.fields,
        "parts": [{"heading": part.heading, "questions": part.questions, "html": Markup(part.html)}  # noqa: S704
                  for part in found.parts],
        "references": [{"number": one["number"], "html": Markup(one["html"]), "marks": one["marks"],  # noqa: S704
                        "record_id": one["record_id"], "key": one["key"]} for one in found.references],
    }


def changes(old: Any, compared: TextDiff) -> dict[str, Any]:
    """Return the comparison with an older or newer version; its HTML was escaped by the comparison."""
    return {"with": old.version, "html": Markup(compared.html), "count": compared.changes,  # noqa: S704
            "added": compared.words_added, "removed": compared.words_removed, "same": compared.same}


def base_of(row: Any, versions: Sequence[Any], asked: str) -> Any:
    """Return the version to compare with: the one asked for, else the one before, else none."""
    others = {str(one.version): one for one in versions if one.id != row.id}
    before = [one for one in versions if one.version < row.version]
    return others.get(asked) or (before[-1] if before else None)


def suspension(found: Found) -> list[tuple[str, str]]:
    """Return what a person shall read before taking a version out of use."""
    count = found.letters
    return [("Text", found.row.title), ("Version", name_of(found.row)),
            ("Used by", shared.letters_words(count.total)), ("Not sent yet", shared.letters_words(count.unsent))]
