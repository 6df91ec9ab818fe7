"""Reading reviewed content: the library, and what may be used for a given answer, with the reasons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ContentState, LabelStatus, Lane, Topic
from inquiry_service.errors import NotFound
from inquiry_service.models.content import ContentItem, ContentVersion

STANDARD_RESPONSE, BLOCK = "standard_response", "block"
SAME_TOPIC = "Same topic"


@dataclass(frozen=True)
class Wanted:
    """What an answer needs of its standard response.

    Attributes:
        product_key: stable key of the product.
        topics, label_statuses: those of the questions; empty means any.
        label_version: the label in force; content bound to another one is left out.
    """

    product_key: str
    market: str
    language: str
    lane: Lane
    topics: frozenset[Topic] = frozenset()
    label_statuses: frozenset[LabelStatus] = frozenset()
    label_version: str = ""


@dataclass(frozen=True)
class Match:
    """A standard response that fits, with the reasons in words, strongest first."""

    version: ContentVersion
    reasons: tuple[str, ...] = field(default=())
    weight: int = 0


def effective(session: Session, viewer: Actor, wanted: Wanted, *, on: date | None = None) -> list[Match]:
    """Return the usable standard responses for ``wanted``, the closest first; ties by key (R63, R64, R67).

    Product, market, language, lane and label status must fit; topics decide the order. Field roles find
    nothing (R24).
    """
    if not _may_read(viewer):
        return []
    rows = session.scalars(_usable(on or now().date()).where(
        ContentItem.kind == STANDARD_RESPONSE,
        ContentVersion.market == wanted.market,
        ContentVersion.lane == wanted.lane,
        ContentVersion.product_key.in_(("", wanted.product_key)),
        ContentVersion.label_version.in_(("", wanted.label_version)),
    ))
    matches = [match for row in rows if _same_language(row.language, wanted.language)
               and (match := _match(row, wanted)) is not None]
    return sorted(matches, key=lambda match: (-match.weight, match.version.item.key))


def block(session: Session, key: str, *, on: date | None = None) -> ContentVersion | None:
    """Return the usable version of a block or standard response by its key, if there is one."""
    return session.scalar(_usable(on or now().date()).where(ContentItem.key == key).limit(1))


def library(session: Session, viewer: Actor, *, kind: str = "") -> list[ContentVersion]:
    """Return every version of the library, items by key, newest version first; nothing for field roles.

    The texts stay in the database until one is looked at.
    """
    if not _may_read(viewer):
        return []
    query = select(ContentVersion).join(ContentVersion.item).options(defer(ContentVersion.source))
    if kind:
        query = query.where(ContentItem.kind == kind)
    return list(session.scalars(query.order_by(ContentItem.key, ContentVersion.version.desc())))


def version(session: Session, viewer: Actor, version_id: str) -> ContentVersion:
    """Return one version.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    found = session.get(ContentVersion, version_id) if _may_read(viewer) else None
    if found is None:
        raise NotFound("There is no such content.")
    return found


def item(session: Session, key: str) -> ContentItem | None:
    """Return an item by its key, if there is one."""
    return session.scalar(select(ContentItem).where(ContentItem.key == key))


def versions_of(session: Session, key: str) -> list[ContentVersion]:
    """Return the versions of an item, oldest first, whatever their state."""
    return list(session.scalars(
        select(ContentVersion).join(ContentVersion.item).where(ContentItem.key == key)
        .order_by(ContentVersion.version)))


def _usable(today: date) -> Select[ContentVersion]:
    """Effective, begun and not expired: the same three conditions as ``content_standing.standing``."""
    return select(ContentVersion).join(ContentVersion.item).where(
        ContentVersion.state == ContentState.EFFECTIVE,
        ContentVersion.effective_from <= today,
        ContentVersion.expires > today,
    ).order_by(ContentItem.key, ContentVersion.version.desc())


def _same_language(own: str, wanted: str) -> bool:
    """``en`` fits ``en-US`` and the other way round; ``en-GB`` does not fit ``en-US``."""
    return own == wanted or (own.partition("-")[0] == wanted.partition("-")[0] and "-" not in min(own, wanted, key=len))


def _match(row: ContentVersion, wanted: Wanted) -> Match | None:
    statuses = _shared(row.label_statuses, wanted.label_statuses)
    if row.label_statuses and wanted.label_statuses and not statuses:
        return None
    topics = _shared(row.topics, wanted.topics)
    reasons = [f"Lane: {row.lane.label}", f"Market {row.market}, language {row.language}"]
    weight = 0
    if row.product_key:
        weight += 4
        reasons.insert(0, "Written for this product")
    if topics:
        weight += 10 * len(topics)
        reasons.insert(0, f"{SAME_TOPIC}: " + ", ".join(Topic(topic).label for topic in topics))
    elif wanted.topics:
        reasons.append("No topic in common")
    if statuses:
        weight += 2
        reasons.append("Label status: " + ", ".join(LabelStatus(status).label for status in statuses))
    # Of two that share the same topics the narrower one is closer to the question.
    return Match(row, tuple(reasons), weight - len(set(row.topics) - set(topics)))


def _shared(own: Collection[str], wanted: Collection[str]) -> list[str]:
    return sorted(set(own) & {str(value) for value in wanted})


def _may_read(viewer: Actor) -> bool:
    return viewer.is_system or viewer.may(Permission.CONTENT_READ)
