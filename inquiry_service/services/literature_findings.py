"""What one batch of a file is, seen from the library: new, known, known with something new, in conflict, unreadable.

The dry run and the import itself ask the same questions here, so that nothing is decided twice in two ways.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import ImportChoice, ImportFinding, RecordStatus
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services.literature_changes import FIELDS, IDENTIFIERS, Comparison, Pair, compare, is_graver
from inquiry_service.services.literature_twins import KnownWorks, Match
from inquiry_service.store import literature as store
from inquiry_service.store import literature_imports as import_store

LONGEST_DOI = 255
LONGEST_SHORT_TEXT = 200
LONGEST_LANGUAGE = 20
SHORT_TEXTS = ("journal_abbrev", "volume", "issue", "pages")
_SHOWN = 4000
_NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "mesh": "MeSH headings",
          "journal_abbrev": "journal abbreviation", "publication_types": "publication types"}

Result = ParsedRecord | Rejected


@dataclass(frozen=True)
class Examined:
    """One record of a file beside the library.

    Attributes:
        reason: in words, for the report. row: the known record, None for a new one.
        comparison: what the file has more, and what cannot both be right.
        elsewhere: identifiers that belong to other records, so that they cannot be given to this one.
    """

    finding: ImportFinding
    reason: str
    row: LiteratureRecord | None = None
    certain: bool = True
    status: RecordStatus = RecordStatus.CURRENT
    comparison: Comparison = field(default_factory=lambda: Comparison({}, {}))
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def default(self) -> ImportChoice | None:
        """What is done unless a person chooses otherwise; None where there is nothing to choose.

        A record that merely looks like a known one is kept apart, for a merge can be made later and a loss cannot
        be noticed. One with the same identifier but another content changes nothing until a person says so.
        """
        if self.finding is ImportFinding.CHANGED:
            return ImportChoice.UPDATE
        if self.finding is ImportFinding.CONFLICT:
            return ImportChoice.SKIP if self.certain else ImportChoice.SEPARATE
        return None

    @property
    def details(self) -> dict[str, list[str]]:
        """What differs, as field to [in the library, in the file], for people to read."""
        pairs = {**self.comparison.gains, **self.comparison.contradictions}
        shown = {name: [_text(old), _text(new)] for name, (old, new) in pairs.items()}
        if self.row is not None and _stands_worse(self.status, self.row):
            shown["status"] = [self.row.status.label, self.status.label]
        return shown


def columns_of(record: ParsedRecord) -> dict[str, Any]:
    """Return what the library keeps of a record, under the names of its columns and cut to their length."""
    texts = {name: getattr(record, name)[:LONGEST_SHORT_TEXT] for name in SHORT_TEXTS}
    return {
        "doi": record.doi, "pmid": record.pmid, "pmcid": record.pmcid, "title": record.title,
        "abstract": record.abstract, "authors": [author.as_mapping() for author in record.authors],
        "journal": record.journal, "year": record.year, "language": record.language[:LONGEST_LANGUAGE],
        "mesh": list(record.mesh), "keywords": list(record.keywords),
        "publication_types": list(record.publication_types), **texts,
    }


def fault_of(result: Result) -> str:
    """Return why a result cannot be kept; empty if it can."""
    if isinstance(result, Rejected):
        return result.reason
    if len(result.doi) > LONGEST_DOI:
        return f"The DOI has {len(result.doi)} characters; at most {LONGEST_DOI} can be kept."
    return ""


def identifier_of(result: Result) -> str:
    """Return what names a result best in a report."""
    if isinstance(result, Rejected):
        return result.identifier
    return f"PMID {result.pmid}" if result.pmid else result.doi or result.title


def remarks_of(record: ParsedRecord) -> str:
    """Return what was not taken over as it stood."""
    cut = [f"{name.replace('_', ' ')} was cut to {LONGEST_SHORT_TEXT} characters"
           for name in SHORT_TEXTS if len(getattr(record, name)) > LONGEST_SHORT_TEXT]
    return "; ".join((*record.remarks, *cut))


class Examiner:
    """Looks at the records of one batch; grows with what the batch itself creates."""

    def __init__(self, session: Session, results: Sequence[Result]) -> None:
        self._session = session
        records = [result for result in results if isinstance(result, ParsedRecord)]
        self.known = KnownWorks(session, records)
        self._contents: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self._holders: dict[str, LiteratureRecord] = {}
        for row in store.identified(
            session, works=(), dois={record.doi for record in records if record.doi},
            pmids={record.pmid for record in records if record.pmid},
            pmcids={record.pmcid for record in records if record.pmcid},
        ):
            self._hold(row)

    def learn(self, rows: Collection[LiteratureRecord]) -> None:
        """Read the versions of known records, all in one query, before they are compared."""
        new = {row.id for row in rows} - self._contents.keys()
        for version in import_store.first_and_latest(self._session, new):
            first, _ = self._contents.get(version.record_id, (version.content, {}))
            self._contents[version.record_id] = (first, version.content)

    def remember(self, row: LiteratureRecord, content: dict[str, Any]) -> None:
        """Take note of a record of this batch: a new one, or a known one that was given more."""
        first, _ = self._contents.get(row.id, (content, {}))
        self._contents[row.id] = (first, content)
        self._hold(row)

    def content_of(self, row: LiteratureRecord) -> dict[str, Any]:
        """Return the content of a learned record's present version."""
        return self._contents[row.id][1]

    def elsewhere(self, record: ParsedRecord, row: LiteratureRecord | None) -> dict[str, str]:
        """Return the identifiers of ``record`` that belong to a record other than ``row``, with that one's key."""
        holders = {name: self._holders.get(f"{name}:{getattr(record, name)}") for name in IDENTIFIERS}
        return {name: holder.citation_key for name, holder in holders.items()
                if holder is not None and holder is not row}

    def examine(self, record: ParsedRecord, match: Match | None) -> Examined:
        """Say what a record is; the row of ``match`` was learned before."""
        if match is None:
            return Examined(ImportFinding.NEW, remarks_of(record), status=record.status)
        row = match.row
        found, held = columns_of(record), {name: getattr(row, name) for name in FIELDS}
        comparison = compare(held, found, self._edited(row))
        elsewhere = self.elsewhere(record, row)
        disputed = {name: (held[name], found[name]) for name in elsewhere}
        comparison = Comparison(
            {name: pair for name, pair in comparison.gains.items() if name not in elsewhere},
            {**comparison.contradictions, **disputed})
        finding = self._finding(record, match, comparison)
        return Examined(finding, _reason(match, finding, comparison, elsewhere), row, match.certain, record.status,
                        comparison, elsewhere)

    def _finding(self, record: ParsedRecord, match: Match, comparison: Comparison) -> ImportFinding:
        if not match.certain or comparison.contradictions:
            return ImportFinding.CONFLICT
        if comparison.gains or _stands_worse(record.status, match.row):
            return ImportFinding.CHANGED
        return ImportFinding.DUPLICATE

    def _edited(self, row: LiteratureRecord) -> set[str]:
        """Fields that no longer hold what an import put there."""
        first, latest = self._contents[row.id]
        imported = latest.get("imported", {})
        return {name for name in FIELDS if not _as_imported(name, getattr(row, name), first, imported)}

    def _hold(self, row: LiteratureRecord) -> None:
        for name in IDENTIFIERS:
            if value := getattr(row, name):
                self._holders[f"{name}:{value}"] = row


def _stands_worse(status: RecordStatus, row: LiteratureRecord) -> bool:
    """Against a person's decision a newer record alone says nothing new (R69)."""
    return row.status_decided_at is None and is_graver(status, row.status)


def _as_imported(name: str, held: Any, first: Mapping[str, Any], imported: Mapping[str, str]) -> bool:
    if name in imported:
        return imported[name] == digest(held)
    came = first.get(name)
    if isinstance(came, str) and isinstance(held, str):
        # The version keeps the text whole, the column may have cut it.
        return held == came or (bool(held) and came.startswith(held))
    return (list(came) if isinstance(came, tuple) else came or None) == (held or None)


def _reason(match: Match, finding: ImportFinding, comparison: Comparison, elsewhere: Mapping[str, str]) -> str:
    key = match.row.citation_key
    said = f"{match.why} as {key}" if match.certain else f"looks like {key}: {match.why}"
    if finding is ImportFinding.CHANGED and comparison.gains:
        said += f"; the file adds {_listed(comparison.gains)}"
    differing = [name for name in comparison.contradictions if name not in elsewhere]
    if differing:
        said += f", but the file has another {_listed(differing)}"
    for name, holder in elsewhere.items():
        said += f", but its {_name(name)} belongs to {holder}"
    return said


def _listed(names: Collection[str] | Mapping[str, Pair]) -> str:
    return ", ".join(_name(name) for name in names)


def _name(field_name: str) -> str:
    return _NAMES.get(field_name, field_name)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(_author(one) if isinstance(one, dict) else str(one) for one in value)
    return "" if value is None else str(value)[:_SHOWN]


def _author(author: Mapping[str, Any]) -> str:
    person = " ".join(str(author[part]) for part in ("family", "initials", "suffix") if author.get(part))
    return str(author.get("collective") or person)
