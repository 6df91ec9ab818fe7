"""Keeping the literature index in step with the library: what a record gives to it, updates, rebuilds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.port import Difference, Generation, IndexDocument, Progress, SearchIndex
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as store


def document_of(record: LiteratureRecord) -> IndexDocument:
    """Return what ``record`` gives to the index."""
    return IndexDocument(
        record_id=record.id, version=record.version, title=record.title, citation_key=record.citation_key,
        abstract=record.abstract, authors=tuple(_name(author) for author in record.authors),
        journal=record.journal or record.journal_abbrev, year=record.year, mesh=tuple(record.mesh),
        publication_types=tuple(record.publication_types), products=tuple(record.products),
        status=record.status.value, design=record.design.value if record.design else "",
        pmid=record.pmid or "", doi=record.doi or "",
    )


def _name(author: dict[str, str]) -> str:
    return author.get("collective") or f"{author.get('family', '')} {author.get('initials', '')}".strip()


def update(session: Session, index: SearchIndex, record_ids: Collection[str]) -> Generation:
    """Bring these records into the index as they are now; records that are gone leave it."""
    found = store.records(session, record_ids)
    return index.apply([document_of(row) for row in found.values()], [key for key in record_ids if key not in found])


def rebuild(session: Session, index: SearchIndex, progress: Progress | None = None) -> Generation:
    """Build the whole index anew beside the old one, then swap."""
    return index.rebuild(_documents(session), progress)


def rebuild_recorded(runtime: Runtime, actor: Actor, progress: Progress | None = None) -> Generation:
    """Build the index anew and leave that in the audit.

    Args:
        progress: called now and then with the number of records done.

    Raises:
        Forbidden: the actor does not look after the installation; IndexBusy: somebody else is writing.
    """
    require(actor, Permission.SYSTEM_HEALTH)
    # A session of its own, begun here: the records are read while the writer's lock is held.
    with runtime.reading() as session:
        generation = rebuild(session, runtime.index, progress)
    with runtime.transaction() as session:
        about = ObjectRef("literature_index", "", version=generation.number, label=f"index {generation.number}")
        audit.record(session, actor, Event.LITERATURE_INDEX_REBUILT, about, changes={
            "documents": (None, generation.documents), "digest": (None, generation.digest)})
    return generation


def differences(session: Session, index: SearchIndex) -> list[Difference]:
    """Return where index and library disagree; empty when the index can be trusted."""
    expected = {row.id: row.version for batch in store.every(session) for row in batch}
    return list(index.verify(expected))


def _documents(session: Session) -> Iterator[IndexDocument]:
    for batch in store.every(session):
        yield from (document_of(row) for row in batch)
