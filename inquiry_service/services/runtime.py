"""The objects one process needs once: configuration, database, stored files, literature index.

Web, command line and worker each open their own; services receive the parts they need.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from config import Config
from inquiry_service import db
from inquiry_service.db import SessionFactory
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.port import SearchIndex
from inquiry_service.search.postgresql.index import PostgresqlIndex
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.passwords import Passwords

__all__ = ["Runtime", "Session", "is_database_trouble"]

_READ_ONLY = {"read_only": True}
"""Read by the SQLite engine: BEGIN without the write lock, so that readers never wait for each other."""


@dataclass(frozen=True)
class Runtime:
    """One process's connection to everything outside of it."""

    config: Config
    engine: Engine
    sessions: SessionFactory
    blobs: BlobStore

    @classmethod
    def open(cls, config: Config) -> Runtime:
        """Prepare everything; nothing is connected to or read from the disk yet."""
        engine = db.create_engine_for(config.database_url)
        return cls(config, engine, db.session_factory(engine), BlobStore(config.blobs_dir))

    @cached_property
    def index(self) -> SearchIndex:
        """The literature index, opened at the first use: most commands need none."""
        if self.config.search == "postgresql":
            return PostgresqlIndex(self.engine)
        # A key of its own, so that the secret that signs cookies is used for nothing else.
        key = hmac.digest(self.config.secret_key.encode(), b"evenhand literature index", hashlib.sha256)
        return WhooshIndex(self.config.index_dir, key)

    @cached_property
    def passwords(self) -> Passwords:
        """Password hashing with this installation's parameters."""
        return Passwords.from_config(self.config)

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a session that is committed at the end of the block (see :func:`db.transaction`)."""
        return db.transaction(self.sessions)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that takes no write lock and keeps nothing."""
        with self.sessions(bind=self.engine.execution_options(**_READ_ONLY)) as session:
            yield session

    def close(self) -> None:
        """Give back the connections and the open index files."""
        if "index" in self.__dict__:
            self.index.close()
        self.engine.dispose()


def is_database_trouble(error: BaseException) -> bool:
    """Say whether ``error`` means that the database is away, busy or full, rather than a fault of ours."""
    return isinstance(error, OperationalError | InterfaceError)
