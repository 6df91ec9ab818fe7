"""Reading the review queue: which answers wait for a reviewer, written by whom, since when, in a fixed number of
statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, nulls_last, select
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import LabelStatus, Lane, ResponseType, SignatureMeaning, State, Topic
from inquiry_service.models.inquiries import Classification, Inquiry, Question
from inquiry_service.models.products import Product
from inquiry_service.models.responses import Response, ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.store.inquiries import REVIEW_STATES
from inquiry_service.store.responses import SIGNED_VERSION

MOST_ROWS = 200


@dataclass(frozen=True)
class Waiting:
    """One answer that waits for a reviewer.

    Attributes:
        title: of the letter. since: when it came to the reviewers.
        by_two: a reviewer and a second approver have to sign (R79).
        reviewed_by: who signed the first review, if it was.
        mine: the viewer wrote a version or handed the question in, so somebody else reviews it (R27).
    """

    inquiry_id: str
    number: str
    state: State
    due_at: datetime | None
    paused_at: datetime | None
    market: str
    product: str
    since: datetime
    version_id: str
    version: int
    title: str
    author: str
    type: ResponseType
    by_two: bool = False
    reviewed_by: str = ""
    mine: bool = False


def waiting(session: Session, viewer: Actor) -> list[Waiting]:
    """Return the answers in review, the most urgent first; none for who may not read drafts (R24)."""
    if not viewer.may(Permission.DRAFT_READ):
        return []
    rows = session.execute(
        select(Inquiry.id.label("inquiry_id"), Inquiry.number, Inquiry.state, Inquiry.due_at, Inquiry.paused_at,
               Inquiry.market, Product.name.label("product"), Inquiry.state_since.label("since"),
               ResponseVersion.id.label("version_id"), ResponseVersion.version, ResponseVersion.title,
               ResponseVersion.author_name.label("author"), ResponseVersion.type, Inquiry.submitter_id)
        .join(Response, Response.inquiry_id == Inquiry.id)
        .join(ResponseVersion, (ResponseVersion.response_id == Response.id)
              & (ResponseVersion.version == Response.current_version))
        .join(Product, Product.id == Inquiry.product_id)
        .where(Inquiry.state.in_(REVIEW_STATES))
        .order_by(nulls_last(Inquiry.due_at.asc()), Inquiry.number).limit(MOST_ROWS)
    ).all()
    deep = _needing_two(session, {row.inquiry_id: row.type for row in rows})
    signed = _first_reviewers(session, [row.version_id for row in rows])
    own = _own(session, viewer, [row.inquiry_id for row in rows])
    found = []
    for row in rows:
        values = row._asdict()
        mine = values.pop("submitter_id") == viewer.user_id or row.inquiry_id in own
        found.append(Waiting(**values, by_two=row.inquiry_id in deep, mine=mine,
                             reviewed_by=signed.get(row.version_id, "")))
    return found


def _needing_two(session: Session, types: dict[str, ResponseType]) -> set[str]:
    newest = (
        select(Classification.question_id, func.max(Classification.classified_at).label("at"))
        .group_by(Classification.question_id).subquery()
    )
    rows = session.execute(
        select(Question.inquiry_id, Question.lane, Question.topics, Classification.label_status)
        .outerjoin(newest, newest.c.question_id == Question.id)
        .outerjoin(Classification, (Classification.question_id == Question.id)
                   & (Classification.classified_at == newest.c.at))
        .where(Question.inquiry_id.in_(types))
    ).all()
    statuses: dict[str, set[LabelStatus]] = defaultdict(set)
    lanes: dict[str, set[Lane]] = defaultdict(set)
    comparative = set()
    for row in rows:
        statuses[row.inquiry_id].add(row.label_status or LabelStatus.OFF_LABEL)
        if row.lane is not None:
            lanes[row.inquiry_id].add(row.lane)
        if Topic.COMPARATIVE.value in row.topics:
            comparative.add(row.inquiry_id)
    return {
        inquiry_id for inquiry_id, kind in types.items()
        if Facts(label_statuses=frozenset(statuses[inquiry_id]), lanes=frozenset(lanes[inquiry_id]),
                 comparative=inquiry_id in comparative, response_type=kind).needs_second_review
    }


def _first_reviewers(session: Session, version_ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(select(Signature.object_id, Signature.printed_name).where(
        Signature.object_type == SIGNED_VERSION, Signature.object_id.in_(version_ids),
        Signature.meaning == SignatureMeaning.REVIEW, Signature.voided_at.is_(None)))
    return {row.object_id: row.printed_name for row in rows}


def _own(session: Session, viewer: Actor, inquiry_ids: Sequence[str]) -> set[str]:
    return set(session.scalars(
        select(Response.inquiry_id).join(ResponseVersion, ResponseVersion.response_id == Response.id)
        .where(Response.inquiry_id.in_(inquiry_ids), ResponseVersion.author_id == viewer.user_id)))
