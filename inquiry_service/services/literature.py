"""Importing records into the library, with a report on each one; nothing is dropped in silence.

The database is the truth. The index is fed through the outbox in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from sqlalchemy.orm import Session

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.identity import citation_key, disambiguate, identity_keys
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, new_id, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ImportOutcome, StudyDesign
from inquiry_service.models.literature import ImportItem, ImportRun, LiteratureRecord, LiteratureVersion
from inquiry_service.services import audit, outbox
from inquiry_service.services.access import require
from inquiry_service.store import literature as store

BATCH = 200
"""Records a transaction: an import of any size holds the write lock only for moments."""

Progress = Callable[[int], None]

_DESIGNS = {
    "Meta-Analysis": StudyDesign.META_ANALYSIS, "Systematic Review": StudyDesign.META_ANALYSIS,
    "Randomized Controlled Trial": StudyDesign.RCT, "Controlled Clinical Trial": StudyDesign.CONTROLLED,
    "Observational Study": StudyDesign.OBSERVATIONAL, "Case Reports": StudyDesign.CASE_REPORT,
    "Review": StudyDesign.REVIEW,
}


@dataclass(frozen=True)
class ImportReport:
    """The counts of one import; ``read`` always equals ``created + duplicate + rejected``."""

    run_id: str
    file_name: str
    format: str
    read: int
    created: int
    duplicate: int
    rejected: int


@dataclass
class _Tally:
    """What happened so far, across the batches of one import."""

    run_id: str = field(default_factory=new_id)
    read: int = 0
    outcomes: dict[ImportOutcome, int] = field(default_factory=lambda: dict.fromkeys(ImportOutcome, 0))


def import_file(
    factory: SessionFactory, actor: Actor, file_name: str, data: bytes | BinaryIO, *,
    products: Sequence[str] = (), progress: Progress | None = None,
) -> ImportReport:
    """Import one file: each of its records is created, found to be a duplicate, or rejected with its reason.

    Args:
        factory: sessions; the import commits batch by batch, and the report at the end.
        data: the file; its format is recognised from the content.
        products: product keys to tag the new records with.
        progress: called with the number of records read.

    Raises:
        Forbidden: the right is missing; InvalidInput: the file as a whole cannot be read.
    """
    require(actor, Permission.LITERATURE_IMPORT)
    content = data if isinstance(data, bytes) else data.read()
    results = formats.read(BytesIO(content), file_name)
    kind = formats.recognise(content[:formats.SAMPLE_BYTES], file_name)
    tally = _Tally()
    with transaction(factory) as session:
        _begin(session, actor, tally, file_name, hashlib.sha256(content).hexdigest(), kind.label)
    while batch := list(islice(results, BATCH)):
        with transaction(factory) as session:
            _import_batch(session, actor, tally, batch, products)
        if progress:
            progress(tally.read)
    with transaction(factory) as session:
        return _finish(session, actor, tally)


def _begin(session: Session, actor: Actor, tally: _Tally, file_name: str, sha256: str, kind: str) -> None:
    run = ImportRun(id=tally.run_id, file_name=file_name, file_sha256=sha256, format=kind, read=0, created=0,
                    duplicate=0, rejected=0, started_at=now(), imported_by=actor.name)
    session.add(run)
    session.flush()
    audit.record(session, actor, Event.LITERATURE_IMPORT_STARTED, run, label=file_name,
                 changes={"sha256": (None, sha256), "format": (None, kind)})


def _import_batch(
    session: Session, actor: Actor, tally: _Tally, batch: Sequence[ParsedRecord | Rejected], products: Sequence[str]
) -> None:
    known = _Known(session, [record for record in batch if isinstance(record, ParsedRecord)])
    created: list[str] = []
    for result in batch:
        tally.read += 1
        item = _item(session, actor, tally, result, known, products)
        tally.outcomes[item.outcome] += 1
        session.add(item)
        if item.outcome is ImportOutcome.CREATED and item.record_id:
            created.append(item.record_id)
    session.flush()
    ref = ObjectRef("import_run", tally.run_id, label=f"records {tally.read - len(batch) + 1} to {tally.read}")
    audit.record(session, actor, Event.LITERATURE_IMPORTED, ref, changes={"created": (None, created)})
    if created:
        outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": created})


def _item(
    session: Session, actor: Actor, tally: _Tally, result: ParsedRecord | Rejected, known: _Known,
    products: Sequence[str],
) -> ImportItem:
    if isinstance(result, Rejected):
        return ImportItem(run_id=tally.run_id, position=tally.read, outcome=ImportOutcome.REJECTED,
                          identifier=result.identifier, reason=result.reason)
    twin = known.find(result)
    name = f"PMID {result.pmid}" if result.pmid else result.doi or result.title
    if twin is not None:
        return ImportItem(run_id=tally.run_id, position=tally.read, outcome=ImportOutcome.DUPLICATE,
                          record_id=twin[0], identifier=name, reason=f"{twin[1]} as {twin[2]}")
    row = _new_record(actor, result, known, products)
    session.add(row)
    session.flush()
    session.add(LiteratureVersion(record_id=row.id, version=1, content=asdict(result),
                                  sha256=digest(asdict(result)), created_at=row.added_at))
    known.add(row)
    return ImportItem(run_id=tally.run_id, position=tally.read, outcome=ImportOutcome.CREATED, record_id=row.id,
                      identifier=name, reason="; ".join(result.remarks))


class _Known:
    """The identities that matter for one batch: of the library, growing with what the batch creates."""

    def __init__(self, session: Session, batch: Sequence[ParsedRecord]) -> None:
        self._by_key: dict[str, tuple[str, str]] = {}
        self.keys = store.taken_keys(session, {citation_key(record) for record in batch})
        found = store.identified(
            session, dois={r.doi for r in batch if r.doi}, pmids={r.pmid for r in batch if r.pmid},
            pmcids={r.pmcid for r in batch if r.pmcid}, works={work_key(r) for r in batch if work_key(r)},
        )
        for row in found:
            self._remember(row)

    def find(self, record: ParsedRecord) -> tuple[str, str, str] | None:
        """Return (record id, what is the same, citation key) of the twin of ``record``, or None."""
        for kind, value in (("DOI", record.doi), ("PMID", record.pmid), ("PMCID", record.pmcid)):
            if value and (twin := self._by_key.get(f"{kind}:{value}")):
                return twin[0], f"same {kind}", twin[1]
        key = work_key(record)
        twin = self._by_key.get(f"work:{key}") if key and not (record.doi or record.pmid) else None
        return (twin[0], "same title, year and first author", twin[1]) if twin else None

    def add(self, row: LiteratureRecord) -> None:
        """Remember a record that this batch created."""
        self.keys.add(row.citation_key)
        self._remember(row)

    def _remember(self, row: LiteratureRecord) -> None:
        for kind, value in (("DOI", row.doi), ("PMID", row.pmid), ("PMCID", row.pmcid), ("work", row.identity_key)):
            if value:
                self._by_key[f"{kind}:{value}"] = (row.id, row.citation_key)


def work_key(record: ParsedRecord) -> str:
    """Return the hash of title, year and first author, under which a work without identifiers is found again."""
    works = [key for key in identity_keys(record) if key.startswith(("work:", "notice:"))]
    return hashlib.sha256(works[0].encode()).hexdigest() if works else ""


def _new_record(actor: Actor, record: ParsedRecord, known: _Known, products: Sequence[str]) -> LiteratureRecord:
    return LiteratureRecord(
        citation_key=disambiguate(citation_key(record), known.keys), version=1,
        pmid=record.pmid or None, doi=record.doi or None, pmcid=record.pmcid or None, identity_key=work_key(record),
        title=record.title, abstract=record.abstract, authors=[asdict(author) for author in record.authors],
        journal=record.journal, journal_abbrev=record.journal_abbrev[:200], year=record.year,
        volume=record.volume[:200], issue=record.issue[:200], pages=record.pages[:200], language=record.language[:20],
        mesh=list(record.mesh), publication_types=list(record.publication_types), products=list(products),
        design=_design_of(record), status=record.status, is_notice=record.is_notice,
        added_at=now(), added_by=actor.name,
    )


def _design_of(record: ParsedRecord) -> StudyDesign | None:
    return next((design for kind, design in _DESIGNS.items() if kind in record.publication_types), None)


def _finish(session: Session, actor: Actor, tally: _Tally) -> ImportReport:
    run = store.import_run(session, tally.run_id)
    run.read = tally.read
    run.created = tally.outcomes[ImportOutcome.CREATED]
    run.duplicate = tally.outcomes[ImportOutcome.DUPLICATE]
    run.rejected = tally.outcomes[ImportOutcome.REJECTED]
    audit.record(session, actor, Event.LITERATURE_IMPORT_FINISHED, run, label=run.file_name, changes={
        "read": (None, run.read), "created": (None, run.created), "duplicate": (None, run.duplicate),
        "rejected": (None, run.rejected),
    })
    return ImportReport(run.id, run.file_name, run.format, run.read, run.created, run.duplicate, run.rejected)

