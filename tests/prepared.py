"""An inquiry on its way (``tests.answers``), prepared once per run and database; each test gets a copy of its own.

``desk``: in drafting, with nothing written yet. ``ready``: approved, its PDF rendered and archived.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from config import Config
from inquiry_service.jobs import worker
from inquiry_service.services.runtime import Runtime
from tests.answers import Desk, approved, open_desk
from tests.database import PostgresServer


@dataclass(frozen=True)
class Prepared:
    """A database to be copied: its file or name, who and what is in it, and the stored files beside it."""

    place: str
    desk: Desk
    files: Path


def cheap(url: str, folder: Path) -> Config:
    """Return a configuration for ``url`` whose files lie in ``folder`` and whose password hashing is cheap."""
    return Config(
        secret_key="0123456789abcdef" * 4, database_url=url, data_dir=folder / "var", index_dir=folder / "index",
        secure_cookies=False, argon2_memory_kib=8, argon2_time_cost=1, argon2_parallelism=1, log_level="ERROR",
        mail_from="questions@firm.example",
    )


def _drafting(url: str, folder: Path) -> Desk:
    desk = open_desk(cheap(url, folder))
    desk.runtime.close()
    return desk


def _ready(url: str, folder: Path) -> Desk:
    desk = approved(open_desk(cheap(url, folder)))
    worker.run(desk.runtime, once=True)
    desk.runtime.close()
    return desk


STAGES: dict[str, Callable[[str, Path], Desk]] = {"drafting": _drafting, "ready": _ready}


class Workshop:
    """Prepares each stage once for each database, when the first test asks for it."""

    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        self._request = request
        self._folders = folders
        self._made: dict[tuple[str, str], Prepared] = {}
        self._server: PostgresServer | None = None

    def prepared(self, stage: str, backend: str) -> Prepared:
        """Return the prepared database of a stage."""
        if (stage, backend) not in self._made:
            self._made[stage, backend] = self._make(stage, backend)
        return self._made[stage, backend]

    def _make(self, stage: str, backend: str) -> Prepared:
        folder = self._folders.mktemp(stage)
        if backend == "sqlite":
            file = folder / "evenhand.db"
            shutil.copyfile(self._request.getfixturevalue("migrated_sqlite"), file)
            return Prepared(str(file), STAGES[stage](f"sqlite:///{file}", folder), folder / "var")
        self._server = server = self._request.getfixturevalue("postgres_server")
        name = server.create(template=self._request.getfixturevalue("migrated_postgres"))
        return Prepared(name, STAGES[stage](server.url(name), folder), folder / "var")

    def clear(self) -> None:
        """Remove the databases on the server."""
        for (_, backend), made in self._made.items():
            if backend == "postgresql" and self._server is not None:
                self._server.drop(made.place)


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Where the prepared databases come from."""
    made = Workshop(request, tmp_path_factory)
    yield made
    made.clear()


@contextmanager
def _copy(stage: str, backend: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Desk]:
    made: Prepared = request.getfixturevalue("workshop").prepared(stage, backend)
    if made.files.is_dir():
        shutil.copytree(made.files, folder / "var")
    server: PostgresServer | None = None
    if backend == "sqlite":
        file = folder / f"{stage}.db"
        shutil.copyfile(made.place, file)
        name, url = "", f"sqlite:///{file}"
    else:
        server = request.getfixturevalue("postgres_server")
        name = server.create(template=made.place)
        url = server.url(name)
    runtime = Runtime.open(cheap(url, folder))
    yield replace(made.desk, runtime=runtime)
    runtime.close()
    if server is not None:
        server.drop(name)


@pytest.fixture
def desk(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """An inquiry in drafting, on this test's own database and files."""
    with _copy("drafting", backend, request, tmp_path) as copy:
        yield copy


@pytest.fixture
def ready(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """An inquiry whose letter is ready to be sent, on this test's own database and files."""
    with _copy("ready", backend, request, tmp_path) as copy:
        yield copy
