"""One batch of an import: what becomes of each of its records, as rows of the library and of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import ImportOutcome, RecordStatus, StudyDesign
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.literature_imports import ImportItem
from inquiry_service.services import literature_standing as standing
from inquiry_service.services.literature_twins import KnownWorks, work_key

LONGEST_DOI = 255
LONGEST_SHORT_TEXT = 200
_SHORT_TEXTS = ("journal_abbrev", "volume", "issue", "pages")
_LONGEST_LANGUAGE = 20

_DESIGNS = {
    "Meta-Analysis": StudyDesign.META_ANALYSIS, "Systematic Review": StudyDesign.META_ANALYSIS,
    "Randomized Controlled Trial": StudyDesign.RCT, "Controlled Clinical Trial": StudyDesign.CONTROLLED,
    "Observational Study": StudyDesign.OBSERVATIONAL, "Case Reports": StudyDesign.CASE_REPORT,
    "Review": StudyDesign.REVIEW,
}
"""Publication types that name a design, the most telling first; whoever decides on the evidence may correct it."""


class Batch:
    """The rows that one batch leads to.

    Attributes:
        items: the report's lines, in the order of the file.
        created: ids of new records; changed: ids of records whose standing changed.
    """

    def __init__(self, session: Session, actor: Actor, run_id: str, products: Sequence[str]) -> None:
        self.items: list[ImportItem] = []
        self.created: list[str] = []
        self.changed: list[str] = []
        self._session = session
        self._actor = actor
        self._run_id = run_id
        self._products = list(products)
        self._versions: list[LiteratureVersion] = []
        self._notices: list[tuple[ImportItem, ParsedRecord]] = []
        self._standings: list[tuple[ImportItem, LiteratureRecord, RecordStatus, str]] = []

    def store(self, results: Sequence[ParsedRecord | Rejected], *, first_position: int) -> None:
        """Turn the results into rows and flush them; position 1 is the first record of the file."""
        known = KnownWorks(self._session, [result for result in results if isinstance(result, ParsedRecord)])
        for position, result in enumerate(results, first_position):
            fault = result.reason if isinstance(result, Rejected) else _fault(result)
            if isinstance(result, Rejected) or fault:
                self._item(position, ImportOutcome.REJECTED, None, _identifier(result), fault)
            else:
                self._take(position, result, known)
        # Records first: versions and report lines refer to them by foreign key.
        self._session.flush()
        self._session.add_all([*self._versions, *self.items])
        self._session.flush()
        self._read_notices(known)
        self._apply_standings()

    def _take(self, position: int, record: ParsedRecord, known: KnownWorks) -> None:
        twin = known.twin_of(record)
        if twin is None:
            row = self._create(record, known)
            item = self._item(position, ImportOutcome.CREATED, row.id, _identifier(record), _remarks(record))
        else:
            said = f"{twin.same} as {twin.row.citation_key}"
            item = self._item(position, ImportOutcome.DUPLICATE, twin.row.id, _identifier(record), said)
            self._standings.append((item, twin.row, record.status, "a newer record of the same work"))
        if record.is_notice:
            self._notices.append((item, record))

    def _item(
        self, position: int, outcome: ImportOutcome, record_id: str | None, identifier: str, reason: str
    ) -> ImportItem:
        item = ImportItem(run_id=self._run_id, position=position, outcome=outcome, record_id=record_id,
                          identifier=identifier, reason=reason)
        self.items.append(item)
        return item

    def _create(self, record: ParsedRecord, known: KnownWorks) -> LiteratureRecord:
        content = asdict(record)
        row = LiteratureRecord(
            id=new_id(), citation_key=known.free_key(record), version=1,
            pmid=record.pmid or None, doi=record.doi or None, pmcid=record.pmcid or None,
            identity_key=work_key(record), title=record.title, abstract=record.abstract, authors=content["authors"],
            journal=record.journal, year=record.year, language=record.language[:_LONGEST_LANGUAGE],
            mesh=list(record.mesh), keywords=list(record.keywords),
            source=record.source_format, publication_types=list(record.publication_types), products=self._products,
            design=_design_of(record), status=record.status, is_notice=record.is_notice, added_at=now(),
            added_by=self._actor.name, **_short_texts(record),
        )
        self._session.add(row)
        known.add(row)
        self.created.append(row.id)
        self._versions.append(LiteratureVersion(
            record_id=row.id, version=1, content=content, sha256=digest(content), created_at=row.added_at))
        return row

    def _read_notices(self, known: KnownWorks) -> None:
        """Only now: a notice may stand in the file before its article."""
        for item, notice in self._notices:
            for article, status in standing.said_by_notice(notice, known):
                self._standings.append((item, article, status, f"the notice {_identifier(notice)}"))

    def _apply_standings(self) -> None:
        for item, row, status, source in self._standings:
            because = f"{status.label} according to {source}"
            if standing.lower(self._session, self._actor, row, status, because):
                said = f"{row.citation_key} is now {status.label.lower()}"
                item.reason = f"{item.reason}; {said}" if item.reason else said
                if row.id not in (*self.created, *self.changed):
                    self.changed.append(row.id)
        self._session.flush()


def _fault(record: ParsedRecord) -> str:
    """Why a well-formed record cannot be kept; empty if it can."""
    if len(record.doi) > LONGEST_DOI:
        return f"The DOI has {len(record.doi)} characters; at most {LONGEST_DOI} can be kept."
    return ""


def _identifier(result: ParsedRecord | Rejected) -> str:
    if isinstance(result, Rejected):
        return result.identifier
    return f"PMID {result.pmid}" if result.pmid else result.doi or result.title


def _remarks(record: ParsedRecord) -> str:
    cut = [f"{name.replace('_', ' ')} was cut to {LONGEST_SHORT_TEXT} characters"
           for name in _SHORT_TEXTS if len(getattr(record, name)) > LONGEST_SHORT_TEXT]
    return "; ".join((*record.remarks, *cut))


def _short_texts(record: ParsedRecord) -> dict[str, Any]:
    return {name: getattr(record, name)[:LONGEST_SHORT_TEXT] for name in _SHORT_TEXTS}


def _design_of(record: ParsedRecord) -> StudyDesign | None:
    return next((design for kind, design in _DESIGNS.items() if kind in record.publication_types), None)
