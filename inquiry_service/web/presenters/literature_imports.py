"""What the pages of an import show, as plain data: its state, how far it is, its records, its report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import ImportChoice, ImportFinding, ImportOutcome, ImportState
from inquiry_service.services.literature_import_report import counts
from inquiry_service.services.literature_imports import OFFERED
from inquiry_service.services.signatures import manifestation
from inquiry_service.web.presenters.literature import HELD_BACK

_STATES = {
    ImportState.MAPPING: ("info", "hand-stop"), ImportState.CHECKING: ("info", "refresh"),
    ImportState.CHECKED: ("warn", "hand-stop"), ImportState.RUNNING: ("info", "refresh"),
    ImportState.FINISHED: ("ok", "circle-check"), ImportState.CANCELLED: ("", "ban"),
    ImportState.FAILED: ("bad", "alert-triangle"),
}
_FINDINGS = {
    ImportFinding.NEW: ("ok", "plus"), ImportFinding.CHANGED: ("info", "pencil"),
    ImportFinding.CONFLICT: ("warn", "alert-circle"), ImportFinding.DUPLICATE: ("", "copy"),
    ImportFinding.ERROR: ("bad", "x"),
}
_OUTCOMES = {
    ImportOutcome.CREATED: ("ok", "check"), ImportOutcome.UPDATED: ("info", "pencil"),
    ImportOutcome.DUPLICATE: ("", "copy"), ImportOutcome.REJECTED: ("warn", "x"),
}
_FIELD_NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "mesh": "MeSH headings",
                "journal_abbrev": "Journal abbreviation", "publication_types": "Publication types"}
_QUIET = timedelta(minutes=1)
_STEPS_SAID = 10
"""Tenths: a reader of the screen hears how far it is ten times, not every second."""


def line(run: Any) -> dict[str, Any]:
    """Return one import as a row of the list and the head of its pages."""
    tone, icon = _STATES[run.state]
    return {
        "id": run.id, "file": run.file_name, "format": run.format, "by": run.imported_by, "at": run.started_at,
        "state": run.state.value, "state_words": run.state.label, "tone": tone, "icon": icon, **counts(run),
        "total": run.total, "failure": run.failure, "sha256": run.file_sha256, "encoding": run.encoding,
        "encoding_note": run.encoding_note, "finished_at": run.finished_at, "is_table": bool(run.mapping),
        "mapping": run.mapping,
    }


def progress(run: Any, said: int) -> dict[str, Any]:
    """Return how far an import is.

    Args:
        said: the tenth that was announced last.
    """
    checking = run.state is ImportState.CHECKING
    done, total = (run.total or 0, None) if checking else (run.read, run.total)
    began = run.started_at if checking else run.confirmed_at or run.started_at
    rate = done / max(1.0, (run.progress_at - began).total_seconds())
    tenth = _STEPS_SAID * done // total if total else 0
    words = f"{done:,} of {total:,} records" if total is not None else f"{done:,} records looked at so far"
    return line(run) | {
        "done": done, "total": total, "words": words, "speed": _speed(rate, done, total), "tenth": tenth,
        "announce": words if tenth != said else "", "checking": checking,
        "cancelling": run.cancel_asked_at is not None, "waits": not done,
        "quiet": now() - run.progress_at > _QUIET,
        "active": run.state in (ImportState.CHECKING, ImportState.RUNNING),
    }


def _speed(rate: float, done: int, total: int | None) -> str:
    if not done:
        return ""
    words = f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:,.0f} a minute"
    left = (total - done) / rate if total else 0
    return f"{words}, about {_duration(left)} left" if left >= 1 else words


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def checked(
    run: Any, found: Mapping[ImportFinding, int], items: Sequence[Any], *, finding: ImportFinding | None,
    offset: int, limit: int, hidden: Collection[str] = (),
) -> dict[str, Any]:
    """Return a page of what the dry run found, all records or those with one finding.

    Args:
        hidden: ids of records of the library that are not for the viewer (R24).
    """
    total = sum(found.values()) if finding is None else found[finding]
    counted: dict[ImportFinding | None, int] = {None: sum(found.values())}
    counted |= {one: found[one] for one in _FINDINGS}
    return line(run) | {
        "tabs": _tabs(counted, finding),
        "found": {one.value: count for one, count in found.items()}, "records": sum(found.values()),
        "items": [_checked_item(item, hidden) for item in items], "current": finding.value if finding else "",
        "asks": finding in OFFERED, **_paging(offset, limit, len(items), total),
    }


def _checked_item(item: Any, hidden: Collection[str]) -> dict[str, Any]:
    tone, icon = _FINDINGS[item.finding]
    offered = OFFERED.get(item.finding, ())
    return _item(item, hidden) | {
        "words": item.finding.label, "tone": tone, "icon": icon,
        "offered": [{"value": one.value, "label": one.label, "chosen": one.value == item.choice} for one in offered],
    }


def report(
    run: Any, items: Sequence[Any], signed: Iterable[Any], *, outcome: ImportOutcome | None, offset: int, limit: int,
    hidden: Collection[str] = (),
) -> dict[str, Any]:
    """Return a page of the final report, all its records or those of one outcome.

    Args:
        hidden: as of :func:`checked`.
    """
    counted: dict[ImportOutcome | None, int] = {None: run.read}
    counted |= {one: getattr(run, one.value) for one in _OUTCOMES}
    return line(run) | {
        "tabs": _tabs(counted, outcome), "items": [_reported_item(item, hidden) for item in items],
        "current": outcome.value if outcome else "", "report_sha256": run.report_sha256,
        "signatures": [{"words": manifestation(one), "number": one.number, "comment": one.comment,
                        "void": one.voided_reason if one.voided_at else ""} for one in signed],
        **_paging(offset, limit, len(items), counted[outcome]),
    }


def _reported_item(item: Any, hidden: Collection[str]) -> dict[str, Any]:
    tone, icon = _OUTCOMES[item.outcome] if item.outcome else ("", "ban")
    choice = ImportChoice(item.choice).label if item.choice else ""
    words = item.outcome.label if item.outcome else "Not read"
    return _item(item, hidden) | {"words": words, "tone": tone, "icon": icon, "choice": choice, "offered": []}


def _item(item: Any, hidden: Collection[str]) -> dict[str, Any]:
    if item.record_id in hidden:
        return {"position": item.position, "record_id": "", "title": HELD_BACK, "identifier": "", "reason": "",
                "differences": []}
    return {
        "position": item.position, "record_id": item.record_id, "title": item.title or "(no title)",
        "identifier": "" if item.identifier == item.title else item.identifier, "reason": item.reason,
        "differences": [
            {"field": _FIELD_NAMES.get(name, name.capitalize()), "library": pair[0], "file": pair[1]}
            for name, pair in item.details.items()],
    }


def _tabs(counted: Mapping[Any, int], current: Any) -> list[dict[str, Any]]:
    return [{"value": key.value if key else "", "label": key.label if key else "All", "count": f"{count:,}",
             "current": key is current} for key, count in counted.items()]


def _paging(offset: int, limit: int, shown: int, total: int) -> dict[str, Any]:
    last = offset + shown
    return {
        "range": f"{offset + 1:,}–{last:,} of {total:,}" if shown else "", "offset": offset,
        "previous": max(0, offset - limit) if offset else None, "next": last if last < total else None,
    }
