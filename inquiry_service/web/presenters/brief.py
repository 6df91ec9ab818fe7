"""What everybody who works on an answer has beside it: the question word for word, safety, who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inquiry_service.domain.vocabulary import LabelStatus, State, Topic, Verification
from inquiry_service.web.presenters.clock import Clock, clock_of
from inquiry_service.web.presenters.reasons import inquiry_path
from inquiry_service.web.presenters.safety import Card, case_card, complaint_card

_TONES = {Verification.VERIFIED: ("ok", "check"), Verification.SELF_DECLARED: ("info", "user"),
          Verification.UNVERIFIED: ("warn", "alert-circle")}


@dataclass(frozen=True)
class BriefQuestion:
    """One question as asked, restated, and against the label; ``status`` None while nobody has decided."""

    number: int
    verbatim: str
    restated: str
    status: LabelStatus | None
    note: str
    topics: str


@dataclass(frozen=True)
class Brief:
    """The left pane.

    Attributes:
        head: facts of the bar on top, as (term, value).
        source: how and when the question came.
        verified: words, tone and icon of the requester's tag.
        screened: False while a contact waits for its safety screen.
    """

    id: str
    number: str
    path: str
    state: State
    clock: Clock
    head: tuple[tuple[str, str], ...]
    source: str
    questions: tuple[BriefQuestion, ...]
    requester: tuple[tuple[str, str], ...]
    verified: tuple[str, str, str]
    cases: tuple[Card, ...]
    complaints: tuple[Card, ...]
    screened: bool


def brief_of(
    inquiry: Any, label: Any, cases: Sequence[Any], complaints: Sequence[Any], viewer_id: str, moment: datetime
) -> Brief:
    """Return the pane of ``inquiry`` at ``moment``.

    Args:
        label: the label in force, or None. cases, complaints: of this inquiry.
    """
    owner = inquiry.assignee.printed_name if inquiry.assignee else "Nobody yet"
    return Brief(
        id=inquiry.id, number=inquiry.number, path=inquiry_path(inquiry.id), state=inquiry.state,
        clock=clock_of(inquiry.state, inquiry.due_at, inquiry.paused_at, inquiry.market, moment),
        head=(
            ("Product", inquiry.product.name), ("Owner", "You" if inquiry.assignee_id == viewer_id else owner),
            ("Label", f"{label.market}, {label.version}" if label else "none in force"),
        ),
        source=_source(inquiry), questions=tuple(_question(question) for question in inquiry.questions),
        requester=_requester(inquiry), verified=(inquiry.requester.verification.label,
                                                 *_TONES[inquiry.requester.verification]),
        cases=tuple(case_card(case, inquiry.market, moment) for case in cases),
        complaints=tuple(complaint_card(row, inquiry.market, moment) for row in complaints),
        screened=all(contact.screened_at for contact in inquiry.interactions),
    )


def _source(inquiry: Any) -> str:
    first = inquiry.interactions[0]
    return f"{first.channel.label}, {first.received_at:%Y-%m-%d %H:%M} UTC"


def _question(question: Any) -> BriefQuestion:
    found = question.classification
    subtype = found.off_label_subtype.label.lower() if found and found.off_label_subtype else ""
    return BriefQuestion(
        question.seq, question.verbatim, question.restated, found.label_status if found else None, subtype,
        ", ".join(Topic(topic).label for topic in question.topics),
    )


def _requester(inquiry: Any) -> tuple[tuple[str, str], ...]:
    person, lanes = inquiry.requester, dict.fromkeys(q.lane.label for q in inquiry.questions if q.lane)
    return (
        ("Who", f"{person.type.label}, {person.country}"), ("Where", person.affiliation),
        ("Lane", ", ".join(lanes)), ("Level", inquiry.complexity.label if inquiry.complexity else ""),
        ("Answer to", "Another person than the requester" if inquiry.recipient else ""),
        ("Basis", inquiry.lawful_basis),
    )
