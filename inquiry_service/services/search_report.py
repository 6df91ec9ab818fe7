"""The letter's account of the literature search, made from what was recorded, never typed (R52)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import EvidenceVerdict
from inquiry_service.models.evidence import EvidenceDecision, SearchRun
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.store import evidence as store
from inquiry_service.store import literature

NOT_SEARCHED = "Databases, registers and unpublished company data outside this library."


def facts(session: Session, inquiry: Inquiry) -> list[dict[str, str]]:
    """Return source, queries, result and limits of the recorded searches; empty when none was recorded."""
    runs = store.searches(session, inquiry.id)
    if not runs:
        return []
    decisions = store.decisions(session, inquiry.id)
    return [
        {"term": "Source", "text": f"Literature library of the department, {_size(session, runs)}"},
        {"term": "Queries as run", "text": _queries(runs)},
        *([{"term": "Synonyms searched", "text": synonyms}] if (synonyms := _synonyms(runs)) else []),
        {"term": "Result", "text": _result(runs, decisions)},
        {"term": "Not searched", "text": NOT_SEARCHED},
    ]


def _size(session: Session, runs: Sequence[SearchRun]) -> str:
    """The library as it was searched; searches of before that was kept are told with the library of today."""
    sizes = sorted({run.library_size for run in runs if run.library_size is not None})
    if not sizes:
        return f"{literature.count(session):,} records"
    return f"{sizes[0]:,} to {sizes[-1]:,} records" if len(sizes) > 1 else f"{sizes[0]:,} records"


def _synonyms(runs: Sequence[SearchRun]) -> str:
    """What words stood for beside themselves, each once, as it was when they were searched."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        for word, added in sorted(run.expansions.items()):
            found.setdefault(word, {}).update(dict.fromkeys(added))
    return "; ".join(f"{_plain(word)}: {_plain(', '.join(added))}" for word, added in found.items())


def data_cutoff(session: Session, inquiry: Inquiry) -> date | None:
    """Return the day of the last recorded search."""
    runs = store.searches(session, inquiry.id)
    return runs[-1].run_at.date() if runs else None


def _queries(runs: Sequence[SearchRun]) -> str:
    return "; ".join(f"“{_plain(run.read_as)}” on {_day(run.run_at.date())} ({run.total} records)" for run in runs)


def _result(runs: Sequence[SearchRun], decisions: Sequence[EvidenceDecision]) -> str:
    """Only what was decided counts as assessed: a hit that nobody looked at is told as such."""
    found = {hit.record_id for run in runs for hit in run.hits}
    decided = [decision for decision in decisions if decision.record_id in found]
    kept = sum(decision.verdict is EvidenceVerdict.KEPT for decision in decided)
    reasons = Counter(decision.reject_reason for decision in decided if decision.reject_reason is not None)
    listed = ", ".join(f"{count} {reason.label.lower()}" for reason, count in reasons.most_common())
    words = f"{len(found)} records recorded, {len(decided)} assessed. **Used: {kept}.**"
    if listed:
        words += f" Not used: {listed}."
    empty = sum(run.total == 0 for run in runs)
    if empty:
        words += f" {empty} {'search' if empty == 1 else 'searches'} found nothing."
    return words if len(decided) == len(found) else f"{words} Not assessed: {len(found) - len(decided)}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plain(text: str) -> str:
    """A query may hold characters that Markdown reads; they are shown as they are."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>" else character for character in text)
