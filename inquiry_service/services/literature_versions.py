"""A changed record is a new version of it: what a search saw and a letter cited can always be read again."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.canonical import digest
from inquiry_service.errors import NotFound, Refused, StaleVersion
from inquiry_service.models.literature import LiteratureRecord, LiteratureVersion
from inquiry_service.services import literature_blocks
from inquiry_service.store import literature as store
from inquiry_service.store import literature_pairs


def add(session: Session, record: LiteratureRecord, changes: Mapping[str, Any]) -> LiteratureVersion:
    """Give ``record`` these values and keep how it stands now as its next version.

    Args:
        record: stored, with its version row. changes: column name to value.
    """
    for name, value in changes.items():
        setattr(record, name, value)
    old = store.version(session, record.id, record.version)
    record.version += 1
    row = _row(record, {**old.content, **{name: _plain(value) for name, value in changes.items()}})
    session.add(row)
    session.flush()
    literature_blocks.refresh(session, record)
    return row


def first(session: Session, record: LiteratureRecord, content: Mapping[str, Any]) -> None:
    """Keep the first version of a flushed record."""
    session.add(_row(record, {name: _plain(value) for name, value in content.items()}))
    session.flush()
    literature_blocks.refresh(session, record)


def for_change(session: Session, actor: Actor, record_id: str, version: int) -> LiteratureRecord:
    """Return a record to be changed, which nobody has changed since it was shown.

    Args:
        version: the version that the person saw.

    Raises:
        NotFound: there is no such record, or not for this person. StaleVersion: it has a newer version.
        Refused: it was merged into another record.
    """
    record = locked(session, actor, record_id)
    if record.version != version:
        raise StaleVersion(
            f"{record.citation_key} was changed after you opened it: it is at version {record.version}, you saw "
            f"version {version}. Look at the record and enter your changes again.",
            base=version, current=record.version)
    return record


def locked(session: Session, actor: Actor, record_id: str) -> LiteratureRecord:
    """Return a record as it is now, locked, to which something is to be added.

    Raises:
        NotFound: there is no such record, or not for this person. Refused: it was merged into another record.
    """
    record = literature_pairs.locked(session, {record_id})[record_id]
    if not store.may_see(actor, record):
        raise NotFound("There is no such record in the library.")
    if record.merged_into:
        into = store.record(session, record.merged_into, actor)
        raise Refused(f"{record.citation_key} was merged into {into.citation_key}. Open that record and do it there.")
    return record


def _row(record: LiteratureRecord, content: dict[str, Any]) -> LiteratureVersion:
    return LiteratureVersion(record_id=record.id, version=record.version, content=content, sha256=digest(content),
                             created_at=now())


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
