"""A recorded search run again: what is found now and was not, what is gone, and why (R52).

The account adds up: what was recorded then is what stayed, moved or is gone; what is found now is what stayed, moved
or is new. Each reason is read from what the library keeps: its versions, merges and dates, never guessed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.errors import InvalidInput
from inquiry_service.models.evidence import SearchRun
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.port import IndexBusy, IndexUntrusted, SearchIndex, SearchResult
from inquiry_service.services.evidence import RECORDED_HITS, again, repeated
from inquiry_service.services.search_reasons import Circumstances, Way, reason_gone, reason_moved, reason_new
from inquiry_service.store import evidence_history as history
from inquiry_service.store import literature


class Fate(StrEnum):
    """What became of a hit."""

    STAYED = "stayed"
    MOVED = "moved"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """One record of either run.

    Attributes:
        then, now: its place in the run that is on record and in the one of today, None where it is not.
        reason: why it moved, is new or is gone, as a sentence; empty for one that stayed.
    """

    record: LiteratureRecord
    fate: Fate
    then: int | None
    now: int | None
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """A recorded search against the same search of today.

    Attributes:
        result: today's run; None if it could not be run, and ``problem`` says why.
        changes: every record of either run: new, gone, moved, stayed, each group by its place.
        changed_found: records found today that were added or changed since; ``total - changed_found`` stand as then.
        notes: what differs between the two runs as such, one sentence each; empty if nothing does.
    """

    run: SearchRun
    result: SearchResult | None
    problem: str = ""
    changes: tuple[Change, ...] = ()
    changed_found: int = 0
    notes: tuple[str, ...] = ()
    counts: Counter[Fate] = field(default_factory=Counter)

    @property
    def is_same(self) -> bool:
        """Whether the search finds today exactly what it found then, in the same order."""
        return self.result is not None and set(self.counts) <= {Fate.STAYED} and self.result.total == self.run.total


def compare(session: Session, index: SearchIndex, actor: Actor, run: SearchRun) -> Comparison:
    """Run ``run`` again and explain every difference.

    Three searches and four queries, whatever the size of the library.

    Raises:
        Forbidden: the right is missing.
    """
    result = again(index, actor, run)
    if result is None:
        return Comparison(run, None, _problem(index, run))
    then = {hit.record_id: hit.rank for hit in run.hits}
    now = {hit.record_id: rank for rank, hit in enumerate(result.hits, start=1)}
    circumstances = _circumstances(session, index, run, result, then, now)
    rows = literature.records(session, [*then, *now])
    changes = [_change(rows[key], then.get(key), now.get(key), circumstances) for key in {**now, **then} if key in rows]
    order = [Fate.NEW, Fate.GONE, Fate.MOVED, Fate.STAYED]
    changes.sort(key=lambda change: (order.index(change.fate), change.now or change.then or 0))
    return Comparison(
        run, result, changes=tuple(changes),
        changed_found=_changed_found(session, index, run) if _grown(run, result) else 0,
        notes=tuple(_notes(run, result)), counts=Counter(change.fate for change in changes))


def _problem(index: SearchIndex, run: SearchRun) -> str:
    try:
        index.search(repeated(run))
    except InvalidInput as refusal:
        return f"The search language does not read this search any more: {refusal.message}"
    except IndexUntrusted:
        return "The literature index must be rebuilt first; an administrator runs “evenhand literature rebuild”."
    except IndexBusy:
        return "The literature index is being written; try again in a moment."
    return "The index was not ready; try again."


def _circumstances(session: Session, index: SearchIndex, run: SearchRun, result: SearchResult,
                   then: dict[str, int], now: dict[str, int]) -> Circumstances:
    gone = [key for key in then if key not in now]
    still = {hit.record_id for hit in index.search(repeated(run, only=frozenset(gone))).hits} if gone else set[str]()
    seen = {hit.record_id: hit.record_version for hit in run.hits}
    return Circumstances(
        run_at=run.run_at, seen=seen, still_found=still,
        versions=history.versions_of(session, [*then, *now]), merges=history.merges_of(session, gone),
        cut_then=run.total > len(run.hits), recorded=RECORDED_HITS, way=_way(run, result),
        grown=_grown(run, result))


def _grown(run: SearchRun, result: SearchResult) -> bool:
    return not result.generation.digest.startswith(run.generation.partition(" (")[2].rstrip(")"))


def _way(run: SearchRun, result: SearchResult) -> Way:
    return Way(ranking=run.ranking != result.ranking, reading=run.read_as != result.parsed,
               synonyms=run.expansions != {one.word: list(one.added) for one in result.expansions})


def _change(record: LiteratureRecord, then: int | None, now: int | None, about: Circumstances) -> Change:
    if then is None:
        return Change(record, Fate.NEW, then, now, reason_new(record, about))
    if now is None:
        return Change(record, Fate.GONE, then, now, reason_gone(record, about))
    if then != now:
        return Change(record, Fate.MOVED, then, now, reason_moved(record, about))
    return Change(record, Fate.STAYED, then, now)


def _changed_found(session: Session, index: SearchIndex, run: SearchRun) -> int:
    changed = history.changed_since(session, run.run_at)
    return index.search(repeated(run, only=changed)).total if changed else 0


def _notes(run: SearchRun, result: SearchResult) -> list[str]:
    """What differs between the runs as such, each with both values."""
    size, way = result.generation.documents, _way(run, result)
    notes = []
    if run.library_size is not None and run.library_size != size:
        grown = "grew" if size > run.library_size else "shrank"
        notes.append(f"The library {grown} from {run.library_size:,} to {size:,} records.")
    elif _grown(run, result):
        notes.append("Records of the library were changed; their number is the same.")
    if way.ranking:
        notes.append(f"The way of ranking was “{run.ranking or 'not recorded'}” and is “{result.ranking}”.")
    if way.synonyms:
        notes.append(f"Synonyms that took part: then {_words(run.expansions)}; now "
                     f"{_words({one.word: list(one.added) for one in result.expansions})}.")
    if way.reading:
        notes.append(f"The search was read as “{run.read_as}” and is read as “{result.parsed}”.")
    return notes


def _words(expansions: dict[str, list[str]]) -> str:
    return ", ".join(f"{word} = {' / '.join(added)}" for word, added in sorted(expansions.items())) or "none"


def in_words(moment: datetime, comparison: Comparison) -> str:
    """Return the outcome as one sentence that a letter's reader can be told.

    Args:
        moment: when it was run again.
    """
    run, result = comparison.run, comparison.result
    if result is None:
        return f"The search of {_day(run.run_at)} could not be repeated on {_day(moment)}. {comparison.problem}"
    if comparison.is_same:
        return f"The search of {_day(run.run_at)} finds the same {run.total:,} records on {_day(moment)}."
    counts = comparison.counts
    return (f"The search of {_day(run.run_at)} found {run.total:,} records and finds {result.total:,} on "
            f"{_day(moment)}: among the first {RECORDED_HITS}, {counts[Fate.NEW]} new, {counts[Fate.GONE]} gone, "
            f"{counts[Fate.MOVED]} in another place, {counts[Fate.STAYED]} unchanged.")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
