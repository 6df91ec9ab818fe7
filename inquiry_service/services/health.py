"""Is this installation fit to work? Each condition asked for itself, truthfully (P68).

Readiness, the ``doctor`` command and the health page all ask this list. A check raises nothing: what
goes wrong inside it is its answer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.db import new_id
from inquiry_service.errors import EvenhandError
from inquiry_service.migrations import run as migrations
from inquiry_service.models import audit_triggers, write_once_triggers
from inquiry_service.models.installation import Installation, NumberSequence
from inquiry_service.services import installation
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import installation as installation_store
from inquiry_service.store import jobs as job_store

OLDEST_HEARTBEAT = timedelta(seconds=60)
LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """The answer to one condition.

    Attributes:
        name: stable, for machines.
        passed: whether the condition holds.
        detail: for the operator, never for the public.
    """

    name: str
    passed: bool
    detail: str


class _Failed(Exception):
    """A condition does not hold; the message says what to do."""


Condition = Callable[[Runtime], str]


def examine(runtime: Runtime) -> list[Check]:
    """Ask every condition and return the answers in a fixed order."""
    return [_ask(name, condition, runtime) for name, condition in CONDITIONS.items()]


def _ask(name: str, condition: Condition, runtime: Runtime) -> Check:
    try:
        return Check(name, True, condition(runtime))
    except (_Failed, EvenhandError) as failure:
        return Check(name, False, str(failure))
    except Exception as failure:  # noqa: BLE001 - whatever breaks inside a check is the check's answer
        return Check(name, False, f"{type(failure).__name__}: {str(failure).splitlines()[0] if str(failure) else ''}")


def _database(runtime: Runtime) -> str:
    """A row is written and taken back: a database that only reads, or a full disk, does not pass."""
    with runtime.sessions() as session:
        session.execute(insert(NumberSequence).values(name=f"probe-{new_id()}"[:40], last=0))
        db.rollback(session)
    return "accepts writes"


def _migrations(runtime: Runtime) -> str:
    found, newest = migrations.current(runtime.engine), migrations.head()
    if found != newest:
        raise _Failed(f"at revision {found or 'none'}, the program needs {newest}; run: evenhand init")
    return f"at revision {newest}"


def _audit_triggers(runtime: Runtime) -> str:
    with runtime.reading() as session:
        connection = session.connection()
        missing = [*audit_triggers.missing_triggers(connection), *write_once_triggers.missing_triggers(connection)]
    if missing:
        raise _Failed(f"log, questions or sources are not protected: {', '.join(missing)} missing or altered")
    return "append-only; questions and sources write-once"


def _installation(runtime: Runtime) -> str:
    with runtime.reading() as session:
        found = _installed(session)
        installation.ensure_mode(found, demo=runtime.config.demo)
        return f"{found.mode}: {found.organisation or 'no organisation named yet'}"


def _installed(session: Session) -> Installation:
    found = installation_store.installation(session)
    if found is None:
        raise _Failed("not set up yet; run: evenhand init")
    return found


def _worker(runtime: Runtime) -> str:
    with runtime.reading() as session:
        beat = job_store.heartbeat(session)
    if beat is None:
        raise _Failed("no worker has ever run; start: evenhand worker")
    age = now() - beat.seen_at
    if age > OLDEST_HEARTBEAT:
        raise _Failed(f"last seen {int(age.total_seconds())} seconds ago; start: evenhand worker")
    return f"seen {max(int(age.total_seconds()), 0)} seconds ago"


def _search_index(runtime: Runtime) -> str:
    generation = runtime.index.generation()
    return f"generation {generation.number}, {generation.documents} records"


def _files(runtime: Runtime) -> str:
    """The nearest directory that is there, for the store itself is made with its first file."""
    place = _existing(runtime.config.blobs_dir)
    if not os.access(place, os.W_OK | os.X_OK):
        raise _Failed(f"{place} cannot be written to")
    return f"{place} can be written to"


def _disk(runtime: Runtime) -> str:
    free = shutil.disk_usage(_existing(runtime.config.data_dir)).free
    if free < LEAST_FREE_BYTES:
        raise _Failed(f"only {free // 2**20} MiB free; at least {LEAST_FREE_BYTES // 2**20} are needed")
    return f"{free // 2**20} MiB free"


def _existing(directory: Path) -> Path:
    return next(place for place in (directory, *directory.parents) if place.exists())


CONDITIONS: dict[str, Condition] = {
    "database": _database,
    "migrations": _migrations,
    "audit_triggers": _audit_triggers,
    "installation": _installation,
    "worker": _worker,
    "search_index": _search_index,
    "files": _files,
    "disk": _disk,
}
"""Name to condition, in the order in which they are asked and shown."""
