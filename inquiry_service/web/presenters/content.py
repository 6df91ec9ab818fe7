"""What the pages of the content library show, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import ContentState, LabelStatus, Lane, Topic
from inquiry_service.services.content import name_of, standing_of
from inquiry_service.store.content import BLOCK, STANDARD_RESPONSE
from inquiry_service.store.content_usage import UsingLetter
from inquiry_service.web.presenters.due import expiry_words, review_words

KINDS = {STANDARD_RESPONSE: "Standard responses", BLOCK: "Locked parts"}
_ABOUT = {
    STANDARD_RESPONSE: "Drafts begin with one of these.",
    BLOCK: "Openings, statements and closings that every letter of a lane carries; nobody edits them in a letter.",
}
ATTENTION = "attention"
_SIGNS = {
    "Effective": ("ok", "circle-check"), "Review due": ("warn", "alert-circle"), "Expires soon": ("warn", "clock"),
    "Expired": ("bad", "alert-triangle"), "Suspended": ("warn", "player-pause"), "Superseded": ("line", "history"),
    "Retired": ("line", "archive"), "Not yet effective": ("info", "calendar"), "Draft": ("line", "pencil"),
}
_CALM = frozenset({"Effective", "Superseded", "Retired", "Not yet effective", "Draft"})
_EMPTY = {
    ATTENTION: ("Nothing needs attention", "No text is suspended or expired, has its review due, expires within 90 "
                "days, or was written for a label that was replaced."),
    ContentState.SUSPENDED: ("Nothing is suspended", "A suspended text stays here, with its reason, until it is "
                             "replaced or retired."),
    ContentState.SUPERSEDED: ("No version was superseded yet", "When a new version is released, the one before it "
                              "stays readable here."),
    ContentState.RETIRED: ("Nothing was retired", "A retired text stays readable here, with its reason."),
}


@dataclass(frozen=True)
class Chosen:
    """The filters in the address; unknown values count as none."""

    state: str = ""
    lane: str = ""
    kind: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Chosen:
        """Read them from the address."""
        allowed = {"state": {ATTENTION, *ContentState}, "lane": set(Lane), "kind": set(KINDS)}
        return cls(**{name: value for name, values in allowed.items() if (value := args.get(name, "")) in values})

    def query_args(self, **changed: str) -> dict[str, str]:
        """Return them as parameters of a link, without empty ones."""
        given = {"state": self.state, "lane": self.lane, "kind": self.kind} | changed
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Surroundings:
    """What is known around the library.

    Attributes:
        letters: (key, version) to the number of letters that use it.
        products: key to name. labels: (product key, market) to the version of the label in force.
    """

    letters: Mapping[tuple[str, int], int]
    products: Mapping[str, str]
    labels: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, letters: Mapping[tuple[str, int], int], products: Iterable[Any], labels: Iterable[Any]) -> Surroundings:
        """Gather them from the rows."""
        return cls(letters, {product.key: product.name for product in products},
                   {(label.product.key, label.market): label.version for label in labels})


def library(rows: Sequence[Any], around: Surroundings, chosen: Chosen) -> dict[str, Any]:
    """Return the library: one line per item, or with a state chosen, one per version in that state.

    Args:
        rows: every version, items by key, the newest version first.
    """
    today = now().date()
    lines = [_line(row, around, today) for row in rows]
    fitting = [line for line in lines if chosen.lane in ("", line["lane"]) and chosen.kind in ("", line["kind"])]
    views = {"": _leading(fitting), ATTENTION: [line for line in _leading(fitting) if line["attention"]]}
    views |= {state.value: [line for line in fitting if line["state"] == state] for state in ContentState}
    shown = sorted(views[chosen.state], key=lambda line: (line["product"], line["title"].casefold(), line["name"]))
    title, text = _EMPTY.get(chosen.state, ("No text fits", "No text of the library has these properties."))
    return {
        "chosen": chosen, "size": len(rows), "shown": len(shown), "empty_title": title, "empty_text": text,
        "lanes": [(lane.value, lane.label) for lane in Lane], "kinds": list(KINDS.items()),
        "tabs": [_tab(state, len(found), chosen) for state, found in views.items()
                 if found or state != ContentState.DRAFT],
        "groups": [{"kind": kind, "title": title, "about": _ABOUT[kind], "lines": of_kind}
                   for kind, title in KINDS.items() if (of_kind := [one for one in shown if one["kind"] == kind])],
    }


def _tab(state: str, count: int, chosen: Chosen) -> dict[str, Any]:
    words = {"": "All", ATTENTION: "Needs attention"}
    return {"label": words.get(state) or ContentState(state).label, "args": chosen.query_args(state=state),
            "current": state == chosen.state, "count": count, "alarm": False}


def _leading(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The version of each item that matters: the effective one, else the newest."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        known = found.get(line["key"])
        if known is None or (line["state"] == ContentState.EFFECTIVE and known["state"] != ContentState.EFFECTIVE):
            found[line["key"]] = line
    return list(found.values())


def _line(row: Any, around: Surroundings, today: date) -> dict[str, Any]:
    sign = sign_of(row)
    in_force = around.labels.get((row.product_key, row.market), "")
    replaced = bool(row.label_version) and row.label_version != in_force and row.state is ContentState.EFFECTIVE
    return {
        "id": row.id, "key": row.item.key, "name": name_of(row), "kind": row.item.kind, "title": row.title,
        "version": row.version, "state": row.state, "lane": row.lane, "lane_words": row.lane.label,
        "market": row.market, "product": around.products.get(row.product_key, row.product_key),
        "topics": _words(Topic, row.topics), "label_version": row.label_version, "label_replaced": replaced,
        "owner": row.owner, "sign": sign, "due": due_of(row, today),
        "attention": replaced or sign["word"] not in _CALM,
        "letters": around.letters.get((row.item.key, row.version), 0),
    }


def sign_of(row: Any) -> dict[str, str]:
    """Return the word for a version's standing today, with tone and icon."""
    found = standing_of(row)
    tone, icon = _SIGNS[found.word]
    return {"word": found.word, "tone": tone, "icon": icon, "reason": found.reason}


def due_of(row: Any, today: date) -> dict[str, str]:
    """Return review and expiry in words; a text that is out of use for good needs neither."""
    if row.state in (ContentState.SUPERSEDED, ContentState.RETIRED):
        return {"review": "", "expiry": ""}
    return {"review": review_words(row.review_due, today) if row.expires > today else "",
            "expiry": expiry_words(row.expires, today)}


def _words(terms: Any, values: Iterable[str]) -> list[str]:
    return [terms(value).label for value in values]


def facts(row: Any, product: Any) -> list[tuple[str, Any]]:
    """Return what meta data a version has, as (term, value)."""
    return [
        ("Kind", {STANDARD_RESPONSE: "Standard response", BLOCK: "Locked part"}[row.item.kind]),
        ("Product", product.name if product else row.product_key or "Any"), ("Market", row.market),
        ("Language", row.language), ("Lane", row.lane.label), ("Topics", ", ".join(_words(Topic, row.topics))),
        ("Label status", ", ".join(_words(LabelStatus, row.label_statuses))),
    ]


def letters(found: Any) -> dict[str, Any]:
    """Return the letters that use something, those still in our hands apart from the others."""
    return {
        "total": found.total, "unsent": found.unsent, "shown": len(found.items),
        "groups": [(words, [_letter(one) for one in found.items if one.is_unsent == unsent])
                   for words, unsent in (("Not sent yet", True), ("Sent or closed", False))],
    }


def _letter(one: UsingLetter) -> dict[str, Any]:
    return {"inquiry_id": one.inquiry_id, "number": one.inquiry_number, "version": one.version, "state": one.state}


def letters_words(count: int) -> str:
    """Return ``no letter``, ``1 letter``, ``12 letters``."""
    return {0: "no letter", 1: "1 letter"}.get(count, f"{count:,} letters")
