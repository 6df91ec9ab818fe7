"""An inquiry in drafting (``tests.answers``), prepared once per run and database; each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from inquiry_service.services.runtime import Runtime
from tests.answers import Desk, open_desk
from tests.database import PostgresServer

Prepared = tuple[str, Desk]
"""Name or file of the database, and who and what is in it."""


def _cheap(url: str, folder: Path) -> Config:
    return Config(
        secret_key="0123456789abcdef" * 4, database_url=url, data_dir=folder / "var", index_dir=folder / "index",
        secure_cookies=False, argon2_memory_kib=8, argon2_time_cost=1, argon2_parallelism=1, log_level="ERROR",
        mail_from="questions@firm.example",
    )


def _built(url: str, folder: Path) -> Desk:
    desk = open_desk(_cheap(url, folder))
    desk.runtime.close()
    return desk


@pytest.fixture(scope="session")
def drafting_sqlite(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Prepared:
    """File with the prepared inquiry, to be copied."""
    folder = tmp_path_factory.mktemp("drafting")
    file = folder / "evenhand.db"
    shutil.copyfile(migrated_sqlite, file)
    return str(file), _built(f"sqlite:///{file}", folder)


@pytest.fixture(scope="session")
def drafting_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, migrated_postgres: str
) -> Iterator[Prepared]:
    """Database with the prepared inquiry, to be copied."""
    name = postgres_server.create(template=migrated_postgres)
    yield name, _built(postgres_server.url(name), tmp_path_factory.mktemp("drafting"))
    postgres_server.drop(name)


@pytest.fixture
def drafting_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Desk]]:
    """URL of this test's own copy, with the people in it; runs on both databases."""
    if backend == "sqlite":
        source, desk = request.getfixturevalue("drafting_sqlite")
        file = tmp_path / "drafting.db"
        shutil.copyfile(source, file)
        yield f"sqlite:///{file}", desk
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template, desk = request.getfixturevalue("drafting_postgres")
    name = server.create(template=template)
    yield server.url(name), desk
    server.drop(name)


@pytest.fixture
def desk(drafting_url: tuple[str, Desk], tmp_path: Path) -> Iterator[Desk]:
    """The prepared inquiry with a runtime on this test's own database and files."""
    url, prepared = drafting_url
    runtime = Runtime.open(_cheap(url, tmp_path))
    yield replace(prepared, runtime=runtime)
    runtime.close()
