"""What became of the library since a search was run: versions, merges, what is new or changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.models.literature import LiteratureMerge, LiteratureRecord, LiteratureVersion


@dataclass(frozen=True)
class VersionNote:
    """A version of a record: its number, its publication status, when it came to be."""

    number: int
    status: str
    at: datetime


@dataclass(frozen=True)
class Merged:
    """Into which record (citation key) another one was merged, and when."""

    key: str
    at: datetime


def versions_of(session: Session, record_ids: Collection[str]) -> dict[str, list[VersionNote]]:
    """Return the versions of these records, the oldest first; one query."""
    found: dict[str, list[VersionNote]] = {}
    if not record_ids:
        return found
    rows = session.execute(
        select(LiteratureVersion.record_id, LiteratureVersion.version, LiteratureVersion.content,
               LiteratureVersion.created_at)
        .where(LiteratureVersion.record_id.in_(set(record_ids))).order_by(LiteratureVersion.version))
    for row in rows:
        found.setdefault(row.record_id, []).append(
            VersionNote(row.version, str(row.content.get("status", "")), row.created_at))
    return found


def merges_of(session: Session, record_ids: Collection[str]) -> dict[str, Merged]:
    """Return into what these records were merged and still are; one query."""
    if not record_ids:
        return {}
    rows = session.execute(
        select(LiteratureMerge.gone_id, LiteratureRecord.citation_key, LiteratureMerge.merged_at)
        .join(LiteratureRecord, LiteratureRecord.id == LiteratureMerge.kept_id)
        .where(LiteratureMerge.gone_id.in_(record_ids), LiteratureMerge.undone_at.is_(None))
        .order_by(LiteratureMerge.merged_at))
    return {row.gone_id: Merged(row.citation_key, row.merged_at) for row in rows}


def changed_since(session: Session, moment: datetime) -> frozenset[str]:
    """Return the records that were added or changed after ``moment``; one query."""
    return frozenset(session.scalars(
        select(LiteratureVersion.record_id).where(LiteratureVersion.created_at > moment).distinct()))
