"""One batch of an import: what becomes of each of its records, as rows of the library and of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import (
    ImportChoice,
    ImportFinding,
    ImportOutcome,
    StudyDesign,
)
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.models.literature_imports import ImportItem
from inquiry_service.services import audit, literature_blocks, literature_pairs
from inquiry_service.services import literature_standing as standing
from inquiry_service.services.literature_changes import IDENTIFIERS, Pair
from inquiry_service.services.literature_findings import (
    Examined,
    Examiner,
    Result,
    columns_of,
    fault_of,
    identifier_of,
    remarks_of,
)
from inquiry_service.services.literature_proposals import proposed
from inquiry_service.services.literature_standing import Lowered
from inquiry_service.services.literature_twins import Match, Related, work_key

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
        created: ids of new records; changed: ids of records that got something new.
    """

    def __init__(self, session: Session, actor: Actor, run_id: str, products: Sequence[str]) -> None:
        self.items: list[ImportItem] = []
        self.created: list[str] = []
        self.changed: list[str] = []
        self._session = session
        self._actor = actor
        self._run_id = run_id
        self._products = list(products)
        self._apart: list[tuple[LiteratureRecord, Match]] = []
        self._related: list[tuple[LiteratureRecord, list[Related]]] = []
        self._updated: list[LiteratureRecord] = []
        self._keys: dict[str, tuple[str, ...]] = {}
        self._versions: list[dict[str, Any]] = []
        self._taken: list[tuple[LiteratureRecord, ParsedRecord]] = []

    def store(self, results: Sequence[Result], checked: Mapping[int, ImportItem], *, first_position: int) -> None:
        """Turn the results into rows and flush them.

        Args:
            checked: the lines that the dry run wrote for these positions, with what a person chose.
            first_position: place of the first result; 1 is the first record of the file.
        """
        self._examiner = Examiner(self._session, results)
        known: list[tuple[ImportItem, ParsedRecord, Match]] = []
        for position, result in enumerate(results, first_position):
            item = checked.get(position) or ImportItem(run_id=self._run_id, position=position)
            self.items.append(item)
            item.identifier = identifier_of(result)
            fault = fault_of(result)
            if isinstance(result, Rejected) or fault:
                item.outcome, item.reason = ImportOutcome.REJECTED, fault
            else:
                self._sort(item, result, known)
        # What is new stands before what is compared: one query then tells the contents of all known records.
        self._examiner.learn([match.row for _, _, match in known if match.row.id not in self.created])
        for item, record, match in known:
            self._compare(item, record, match)
        self._flush()

    def _sort(
        self, item: ImportItem, record: ParsedRecord, known: list[tuple[ImportItem, ParsedRecord, Match]]
    ) -> None:
        item.title = record.title
        match = self._examiner.known.match(record)
        if match is None:
            self._create(item, record, remarks_of(record))
            _note_difference(item, ImportFinding.NEW, None)
        else:
            known.append((item, record, match))

    def _compare(self, item: ImportItem, record: ParsedRecord, match: Match) -> None:
        if self._apart:
            # A record that was kept apart a moment ago may be the better match.
            match = self._examiner.known.match(record) or match
        examined = self._examiner.examine(record, match)
        choice = _choice(item, examined)
        item.details = examined.details
        if choice is ImportChoice.SEPARATE:
            row = self._create(item, record, f"{examined.reason}; kept as a separate record")
            self._apart.append((row, match))
        elif choice is ImportChoice.UPDATE and examined.finding is ImportFinding.CONFLICT:
            self._update(item, match.row, {**examined.comparison.gains, **examined.comparison.contradictions}, examined)
        elif choice is ImportChoice.UPDATE and examined.comparison.gains:
            self._update(item, match.row, examined.comparison.gains, examined)
        else:
            left = "; left as it is" if choice is ImportChoice.SKIP else ""
            _outcome(item, ImportOutcome.DUPLICATE, match.row.id, f"{examined.reason}{left}")
        if choice is not ImportChoice.SEPARATE and match.certain:
            # Whatever was chosen: that a known work is retracted is no matter of taste (R69).
            self._taken.append((match.row, record))
        _note_difference(item, examined.finding, examined.row)

    def _create(self, item: ImportItem, record: ParsedRecord, reason: str) -> LiteratureRecord:
        content, columns = record.as_mapping(), columns_of(record)
        for name, holder in self._examiner.elsewhere(record, None).items():
            columns[name] = None
            reason += f"; its {name.upper()} was left out: it belongs to {holder}"
        identifiers = {name: columns.pop(name) or None for name in IDENTIFIERS}
        row = LiteratureRecord(
            id=new_id(), citation_key=self._examiner.known.free_key(record), version=1, kind=record.kind,
            identity_key=work_key(record), source=record.source_format, products=self._products,
            design=_design_of(record), status=record.status, is_notice=record.is_notice, added_at=now(),
            added_by=self._actor.name, **proposed(record), **identifiers, **columns,
        )
        self._session.add(row)
        self._related.append((row, self._examiner.known.related(record)))
        self._keys[row.id] = self._examiner.known.add(row)
        self.created.append(row.id)
        self._taken.append((row, record))
        self._keep_version(row, content)
        _outcome(item, ImportOutcome.CREATED, row.id, reason.removeprefix("; "))
        return row

    def _update(self, item: ImportItem, row: LiteratureRecord, pairs: Mapping[str, Pair], examined: Examined) -> None:
        """Give a known record what the file has more, as a new version; the audit says it field by field (R83)."""
        taken = {name: pair for name, pair in pairs.items() if name not in examined.elsewhere}
        if not taken:
            _outcome(item, ImportOutcome.DUPLICATE, row.id, f"{examined.reason}; nothing of it could be taken over")
            return
        new = {name: value for name, (_, value) in taken.items()}
        before = self._examiner.content_of(row)
        imported = before.get("imported", {}) | {name: digest(value) for name, value in new.items()}
        content: dict[str, Any] = {**before, **new, "imported": imported}
        for name, value in new.items():
            setattr(row, name, value)
        row.version += 1
        self._keep_version(row, content)
        self._note_changed(row)
        self._updated.append(row)
        audit.record(self._session, self._actor, Event.LITERATURE_CHANGED, row, label=row.citation_key, changes=taken)
        _outcome(item, ImportOutcome.UPDATED, row.id, examined.reason)

    def _keep_version(self, row: LiteratureRecord, content: dict[str, Any]) -> None:
        self._versions.append({"record_id": row.id, "version": row.version, "content": content,
                               "sha256": digest(content), "created_at": now()})
        self._examiner.remember(row, content)

    def _flush(self) -> None:
        # Records first: keys, versions and report lines refer to them by foreign key.
        self._session.flush()
        literature_blocks.keep(self._session, self._keys)
        if self._versions:
            # As plain rows: nobody asks for them again, and the session need not follow what becomes of them.
            self._session.execute(insert(LiteratureVersion), self._versions)
        self._session.add_all(self.items)
        self._session.flush()
        for lowered in standing.settle(self._session, self._actor, self._taken):
            self._note_lowered(lowered)
        self._note_alike()
        self._session.flush()

    def _note_alike(self) -> None:
        """Leave for people what may be one work, link what belongs together, and let changed records be found."""
        for row, match in self._apart:
            literature_pairs.note_pair(self._session, row, match.row, match.score, match.why)
        for row, related in self._related:
            literature_pairs.note_related(self._session, row, related)
        if self._updated:
            literature_blocks.refresh(self._session, *self._updated)

    def _note_lowered(self, lowered: Lowered) -> None:
        self._note_changed(lowered.record)
        for item in self.items:
            if item.record_id == lowered.cause_id:
                item.reason = f"{item.reason}; {lowered.words}" if item.reason else lowered.words
                if item.outcome is ImportOutcome.DUPLICATE and lowered.record.id == lowered.cause_id:
                    item.outcome = ImportOutcome.UPDATED
                return

    def _note_changed(self, row: LiteratureRecord) -> None:
        if row.id not in self.created and row.id not in self.changed:
            self.changed.append(row.id)


def _outcome(item: ImportItem, outcome: ImportOutcome, record_id: str, reason: str) -> None:
    item.outcome, item.record_id, item.reason = outcome, record_id, reason


def _choice(item: ImportItem, examined: Examined) -> ImportChoice | None:
    """What the person chose, if the record still is what the choice was made on; else what is done by default."""
    # A twin in the same file had no record yet when the choice was made.
    same = item.finding is examined.finding and (
        item.record_id is None or (examined.row is not None and item.record_id == examined.row.id))
    return ImportChoice(item.choice) if item.choice and same else examined.default


def _note_difference(item: ImportItem, now_found: ImportFinding, row: LiteratureRecord | None) -> None:
    if item.finding is not None and item.finding is not now_found:
        item.reason += f"{'; ' if item.reason else ''}when the file was checked: {item.finding.label.lower()}"


def _design_of(record: ParsedRecord) -> StudyDesign | None:
    return next((design for kind, design in _DESIGNS.items() if kind in record.publication_types), None)
