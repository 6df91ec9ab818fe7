"""Searches that people keep: under a name, shared or not, or watching over the answer to an inquiry."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.evidence import SearchRun
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.saved_searches import SavedSearch
from inquiry_service.search.port import Filters, Query, SearchIndex
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.evidence import stored_filters
from inquiry_service.store import saved_searches as store

LONGEST_NAME = 120


@dataclass(frozen=True)
class SearchData:
    """A search as a person keeps it."""

    name: str
    query: str
    filters: Filters = field(default_factory=Filters)
    synonyms: bool = True
    shared: bool = False


def save(session: Session, index: SearchIndex, actor: Actor, data: SearchData) -> SavedSearch:
    """Keep a search; from now on its owner is told what is new.

    Raises:
        Forbidden: the right is missing; InvalidInput: no name, or a query that cannot be read.
    """
    require(actor, Permission.LITERATURE_SEARCH)
    _check(index, data)
    return _added(session, actor, data)


def watch(session: Session, actor: Actor, inquiry: Inquiry, run: SearchRun) -> SavedSearch:
    """Let a recorded search watch over the answer of its inquiry, sent or not.

    Raises:
        Forbidden: the right is missing; Refused: this search watches over it already.
    """
    require(actor, Permission.EVIDENCE_DECIDE)
    if any(is_same(search, run) for search in store.watching(session, inquiry.id)):
        raise Refused(f"This search watches over the answer of {inquiry.number} already.")
    filters = stored_filters(run.filters)
    data = SearchData(f"{inquiry.number}: {run.query}"[:LONGEST_NAME], run.query, filters, run.synonyms)
    return _added(session, actor, data, inquiry_id=inquiry.id)


def is_same(search: SavedSearch, run: SearchRun) -> bool:
    """Say whether a saved search looks for what a recorded one looked for."""
    return search.query == run.query.strip() and stored_filters(search.filters) == stored_filters(run.filters)


def change(session: Session, index: SearchIndex, actor: Actor, search: SavedSearch, data: SearchData) -> None:
    """Change name, query, filters or sharing of one's own search.

    Args:
        search: locked by the caller.

    Raises:
        InvalidInput: no name, or a query that cannot be read; Refused: it is somebody else's, or has ended.
    """
    _check_may(actor, search, foreign=False)
    _check_running(search)
    _check(index, data)
    before = _plain(search)
    _fill(search, data)
    session.flush()
    changes = {name: (before[name], value) for name, value in _plain(search).items() if before[name] != value}
    if changes:
        audit.record(session, actor, Event.SEARCH_CHANGED, search, changes=changes)


def end(session: Session, actor: Actor, search: SavedSearch) -> None:
    """Stop a search; what it found stays.

    Args:
        search: locked by the caller.

    Raises:
        Refused: it is somebody else's and the actor does not look after the library, or it has ended.
    """
    _check_may(actor, search, foreign=True)
    _check_running(search)
    search.ended_at = now()
    session.flush()
    audit.record(session, actor, Event.SEARCH_ENDED, search, changes={"ended_at": (None, search.ended_at)})


def mark_seen(session: Session, actor: Actor, search: SavedSearch) -> int:
    """Note that the owner looked at everything that a search found new; return how many alerts that were.

    Raises:
        Refused: it is somebody else's.
    """
    _check_may(actor, search, foreign=False)
    waiting = store.alerts_of(session, [search.id], only_unseen=True)
    for alert in waiting:
        alert.seen_at, alert.seen_by = now(), actor.name
    if waiting:
        session.flush()
        audit.record(session, actor, Event.SEARCH_ALERT_SEEN, search, changes={
            "seen": (None, sorted({key for alert in waiting for key in alert.record_ids}))})
    return len(waiting)


def may_change(actor: Actor, search: SavedSearch) -> bool:
    """Say whether the actor may change the search and acknowledge its alerts: it is one's own."""
    return search.owner_id == actor.user_id


def may_end(actor: Actor, search: SavedSearch) -> bool:
    """Say whether the actor may end the search: one's own, or anybody's for who looks after the library."""
    return may_change(actor, search) or actor.may(Permission.LITERATURE_MANAGE)


def _added(session: Session, actor: Actor, data: SearchData, *, inquiry_id: str | None = None) -> SavedSearch:
    moment = now()
    search = SavedSearch(owner_id=actor.user_id, inquiry_id=inquiry_id, created_at=moment, checked_at=moment)
    _fill(search, data)
    session.add(search)
    session.flush()
    audit.record(session, actor, Event.SEARCH_SAVED, search,
                 changes={name: (None, value) for name, value in _plain(search).items()})
    return search


def _fill(search: SavedSearch, data: SearchData) -> None:
    search.name, search.query = data.name.strip(), data.query.strip()
    # Lists, as JSON gives them back: the same filters are no change.
    search.filters = {name: list(value) if isinstance(value, tuple) else value
                      for name, value in asdict(data.filters).items()}
    search.synonyms, search.shared = data.synonyms, data.shared


def _plain(search: SavedSearch) -> dict[str, object]:
    return {name: getattr(search, name) for name in ("name", "query", "filters", "synonyms", "shared")}


def _check(index: SearchIndex, data: SearchData) -> None:
    fields = {}
    if not 1 <= len(data.name.strip()) <= LONGEST_NAME:
        fields["name"] = f"Give the search a name of 1 to {LONGEST_NAME} characters."
    if not data.query.strip():
        fields["q"] = "Enter what to search for."
    if fields:
        raise InvalidInput("The search was not saved.", fields=fields)
    # Read once by the index itself: what it cannot read now it could never check.
    index.search(Query(text=data.query, filters=data.filters, limit=1, synonyms=data.synonyms))


def _check_may(actor: Actor, search: SavedSearch, *, foreign: bool) -> None:
    require(actor, Permission.LITERATURE_SEARCH)
    allowed = may_end(actor, search) if foreign else may_change(actor, search)
    if not allowed:
        raise Refused("This saved search belongs to somebody else.")


def _check_running(search: SavedSearch) -> None:
    if search.ended_at is not None:
        raise Refused("This saved search has ended; save a new one instead.")
