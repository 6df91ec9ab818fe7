"""The preview of one inquiry beside the queue, as plain data: words of the question, next step, facts; no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Action, LabelStatus, Role, State
from inquiry_service.domain.workflow import Option
from inquiry_service.store.queue import Tags
from inquiry_service.web.presenters.clock import Clock, clock_of
from inquiry_service.web.presenters.inbox import safety_words
from inquiry_service.web.presenters.next_step import NextStep, next_step


@dataclass(frozen=True)
class PeekQuestion:
    """One question: as asked, as restated, and against the label."""

    number: int
    verbatim: str
    restated: str
    label_status: LabelStatus | None


@dataclass(frozen=True)
class Peek:
    """What the preview shows; ``take_here``: the viewer may assign the inquiry to themselves now."""

    id: str
    number: str
    state: State
    clock: Clock
    tags: Tags
    source: str
    questions: tuple[PeekQuestion, ...]
    next_step: NextStep | None
    facts: tuple[tuple[str, str], ...]
    take_here: bool


def peek_of(inquiry: Any, tags: Tags, options: Sequence[Option], viewer: Actor, moment: datetime) -> Peek:
    """Return the preview of ``inquiry`` for ``viewer`` at ``moment``."""
    clock = clock_of(inquiry.state, inquiry.due_at, inquiry.paused_at, inquiry.market, moment)
    return Peek(
        id=inquiry.id, number=inquiry.number, state=inquiry.state, clock=clock, tags=tags, source=_source(inquiry),
        questions=tuple(
            PeekQuestion(q.seq, q.verbatim, q.restated, q.classification.label_status if q.classification else None)
            for q in inquiry.questions
        ),
        next_step=next_step(inquiry.state, options), facts=_facts(inquiry, tags, clock, viewer),
        take_here=_may_take(inquiry, options, viewer),
    )


def _source(inquiry: Any) -> str:
    first = inquiry.interactions[0]
    return f"Word for word, {first.channel.label.lower()}, {first.received_at:%Y-%m-%d %H:%M} UTC"


def _facts(inquiry: Any, tags: Tags, clock: Clock, viewer: Actor) -> tuple[tuple[str, str], ...]:
    due = f"{clock.due}, {clock.words}{'' if clock.level == '0' else ' left'}" if clock.due else clock.words
    owner = inquiry.assignee.printed_name if inquiry.assignee else "Nobody yet"
    mine = " (you)" if inquiry.assignee_id == viewer.user_id else ""
    return (
        ("Requester", f"{inquiry.requester.type.label}, {inquiry.requester.country}"),
        ("Product", inquiry.product.name), ("Market", inquiry.market), ("Due", due),
        ("Safety", safety_words(tags)), ("Owner", owner + mine),
        ("Handed in", Role(inquiry.submitter_role).label if inquiry.interactions[0].attestation else ""),
    )


def _may_take(inquiry: Any, options: Sequence[Option], viewer: Actor) -> bool:
    # The guards on the assignee speak of the present one; whether the viewer is fit is asked at the act itself.
    assignable = any(option.transition.action is Action.ASSIGN for option in options)
    return assignable and viewer.user_id not in (inquiry.assignee_id, inquiry.submitter_id)
