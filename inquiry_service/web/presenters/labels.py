"""What the pages of products and labels show, as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from inquiry_service.domain.label_sections import NAMES, name_of
from inquiry_service.domain.vocabulary import LabelState
from inquiry_service.web.presenters import content as shared
from inquiry_service.web.presenters.lifecycle import latest_reason

_SIGNS = {
    LabelState.CURRENT: ("ok", "circle-check"), LabelState.SUPERSEDED: ("line", "history"),
    LabelState.RETIRED: ("warn", "archive"),
}


def products(rows: Sequence[Any], in_force: Sequence[Any], letters: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return each product with its label in force per market."""
    labels: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label in in_force:
        labels[label.product_id].append(line(label, letters))
    return [{"id": row.id, "name": row.name, "generic_name": row.generic_name, "forms": row.forms, "own": row.own,
             "labels": labels[row.id]} for row in rows]


def line(row: Any, letters: Mapping[str, int]) -> dict[str, Any]:
    """Return a label version as a row of a list."""
    return {"id": row.id, "market": row.market, "language": row.language, "version": row.version, "title": row.title,
            "authority": row.authority, "effective": row.effective_date, "sign": sign_of(row),
            "letters": letters.get(row.id, 0)}


def sign_of(row: Any) -> dict[str, str]:
    """Return the word for a label's state, with tone and icon."""
    tone, icon = _SIGNS[row.state]
    return {"word": row.state.label, "tone": tone, "icon": icon}


def page(row: Any, found: Any, history: Sequence[Any]) -> dict[str, Any]:
    """Return a label version with its sections word for word and the letters that rest on it.

    Args:
        found: the letters. history: what became of it (lifecycle.history).
    """
    return line(row, {}) | {
        "product_id": row.product_id, "product": row.product.name, "source_note": row.source_note,
        "facts": [("Product", row.product.name), ("Market", row.market), ("Language", row.language),
                  ("Version", row.version), ("Authority", row.authority)],
        "sections": [{"code": one.code, "anchor": f"section-{one.position}", "title": one.title or name_of(one.code),
                      "name": name_of(one.code), "known": one.code in NAMES, "text": one.text}
                     for one in row.sections],
        "letters": shared.letters(found), "history": history, "may_retire": may_retire(row),
        "out_of_use": None if may_retire(row) else latest_reason(history),
    }


def may_retire(row: Any) -> bool:
    """Say whether a label version is not retired yet."""
    return row.state is not LabelState.RETIRED


def retirement(row: Any, found: Any) -> list[tuple[str, str]]:
    """Return what a person shall read before retiring a label version."""
    return [("Label", row.title), ("Version", f"{row.market} {row.version}"),
            ("Used by", shared.letters_words(found.total)), ("Not sent yet", shared.letters_words(found.unsent))]
