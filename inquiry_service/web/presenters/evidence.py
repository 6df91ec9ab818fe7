"""What the evidence of an inquiry looks like, as plain data: the panel, the recorded searches, one hit.

``panel`` is for every page that shows evidence beside something else; its template is ``evidence/panel.html``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import (
    EvidenceVerdict,
    Population,
    RecordKind,
    RecordStatus,
    Stance,
    StudyDesign,
    Term,
)
from inquiry_service.search.port import SearchResult
from inquiry_service.services.evidence import is_open
from inquiry_service.services.record_changes import Change
from inquiry_service.store.literature import may_see
from inquiry_service.web.presenters.literature import bare, summary, summary_for, terms

_EXCERPT = 280
_TERMS: dict[str, type[Term]] = {"designs": StudyDesign, "kinds": RecordKind, "populations": Population}
SHOWN = ("", "open", "kept", "rejected")
"""Lists of hits: all, those to decide, those kept, those rejected."""


@dataclass(frozen=True)
class Around:
    """What stands around the decisions of an inquiry.

    Attributes:
        viewer: who looks; a record that is not for them is shown as one line without its words (R24).
        standing: record id to the record that stands for the work now.
        changes: record id to what changed since the decision.
        numbers: record id to its number in the letter as it stands, for "cited [1]".
    """

    viewer: Actor
    standing: Mapping[str, Any]
    changes: Mapping[str, Change]
    numbers: Mapping[str, int]


def panel(inquiry: Any, decisions: Sequence[Any], around: Around, *, may_decide: bool = False,
          insertable: bool = False) -> dict[str, Any]:
    """Return what ``evidence/panel.html`` shows.

    Args:
        inquiry: whose evidence it is.
        decisions: from ``store.evidence.decisions``.
        may_decide: whether the viewer may decide, so that links lead to the search.
        insertable: an editor is on the page, so that "Insert" puts the citation at its cursor.
    """
    kept = [row for row in decisions if row.verdict is EvidenceVerdict.KEPT]
    return {
        "inquiry_id": inquiry.id, "may_decide": may_decide and is_open(inquiry), "insertable": insertable,
        "counts": {stance.value: sum(row.stance is stance for row in kept) for stance in Stance},
        "kept": len(kept), "rejected": len(decisions) - len(kept),
        "items": [_kept(row, around) for row in kept],
    }


def _kept(row: Any, around: Around) -> dict[str, Any]:
    now, change = around.standing[row.record_id], around.changes.get(row.record_id)
    number = around.numbers.get(row.record_id) or around.numbers.get(now.id)
    held = {"number": number, "changed": change.words if change else "", "into": into(row.record, now, around.viewer)}
    if not may_see(around.viewer, row.record):
        told = decision(row) | {"limits": "", "note": "", "study": ""}
        return summary_for(around.viewer, row.record) | told | held | {"changed": ""}
    # The words are those of the record that was decided on, the standing is that of the work.
    standing = {"status": now.status.value, "status_words": now.status.label}
    return summary(row.record) | decision(row) | held | standing


def into(row: Any, now: Any, viewer: Actor) -> dict[str, Any] | None:
    """Return the record that ``row`` was merged into; None when it stands for itself."""
    return summary_for(viewer, now) if now is not row else None


def decision(row: Any) -> dict[str, Any]:
    """Return a decision in words."""
    design = row.design.label if row.design else ""
    size = f"n = {row.participants:,}" if row.participants else ""
    return {
        "verdict": row.verdict.value, "verdict_words": row.verdict.label,
        "stance": row.stance.value if row.stance else "", "stance_words": row.stance.label if row.stance else "",
        "reason": row.reject_reason.label if row.reject_reason else "", "note": row.note, "limits": row.limits,
        "study": ", ".join(filter(None, (design, size))), "decided_at": row.decided_at, "decided_by": row.decided_by,
    }


def inquiry_facts(inquiry: Any) -> dict[str, Any]:
    """Return what the page says of the inquiry itself."""
    return {
        "id": inquiry.id, "number": inquiry.number, "state": inquiry.state, "product": inquiry.product.name,
        "open": is_open(inquiry),
    }


def recorded(run: Any) -> str:
    """Return what a person is told after a search was run."""
    if not run.total:
        return "Nothing was found, and that is on record: the letter’s search record counts it."
    return f"The search was recorded with {len(run.hits)} of {run.total:,} records found."


def run_line(run: Any, current: Any) -> dict[str, Any]:
    """Return one recorded search as a row of the list."""
    return {"id": run.id, "query": run.query, "total": run.total, "at": run.run_at, "by": run.run_by,
            "current": current is not None and run.id == current.id}


def search_record(run: Any, decisions: Mapping[str, Any], result: SearchResult | None) -> dict[str, Any]:
    """Return the record of one search: how it was read, what was found, what was decided (R52).

    Args:
        run: the recorded search. decisions: record id to decision.
        result: the same search on the index of today, None when it cannot be run.
    """
    verdicts = Counter(decisions[hit.record_id].verdict for hit in run.hits if hit.record_id in decisions)
    kept, rejected = verdicts[EvidenceVerdict.KEPT], verdicts[EvidenceVerdict.REJECTED]
    return run_line(run, run) | {
        "read_as": terms(run.read_as), "dropped": result.dropped if result else (), "generation": run.generation,
        "filters": filter_words(run.filters), "looked_at": len(run.hits), "question": run.question_seq,
        "size": run.library_size, "ranking": run.ranking, "synonyms": _synonyms(run),
        "also": synonyms_of(run.query, run.expansions), "suggested": result.suggested if result else "",
        "kept": kept, "rejected": rejected, "open": len(run.hits) - kept - rejected,
    }


def _synonyms(run: Any) -> str:
    if not run.synonyms:
        return "not searched"
    return "; ".join(f"{word}: {', '.join(added)}" for word, added in sorted(run.expansions.items())) or "none known"


def synonyms_of(query: str, expansions: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the words that stood for others, each with the query in which it stands for itself alone."""
    return [{"word": word, "added": list(added), "without": literal(query, word)}
            for word, added in sorted(expansions.items())]


def literal(query: str, word: str) -> str:
    """Return ``query`` with ``word`` taken as written: an equals sign before each of its words, outside phrases."""
    place = re.compile(rf'("[^"]*")|(?<![\w=:-]){re.escape(word)}(?![\w-])', re.IGNORECASE)
    spoken = " ".join(f"={one}" for one in word.split())
    return place.sub(lambda match: match[1] or spoken, query)


def filter_words(stored: Mapping[str, Any]) -> str:
    """Return the filters of a search in a line; empty when it has none."""
    years = f"years {stored.get('year_from') or '…'} to {stored.get('year_to') or '…'}"
    parts = [years if stored.get("year_from") or stored.get("year_to") else "", *stored.get("products", ())]
    for name, known in _TERMS.items():
        parts.extend(known(value).label if value in set(known) else value for value in stored.get(name) or ())
    parts.extend(stored.get("publication_types") or ())
    parts.extend(f"from {value}" for value in stored.get("sources") or ())
    statuses = [RecordStatus(status) for status in stored.get("statuses", ())]
    if set(RecordStatus) - set(statuses) == {RecordStatus.RETRACTED}:
        parts.append("without retracted")
    elif statuses:
        parts.append("status " + " or ".join(status.label.lower() for status in statuses))
    return ", ".join(filter(None, parts))


def hits(
    run: Any, rows: Mapping[str, Any], decisions: Mapping[str, Any], result: SearchResult | None
) -> list[dict[str, Any]]:
    """Return the hits of a recorded search in its order.

    Args:
        rows: record id to record; those that the viewer may not see are left out.
        result: today's run of the same search, which has the highlighted passages.
    """
    found = {hit.record_id: hit for hit in result.hits} if result else {}
    return [hit(rows[row.record_id], row.rank, decisions.get(row.record_id), found.get(row.record_id))
            for row in run.hits if row.record_id in rows]


def hit(row: Any, rank: int, decided: Any | None, found: Any | None) -> dict[str, Any]:
    """Return one hit: the record, where the search words stand in it, and what was decided."""
    return summary(row) | _marked(row, found) | {
        "rank": rank, "list": decided.verdict.value if decided else "open",
        "decision": decision(decided) if decided else None,
        "may_keep": row.is_notice or row.status is not RecordStatus.RETRACTED,
        "page": found.page if found else None, "year": row.year or 0,
        "kind_words": "" if row.kind in (RecordKind.ARTICLE, RecordKind.NOTICE) else row.kind.label,
    }


def _marked(row: Any, found: Any | None) -> dict[str, Any]:
    """Title and passage with the search words marked; plain text (escaped by the template) when it is not found now."""
    if found is None:
        cut = row.abstract[:_EXCERPT] + ("…" if len(row.abstract) > _EXCERPT else "")
        return {"title_html": bare(row.title), "snippet_html": cut}
    # The index escaped everything but its own marks.
    return {"title_html": Markup(bare(found.title_html)), "snippet_html": Markup(found.snippet_html)}  # noqa: S704


def lists(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lists of hits with their counts, for the tabs: all, to decide, kept, rejected."""
    words = {"": ("All", "looked_at"), "open": ("To decide", "open"), "kept": ("Kept", "kept"),
             "rejected": ("Rejected", "rejected")}
    return [{"show": show, "label": words[show][0], "count": record[words[show][1]]} for show in SHOWN]


def stored_choice(row: Any | None, verdict: str) -> dict[str, Any]:
    """Return the values that a decision form starts with: what was decided before, else nothing."""
    if row is None:
        return {"verdict": verdict}
    return {
        "verdict": verdict, "stance": row.stance.value if row.stance else "", "note": row.note, "limits": row.limits,
        "reject_reason": row.reject_reason.value if row.reject_reason else "",
        "design": row.design.value if row.design else "",
        "participants": str(row.participants) if row.participants else "",
    }


def by_record(decisions: Iterable[Any]) -> dict[str, Any]:
    """Return decisions by the id of their record."""
    return {row.record_id: row for row in decisions}
