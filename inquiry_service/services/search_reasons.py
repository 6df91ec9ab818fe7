"""Why a record is new, gone or in another place when a recorded search is run again, in words.

Each reason rests on something that is kept: the dates of versions, the status in them, a merge, what the index says
of the record alone. Where several hold, the gravest is told first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.store.evidence_history import Merged, VersionNote


@dataclass(frozen=True)
class Way:
    """Whether the two runs differ in how they searched: ranking, reading of the query, synonyms."""

    ranking: bool
    reading: bool
    synonyms: bool

    @property
    def words(self) -> str:
        """What differs, as the end of a sentence; empty if nothing does."""
        named = (("the way of ranking", self.ranking), ("the reading of the query", self.reading),
                 ("the synonyms", self.synonyms))
        return " and ".join(words for words, differs in named if differs)


@dataclass(frozen=True)
class Circumstances:
    """What is known about both runs and the records between them.

    Attributes:
        seen: record -> version that the recorded run found.
        still_found: records of the recorded run that today's search finds when it looks among them alone.
        versions: record -> its versions, oldest first; merges: record that is gone -> what it was merged into.
        cut_then: whether the recorded run found more than it kept.
        recorded: hits that a run keeps; grown: whether the index holds other records or versions than then.
    """

    run_at: datetime
    seen: Mapping[str, int]
    still_found: set[str]
    versions: Mapping[str, list[VersionNote]]
    merges: Mapping[str, Merged]
    cut_then: bool
    recorded: int
    way: Way
    grown: bool


def reason_new(record: LiteratureRecord, about: Circumstances) -> str:
    """Say why a record is found now and was not recorded then."""
    if record.added_at > about.run_at:
        return f"Added to the library on {_day(record.added_at)}."
    if changed := _changed(record, about):
        return changed
    if about.way.words:
        return f"Was in the library; {about.way.words} changed."
    if about.cut_then:
        return f"Stood below the first {about.recorded} then and moved up, because the library changed."
    return ("Was added before the search and is found now: the index had not taken it up then, or it "
            "became part of another record that did.")


def reason_gone(record: LiteratureRecord, about: Circumstances) -> str:
    """Say why a record that was recorded is not among the first hits now."""
    merged = about.merges.get(record.id)
    if merged is not None:
        return f"Merged into {merged.key} on {_day(merged.at)}: the same work."
    if record.merged_into:
        return "Merged into another record: the same work."
    if record.id in about.still_found:
        pushed = f"{about.way.words} changed" if about.way.words else "others now rank before it"
        changed = _changed(record, about)
        return f"Still found, below the first {about.recorded}: {pushed}." + (f" {changed}" if changed else "")
    if changed := _changed(record, about):
        return f"{changed} The search, with its filters, does not find it any more."
    if about.way.words:
        return f"The record is as it was; {about.way.words} changed."
    return "The record is as it was, but the index does not find it: ask for “evenhand literature check”."


def reason_moved(record: LiteratureRecord, about: Circumstances) -> str:
    """Say why a record stands in another place."""
    if changed := _changed(record, about):
        return changed
    if about.way.words:
        return f"{about.way.words[0].upper()}{about.way.words[1:]} changed."
    if about.grown:
        return "Other records came, went or changed around it; it is as it was."
    return "Nothing that is kept explains it: ask for “evenhand literature check”."


def _changed(record: LiteratureRecord, about: Circumstances) -> str:
    """Return what happened to the record itself since the recorded run, "" if nothing did."""
    later = [note for note in about.versions.get(record.id, []) if note.at > about.run_at]
    if not later:
        return ""
    earlier = [note for note in about.versions.get(record.id, []) if note.at <= about.run_at]
    before = about.seen.get(record.id) or (earlier[-1].number if earlier else 0)
    status = earlier[-1].status if earlier else ""
    grave = next((note for note in later if note.status != status and note.status == RecordStatus.RETRACTED), None)
    if grave is not None:
        return f"Retracted, known since {_day(grave.at)}."
    other = next((note for note in later if status and note.status != status), None)
    if other is not None:
        return f"Its status became “{RecordStatus(other.status).label}” on {_day(other.at)}."
    return f"The record was changed on {_day(later[-1].at)} (version {before} to {later[-1].number})."


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
