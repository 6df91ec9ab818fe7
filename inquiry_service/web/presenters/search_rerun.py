"""A recorded search run again, as plain data: figures that add up, and a reason for each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.services.saved_searches import is_same
from inquiry_service.services.search_comparison import Comparison, Fate, in_words
from inquiry_service.web.presenters.evidence import filter_words
from inquiry_service.web.presenters.literature import summary, terms

_HEADS = {
    Fate.NEW: "New", Fate.GONE: "Gone", Fate.MOVED: "In another place", Fate.STAYED: "Unchanged",
}


def visible(rows: Mapping[str, Any], viewer: Actor) -> dict[str, Any]:
    """Return the records that ``viewer`` may see (R24)."""
    may_see = viewer.may(Permission.LITERATURE_CONFIDENTIAL)
    return {key: row for key, row in rows.items() if may_see or not row.medical_only}


def since(comparison: Comparison) -> dict[str, Any] | None:
    """Return what the evidence page says of a search whose library went on; None when nothing differs."""
    if comparison.is_same and not comparison.notes:
        return None
    counts = comparison.counts
    words = ", ".join(f"{counts[fate]} {_HEADS[fate].lower()}" for fate in (Fate.NEW, Fate.GONE, Fate.MOVED)
                      if counts[fate])
    return {"problem": comparison.problem, "words": words or "this search finds the same as then"}


def page(inquiry: Any, comparison: Comparison, viewer: Actor) -> dict[str, Any]:
    """Return the page of one search that was run again.

    Args:
        viewer: records that the viewer may not see are counted and not shown.
    """
    run, result = comparison.run, comparison.result
    may_see = viewer.may(Permission.LITERATURE_CONFIDENTIAL)
    shown = [change for change in comparison.changes if may_see or not change.record.medical_only]
    return {
        "inquiry": {"id": inquiry.id, "number": inquiry.number, "state": inquiry.state},
        "run_id": run.id, "query": run.query, "read_as": terms(run.read_as), "problem": comparison.problem,
        "sentence": in_words(now(), comparison), "notes": comparison.notes, "same": comparison.is_same,
        "run_at": run.run_at, "then": _then(run), "now": _now(comparison) if result else [],
        "sums": _sums(comparison) if result else [],
        "groups": [{"fate": fate.value, "label": head, "count": comparison.counts[fate],
                    "items": [_item(change) for change in shown if change.fate is fate]}
                   for fate, head in _HEADS.items() if comparison.counts[fate]],
        "hidden": len(comparison.changes) - len(shown),
    }


def watched(watching: Iterable[Any], run: Any) -> Any | None:
    """Return the saved search that already watches with this search, if one does."""
    return next((search for search in watching if is_same(search, run)), None)


def _item(change: Any) -> dict[str, Any]:
    return summary(change.record) | {"then": change.then, "now": change.now, "reason": change.reason}


def _then(run: Any) -> list[tuple[str, Any]]:
    return [
        ("By", run.run_by), ("Records found", f"{run.total:,}"), ("Recorded", f"{len(run.hits)}"),
        ("Library", f"{run.library_size:,} records" if run.library_size is not None else ""),
        ("Filters", filter_words(run.filters) or "none"), ("Ranking", run.ranking), ("Index", run.generation),
    ]


def _now(comparison: Comparison) -> list[tuple[str, Any]]:
    result = comparison.result
    if result is None:
        return []
    return [
        ("Records found", f"{result.total:,}"), ("Looked at", f"{len(result.hits)}"),
        ("Library", f"{result.generation.documents:,} records"), ("Ranking", result.ranking),
        ("Index", f"{result.generation.number} ({result.generation.digest[:16]})"),
    ]


def _sums(comparison: Comparison) -> list[str]:
    """The account that adds up, one line each."""
    counts, run, result = comparison.counts, comparison.run, comparison.result
    if result is None:
        return []
    same = f"{counts[Fate.STAYED]} unchanged + {counts[Fate.MOVED]} in another place"
    return [
        f"Recorded then: {same} + {counts[Fate.GONE]} gone = {len(run.hits)}",
        f"First records now: {same} + {counts[Fate.NEW]} new = {len(result.hits)}",
        f"All records now: {result.total - comparison.changed_found:,} that stand as then + "
        f"{comparison.changed_found:,} added or changed since = {result.total:,}",
    ]
