"""Records that may be the same work, and what people say of them: different works, or linked ones.

A pair is noted once. What a person called different is never proposed again.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from inquiry_service.bibliography.normalise import normalise_doi, normalise_pmcid, normalise_pmid
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import LinkKind, PairState, ReasonCode
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.literature import LiteratureLink, LiteraturePair, LiteratureRecord
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.literature_twins import Related
from inquiry_service.store import literature
from inquiry_service.store import literature_pairs as store

LONGEST_REASON = 1000
BY_PERSON = "person"
"""Source of a link that a person made; the others carry the format that named them."""
BY_LIKENESS = "likeness"
"""Source of a link that was told from two records that look alike."""


def note_pair(
    session: Session, first: LiteratureRecord, second: LiteratureRecord, score: float, why: str
) -> LiteraturePair | None:
    """Let a person decide whether two records are the same work; nothing happens to a pair that is known.

    Args:
        first, second: flushed records, in any order.
        score: 0 to 1, how alike they are.

    Returns:
        the new pair, or None: the two were noted before, or are one record already.
    """
    one, other = sorted((first.merged_into or first.id, second.merged_into or second.id))
    if one == other or any({pair.first_id, pair.second_id} == {one, other} for pair in store.pairs_of(session, [one])):
        return None
    pair = LiteraturePair(first_id=one, second_id=other, score_milli=round(score * 1000), why=why,
                          state=PairState.OPEN, found_at=now())
    session.add(pair)
    session.flush()
    return pair


def note_related(session: Session, row: LiteratureRecord, related: Iterable[Related]) -> list[LiteratureLink]:
    """Link a new record with works that look like it and are others: preprint and article, update, notice.

    Args:
        row: flushed. related: of :meth:`KnownWorks.related`.

    Returns:
        the new links; none where the two are linked already. They are audited with the import that found them.
    """
    links = []
    for one in related:
        ends = (one.row.id, row.id) if one.kin.turned else (row.id, one.row.id)
        if one.kin.link and ends[0] != ends[1] and not store.links_between(session, *ends):
            links.append(LiteratureLink(kind=one.kin.link, from_id=ends[0], to_id=ends[1], citation="",
                                        source=BY_LIKENESS, added_at=now()))
            session.add(links[-1])
            session.flush()
    return links


def decide_apart(session: Session, actor: Actor, first_id: str, second_id: str, reason: str) -> LiteraturePair:
    """Say that two records are different works; they are not proposed again.

    Raises:
        Forbidden: the right is missing; NotFound: no such record; InvalidInput: no reason, or one record.
        Refused: the two were merged, or called different already.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    pair, records = _locked_pair(session, first_id, second_id, checked_reason(reason))
    if pair.state is PairState.APART:
        raise Refused(f"{pair.decided_by} has called these two different works already.")
    _settle(pair, actor, reason.strip())
    session.flush()
    audit.record(session, actor, Event.LITERATURE_PAIR_DECIDED, pair, label=_names(records),
                 reason=Reason(ReasonCode.OTHER.value, reason.strip()), changes={
                     "state": (PairState.OPEN, PairState.APART), "first_id": (None, pair.first_id),
                     "second_id": (None, pair.second_id)})
    return pair


def link(session: Session, actor: Actor, from_id: str, to_id: str, kind: LinkKind, reason: str) -> LiteratureLink:
    """Say how one work stands to another; that makes them different works as well.

    Args:
        from_id, to_id, kind: read "from is the preprint of to".

    Raises:
        Forbidden: the right is missing; NotFound: no such record; InvalidInput: no reason, or one record.
        Refused: they are linked in this way already.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    pair, records = _locked_pair(session, from_id, to_id, checked_reason(reason))
    for known in store.links_between(session, from_id, to_id):
        if (known.kind, known.from_id) == (kind, from_id):
            raise Refused("The two records are linked in this way already.")
    row = LiteratureLink(kind=kind, from_id=from_id, to_id=to_id, citation="", source=BY_PERSON, added_at=now())
    session.add(row)
    said = f"{records[from_id].citation_key} {kind.label} {records[to_id].citation_key}"
    _settle(pair, actor, f"{said}. {reason.strip()}")
    session.flush()
    audit.record(session, actor, Event.LITERATURE_LINKED, row, label=_names(records),
                 reason=Reason(ReasonCode.OTHER.value, reason.strip()),
                 changes={"kind": (None, kind), "from": (None, from_id), "to": (None, to_id)})
    return row


def find(session: Session, text: str, *, besides: LiteratureRecord) -> LiteratureRecord:
    """Return the record that a person names: by citation key, PMID, PMCID, DOI, or the id in its address.

    Args:
        besides: the record that is not meant.

    Raises:
        InvalidInput: there is none, or it is that record itself.
    """
    named = text.strip().removeprefix("[").removesuffix("]").removeprefix("@")
    rows = [*literature.by_citation(session, [named]).values(), *literature.records(session, [named]).values(),
            *literature.identified(session, dois=_known(normalise_doi(named)), pmids=_known(normalise_pmid(named)),
                                   pmcids=_known(normalise_pmcid(named)), works=())]
    standing = store.now_standing_for(session, {row.id: row for row in rows})
    found = next(iter(standing.values()), None)
    if found is None or found.id == besides.id:
        message = ("This is the record itself; name the other one." if found else
                   f"The library holds no record “{named[:100]}”. Enter a citation key, a PMID or a DOI.")
        raise InvalidInput(message, fields={"other": message})
    return found


def _known(identifier: str) -> tuple[str, ...]:
    return (identifier,) if identifier else ()


def checked_reason(reason: str) -> str:
    """Return a reason without loose ends.

    Raises:
        InvalidInput: there is none, or it is too long.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        message = f"Give a reason of at most {LONGEST_REASON:,} characters."
        raise InvalidInput(message, fields={"reason": message})
    return reason.strip()


def _locked_pair(
    session: Session, first_id: str, second_id: str, reason: str
) -> tuple[LiteraturePair, dict[str, LiteratureRecord]]:
    if first_id == second_id:
        raise InvalidInput("Choose two different records.", fields={"other": "This is the record itself."})
    records = store.locked(session, {first_id, second_id})
    if any(row.merged_into for row in records.values()):
        raise Refused("One of the two was merged meanwhile. Open the record again.")
    one, other = sorted(records)
    known = next((pair for pair in store.pairs_of(session, [one]) if other in (pair.first_id, pair.second_id)), None)
    pair = known or LiteraturePair(first_id=one, second_id=other, score_milli=0, why="looked at by a person",
                                   state=PairState.OPEN, found_at=now(), reason=reason)
    session.add(pair)
    return pair, records


def _settle(pair: LiteraturePair, actor: Actor, reason: str) -> None:
    pair.state, pair.decided_at, pair.decided_by, pair.reason = PairState.APART, now(), actor.name, reason


def _names(records: dict[str, LiteratureRecord]) -> str:
    return " and ".join(sorted(row.citation_key for row in records.values()))
