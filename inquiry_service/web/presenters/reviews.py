"""The review room as plain data: references with what they say, steps and their reasons, signatures, checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.signing import short
from inquiry_service.domain.vocabulary import Action
from inquiry_service.domain.workflow import Option
from inquiry_service.services.record_changes import Change
from inquiry_service.services.signatures import manifestation
from inquiry_service.store.literature import may_see
from inquiry_service.store.reviews import Waiting
from inquiry_service.web.presenters.clock import Clock, clock_of
from inquiry_service.web.presenters.drafts import Button
from inquiry_service.web.presenters.reasons import reasons

_ASKED_HERE = frozenset({"checklist_incomplete"})
"""Conditions that the page itself asks for; they do not lock the button that leads to the signature."""
_OTHER_WAY = {Action.APPROVE: "second_review_needed", Action.REQUEST_SECOND_REVIEW: "second_review_not_needed"}


@dataclass(frozen=True)
class Reference:
    """One reference beside the text: the printed entry, what it was kept as, its standing, what its abstract says."""

    number: int
    key: str
    record_id: str
    html: Markup
    marks: tuple[str, ...]
    stance: str
    stance_words: str
    study: str
    limits: str
    status: str
    status_words: str
    changed: str
    abstract: tuple[str, ...]


@dataclass(frozen=True)
class Signed:
    """One signature on the version, in words; ``void`` says why it no longer counts."""

    id: str
    number: str
    words: str
    digest: str
    comment: str
    void: str


@dataclass(frozen=True)
class QueueLine:
    """A row of the queue with its clock."""

    row: Waiting
    clock: Clock


def references(
    snapshot: Sequence[Mapping[str, Any]], records: Mapping[str, Any], decisions: Iterable[Any], *,
    changes: Mapping[str, Change], viewer: Actor,
) -> tuple[Reference, ...]:
    """Return each reference once, in the order of the letter.

    Args:
        changes: record id to what changed since the version was saved.
        viewer: who looks; of a record that is not for them only what the letter prints is shown (R24).
    """
    decided = {row.record_id: row for row in decisions}
    unique = {entry["number"]: entry for entry in snapshot}
    made = (_reference(entry, records[entry["record_id"]], decided.get(entry["record_id"]),
                       changes.get(entry["record_id"])) for entry in unique.values())
    return tuple(one if may_see(viewer, records[one.record_id]) else
                 replace(one, record_id="", study="", limits="", abstract=()) for one in made)


def _reference(entry: Mapping[str, Any], record: Any, decision: Any, change: Change | None) -> Reference:
    kept = decision is not None and decision.stance is not None
    design = decision.design.label if decision is not None and decision.design else ""
    size = f"n = {decision.participants:,}" if decision is not None and decision.participants else ""
    return Reference(
        number=entry["number"], key=entry["key"], record_id=entry["record_id"],
        # The AMA entry was escaped by the formatter before it was saved and signed.
        html=Markup(entry["html"]), marks=tuple(entry["marks"]),  # noqa: S704
        stance=decision.stance.value if kept else "", stance_words=decision.stance.label if kept else "",
        study=", ".join(part for part in (design, size) if part), limits=decision.limits if decision else "",
        status=record.status.value, status_words=record.status.label, changed=change.words if change else "",
        abstract=tuple(part for part in record.abstract.split("\n\n") if part.strip()),
    )


def numbers(snapshot: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return citation key to its number in the letter."""
    return {entry["key"]: entry["number"] for entry in snapshot}


def decision_button(options: Sequence[Option], inquiry_id: str) -> Button | None:
    """Return the reviewer's signed step: approval, or review and passing on where two have to sign."""
    own = {option.transition.action: option for option in options}
    fitting = [own[action] for action in _OTHER_WAY if action in own]
    if not fitting:
        return None
    chosen = next((option for option in fitting if not any(
        condition.code == _OTHER_WAY[option.transition.action] for condition in option.unmet)), fitting[0])
    open_ones = tuple(condition for condition in chosen.unmet if condition.code not in _ASKED_HERE)
    action = chosen.transition.action
    return Button(action, action.label, reasons(open_ones, inquiry_id))


def return_button(options: Sequence[Option], inquiry_id: str) -> Button | None:
    """Return the step that gives the draft back, if it is the viewer's."""
    found = next((option for option in options if option.transition.action is Action.RETURN), None)
    return Button(Action.RETURN, Action.RETURN.label, reasons(found.unmet, inquiry_id)) if found else None


def signed(signatures: Iterable[Any]) -> tuple[Signed, ...]:
    """Return the signatures in the order in which they were given, void ones included (R74)."""
    return tuple(
        Signed(row.id, row.number, manifestation(row), short(row.digest), row.comment,
               f"{row.voided_reason}, {row.voided_at:%Y-%m-%d %H:%M} UTC" if row.voided_at else "")
        for row in signatures
    )


def queue(rows: Sequence[Waiting], moment: datetime) -> tuple[QueueLine, ...]:
    """Return the queue with the time left at ``moment``."""
    return tuple(QueueLine(row, clock_of(row.state, row.due_at, row.paused_at, row.market, moment)) for row in rows)
