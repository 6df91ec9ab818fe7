"""What the pages of the library show, as plain data: records, results, facets, import reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import ImportOutcome, RecordStatus
from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Facets, Filters, SearchResult
from inquiry_service.services import reference_list
from inquiry_service.web.forms.literature import SearchArgs

MOST_TYPES = 12
_QUIET_IMPORT = timedelta(minutes=5)
_OPENING, _CLOSING = "“(", "”)"
_JOINTS = (" AND ", " OR ")


def summary(row: Any) -> dict[str, Any]:
    """Return what every list shows of a record: title, a line about its source, standing, design, citation."""
    return {
        "id": row.id, "key": row.citation_key, "citation": f"[@{row.citation_key}]", "title": bare(row.title),
        "source": source_line(row), "status": row.status.value, "status_words": row.status.label,
        "is_notice": row.is_notice, "design": row.design.label if row.design else "",
        "has_abstract": bool(row.abstract),
    }


def bare(title: str) -> str:
    """Return a title as a heading: PubMed ends each with a full stop."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def source_line(row: Any) -> str:
    """Return ``Newman, Lipton, Lay et al. 1998. Headache. PMID 9674831``."""
    names = [author.get("collective") or author.get("family", "") for author in row.authors]
    who = ", ".join(names if len(names) <= 4 else names[:3]) + (" et al" if len(names) > 4 else "")
    parts = (who or "No author named", str(row.year or "no year"), row.journal_abbrev or row.journal,
             f"PMID {row.pmid}" if row.pmid else f"DOI {row.doi}" if row.doi else "")
    return ". ".join(part for part in parts if part)


def results(asked: SearchArgs, result: SearchResult, rows: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Return a page of results.

    Args:
        asked: the search as it came.
        result: what the index found.
        rows: record id to record; a hit without one is left out and counted as missing.
        size: records in the library.
    """
    shown = [hit for hit in result.hits if hit.record_id in rows]
    references = reference_list.many([rows[hit.record_id] for hit in shown])
    first, last = asked.offset + 1, asked.offset + len(result.hits)
    return {
        "asked": asked, "problem": None, "read_as": terms(result.parsed), "dropped": result.dropped,
        "total": result.total, "exact": result.total_is_exact, "seconds": f"{result.seconds:.2f}",
        "generation": result.generation.number, "indexed": result.generation.documents, "library": size,
        "missing": len(result.hits) - len(shown),
        "words": f"{first:,}–{last:,} of {result.total:,}" if result.hits else "",
        "previous": asked.query_args(max(0, asked.offset - asked.limit)) if asked.offset else None,
        "next": asked.query_args(last) if last < result.total else None,
        "facets": facets(asked.filters, result.facets),
        "hits": [_hit(hit, rows[hit.record_id], html) for hit, html in zip(shown, references, strict=True)],
    }


def _hit(hit: Any, row: Any, reference: str) -> dict[str, Any]:
    # Title and snippet come escaped from the index, the reference from the formatter; each with own markup only.
    return summary(row) | {
        "title_html": Markup(bare(hit.title_html)), "snippet_html": Markup(hit.snippet_html),  # noqa: S704
        "reference_html": Markup(reference),  # noqa: S704
    }


def unreadable(asked: SearchArgs, problem: InvalidInput, size: int) -> dict[str, Any]:
    """Return the page of a search that was not understood, with the place in the query."""
    fields = problem.fields or {"q": problem.message}
    return {
        "asked": asked, "place": place_of(asked.text, problem), "library": size,
        "facets": facets(asked.filters, Facets()),
        "problem": [{"message": message, "href": f"#{name}"} for name, message in fields.items()],
    }


def place_of(text: str, problem: InvalidInput) -> dict[str, str] | None:
    """Return the search around the place that was not understood; None when the problem is none of a place."""
    at = problem.data.get("position")
    if not isinstance(at, int):
        return None
    end = at + 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return {"before": text[:at][-200:], "here": text[at:end] or "␣", "after": text[end:][:200]}


def facets(filters: Filters, found: Facets) -> dict[str, list[dict[str, Any]]]:
    """Return the filter values with their counts; a chosen one stays visible when nothing has it."""
    statuses = dict(found.statuses)
    chosen_types = {name.casefold() for name in filters.publication_types}
    types = [name for name, _ in found.publication_types[:MOST_TYPES]]
    types += [name for name in filters.publication_types if name.casefold() not in {t.casefold() for t in types}]
    counts = dict(found.publication_types)
    return {
        "status": [_option(status.value, status.label, status.value in filters.statuses, statuses.get(status.value, 0))
                   for status in RecordStatus],
        "type": [_option(name, name, name.casefold() in chosen_types, counts.get(name, 0)) for name in types],
    }


def _option(value: str, label: str, chosen: bool, count: int) -> dict[str, Any]:
    return {"value": value, "label": label, "chosen": chosen, "count": count}


def terms(parsed: str) -> list[dict[str, Any]]:
    """Cut the "Read as" line at its outer AND and OR: items of {text, joint}, the joint empty for the first."""
    depth, start, joint, cut = 0, 0, "", []
    for at, char in enumerate(parsed):
        depth += (char in _OPENING) - (char in _CLOSING)
        found = next((word for word in _JOINTS if depth == 0 and parsed.startswith(word, at)), "")
        if found:
            cut.append({"text": parsed[start:at], "joint": joint})
            start, joint = at + len(found), found.strip()
    return [*cut, {"text": parsed[start:], "joint": joint}]


def record(row: Any, versions: Iterable[Any], letters: Iterable[Any], verdicts: Mapping[Any, int],
           products: Iterable[Any]) -> dict[str, Any]:
    """Return everything the page of one record shows."""
    names = {product.key: product.name for product in products}
    return summary(row) | {
        "version": row.version, "authors": [_author(author) for author in row.authors],
        "abstract": [part for part in row.abstract.split("\n\n") if part.strip()],
        "reference_html": Markup(reference_list.one(row)),  # noqa: S704 - escaped by the formatter
        "status_note": row.status_note, "pmid": row.pmid, "doi": row.doi, "pmcid": row.pmcid,
        "facts": _facts(row), "mesh": list(row.mesh), "types": list(row.publication_types),
        "products": [names.get(key, key) for key in row.products],
        "added_at": row.added_at, "added_by": row.added_by,
        "verdicts": [(verdict.label, count) for verdict, count in verdicts.items()],
        "letters": list(letters),
        "versions": [{"number": version.version, "at": version.created_at, "sha256": version.sha256,
                      "status": RecordStatus(version.content["status"]).label} for version in versions],
    }


def _facts(row: Any) -> list[tuple[str, str]]:
    volume = f"{row.volume}({row.issue})" if row.volume and row.issue else row.volume
    return [
        ("Journal", row.journal or row.journal_abbrev), ("Year", str(row.year or "")), ("Volume", volume),
        ("Pages", row.pages), ("Design", row.design.label if row.design else ""), ("Language", row.language),
    ]


def _author(author: Mapping[str, str]) -> str:
    person = " ".join(filter(None, (author.get("family"), author.get("initials"), author.get("suffix"))))
    return author.get("collective") or person


def import_line(run: Any) -> dict[str, Any]:
    """Return one import as a row of the list."""
    return {
        "id": run.id, "file": run.file_name, "format": run.format, "by": run.imported_by, "at": run.started_at,
        "read": run.read, "created": run.created, "duplicate": run.duplicate, "rejected": run.rejected,
        **_import_state(run),
    }


def _import_state(run: Any) -> dict[str, str]:
    if run.finished_at:
        return {"state": "complete", "state_words": "Complete", "tone": "ok", "icon": "circle-check"}
    if run.failure or now() - run.progress_at > _QUIET_IMPORT:
        return {"state": "stopped", "state_words": "Stopped half way", "tone": "bad", "icon": "alert-triangle"}
    return {"state": "running", "state_words": "Running", "tone": "info", "icon": "refresh"}


def import_report(run: Any, items: Sequence[Any], *, outcome: ImportOutcome | None, offset: int,
                  limit: int) -> dict[str, Any]:
    """Return a page of one import's report, all its records or those of one outcome."""
    counts = {None: run.read, ImportOutcome.CREATED: run.created, ImportOutcome.DUPLICATE: run.duplicate,
              ImportOutcome.REJECTED: run.rejected}
    total = counts[outcome]
    last = offset + len(items)
    return import_line(run) | {
        "sha256": run.file_sha256, "failure": run.failure, "finished_at": run.finished_at,
        "tabs": [{"outcome": key.value if key else "", "label": key.label if key else "All", "count": count,
                  "current": key is outcome} for key, count in counts.items()],
        "items": [{"position": item.position, "outcome": item.outcome.value, "outcome_words": item.outcome.label,
                   "record_id": item.record_id, "identifier": item.identifier or "(no identifier)",
                   "reason": item.reason} for item in items],
        "words": f"{offset + 1:,}–{last:,} of {total:,}" if items else "",
        "previous": max(0, offset - limit) if offset else None, "next": last if last < total else None,
        "outcome": outcome.value if outcome else "",
    }
