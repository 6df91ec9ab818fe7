"""The database: engine, declarative base, types, and the one place where a transaction commits.

SQLite runs in WAL mode with ``synchronous=FULL`` and every write transaction starts with
BEGIN IMMEDIATE: with the driver's own deferred BEGIN, concurrent read-modify-write updates are
lost without an error. PostgreSQL runs READ COMMITTED with explicit row locks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator
from uuid_utils import uuid7

from inquiry_service.errors import IntegrityBroken

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base; every constraint gets a name, so that migrations can address it."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: aware in Python, stored as UTC; a naive value is refused, not guessed (R86)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored; give it a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; it is UTC by construction."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """Return a new UUIDv7 as text: made by the application, sortable by time of creation."""
    return str(uuid7())


def create_engine_for(url: str) -> Engine:
    """Return an engine for ``url`` (``sqlite:///…`` or ``postgresql+psycopg://…``) with the settings above."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"options": "-c lock_timeout=5s -c statement_timeout=30s"
                                 " -c idle_in_transaction_session_timeout=60s -c timezone=UTC"},
    )


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # isolation_level=None hands transaction control to the "begin" event below.
    engine = create_engine(url, connect_args={"timeout": 15, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000",
            "recursive_triggers=ON", "trusted_schema=OFF", "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


SessionFactory = sessionmaker[Session]


def session_factory(engine: Engine) -> SessionFactory:
    """Return a factory of sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=True)


AUDITED = "audited_changes"
"""Key in ``session.info``: true once an audit entry was recorded in the running transaction."""

_UNAUDITED_TABLES = frozenset({
    "audit_entry", "audit_head", "audit_personal", "outbox_job", "worker_heartbeat", "user_session",
    "login_throttle", "signing_ticket", "number_sequence",
    # Bound to the log as a whole, by the digest of the finished report: one entry a record would bury the rest.
    "import_item",
    # Derived from the records, and made anew from them at any time.
    "literature_block",
})


def commit(session: Session) -> None:
    """Commit, unless business rows changed without an audit entry in the same transaction (R83).

    Raises:
        IntegrityBroken: a business row would be committed with no entry; everything is rolled back.
    """
    session.flush()
    if session.info.get("changed_tables") and not session.info.get(AUDITED):
        tables = ", ".join(sorted(session.info["changed_tables"]))
        rollback(session)
        raise IntegrityBroken(f"refused to commit changes of {tables} without an audit entry")
    session.commit()
    _forget(session)


def rollback(session: Session) -> None:
    """Undo everything since the last commit."""
    session.rollback()
    _forget(session)


def _forget(session: Session) -> None:
    session.info.pop("changed_tables", None)
    session.info.pop(AUDITED, None)


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: Any) -> None:
    changed: set[str] = session.info.setdefault("changed_tables", set())
    for row in (*session.new, *session.dirty, *session.deleted):
        table = row.__tablename__
        if table not in _UNAUDITED_TABLES and (row not in session.dirty or session.is_modified(row)):
            changed.add(table)


@contextmanager
def transaction(factory: SessionFactory) -> Iterator[Session]:
    """Open a session, commit at the end of the block through :func:`commit`, roll back on any error."""
    with factory() as session:
        try:
            yield session
            commit(session)
        except BaseException:
            rollback(session)
            raise

