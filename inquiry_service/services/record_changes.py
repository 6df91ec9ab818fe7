"""What changed in a work since a letter cited it or a person decided on it: what is printed of it, and its standing.

A record gets a new version for many reasons. A tag for a product, a note on funding or a file with the full text is
no news for who cites it, so versions are never compared by their numbers. Of a record that was merged into another
one, that other one is compared: it is what would be printed now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.models.evidence import EvidenceDecision
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services.reference_list import PRINTED, printed_fields, unmarked
from inquiry_service.store import literature
from inquiry_service.store.literature_pairs import now_standing_for

_WORDS = {"authors": "authors", "journal_abbrev": "journal", "doi": "DOI", "pmid": "PMID", "kind": "kind of source"}


@dataclass(frozen=True)
class Change:
    """What became different of one work.

    Attributes:
        key: its citation key as it was cited. into: key of the record that it was merged into, if it was.
        standing: what became of its standing, as the end of a sentence; empty when it is as it was.
        fields: words for the fields that differ: of a reference, those that change what is printed.
    """

    key: str
    into: str = ""
    standing: str = ""
    fields: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What changed, in a few words: ``title, year; marked “Retracted”``."""
        return "; ".join(filter(None, (", ".join(self.fields), self.standing)))

    @property
    def message(self) -> str:
        """The change of a reference as sentences that say what to do."""
        said = [f"Reference {self.key} is {self.standing}."] if self.standing else []
        if self.fields:
            what = f"was merged into {self.into}, which" if self.into else "was changed in the library and"
            said.append(f"Reference {self.key} {what} prints otherwise ({', '.join(self.fields)}); save the draft "
                        "again and review it.")
        return " ".join(said)


def of_references(session: Session, references: Iterable[Mapping[str, Any]]) -> dict[str, Change]:
    """Return the references of a letter that would be printed otherwise now, or whose work stands otherwise.

    Args:
        references: of a version's snapshot.

    Returns:
        record id to change; a constant number of queries.
    """
    cited = {reference["record_id"]: reference for reference in references}
    found = literature.records(session, list(cited))
    standing = now_standing_for(session, found)
    before = literature.contents_at(session, {
        record_id: cited[record_id]["version"] for record_id, row in found.items()
        if standing[record_id] is not row or row.version != cited[record_id]["version"]})
    changes = {record_id: _of_reference(row, standing[record_id], cited[record_id], before.get(record_id))
               for record_id, row in found.items()}
    return {record_id: change for record_id, change in changes.items() if change.standing or change.fields}


def of_decisions(session: Session, decisions: Sequence[EvidenceDecision]) -> dict[str, Change]:
    """Return the records that say or stand otherwise than when they were decided on: reference, abstract, standing.

    Returns:
        record id to change; a constant number of queries.
    """
    rows = {decision.record_id: decision.record for decision in decisions}
    standing = now_standing_for(session, rows)
    before = literature.contents_at(session, {
        decision.record_id: decision.record_version for decision in decisions
        if decision.record.merged_into or decision.record.version != decision.record_version})
    changes = {record_id: _of_decision(rows[record_id], standing[record_id], content)
               for record_id, content in before.items()}
    return {record_id: change for record_id, change in changes.items() if change.standing or change.fields}


def _of_reference(
    row: LiteratureRecord, now: LiteratureRecord, signed: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Change:
    held = before or {}
    was = next((status for status in RecordStatus if status.label in signed["marks"]), RecordStatus.CURRENT)
    return _change(row, now, was, held, _printed(held, now) if held else ())


def _of_decision(row: LiteratureRecord, now: LiteratureRecord, before: Mapping[str, Any]) -> Change:
    was = RecordStatus(before.get("status") or RecordStatus.CURRENT)
    abstract = ("abstract",) if (before.get("abstract") or "") != now.abstract else ()
    return _change(row, now, was, before, (*_printed(before, now), *abstract))


def _change(
    row: LiteratureRecord, now: LiteratureRecord, was: RecordStatus, before: Mapping[str, Any], fields: tuple[str, ...]
) -> Change:
    standing = _standing(was, bool(before.get("is_notice", now.is_notice)), now)
    return Change(row.citation_key, now.citation_key if now is not row else "", standing, fields)


def _standing(was: RecordStatus, was_notice: bool, now: LiteratureRecord) -> str:
    if now.status is not was:
        better = now.status is RecordStatus.CURRENT
        return f"no longer marked “{was.label}”" if better else f"now marked “{now.status.label}”"
    if now.is_notice is not was_notice:
        return "now known to be a notice about another work" if now.is_notice else "no longer taken for a notice"
    return ""


def _printed(before: Mapping[str, Any], row: LiteratureRecord) -> tuple[str, ...]:
    """Words for the fields on account of which the reference is printed otherwise; empty when it is not."""
    now = printed_fields(row)
    differing = [name for name in PRINTED if (before.get(name) or None) != (now[name] or None)]
    if not differing:
        return ()
    # Formatted by the same formatter both: a new release of it alone changes nothing about a letter.
    was, new, *alone = unmarked([before, now, *({**before, name: now[name]} for name in differing)])
    if was == new:
        return ()
    telling = [name for name, text in zip(differing, alone, strict=True) if text != was]
    return tuple(dict.fromkeys(_WORDS.get(name, name) for name in telling or differing))
