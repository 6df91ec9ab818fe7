"""Rows of the inbox and of the home page: only the columns shown there, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, nulls_last, select
from sqlalchemy.orm import Session, aliased

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import (
    Action,
    BranchState,
    LabelStatus,
    RequesterType,
    State,
)
from inquiry_service.models.inquiries import Classification, Inquiry, Person, Question
from inquiry_service.models.products import Product
from inquiry_service.models.responses import Response, ResponseVersion, ReviewDecision
from inquiry_service.models.safety import ProductComplaint, SafetyCase
from inquiry_service.store.inquiries import OPEN_STATES, Filters, conditions

LONGEST_START = 160
"""So much of a verbatim question is read for a row; the rest stands in the preview."""

_BEYOND_LABEL = frozenset({LabelStatus.OFF_LABEL, LabelStatus.INVESTIGATIONAL})
_BEING_WRITTEN = frozenset({State.DRAFTING, State.RETURNED})


@dataclass(frozen=True)
class Tags:
    """What a row warns of.

    Attributes:
        safety: state of the least advanced safety record, None without one.
        adverse_event: one of the records is about an adverse event, not only a special situation.
        complaint: there is a product complaint.
        off_label: a question is classified as beyond the label.
        returned: a reviewer sent the draft back and it is being written again.
    """

    safety: BranchState | None = None
    adverse_event: bool = False
    complaint: bool = False
    off_label: bool = False
    returned: bool = False


@dataclass(frozen=True)
class Row:
    """One inquiry as a line of a list."""

    id: str
    number: str
    state: State
    due_at: datetime | None
    paused_at: datetime | None
    market: str
    question: str
    is_restated: bool
    question_count: int
    product: str
    requester_type: RequesterType
    requester_country: str
    assignee_id: str | None
    tags: Tags = field(default_factory=Tags)


def rows(session: Session, viewer: Actor, filters: Filters, *, offset: int = 0, limit: int = 50) -> list[Row]:
    """Return a page of rows: running clocks by due date, then paused ones, then what is over, newest first."""
    found = session.execute(_select(viewer, filters, offset=offset, limit=limit)).all()
    tags = tags_of(session, [row.id for row in found])
    return [_row(row, tags[row.id]) for row in found]


def row_of(session: Session, viewer: Actor, number: str) -> Row | None:
    """Return the row of the inquiry with this human number, None when there is none for this viewer."""
    found = session.execute(_select(viewer, Filters(states=()), number=number)).first()
    return None if found is None else _row(found, tags_of(session, [found.id])[found.id])


def _row(row: Any, tags: Tags) -> Row:
    values = row._asdict()
    restated, verbatim = values.pop("restated") or "", values.pop("verbatim") or ""
    made = Row(**values, question=restated or verbatim, is_restated=bool(restated))
    # Whether a return still matters depends on the state, which the tags do not know.
    return replace(made, tags=replace(tags, returned=tags.returned and made.state in _BEING_WRITTEN))


def _select(viewer: Actor, filters: Filters, *, offset: int = 0, limit: int = 1, number: str = "") -> Any:
    """Sort the inquiries alone and join the rest to one page of them: nothing else grows with the queue."""
    over = Inquiry.state.not_in(OPEN_STATES)
    order = (
        case((over, 2), (Inquiry.paused_at.is_not(None), 1), else_=0),
        nulls_last(case((over, None), else_=Inquiry.due_at).asc()),
        nulls_last(case((over, Inquiry.number)).desc()), Inquiry.number,
    )
    chosen = select(Inquiry.id).where(*conditions(viewer, filters))
    page = (chosen.where(Inquiry.number == number) if number else chosen).order_by(*order).offset(offset).limit(limit)
    first = aliased(Question)
    count = select(func.count()).where(Question.inquiry_id == Inquiry.id).correlate(Inquiry).scalar_subquery()
    return (
        select(
            Inquiry.id, Inquiry.number, Inquiry.state, Inquiry.due_at, Inquiry.paused_at, Inquiry.market,
            func.substr(first.restated, 1, LONGEST_START).label("restated"),
            func.substr(first.verbatim, 1, LONGEST_START).label("verbatim"),
            count.label("question_count"), Product.name.label("product"),
            Person.type.label("requester_type"), Person.country.label("requester_country"), Inquiry.assignee_id,
        )
        .join(Product, Product.id == Inquiry.product_id)
        .join(Person, Person.id == Inquiry.requester_id)
        .outerjoin(first, and_(first.inquiry_id == Inquiry.id, first.seq == 1))
        .where(Inquiry.id.in_(select(page.subquery().c.id)))
        .order_by(*order)
    )


def counts(session: Session, viewer: Actor, views: Mapping[str, Filters]) -> dict[str, int]:
    """Return how many inquiries each of ``views`` holds: one statement, in which each view uses its own index."""
    if not views:
        return {}
    columns = [
        select(func.count()).select_from(Inquiry).where(*conditions(viewer, filters)).scalar_subquery().label(name)
        for name, filters in views.items()
    ]
    return dict(session.execute(select(*columns)).one()._mapping)


def tags_of(session: Session, inquiry_ids: Sequence[str]) -> dict[str, Tags]:
    """Return the tags of these inquiries; one without any has empty ones. Four statements for any number."""
    found: dict[str, Tags] = defaultdict(Tags)
    if not inquiry_ids:
        return found
    for safety in session.execute(_safety(inquiry_ids)):
        old = found[safety.inquiry_id]
        least = min((state for state in (old.safety, safety.state) if state), key=list(BranchState).index)
        found[safety.inquiry_id] = replace(
            old, safety=least, adverse_event=old.adverse_event or safety.is_adverse_event)
    for inquiry_id in session.scalars(_complaints(inquiry_ids)):
        found[inquiry_id] = replace(found[inquiry_id], complaint=True)
    for inquiry_id in session.scalars(_returned(inquiry_ids)):
        found[inquiry_id] = replace(found[inquiry_id], returned=True)
    for inquiry_id, statuses in _label_statuses(session, inquiry_ids).items():
        found[inquiry_id] = replace(found[inquiry_id], off_label=bool(statuses & _BEYOND_LABEL))
    return found


def _safety(inquiry_ids: Sequence[str]) -> Select[str, BranchState, bool]:
    return select(SafetyCase.inquiry_id, SafetyCase.state, SafetyCase.is_adverse_event).where(
        SafetyCase.inquiry_id.in_(inquiry_ids))


def _complaints(inquiry_ids: Sequence[str]) -> Select[str]:
    return select(ProductComplaint.inquiry_id).where(ProductComplaint.inquiry_id.in_(inquiry_ids)).distinct()


def _returned(inquiry_ids: Sequence[str]) -> Select[str]:
    return (
        select(Response.inquiry_id).distinct()
        .join(ResponseVersion, ResponseVersion.response_id == Response.id)
        .join(ReviewDecision, ReviewDecision.response_version_id == ResponseVersion.id)
        .where(Response.inquiry_id.in_(inquiry_ids), ReviewDecision.outcome == Action.RETURN.value)
    )


def _label_statuses(session: Session, inquiry_ids: Sequence[str]) -> dict[str, set[LabelStatus]]:
    """Of each question the latest classification counts; earlier ones stay on record only."""
    latest: dict[str, tuple[str, LabelStatus]] = {}
    for row in session.execute(
        select(Question.inquiry_id, Classification.question_id, Classification.label_status)
        .join(Classification, Classification.question_id == Question.id)
        .where(Question.inquiry_id.in_(inquiry_ids))
        .order_by(Classification.classified_at, Classification.id)
    ):
        latest[row.question_id] = (row.inquiry_id, row.label_status)
    found: dict[str, set[LabelStatus]] = defaultdict(set)
    for inquiry_id, status in latest.values():
        found[inquiry_id].add(status)
    return found


def answered_in_time(session: Session, viewer: Actor, since: datetime) -> tuple[int, int]:
    """Return how many answers left since then, and how many of those by their due date."""
    in_time = func.count(case((Inquiry.sent_at <= Inquiry.due_at, 1)))
    row = session.execute(
        select(func.count(), in_time).select_from(Inquiry)
        .where(*conditions(viewer, Filters(states=())), Inquiry.sent_at >= since)
    ).one()
    return row[0], row[1]


@dataclass(frozen=True)
class HandOver:
    """A safety record that nobody has handed over yet, with the inquiry it came with."""

    id: str
    number: str
    due_at: datetime
    market: str
    inquiry_number: str
    is_adverse_event: bool


def safety_to_hand_over(session: Session, viewer: Actor, *, limit: int) -> list[HandOver]:
    """Return the safety records still to be handed over, the most urgent first; none without the right."""
    if not viewer.may(Permission.SAFETY_READ):
        return []
    return [HandOver(*row) for row in session.execute(
        select(SafetyCase.id, SafetyCase.number, SafetyCase.due_at, Inquiry.market, Inquiry.number,
               SafetyCase.is_adverse_event)
        .join(Inquiry, Inquiry.id == SafetyCase.inquiry_id)
        .where(SafetyCase.state == BranchState.SUSPECTED, *conditions(viewer, Filters(states=())))
        .order_by(SafetyCase.due_at, SafetyCase.number).limit(limit)
    )]
