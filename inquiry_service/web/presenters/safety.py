"""Safety records and complaints as plain data: criteria, clock, what is still to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inquiry_service.domain.vocabulary import BranchState, Seriousness, SpecialSituation
from inquiry_service.services import safety
from inquiry_service.services.calendar import handover_due, minutes_left
from inquiry_service.web.presenters.clock import Clock, time_words

_SOON = 120
"""Working minutes before the limit at which the clock shows alarm colours."""


@dataclass(frozen=True)
class Criterion:
    """One of the four criteria of a valid report: whether it is met, and by what (R36)."""

    name: str
    met: bool
    words: str


@dataclass(frozen=True)
class Card:
    """A safety record or a complaint as it stands on the inquiry page and in its queue.

    Attributes:
        kind: what it is about, in words.
        clock: time left until the hand-over, or until the receipt is overdue; what it waits for is in its words.
        criteria: of a safety record; a complaint has none.
    """

    id: str
    number: str
    state: BranchState
    kind: str
    summary: str
    clock: Clock
    criteria: tuple[Criterion, ...] = ()
    outside_number: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.state is not BranchState.ACKNOWLEDGED

    @property
    def met(self) -> int:
        """How many of the four criteria are met."""
        return sum(criterion.met for criterion in self.criteria)


def case_card(case: Any, market: str, moment: datetime) -> Card:
    """Return the card of a safety record at ``moment``; the calendar of ``market`` counts."""
    return Card(
        id=case.id, number=case.number, state=case.state, kind=_kind(case), summary=case.reaction,
        clock=_clock(case.state, case.due_at, case.forwarded_at, market, moment), criteria=criteria_of(case),
        outside_number=case.pv_case_number,
    )


def complaint_card(complaint: Any, market: str, moment: datetime) -> Card:
    """Return the card of a complaint at ``moment``; it has the same limit as a safety record."""
    due = handover_due(complaint.received_at, market)
    return Card(
        id=complaint.id, number=complaint.number, state=complaint.state, kind=complaint.product_and_strength,
        summary=complaint.nature, clock=_clock(complaint.state, due, complaint.forwarded_at, market, moment),
        outside_number=complaint.quality_case_number,
    )


def criteria_of(case: Any) -> tuple[Criterion, ...]:
    """Return the four criteria with what is known of each."""
    met = safety.criteria(case)
    words = {
        "Reporter": f"{case.reporter_qualification}, {case.reporter_country}",
        "Patient": case.patient_facts or case.patient_code,
        "Suspect product": case.suspect_product,
        "Reaction": case.reaction or ", ".join(situations(case)),
    }
    return tuple(Criterion(name, fulfilled, words[name] or "not known yet") for name, fulfilled in met.items())


def situations(case: Any) -> list[str]:
    """Return the special situations in words."""
    return [SpecialSituation(value).label for value in case.special_situations]


def seriousness(case: Any) -> list[str]:
    """Return the seriousness criteria in words."""
    return [Seriousness(value).label for value in case.seriousness]


def _kind(case: Any) -> str:
    if not case.is_adverse_event:
        return "Special situation"
    return "Adverse event, special situation" if case.special_situations else "Adverse event"


def _clock(
    state: BranchState, handover: datetime, forwarded_at: datetime | None, market: str, moment: datetime
) -> Clock:
    if state is BranchState.ACKNOWLEDGED:
        return Clock("done", "Receipt confirmed")
    due = handover if forwarded_at is None else handover_due(forwarded_at, market)
    waits_for = "to hand over" if forwarded_at is None else "for the receipt"
    shown = f"{due:%Y-%m-%d %H:%M} UTC"
    minutes = minutes_left(moment, due, market)
    if due <= moment:
        late = "Hand-over" if forwarded_at is None else "Receipt"
        return Clock("0", f"{late} {time_words(-minutes)} overdue", shown)
    return Clock("1" if minutes < _SOON else "3", f"{time_words(minutes)} {waits_for}", shown)
