"""Saved searches as plain data: the lists, one search with what it found new, and the line on other pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.search.port import Filters
from inquiry_service.services.evidence import stored_filters
from inquiry_service.services.saved_searches import may_change, may_end
from inquiry_service.web.forms.library_search import SearchArgs
from inquiry_service.web.presenters.evidence import filter_words
from inquiry_service.web.presenters.literature import summary

_DOUBTED = (RecordStatus.RETRACTED, RecordStatus.EXPRESSION_OF_CONCERN)


def lists(rows: Iterable[tuple[Any, str]], alerts: Iterable[Any], viewer: Actor) -> list[dict[str, Any]]:
    """Return the searches in three groups: one's own, those that watch over answers, those that others share."""
    fresh: defaultdict[str, set[str]] = defaultdict(set)
    for alert in alerts:
        if alert.seen_at is None:
            fresh[alert.search_id].update(alert.record_ids)
    lines = [line(search, owner, viewer) | {"fresh": len(fresh[search.id])} for search, owner in rows]
    groups = (
        ("mine", "Mine", [one for one in lines if one["mine"] and not one["inquiry_id"]]),
        ("watching", "Watching over answers", [one for one in lines if one["inquiry_id"]]),
        ("shared", "Shared by others", [one for one in lines if not one["mine"] and not one["inquiry_id"]]),
    )
    return [{"key": key, "label": label, "searches": found} for key, label, found in groups]


def line(search: Any, owner: str, viewer: Actor) -> dict[str, Any]:
    """Return one search as a row, with what the viewer may do with it."""
    running = search.ended_at is None
    return {
        "id": search.id, "name": search.name, "query": search.query, "filters": filter_words(search.filters),
        "owner": owner, "mine": search.owner_id == viewer.user_id, "shared": search.shared,
        "synonyms": search.synonyms, "inquiry_id": search.inquiry_id, "created_at": search.created_at,
        "checked_at": search.checked_at, "ended_at": search.ended_at,
        "may_change": running and may_change(viewer, search), "may_end": running and may_end(viewer, search),
        "address": address(search),
    }


def address(search: Any) -> dict[str, Any]:
    """Return the search as arguments of the library's page."""
    return address_of(search.query, stored_filters(search.filters), as_typed=not search.synonyms)


def address_of(text: str, filters: Filters, *, as_typed: bool) -> dict[str, Any]:
    """Return text and filters as arguments of the library's page."""
    asked = SearchArgs(text, filters, as_typed=as_typed, year_from=str(filters.year_from or ""),
                       year_to=str(filters.year_to or ""))
    return asked.query_args()


def news(alerts: Sequence[Any], rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was found new, alert by alert.

    Args:
        rows: record id to record, those only that the viewer may see.
    """
    return [{
        "at": alert.found_at, "seen_at": alert.seen_at, "seen_by": alert.seen_by,
        "records": [summary(rows[key]) | {"doubted": rows[key].status in _DOUBTED}
                    for key in alert.record_ids if key in rows],
        "hidden": sum(key not in rows for key in alert.record_ids),
    } for alert in alerts]


def watch(searches: Sequence[Any], alerts: Iterable[Any], approved_at: datetime | None) -> dict[str, Any] | None:
    """Return the line "3 new since approval" of an answer; None when nothing watches over it.

    Args:
        alerts: of these searches. approved_at: when the answer was last approved, None before.
    """
    if not searches:
        return None
    since = approved_at or min(search.created_at for search in searches)
    found = {key for alert in alerts if alert.found_at > since for key in alert.record_ids}
    return {
        "count": len(found), "since": "approval" if approved_at else "the search was saved",
        "searches": [{"id": search.id, "name": search.name} for search in searches],
        "checked_at": max(search.checked_at for search in searches),
    }


def waiting(rows: Iterable[tuple[Any, Any, str | None]]) -> list[dict[str, Any]]:
    """Return the searches that found something new which their owner has not looked at, for the home page."""
    found: dict[str, dict[str, Any]] = {}
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for search, alert, number in rows:
        found.setdefault(search.id, {"id": search.id, "name": search.name, "inquiry": number, "at": alert.found_at})
        keys[search.id].update(alert.record_ids)
    return [{**entry, "count": len(keys[key])} for key, entry in found.items()]
