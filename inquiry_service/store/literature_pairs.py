"""Reading what stands between records of the library: shared keys, possible doubles, merges, links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from inquiry_service.domain.vocabulary import PairState
from inquiry_service.errors import NotFound
from inquiry_service.models.literature import (
    LiteratureBlock,
    LiteratureLink,
    LiteratureMerge,
    LiteraturePair,
    LiteratureRecord,
)

MOST_ALIKE = 60
"""A key that more records share tells nothing: it is the heading of a column, not a title."""
_PORTION = 2000


def sharing(session: Session, keys: Collection[str]) -> dict[str, list[str]]:
    """Return the ids of the records that have these keys, by key; keys of too many records are left out."""
    wanted, found = sorted(keys), defaultdict[str, list[str]](list)
    for start in range(0, len(wanted), _PORTION):
        many = func.count().over(partition_by=LiteratureBlock.key).label("many")
        rows = select(LiteratureBlock.key, LiteratureBlock.record_id, many).where(
            LiteratureBlock.key.in_(wanted[start:start + _PORTION])).subquery()
        query = select(rows.c.key, rows.c.record_id).where(rows.c.many <= MOST_ALIKE)
        for key, record_id in session.execute(query.order_by(rows.c.key, rows.c.record_id)):
            found[key].append(record_id)
    return dict(found)


def without_keys(session: Session, *, limit: int) -> list[LiteratureRecord]:
    """Return some records that have no keys yet."""
    has_keys = select(LiteratureBlock.record_id).where(LiteratureBlock.record_id == LiteratureRecord.id).exists()
    return list(session.scalars(
        select(LiteratureRecord).where(~has_keys).order_by(LiteratureRecord.id).limit(limit)))


def keys_of(session: Session, record_ids: Collection[str]) -> dict[str, set[str]]:
    """Return the keys under which records are found, by record."""
    found = defaultdict[str, set[str]](set)
    for record_id, key in session.execute(select(LiteratureBlock.record_id, LiteratureBlock.key).where(
            LiteratureBlock.record_id.in_(record_ids))):
        found[record_id].add(key)
    return dict(found)


def led_to(session: Session, identifiers: Collection[str]) -> dict[str, LiteratureRecord]:
    """Return the records that identifiers such as ``pmid:1`` led to before they were merged, by identifier."""
    if not identifiers:
        return {}
    rows = session.execute(
        select(LiteratureBlock.key, LiteratureRecord)
        .join(LiteratureRecord, LiteratureRecord.id == LiteratureBlock.record_id)
        .where(LiteratureBlock.key.in_(identifiers)).order_by(LiteratureBlock.key, LiteratureRecord.id))
    return {row[0]: row[1] for row in rows}


def now_standing_for(session: Session, rows: Mapping[str, LiteratureRecord]) -> dict[str, LiteratureRecord]:
    """Return for each of these records the one that stands for it now: itself, or what it was merged into."""
    missing = {row.merged_into for row in rows.values() if row.merged_into} - rows.keys()
    found = dict(rows)
    if missing:
        found.update((row.id, row) for row in session.scalars(
            select(LiteratureRecord).where(LiteratureRecord.id.in_(missing))))
    # What a record was merged into is never merged itself: the pointers of the earlier ones follow.
    return {record_id: found[row.merged_into] if row.merged_into else row for record_id, row in rows.items()}


def locked(session: Session, record_ids: Collection[str]) -> dict[str, LiteratureRecord]:
    """Return records as they are now, locked for a change, always in the same order.

    Raises:
        NotFound: one of them does not exist.
    """
    rows = {row.id: row for row in session.scalars(
        select(LiteratureRecord).where(LiteratureRecord.id.in_(record_ids)).order_by(LiteratureRecord.id)
        .with_for_update().execution_options(populate_existing=True))}
    if len(rows) < len(set(record_ids)):
        raise NotFound("There is no such record in the library.")
    return rows


def merged_into(session: Session, record_id: str) -> list[LiteratureRecord]:
    """Return the records that were merged into this one, by citation key."""
    return list(session.scalars(select(LiteratureRecord).where(LiteratureRecord.merged_into == record_id)
                                .order_by(LiteratureRecord.citation_key)))


def pair(session: Session, pair_id: str, *, lock: bool = False) -> LiteraturePair:
    """Return one pair, optionally locked for a decision.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(LiteraturePair, pair_id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None:
        raise NotFound("There is no such pair of records.")
    return found


def pairs_of(session: Session, record_ids: Collection[str]) -> list[LiteraturePair]:
    """Return all pairs in which one of these records takes part, the most alike first."""
    return list(session.scalars(
        select(LiteraturePair)
        .where(or_(LiteraturePair.first_id.in_(record_ids), LiteraturePair.second_id.in_(record_ids)))
        .order_by(LiteraturePair.score_milli.desc(), LiteraturePair.id)))


@dataclass(frozen=True)
class OpenPair:
    """Two records that wait for a decision."""

    pair: LiteraturePair
    first: LiteratureRecord
    second: LiteratureRecord


def open_pairs(session: Session, *, offset: int = 0, limit: int = 50, of: str = "") -> list[OpenPair]:
    """Return a page of the pairs that wait for a decision, the most alike first.

    Args:
        of: id of a record, to get only its pairs.
    """
    first, second = aliased(LiteratureRecord), aliased(LiteratureRecord)
    query = (
        select(LiteraturePair, first, second)
        .join(first, first.id == LiteraturePair.first_id).join(second, second.id == LiteraturePair.second_id)
        .where(LiteraturePair.state == PairState.OPEN, first.merged_into.is_(None), second.merged_into.is_(None)))
    if of:
        query = query.where(or_(LiteraturePair.first_id == of, LiteraturePair.second_id == of))
    rows = session.execute(
        query.order_by(LiteraturePair.score_milli.desc(), LiteraturePair.id).offset(offset).limit(limit))
    return [OpenPair(*row) for row in rows]


def open_count(session: Session) -> int:
    """Return how many pairs wait for a decision."""
    first, second = aliased(LiteratureRecord), aliased(LiteratureRecord)
    return session.scalar(
        select(func.count()).select_from(LiteraturePair)
        .join(first, first.id == LiteraturePair.first_id).join(second, second.id == LiteraturePair.second_id)
        .where(LiteraturePair.state == PairState.OPEN, first.merged_into.is_(None), second.merged_into.is_(None))) or 0


def merge(session: Session, merge_id: str, *, lock: bool = False) -> LiteratureMerge:
    """Return one merge, optionally locked.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(LiteratureMerge, merge_id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None:
        raise NotFound("There is no such merge.")
    return found


def merges_of(session: Session, record_id: str) -> list[LiteratureMerge]:
    """Return the merges in which a record took part, the newest first."""
    return list(session.scalars(
        select(LiteratureMerge).where(or_(LiteratureMerge.kept_id == record_id, LiteratureMerge.gone_id == record_id))
        .order_by(LiteratureMerge.merged_at.desc(), LiteratureMerge.id.desc())))


def went_into(session: Session, record_id: str) -> set[str]:
    """Return the ids of the records that were merged into this one, directly or by way of others, and not undone."""
    found: set[str] = set()
    step = [record_id]
    while step:
        step = list(session.scalars(select(LiteratureMerge.gone_id).where(
            LiteratureMerge.kept_id.in_(step), LiteratureMerge.undone_at.is_(None))))
        found.update(step)
    return found


def given_up(session: Session, record_ids: Collection[str]) -> dict[str, set[str]]:
    """Return identifiers such as ``pmid:1`` under which records were known before a merge, by the record of now."""
    found = defaultdict[str, set[str]](set)
    if not record_ids:
        return found
    standing = func.coalesce(LiteratureRecord.merged_into, LiteratureRecord.id)
    named = or_(*(LiteratureBlock.key.startswith(f"{kind}:") for kind in ("doi", "pmid")))
    for record_id, key in session.execute(
            select(standing, LiteratureBlock.key)
            .join(LiteratureRecord, LiteratureRecord.id == LiteratureBlock.record_id)
            .where(or_(LiteratureRecord.id.in_(record_ids), LiteratureRecord.merged_into.in_(record_ids)), named)):
        found[record_id].add(key)
    return found


def links_between(session: Session, first_id: str, second_id: str) -> list[LiteratureLink]:
    """Return the links between two records, either way."""
    ends = (first_id, second_id)
    return list(session.scalars(
        select(LiteratureLink).where(LiteratureLink.from_id.in_(ends), LiteratureLink.to_id.in_(ends))
        .order_by(LiteratureLink.added_at, LiteratureLink.id)))

