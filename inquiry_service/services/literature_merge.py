"""Making two records of one work one, and taking that back.

The record that goes stays in the database with its versions: letters that cite it are read as they were signed, its
citation key leads to the record that stands for the work now and is never given to another one. Files, rights and
links go over; evidence decisions and search hits stay where they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.bibliography.kinship import kin_of
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import PairState, ReasonCode
from inquiry_service.errors import InvalidInput, Refused, StaleVersion
from inquiry_service.models.literature import LiteratureMerge, LiteraturePair, LiteratureRecord
from inquiry_service.services import audit, literature_versions, outbox
from inquiry_service.services import literature_blocks as blocks
from inquiry_service.services import literature_merge_fields as fields
from inquiry_service.services import literature_merge_moves as moves
from inquiry_service.services.access import require
from inquiry_service.services.literature_pairs import checked_reason, note_pair
from inquiry_service.services.literature_twins import work_key
from inquiry_service.store import literature
from inquiry_service.store import literature_pairs as store


def merge(
    session: Session, actor: Actor, kept_id: str, gone_id: str, choices: Mapping[str, str], reason: str, *,
    seen: tuple[int, int] | None = None,
) -> LiteratureMerge:
    """Make two records of one work one.

    Args:
        kept_id: the record that stands for the work from now on; gone_id: the one that leaves the search.
        choices: field to ``kept`` or ``gone``; a field left out is taken from the side that says more. Lists are
            joined, and the graver standing stays (R69).
        reason: why the two are one work.
        seen: the versions of both that the person saw.

    Raises:
        Forbidden: the right is missing; NotFound: no such record; StaleVersion: one was changed meanwhile.
        InvalidInput: no reason, a field that cannot be chosen, or one record twice.
        Refused: one of them was merged already, or the two are different works whatever they share.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    reason, choices = checked_reason(reason), fields.checked(choices)
    kept, gone = _both(session, kept_id, gone_id, seen)
    wanted = fields.outcome(kept, gone, choices)
    before = {name: fields.plain(getattr(kept, name)) for name in wanted}
    identifiers = {name: getattr(gone, name) for name in fields.IDENTIFIERS}
    gone_keys, kept_keys = blocks.identifiers_of(gone), blocks.identifiers_of(kept)
    _send_away(session, gone, kept)
    _apply(session, kept, wanted, kept_keys)
    blocks.refresh(session, gone, identifiers=gone_keys)
    row = LiteratureMerge(
        kept_id=kept.id, gone_id=gone.id, choices=fields.defaults(kept, gone) | choices, kept_before=before,
        kept_after={name: fields.plain(value) for name, value in wanted.items()},
        gone_before={**identifiers, "moved": moves.move(session, gone.id, kept.id)}, kept_version=kept.version,
        reason=reason, merged_at=now(), merged_by=actor.name)
    session.add(row)
    _settle_pairs(session, actor, kept, gone, reason)
    session.flush()
    _tell(session, actor, row, kept, gone)
    return row


def undo(session: Session, actor: Actor, merge_id: str, reason: str) -> LiteratureMerge:
    """Take a merge back: both records stand again as they were, also where a person has decided otherwise since.

    What was added to the kept record after the merge in other fields stays with it, but for an identifier that is
    the other one's.

    Raises:
        Forbidden: the right is missing; NotFound: no such merge; InvalidInput: no reason.
        Refused: it was undone already, the kept record was merged itself, a field that the merge changed was changed
            again, or an identifier belongs to another record by now.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    reason = checked_reason(reason)
    row = store.merge(session, merge_id, lock=True)
    if row.undone_at is not None:
        raise Refused(f"{row.undone_by} has undone this merge already.")
    rows = store.locked(session, {row.kept_id, row.gone_id})
    kept, gone = rows[row.kept_id], rows[row.gone_id]
    _check_can_undo(session, row, kept, gone)
    identifiers = {name: row.gone_before[name] for name in fields.IDENTIFIERS}
    before = {name: fields.plain(getattr(kept, name)) for name in row.kept_before} | _given_since(row, kept)
    after = row.kept_before | dict.fromkeys(_given_since(row, kept))
    _apply(session, kept, {name: fields.typed(name, value) for name, value in after.items()})
    gone.merged_into = None
    for name, value in identifiers.items():
        setattr(gone, name, value)
    for earlier in literature.records(session, store.went_into(session, gone.id)).values():
        earlier.merged_into = gone.id
    moves.move_back(session, row.gone_before["moved"], gone.id, kept.id)
    row.undone_at, row.undone_by, row.undone_reason = now(), actor.name, reason
    for pair in _pairs_between(session, kept.id, gone.id):
        pair.state = PairState.OPEN
    session.flush()
    back = {name: (None, value) for name, value in identifiers.items() if value}
    audit.record(session, actor, Event.LITERATURE_MERGE_UNDONE, gone, label=gone.citation_key,
                 reason=Reason(ReasonCode.OTHER.value, reason),
                 changes={"merged_into": (kept.citation_key, None), **back})
    _tell_kept(session, actor, kept, before, after)
    outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [kept.id, gone.id]})
    return row


def _both(
    session: Session, kept_id: str, gone_id: str, seen: tuple[int, int] | None
) -> tuple[LiteratureRecord, LiteratureRecord]:
    if kept_id == gone_id:
        raise InvalidInput("A record cannot be merged into itself.", fields={"other": "This is the record itself."})
    rows = store.locked(session, {kept_id, gone_id})
    kept, gone = rows[kept_id], rows[gone_id]
    for row in (kept, gone):
        if row.merged_into:
            raise Refused(f"{row.citation_key} was merged into another record meanwhile. Open it again.")
    if seen is not None and seen != (kept.version, gone.version):
        raise StaleVersion("One of the two records was changed after you opened this page. Look at both and choose "
                           "again.", base=list(seen), current=[kept.version, gone.version])
    kin = kin_of(blocks.parsed_of(kept), blocks.parsed_of(gone))
    if kin is not None and not kin.by_words:
        raise Refused(f"These are two works: {kin.why}. Link them instead of merging them.")
    return kept, gone


def _send_away(session: Session, gone: LiteratureRecord, kept: LiteratureRecord) -> None:
    """The identifiers are unique: they leave one record before they come to the other."""
    gone.doi = gone.pmid = gone.pmcid = None
    gone.merged_into = kept.id
    for earlier in store.merged_into(session, gone.id):
        earlier.merged_into = kept.id
    session.flush()


def _apply(
    session: Session, kept: LiteratureRecord, values: Mapping[str, Any], identifiers: Iterable[str] = ()
) -> None:
    if values:
        literature_versions.add(session, kept, values)
        kept.identity_key = work_key(blocks.parsed_of(kept))
    session.flush()
    blocks.refresh(session, kept, identifiers=tuple(identifiers))


def _check_can_undo(session: Session, row: LiteratureMerge, kept: LiteratureRecord, gone: LiteratureRecord) -> None:
    if kept.merged_into:
        raise Refused(f"{kept.citation_key} was itself merged later. Undo that merge first.")
    changed = [name.replace("_", " ") for name, value in row.kept_after.items()
               if fields.plain(getattr(kept, name)) != value]
    if changed:
        raise Refused(f"{kept.citation_key} was changed after the merge, in: {', '.join(changed)}. Undoing would lose "
                      "that. Give it the values of the merge again, or leave the merge as it is.")
    for record, held in ((gone, row.gone_before), (kept, row.kept_before)):
        dois, pmids, pmcids = ([value] if (value := held.get(name)) else [] for name in ("doi", "pmid", "pmcid"))
        for holder in literature.identified(session, works=(), dois=dois, pmids=pmids, pmcids=pmcids):
            if holder.id not in (kept.id, gone.id):
                raise Refused(f"{holder.citation_key} has an identifier of {record.citation_key} by now. Merge those "
                              "two first, or leave the merge as it is.")


def _given_since(row: LiteratureMerge, kept: LiteratureRecord) -> dict[str, Any]:
    """Identifiers of the record that went which the kept one was given after the merge: they go back with it."""
    return {name: value for name in fields.IDENTIFIERS
            if name not in row.kept_before and (value := row.gone_before[name]) and getattr(kept, name) == value}


def _pairs_between(session: Session, first_id: str, second_id: str) -> list[LiteraturePair]:
    return [pair for pair in store.pairs_of(session, [first_id]) if second_id in (pair.first_id, pair.second_id)]


def _settle_pairs(
    session: Session, actor: Actor, kept: LiteratureRecord, gone: LiteratureRecord, reason: str
) -> None:
    """The pair is decided; what else looked like the one that goes now looks like the one that stays."""
    for pair in store.pairs_of(session, [gone.id]):
        other_id = pair.second_id if pair.first_id == gone.id else pair.first_id
        if other_id == kept.id:
            pair.state, pair.decided_at, pair.decided_by, pair.reason = PairState.MERGED, now(), actor.name, reason
        elif pair.state is PairState.OPEN:
            note_pair(session, kept, literature.record(session, other_id, actor), pair.score_milli / 1000, pair.why)


def _tell(
    session: Session, actor: Actor, row: LiteratureMerge, kept: LiteratureRecord, gone: LiteratureRecord
) -> None:
    moved = {name: (value, None) for name, value in row.gone_before.items() if name in fields.IDENTIFIERS and value}
    audit.record(session, actor, Event.LITERATURE_MERGED, gone, label=gone.citation_key,
                 reason=Reason(ReasonCode.OTHER.value, row.reason),
                 changes={"merged_into": (None, kept.citation_key), "choices": (None, row.choices), **moved})
    _tell_kept(session, actor, kept, row.kept_before, row.kept_after)
    outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [kept.id, gone.id]})


def _tell_kept(
    session: Session, actor: Actor, kept: LiteratureRecord, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    if after:
        audit.record(session, actor, Event.LITERATURE_CHANGED, kept, label=kept.citation_key,
                     changes={name: (before[name], after[name]) for name in after})
