"""Retraction lists: imported whole, held against the library now and against all that is imported later (R69).

A list replaces the former one of its name in one transaction: half a list would say of the other half that it
stands. Lines that did not change keep the moment at which they became known, because a person's decision on a
record stands until something new is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from inquiry_service.bibliography import retraction_list
from inquiry_service.bibliography.retraction_list import ListedLine, UnusableLine
from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput
from inquiry_service.models.literature_holdings import ListedNotice
from inquiry_service.services import audit, literature_standing, outbox
from inquiry_service.services.access import require
from inquiry_service.store import literature_notices as store

RETRACTION_WATCH = "Retraction Watch"
LONGEST_NAME = 100
SHOWN_REJECTIONS = 50

_BATCH = 500
_CHUNK = 1 << 20

Progress = Callable[[int], None]


@dataclass
class ListReport:
    """What became of a list; ``read`` always equals ``added + unchanged + rejected``.

    Attributes:
        added: lines that are new or say something else than before.
        gone: lines of the former list that the new one no longer holds.
        rejections: the first rejected lines as (position, entry, reason).
        lowered: records of the library that stand worse now, as (citation key, status in words).
    """

    name: str
    sha256: str
    read: int = 0
    added: int = 0
    unchanged: int = 0
    rejected: int = 0
    gone: int = 0
    rejections: list[tuple[int, str, str]] = field(default_factory=list)
    lowered: list[tuple[str, str]] = field(default_factory=list)


def import_list(
    session: Session, actor: Actor, stream: BinaryIO, *, name: str = RETRACTION_WATCH, via: str = "",
    progress: Progress | None = None,
) -> ListReport:
    """Read a retraction list, keep its lines and lower the standing of the records it speaks of.

    Args:
        stream: the open file, seekable (it is read twice, in constant memory).
        name: what the list is called; a later import under this name replaces it.
        via: how it was started, if not from a page. progress: called with the number of lines read.

    Raises:
        Forbidden: the right is missing; InvalidInput: the file is no such list, or holds no usable line.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    report = ListReport(_checked_name(name), _fingerprint(stream))
    results = retraction_list.read(stream)
    while batch := list(islice(results, _BATCH)):
        _take(session, report, batch)
        if progress:
            progress(report.read)
    if not report.added + report.unchanged:
        raise InvalidInput("The list holds no usable line; the former list stays.", fields={"file": "No usable line."})
    report.gone = _drop_former(session, report)
    _apply(session, actor, report)
    _tell(session, actor, report, via)
    return report


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        message = f"Name the list, in at most {LONGEST_NAME} characters."
        raise InvalidInput(message, fields={"name": message})
    return name


def _fingerprint(stream: BinaryIO) -> str:
    sha256 = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        sha256.update(chunk)
    stream.seek(0)
    return sha256.hexdigest()


@dataclass
class _Portion:
    """What is to be written of one portion of the list."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)


def _take(session: Session, report: ListReport, batch: list[ListedLine | UnusableLine]) -> None:
    usable = {line.entry for line in batch if isinstance(line, ListedLine)}
    known: dict[str, ListedNotice | ListedLine] = dict(store.listed_entries(session, report.name, usable))
    portion, moment = _Portion(), now()
    for line in batch:
        report.read += 1
        if isinstance(line, UnusableLine):
            _reject(report, line, line.reason)
        elif fault := _repetition(line, known.get(line.entry), report):
            _reject(report, line, fault)
        else:
            _sort(report, portion, line, known.get(line.entry), moment)
            known[line.entry] = line
    _write(session, report, portion)


def _sort(
    report: ListReport, portion: _Portion, line: ListedLine, before: ListedNotice | ListedLine | None, moment: datetime
) -> None:
    if before is not None and _same(before, line):
        report.unchanged += 1
        portion.kept.add(line.entry)
        return
    report.added += 1
    row = line.as_columns() | {"list_name": report.name, "list_sha256": report.sha256, "added_at": moment}
    if isinstance(before, ListedNotice):
        portion.changed.append(row | {"id": before.id})
    else:
        portion.new.append(row | {"id": new_id()})


def _write(session: Session, report: ListReport, portion: _Portion) -> None:
    if portion.new:
        session.execute(insert(ListedNotice), portion.new)
    if portion.changed:
        session.execute(update(ListedNotice), portion.changed)
    if portion.kept:
        session.execute(
            update(ListedNotice).where(ListedNotice.list_name == report.name, ListedNotice.entry.in_(portion.kept))
            .values(list_sha256=report.sha256).execution_options(synchronize_session=False))


def _repetition(line: ListedLine, known: ListedNotice | ListedLine | None, report: ListReport) -> str:
    """Why a line cannot be taken because the list gave its number before, to something else."""
    seen = isinstance(known, ListedLine) or (known is not None and known.list_sha256 == report.sha256)
    if known is None or not seen or _same(known, line):
        return ""
    return f"Its number {line.entry} stands at an earlier line that says something else."


def _same(known: ListedNotice | ListedLine, line: ListedLine) -> bool:
    return all(getattr(known, name) == value for name, value in line.as_columns().items())


def _reject(report: ListReport, line: ListedLine | UnusableLine, reason: str) -> None:
    report.rejected += 1
    if len(report.rejections) < SHOWN_REJECTIONS:
        report.rejections.append((line.position, line.entry, reason))


def _drop_former(session: Session, report: ListReport) -> int:
    done = session.execute(
        delete(ListedNotice).where(ListedNotice.list_name == report.name, ListedNotice.list_sha256 != report.sha256)
        .execution_options(synchronize_session=False))
    return int(getattr(done, "rowcount", 0))


def _apply(session: Session, actor: Actor, report: ListReport) -> None:
    for rows in store.records_on_list(session, report.name):
        lowered = literature_standing.recheck(session, actor, rows)
        report.lowered += [(one.record.citation_key, one.record.status.label) for one in lowered]
        if lowered:
            outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [one.record.id for one in lowered]})


def _tell(session: Session, actor: Actor, report: ListReport, via: str) -> None:
    about = ObjectRef("retraction_list", report.name, label=report.name)
    rejections = [f"line {position} ({entry}): {reason}" for position, entry, reason in report.rejections]
    audit.record(session, actor, Event.LITERATURE_LIST_IMPORTED, about, changes={
        "sha256": (None, report.sha256), "read": (None, report.read), "added": (None, report.added),
        "unchanged": (None, report.unchanged), "rejected": (None, report.rejected), "gone": (None, report.gone),
        "rejections": (None, rejections), "lowered": (None, [key for key, _ in report.lowered]), "via": (None, via),
    })
