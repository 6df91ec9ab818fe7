"""Where a record stands: corrected, doubted or retracted, from all that the library knows (R69).

Known are what the record's own sources say, the notices that are linked to it, and the imported retraction
lists. What is found can only make the standing worse. A newer file that no longer speaks of a retraction is no
reason to trust the article again: indexes flag retractions inconsistently, so that is for a person to decide
(:func:`decide`), and the decision stands until something new becomes known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from inquiry_service.bibliography.retraction_list import REINSTATEMENT
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import LinkKind, ReasonCode, RecordStatus
from inquiry_service.errors import InvalidInput
from inquiry_service.models.literature import LiteratureLink, LiteratureRecord
from inquiry_service.models.literature_holdings import ListedNotice
from inquiry_service.services import audit, literature_links, literature_versions, outbox
from inquiry_service.services.access import require
from inquiry_service.services.literature_links import Taken
from inquiry_service.store import literature as store
from inquiry_service.store import literature_notices as notices
from inquiry_service.store.literature_pairs import given_up, now_standing_for

LONGEST_REASON = 1000

_GRAVITY = {status: rank for rank, status in enumerate(RecordStatus)}
_LINKS = {
    LinkKind.RETRACTS: RecordStatus.RETRACTED, LinkKind.RETRACTS_PARTLY: RecordStatus.EXPRESSION_OF_CONCERN,
    LinkKind.RAISES_CONCERN: RecordStatus.EXPRESSION_OF_CONCERN, LinkKind.CORRECTS: RecordStatus.CORRECTED,
}
"""What a notice says of the work it is linked to (NLM, "Errata, Retractions, and Other Linked Citations")."""
_REPUBLISHED = {
    "retracted_and_republished_from": RecordStatus.RETRACTED, "corrected_and_republished_from": RecordStatus.CORRECTED,
}
"""What a new version of an article says of the old one."""


class Saying(NamedTuple):
    """One source's word on a record.

    Attributes:
        because: in words, kept with the record. since: when it became known here.
        by: id of the record that says so, if the library holds it.
    """

    status: RecordStatus
    because: str
    since: datetime
    by: str = ""


@dataclass(frozen=True)
class Lowered:
    """A record whose standing became worse, and the imported record that is the cause of it."""

    record: LiteratureRecord
    cause_id: str

    @property
    def words(self) -> str:
        """What happened, for a report."""
        return f"{self.record.citation_key} is now {self.record.status.label.lower()}"


def settle(session: Session, actor: Actor, taken: Taken) -> list[Lowered]:
    """Give the standing that follows from freshly imported records: to themselves and to those they speak of.

    Links are recorded and completed first, so a notice and its article may come in any order and any file.

    Args:
        taken: records that are stored, each with what the file said of it; a known record with its newer saying.

    Returns:
        the records that stand worse than before. They are audited; indexing them is left to the caller.
    """
    rows = {row.id: row for row, _ in taken}
    touched = literature_links.complete(session, rows.values()) | literature_links.record(session, actor, taken)
    session.flush()
    lowered = [Lowered(row, row.id) for row, parsed in taken if _by_itself(session, actor, row, parsed.status)]
    rows |= store.records(session, touched - set(rows))
    return [*lowered, *_republished(session, actor, taken), *recheck(session, actor, list(rows.values()))]


def recheck(session: Session, actor: Actor, rows: Sequence[LiteratureRecord]) -> list[Lowered]:
    """Hold records against the notices and lists of the library once more; return those that stand worse now (R69).

    Asked on import, when a record is kept as evidence or cited, at approval and at sending. Leaves with each
    record when it was looked at.
    """
    sayings: dict[str, list[Saying]] = {row.id: [] for row in rows}
    for record_id, saying in (*_linked(session, rows), *_listed(session, rows)):
        sayings[record_id].append(saying)
    lowered = []
    for row in rows:
        found = [saying for saying in sayings[row.id] if _is_news(row, saying.since)]
        worst = max(found, key=lambda saying: _GRAVITY[saying.status], default=None)
        if worst is not None and lower(session, actor, row, worst.status, worst.because):
            lowered.append(Lowered(row, worst.by or row.id))
    session.flush()
    # Beside the unit of work: a look that finds nothing changes nothing about a record and needs no audit entry.
    session.execute(update(LiteratureRecord).where(LiteratureRecord.id.in_(sayings)).values(status_checked_at=now()))
    return lowered


def check_cited(session: Session, actor: Actor, record_ids: Iterable[str]) -> list[Lowered]:
    """Look at records by id, as :func:`recheck` does, and have those that stand worse indexed anew.

    What becomes known of a work is noted on the record that stands for it, also where a merged one was cited.
    """
    cited = store.records(session, set(record_ids))
    standing = {row.id: row for row in now_standing_for(session, cited).values()}
    lowered = recheck(session, actor, list(standing.values()))
    if lowered:
        outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [one.record.id for one in lowered]})
    return lowered


def lower(session: Session, actor: Actor, record: LiteratureRecord, status: RecordStatus, because: str) -> bool:
    """Give ``record`` a graver status as a new version; say whether anything changed.

    Args:
        record: stored, with its version row.
        because: where this is known from; kept with the record.
    """
    before = record.status
    if _GRAVITY[status] <= _GRAVITY[before]:
        return False
    literature_versions.add(session, record, {"status": status, "status_note": because})
    event = Event.LITERATURE_RETRACTED if status is RecordStatus.RETRACTED else Event.LITERATURE_CHANGED
    audit.record(session, actor, event, record, label=record.citation_key,
                 changes={"status": (before, status), "status_note": (None, because)})
    return True


def decide(session: Session, actor: Actor, record_id: str, status: RecordStatus, reason: str, version: int) -> None:
    """Give a record the standing that a person decided on, also a better one; it holds until something new is known.

    Raises:
        Forbidden: the right is missing; NotFound: no such record; StaleVersion: it was changed meanwhile.
        Refused: it was merged into another record. InvalidInput: the reason is missing or too long.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    record = literature_versions.for_change(session, actor, record_id, version)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        message = f"Say how you know, in at most {LONGEST_REASON:,} characters."
        raise InvalidInput("The standing was not changed.", fields={"reason": message})
    before = record.status
    record.status_decided_at = record.status_checked_at = now()
    note = f"Decided by {actor.name}: {reason.strip()}"
    literature_versions.add(session, record, {"status": status, "status_note": note})
    audit.record(session, actor, Event.LITERATURE_STANDING_DECIDED, record, label=record.citation_key,
                 reason=Reason(ReasonCode.OTHER.value, reason.strip()), changes={"status": (before, status)})
    outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [record.id]})


def _by_itself(session: Session, actor: Actor, row: LiteratureRecord, status: RecordStatus) -> bool:
    """A known record that came again says how it stands; against a person's decision only a new notice counts."""
    if row.status_decided_at is not None:
        return False
    return lower(session, actor, row, status, f"{status.label} according to a newer record of the same work")


def _republished(session: Session, actor: Actor, taken: Taken) -> Iterator[Lowered]:
    said = [(row, relation, _REPUBLISHED[relation.kind]) for row, parsed in taken for relation in parsed.relations
            if relation.kind in _REPUBLISHED]
    found = store.identified(session, dois={one.doi for _, one, _ in said if one.doi},
                             pmids={one.pmid for _, one, _ in said if one.pmid}, pmcids=(), works=())
    for newer, relation, status in said:
        because = f"{status.label} and republished according to {_name(newer)}"
        for row in found:
            named = row.id != newer.id and (row.pmid == relation.pmid or row.doi == relation.doi)
            if named and row.status_decided_at is None and lower(session, actor, row, status, because):
                yield Lowered(row, newer.id)


def _linked(session: Session, rows: Sequence[LiteratureRecord]) -> Iterator[tuple[str, Saying]]:
    ids = {row.id for row in rows}
    links = [link for link in notices.links_of(session, ids) if link.to_id in ids and link.kind in _LINKS]
    speakers = store.records(session, {link.from_id for link in links if link.from_id})
    for link in links:
        status, notice = _LINKS[link.kind], speakers.get(link.from_id or "")
        words = f"the notice {_name(notice)}" if notice else f"its own record, which names the notice {_cited(link)}"
        yield link.to_id or "", Saying(status, f"{status.label} according to {words}", link.added_at,
                                       link.from_id or "")


def _listed(session: Session, rows: Sequence[LiteratureRecord]) -> Iterator[tuple[str, Saying]]:
    # A notice may stand under the DOI of its article; it is not retracted itself.
    rows = [row for row in rows if not row.is_notice]
    # Also under what a work was known by before it was merged: a list may name the other of its two DOIs.
    names = given_up(session, {row.id for row in rows})
    for row in rows:
        names[row.id] |= {f"{kind}:{value}" for kind in ("pmid", "doi") if (value := getattr(row, kind))}
    every = {kind: {name.partition(":")[2] for some in names.values() for name in some if name.startswith(f"{kind}:")}
             for kind in ("pmid", "doi")}
    lines = notices.listed(session, pmids=every["pmid"], dois=every["doi"])
    for row in rows:
        own = [line for line in lines if {f"pmid:{line.pmid}", f"doi:{line.doi}"} & names[row.id]]
        for line in after_reinstatement(own):
            yield row.id, Saying(line.status, f"{line.nature} according to {list_words(line)}", line.added_at)


def after_reinstatement(lines: Sequence[ListedNotice]) -> list[ListedNotice]:
    """Return what lists still hold against a work: what was said before its last reinstatement is withdrawn.

    Args:
        lines: of one work, in the order of their notices; those without a date first.
    """
    last = max((at for at, line in enumerate(lines) if line.nature == REINSTATEMENT), default=-1)
    return list(lines[last + 1:])


def list_words(line: ListedNotice) -> str:
    """Return where a line of a list comes from: ``Retraction Watch, notice of 2010-02-06 (10.1016/…): reasons``."""
    when = f" of {line.notice_date.isoformat()}" if line.notice_date else ""
    name = line.notice_doi or (f"PMID {line.notice_pmid}" if line.notice_pmid else "")
    where = f" ({name})" if name else ""
    return f"{line.list_name}, notice{when}{where}" + (f": {line.reasons}" if line.reasons else "")


def _is_news(row: LiteratureRecord, since: datetime) -> bool:
    return row.status_decided_at is None or since > row.status_decided_at


def _name(row: LiteratureRecord) -> str:
    identifier = f"PMID {row.pmid}" if row.pmid else row.doi
    return f"{row.citation_key} ({identifier})" if identifier else row.citation_key


def _cited(link: LiteratureLink) -> str:
    return f"PMID {link.pmid}" if link.pmid else link.doi or f"“{link.citation}”"
