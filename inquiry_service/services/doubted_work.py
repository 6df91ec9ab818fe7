"""Works that answers rest on and that stand worse than when they were cited or kept (R69).

Open answers are watched for their author and the reviewers, so that nobody finds out only at the door. Letters that
were sent are listed, so that somebody can decide whether the recipient must be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services.access import require
from inquiry_service.store import cited_work as store
from inquiry_service.store import literature
from inquiry_service.store.cited_work import OpenAnswer, SentLetter, Stood
from inquiry_service.store.literature_pairs import now_standing_for

_GRAVITY = {status: rank for rank, status in enumerate(RecordStatus)}


@dataclass(frozen=True)
class Doubted:
    """A work that an open answer rests on and that stands worse now.

    Attributes:
        record: what stands for the work. is_cited: cited in the newest version, otherwise only kept as evidence.
        since: when its standing became known here.
    """

    record: LiteratureRecord
    inquiry_id: str
    inquiry_number: str
    is_cited: bool
    since: datetime


@dataclass(frozen=True)
class SentWithDoubted:
    """A sent letter with one work that became doubtful; ``since`` as of :class:`Doubted`."""

    letter: SentLetter
    since: datetime


@dataclass
class _Use:
    """How an answer uses a work: the marks that were printed of it if it is cited, the version kept if it was kept."""

    answer: OpenAnswer
    record_id: str
    marks: Sequence[str] | None = None
    kept_version: int | None = None


def in_open_answers(session: Session, viewer: Actor, *, inquiry_id: str = "") -> tuple[Doubted, ...]:
    """Return what stands worse in the open answers that concern the viewer, the gravest first.

    The number of queries does not grow with answers or records.

    Args:
        inquiry_id: to look at this inquiry alone.
    """
    if not viewer.may(Permission.LITERATURE_SEARCH):
        return ()
    uses = _uses(session, store.open_answers(session, viewer, inquiry_id=inquiry_id))
    rows = literature.records(session, {use.record_id for use in uses})
    standing = now_standing_for(session, rows)
    doubted = [use for use in uses if _is_doubted(standing[use.record_id])]
    history = _History(store.standings(
        session, {use.record_id for use in doubted} | {standing[use.record_id].id for use in doubted}))
    found: dict[tuple[str, str], Doubted] = {}
    for use in doubted:
        record = standing[use.record_id]
        if _is_news(use, record, history):
            answer = use.answer
            one = Doubted(record, answer.inquiry_id, answer.number, use.marks is not None, history.since(record))
            found.setdefault((answer.inquiry_id, record.id), one)
    return tuple(sorted(found.values(), key=lambda one: (
        -_GRAVITY[one.record.status], one.inquiry_number, one.record.citation_key)))


def in_sent_letters(session: Session, viewer: Actor) -> tuple[SentWithDoubted, ...]:
    """Return the sent letters with work that was retracted or doubted after they were written, the newest first.

    Raises:
        Forbidden: the right to manage the library is missing.
    """
    require(viewer, Permission.LITERATURE_MANAGE)
    letters: dict[tuple[str, str], SentLetter] = {}
    for letter in store.sent_citing_doubted(session, viewer):
        if letter.record.status.label not in _marks(letter):
            letters.setdefault((letter.number, letter.record.id), letter)
    history = _History(store.standings(session, {letter.record.id for letter in letters.values()}))
    return tuple(SentWithDoubted(letter, history.since(letter.record)) for letter in letters.values())


def _marks(letter: SentLetter) -> Sequence[str]:
    """What the letter itself said of the work's standing."""
    works = (letter.cited_id, letter.record.id)
    return [mark for one in letter.references if one["record_id"] in works for mark in one["marks"]]


def _uses(session: Session, answers: Sequence[OpenAnswer]) -> list[_Use]:
    """Every use once, cited ones first."""
    by_id = {answer.inquiry_id: answer for answer in answers}
    uses = {(answer.inquiry_id, one["record_id"]): _Use(answer, one["record_id"], marks=one["marks"])
            for answer in answers for one in answer.references or ()}
    for inquiry_id, record_id, version in store.kept_for(session, by_id):
        uses.setdefault((inquiry_id, record_id), _Use(by_id[inquiry_id], record_id)).kept_version = version
    return list(uses.values())


def _is_doubted(record: LiteratureRecord) -> bool:
    return record.status is not RecordStatus.CURRENT and not record.is_notice


def _is_news(use: _Use, record: LiteratureRecord, history: _History) -> bool:
    """A retraction always; what is less grave only as long as the author has not seen it."""
    if record.status is RecordStatus.RETRACTED:
        return True
    if use.marks is not None:
        return record.status.label not in use.marks
    return _GRAVITY[record.status] > _GRAVITY[history.status_in(use.record_id, use.kept_version)]


class _History:
    """How some records stood over time."""

    def __init__(self, stood: Iterable[Stood]) -> None:
        self._by_record: dict[str, list[Stood]] = {}
        for one in stood:
            self._by_record.setdefault(one.record_id, []).append(one)

    def since(self, record: LiteratureRecord) -> datetime:
        """Return when ``record`` got the standing that it has."""
        moment = record.added_at
        for newer in reversed(self._by_record.get(record.id, ())):
            if newer.status is not record.status:
                break
            moment = newer.since
        return moment

    def status_in(self, record_id: str, version: int | None) -> RecordStatus:
        """Return how a record stood in one of its versions."""
        return next((one.status for one in self._by_record.get(record_id, ()) if one.version == version),
                    RecordStatus.CURRENT)
