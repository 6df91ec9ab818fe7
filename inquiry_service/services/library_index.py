"""Keeping the literature index in step with the library: what a record gives to it, updates, rebuilds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.port import Difference, Generation, IndexDocument, Progress, SearchIndex
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as store
from inquiry_service.store import literature_holdings as holdings


def document_of(record: LiteratureRecord, pages: tuple[str, ...] = ()) -> IndexDocument:
    """Return what ``record`` gives to the index.

    Args:
        pages: the text of its files, page by page, one file after the other.
    """
    return IndexDocument(
        record_id=record.id, version=record.version, title=record.title, citation_key=record.citation_key,
        abstract=record.abstract, authors=tuple(_name(author) for author in record.authors),
        journal=record.journal or record.journal_abbrev, year=record.year, mesh=tuple(record.mesh),
        publication_types=tuple(record.publication_types), products=tuple(record.products),
        status=record.status.value, design=record.design.value if record.design else "",
        pmid=record.pmid or "", doi=record.doi or "", pmcid=record.pmcid or "", kind=record.kind.value,
        source=record.source, populations=tuple(record.populations), keywords=tuple(record.keywords), pages=pages,
        medical_only=record.medical_only,
    )


def _name(author: dict[str, str]) -> str:
    return author.get("collective") or f"{author.get('family', '')} {author.get('initials', '')}".strip()


def update(session: Session, index: SearchIndex, record_ids: Collection[str]) -> Generation:
    """Bring these records into the index as they are now; records that are gone or merged leave it."""
    found = _documents_of(session, store.records(session, record_ids).values())
    documents = {document.record_id: document for document in found}
    return index.apply(list(documents.values()), [key for key in record_ids if key not in documents])


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
    return _rebuilt(runtime, actor, progress)


def rebuild_unattended(runtime: Runtime) -> Generation:
    """Build the index anew because it cannot be used, without anybody asking; the audit names the system.

    Raises:
        IndexBusy: somebody else is writing.
    """
    return _rebuilt(runtime, SYSTEM, None)


def _rebuilt(runtime: Runtime, actor: Actor, progress: Progress | None) -> Generation:
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
    return list(index.verify(store.current_versions(session)))


def _documents(session: Session) -> Iterator[IndexDocument]:
    for batch in store.every(session):
        yield from _documents_of(session, batch)


def _documents_of(session: Session, rows: Iterable[LiteratureRecord]) -> Iterator[IndexDocument]:
    """Documents in two parts: those with files, whose pages come one record at a time, then the others.

    A record that was merged into another one is found as that one (R52).
    """
    by_id = {row.id: row for row in rows if not row.merged_into}
    for record_id, pages in holdings.texts_of(session, list(by_id)):
        yield document_of(by_id.pop(record_id), pages)
    yield from (document_of(row) for row in by_id.values())
