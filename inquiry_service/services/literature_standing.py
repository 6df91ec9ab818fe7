"""When a record of the library turns out to be corrected, doubted or retracted: a new version, audited (R69).

An import can only make the standing worse. A newer file that no longer speaks of a retraction is no reason to
trust the article again: indexes flag retractions inconsistently, so that is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.services import audit
from inquiry_service.services.literature_twins import KnownWorks
from inquiry_service.store import literature as store

_FROM_SOUND_TO_RETRACTED = list(RecordStatus)
_NOTICES = {
    "retraction_of": RecordStatus.RETRACTED, "partial_retraction_of": RecordStatus.EXPRESSION_OF_CONCERN,
    "expression_of_concern_for": RecordStatus.EXPRESSION_OF_CONCERN, "erratum_for": RecordStatus.CORRECTED,
}
"""What a notice says of the article it links to (NLM, "Errata, Retractions, and Other Linked Citations")."""


def said_by_notice(notice: ParsedRecord, known: KnownWorks) -> Iterator[tuple[LiteratureRecord, RecordStatus]]:
    """Yield the records of the library that a notice speaks of, each with the standing it gives them."""
    for relation in notice.relations:
        status = _NOTICES.get(relation.kind)
        article = known.linked(pmid=relation.pmid, doi=relation.doi)
        if status is not None and article is not None:
            yield article, status


def lower(session: Session, actor: Actor, record: LiteratureRecord, status: RecordStatus, because: str) -> bool:
    """Give ``record`` a graver status as a new version; say whether anything changed.

    Args:
        record: stored, with its version row.
        because: where this is known from; kept with the record.
    """
    before = record.status
    if _FROM_SOUND_TO_RETRACTED.index(status) <= _FROM_SOUND_TO_RETRACTED.index(before):
        return False
    old = store.version(session, record.id, record.version)
    content = {**old.content, "status": status.value, "status_note": because}
    record.version, record.status, record.status_note = record.version + 1, status, because
    session.add(LiteratureVersion(record_id=record.id, version=record.version, content=content,
                                  sha256=digest(content), created_at=now()))
    event = Event.LITERATURE_RETRACTED if status is RecordStatus.RETRACTED else Event.LITERATURE_CHANGED
    audit.record(session, actor, event, record,
                 changes={"status": (before, status), "status_note": (None, because)})
    return True
