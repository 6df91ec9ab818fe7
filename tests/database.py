"""Databases for tests: every test that asks for one runs twice, on SQLite and on PostgreSQL.

Each worker migrates one template per database through Alembic; a test gets a copy of it, which takes
milliseconds, and the copy is dropped afterwards. Tests therefore commit as they like.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from inquiry_service.db import create_engine_for, session_factory
from inquiry_service.migrations.run import upgrade

POSTGRES_VARIABLE = "EVENHAND_TEST_POSTGRES_URL"
NO_POSTGRES = (
    f"No PostgreSQL: {POSTGRES_VARIABLE} is not set. Run the whole suite with 'make test', "
    "or these tests with: python3 -m tools.postgres -- .venv/bin/python -m pytest"
)
BACKENDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
]
_numbers = count(1)

CountQueries = Callable[[], AbstractContextManager[list[str]]]


class PostgresServer:
    """The server of this test run, seen through its maintenance database."""

    def __init__(self, url: str, worker: str) -> None:
        self._url = make_url(url)
        self._prefix = f"evenhand_{worker}_{os.getpid()}"
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def create(self, *, template: str = "template0") -> str:
        """Make a database as a copy of ``template`` and return its name."""
        name = f"{self._prefix}_{next(_numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of the database ``name`` on this server."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> PostgresServer:
    """The PostgreSQL server of this run; without one the test fails and says what to do."""
    url = os.environ.get(POSTGRES_VARIABLE)
    if not url:
        pytest.fail(NO_POSTGRES, pytrace=False)
    return PostgresServer(url, worker_id)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """Name of a database at the newest migration, to be copied and never written to."""
    name = postgres_server.create()
    upgrade(postgres_server.url(name))
    yield name
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """File of a database at the newest migration, to be copied and never written to."""
    file = tmp_path_factory.mktemp("template") / "evenhand.db"
    upgrade(f"sqlite:///{file}")
    # A write-ahead log left beside the file would mean that the copies lack what is in it.
    assert not file.with_name("evenhand.db-wal").exists()
    return file


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``: whoever depends on it runs once for each."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a migrated, empty database that belongs to this test alone."""
    if backend == "sqlite":
        file = tmp_path / "evenhand.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(template=request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def empty_database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, for tests of the migrations themselves."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The product's engine on this test's database."""
    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """An open session; what the test does not commit is rolled back."""
    with session_factory(engine)() as session:
        yield session


@pytest.fixture
def count_queries() -> CountQueries:
    """Count statements: ``with count_queries() as queries: ...``, then ``len(queries)``.

    Sees every engine of the process, also the one inside an application under test. BEGIN is left
    out, so that both databases count alike.
    """
    return _recorded_statements


@contextmanager
def _recorded_statements() -> Iterator[list[str]]:
    statements: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", record)
