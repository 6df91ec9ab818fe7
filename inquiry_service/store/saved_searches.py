"""Reading saved searches and what they found new, each for who may see it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import EvidenceVerdict, RecordStatus
from inquiry_service.errors import NotFound
from inquiry_service.models.evidence import EvidenceDecision
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.people import User
from inquiry_service.models.saved_searches import SavedSearch, SearchAlert

MOST_LISTED = 500
_DOUBTED = (RecordStatus.RETRACTED, RecordStatus.EXPRESSION_OF_CONCERN)
_PORTION = 500


def _visible(viewer: Actor) -> ColumnElement[bool]:
    """One's own, the shared ones, and those that watch over an answer, which concern everybody at work on it."""
    return or_(SavedSearch.owner_id == viewer.user_id, SavedSearch.shared, SavedSearch.inquiry_id.is_not(None))


def listed(session: Session, viewer: Actor, *, ended: bool = False) -> list[tuple[SavedSearch, str]]:
    """Return the searches that ``viewer`` may see, running or ended, each with its owner's name."""
    if not viewer.may(Permission.LITERATURE_SEARCH):
        return []
    state = SavedSearch.ended_at.is_not(None) if ended else SavedSearch.ended_at.is_(None)
    rows = session.execute(
        select(SavedSearch, User.printed_name).join(User, User.id == SavedSearch.owner_id)
        .where(_visible(viewer), state)
        .order_by(SavedSearch.name, SavedSearch.id).limit(MOST_LISTED))
    return [(row[0], row[1]) for row in rows]


def one(session: Session, viewer: Actor, search_id: str, *, lock: bool = False) -> SavedSearch:
    """Return a saved search.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    query = select(SavedSearch).where(SavedSearch.id == search_id, _visible(viewer))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None or not viewer.may(Permission.LITERATURE_SEARCH):
        raise NotFound("There is no such saved search.")
    return found


def watching(session: Session, inquiry_id: str) -> list[SavedSearch]:
    """Return the running searches that watch over the answer of an inquiry, the oldest first."""
    return list(session.scalars(
        select(SavedSearch).where(SavedSearch.inquiry_id == inquiry_id, SavedSearch.ended_at.is_(None))
        .order_by(SavedSearch.created_at, SavedSearch.id)))


def owner_name(session: Session, search: SavedSearch) -> str:
    """Return the printed name of the owner of a search."""
    return session.scalar(select(User.printed_name).where(User.id == search.owner_id)) or ""


def alerts_of(
    session: Session, search_ids: Collection[str], *, only_unseen: bool = False, limit: int = 500
) -> list[SearchAlert]:
    """Return what these searches found new, the newest first; all of it, or what the owner has not looked at."""
    if not search_ids:
        return []
    query = select(SearchAlert).where(SearchAlert.search_id.in_(search_ids))
    if only_unseen:
        query = query.where(SearchAlert.seen_at.is_(None))
    return list(session.scalars(
        query.order_by(SearchAlert.found_at.desc(), SearchAlert.id.desc()).limit(limit)))


def unseen_of(session: Session, owner_id: str, *, limit: int = 20) -> list[tuple[SavedSearch, SearchAlert, str | None]]:
    """Return the alerts that the owner has not looked at: search, alert, number of the inquiry it watches over."""
    rows = session.execute(
        select(SavedSearch, SearchAlert, Inquiry.number)
        .join(SearchAlert, SearchAlert.search_id == SavedSearch.id)
        .outerjoin(Inquiry, Inquiry.id == SavedSearch.inquiry_id)
        .where(SavedSearch.owner_id == owner_id, SavedSearch.ended_at.is_(None), SearchAlert.seen_at.is_(None))
        .order_by(SearchAlert.found_at.desc(), SearchAlert.id.desc()).limit(limit))
    return [(row[0], row[1], row[2]) for row in rows]


def running(session: Session) -> list[SavedSearch]:
    """Return every search that is not ended, in the order of ids."""
    return list(session.scalars(select(SavedSearch).where(SavedSearch.ended_at.is_(None)).order_by(SavedSearch.id)))


def is_any_running(session: Session) -> bool:
    """Say whether there is anything to check."""
    return session.scalar(select(SavedSearch.id).where(SavedSearch.ended_at.is_(None)).limit(1)) is not None


def changes_since(session: Session, moment: datetime) -> dict[str, datetime]:
    """Return the records that were added or changed after ``moment`` -> when last; one query."""
    rows = session.execute(
        select(LiteratureVersion.record_id, func.max(LiteratureVersion.created_at))
        .where(LiteratureVersion.created_at > moment).group_by(LiteratureVersion.record_id))
    return {row[0]: row[1] for row in rows}


def told_since(session: Session, moment: datetime) -> dict[str, set[tuple[str, datetime]]]:
    """Return search -> the records it was alerted to after ``moment``, each with the time of the alert; one query."""
    found: dict[str, set[tuple[str, datetime]]] = {}
    rows = session.execute(
        select(SearchAlert.search_id, SearchAlert.record_ids, SearchAlert.found_at)
        .where(SearchAlert.found_at > moment))
    for row in rows:
        found.setdefault(row.search_id, set()).update((record_id, row.found_at) for record_id in row.record_ids)
    return found


def doubted(session: Session, inquiry_ids: Collection[str], record_ids: Collection[str]) -> dict[str, set[str]]:
    """Return inquiry -> records kept for its answer that are retracted or doubted now, among ``record_ids``.

    Of a record that was merged since, the one that stands for it now.
    """
    kept = aliased(LiteratureRecord)
    found: dict[str, set[str]] = {}
    wanted = sorted(record_ids)
    for start in range(0, len(wanted) if inquiry_ids else 0, _PORTION):
        rows = session.execute(
            select(EvidenceDecision.inquiry_id, LiteratureRecord.id.label("record_id"))
            .join(kept, kept.id == EvidenceDecision.record_id)
            .join(LiteratureRecord, LiteratureRecord.id == func.coalesce(kept.merged_into, kept.id))
            .where(LiteratureRecord.id.in_(wanted[start:start + _PORTION]),
                   EvidenceDecision.verdict == EvidenceVerdict.KEPT, LiteratureRecord.status.in_(_DOUBTED)))
        for row in rows:
            if row.inquiry_id in inquiry_ids:
                found.setdefault(row.inquiry_id, set()).add(row.record_id)
    return found
