"""A librarian with files to import, for tests: every step of a staged import as one call."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from inquiry_service.db import session_factory, transaction
from inquiry_service.domain.vocabulary import ImportState
from inquiry_service.models.literature_imports import ImportRun
from inquiry_service.services import literature_import_work as import_work
from inquiry_service.services import literature_imports as imports
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.literature_import_work import Pace, Work
from inquiry_service.store import literature_imports as store
from tests.services.literature_files import LIBRARIAN

ABSTRACT = "Twenty women took sumatriptan for menstrual migraine and most had relief within two hours."
COLUMNS = {"pmid": "pmid", "title": "title", "authors": "authors", "year": "date", "abstract": "abstract"}
"""What the columns of ``literature_files.table`` hold."""


def adds_up(run: ImportRun) -> bool:
    """Say whether nothing was dropped."""
    return run.read == run.created + run.updated + run.duplicate + run.rejected


class Desk:
    """A librarian with a shelf for files: every step of the import as one call."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.factory = session_factory(engine)
        self.blobs = BlobStore(folder)

    def handed_in(self, data: bytes, name: str = "records.ris", **more: Any) -> str:
        """Hand a file in and return the import."""
        received = imports.receive(self.blobs, name, BytesIO(data))
        with transaction(self.factory) as session:
            return imports.stage(session, LIBRARIAN, received, **more).id

    def work(self, run_id: str, **more: Any) -> Work:
        """The import as the worker gets it."""
        sha256 = self.run(run_id).file_sha256
        return Work(self.factory, LIBRARIAN, run_id, lambda: self.blobs.open(sha256), **more)

    def checked(self, data: bytes, name: str = "records.ris", **more: Any) -> str:
        """Hand a file in and have it checked."""
        run_id = self.handed_in(data, name, **more)
        assert import_work.check(self.work(run_id)) is Pace.DONE
        return run_id

    def confirmed(self, data: bytes, name: str = "records.ris") -> str:
        """Hand a file in, have it checked, and confirm."""
        run_id = self.checked(data, name)
        self.take(imports.confirm, run_id)
        return run_id

    def carried_out(self, run_id: str) -> ImportRun:
        """Confirm if need be, and import."""
        if self.run(run_id).state is ImportState.CHECKED:
            self.take(imports.confirm, run_id)
        assert import_work.carry_out(self.work(run_id)) is Pace.DONE
        return self.run(run_id)

    def take(self, step: Any, run_id: str, *arguments: Any) -> None:
        """Take a step in a transaction of its own."""
        with transaction(self.factory) as session:
            step(session, LIBRARIAN, run_id, *arguments)

    def run(self, run_id: str) -> ImportRun:
        """The import as it stands."""
        with self.factory() as session:
            return store.run(session, run_id)

    def findings(self, run_id: str) -> list[tuple[str, str]]:
        """Finding and reason of each record."""
        with self.factory() as session:
            return [(item.finding.value if item.finding else "", item.reason)
                    for item in store.items(session, run_id, limit=1000)]
