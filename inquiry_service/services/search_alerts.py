"""What saved searches find new: looked for by the worker after each change of the index, and once a day.

A search looks only among the records that were added or changed since it was last checked, with some overlap: a
record can be in the database before it is in the index. What it was told of once it is not told of again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import InvalidInput
from inquiry_service.models.saved_searches import SavedSearch, SearchAlert
from inquiry_service.search.port import MOST_HITS, Query, SearchIndex
from inquiry_service.services import audit, outbox
from inquiry_service.services.evidence import stored_filters
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import saved_searches as store

log = structlog.get_logger()

OVERLAP = timedelta(days=1)
"""How far back each check looks beyond the last one: longer than an index is ever behind its database."""
WINDOW = timedelta(minutes=2)
"""Changes of the index within one window are checked together, after it."""


@dataclass(frozen=True)
class Found:
    """What one search found new, best match first; ``doubted`` are kept records that became doubtful."""

    search: SavedSearch
    record_ids: tuple[str, ...]
    doubted: tuple[str, ...] = ()


def ask_for_check(runtime: Runtime, *, daily: bool = False) -> None:
    """Have saved searches checked soon, once for all changes of a window; nothing to do if none is saved.

    Args:
        daily: the round that needs no cause: at the first opportunity, once a day.
    """
    with runtime.reading() as session:
        if not store.is_any_running(session):
            return
    moment = now()
    window = int(moment.timestamp() // WINDOW.total_seconds())
    key = f"check_searches {moment:%Y-%m-%d}" if daily else f"check_searches window {window}"
    due = moment if daily else datetime.fromtimestamp((window + 1) * WINDOW.total_seconds(), tz=moment.tzinfo)
    with runtime.transaction() as session:
        outbox.enqueue(session, outbox.CHECK_SEARCHES, {}, dedupe_key=key, not_before=due)


def check(runtime: Runtime) -> int:
    """Look what every saved search finds new, and keep an alert for each that does; return the alerts made.

    Searching holds no lock; what was found is written in one short transaction.
    """
    moment = now()
    with runtime.reading() as session:
        found = look(session, runtime.index)
    with runtime.transaction() as session:
        return _keep(session, found, moment)


def look(session: Session, index: SearchIndex) -> list[Found]:
    """Return what each running search finds among new and changed records; four queries and one search for each."""
    searches = store.running(session)
    if not searches:
        return []
    earliest = min(search.checked_at for search in searches) - OVERLAP
    changes = store.changes_since(session, earliest)
    if not changes:
        return []
    told = store.told_since(session, earliest)
    doubted = store.doubted(session, {one.inquiry_id for one in searches if one.inquiry_id}, changes)
    every = (_found(index, search, _news(search, changes, told.get(search.id, set())), doubted) for search in searches)
    return [one for one in every if one.record_ids]


def _news(search: SavedSearch, changes: Mapping[str, datetime], told: set[tuple[str, datetime]]) -> frozenset[str]:
    since = max(search.created_at, search.checked_at - OVERLAP)
    last: dict[str, datetime] = {}
    for record_id, at in told:
        last[record_id] = max(at, last.get(record_id, at))
    return frozenset(key for key, at in changes.items() if at > since and (key not in last or last[key] < at))


def _found(index: SearchIndex, search: SavedSearch, news: frozenset[str], doubted: Mapping[str, set[str]]) -> Found:
    grave = sorted(doubted.get(search.inquiry_id or "", set()) & news)
    hits: list[str] = []
    if news:
        try:
            query = Query(text=search.query, filters=stored_filters(search.filters), limit=MOST_HITS,
                          synonyms=search.synonyms, only=news, may_see_medical_only=True)
            hits = [hit.record_id for hit in index.search(query).hits]
        except InvalidInput as refusal:
            # Saved when the language still read it; its page says so when it is opened.
            log.warning("saved search cannot be read", search=search.id, why=refusal.message)
    return Found(search, tuple(dict.fromkeys([*grave, *hits])), tuple(grave))


def _keep(session: Session, found: list[Found], moment: datetime) -> int:
    for one in found:
        session.add(SearchAlert(search_id=one.search.id, found_at=moment, record_ids=list(one.record_ids)))
        audit.record(session, SYSTEM, Event.SEARCH_ALERTED, one.search, changes={
            "found": (None, list(one.record_ids)), "doubted": (None, list(one.doubted))})
    # One statement for all of them; when a search was last looked at is no decision of anybody.
    session.execute(update(SavedSearch).where(SavedSearch.ended_at.is_(None), SavedSearch.checked_at < moment)
                    .values(checked_at=moment))
    return len(found)
