"""Bring a database to a revision, from code: the CLI, the tests and the demo use this."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from inquiry_service.db import create_engine_for

HERE = Path(__file__).resolve().parent


def _configuration(url: str) -> AlembicConfig:
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(HERE).replace("%", "%%"))
    configuration.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    configuration.attributes["url"] = url
    return configuration


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at ``url`` up to ``revision``."""
    command.upgrade(_configuration(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate the database at ``url`` down to ``revision`` (``base`` for empty)."""
    command.downgrade(_configuration(url), revision)


def head() -> str:
    """Return the newest revision that the code knows."""
    found = ScriptDirectory.from_config(_configuration("")).get_current_head()
    return found or ""


def current(engine: Engine) -> str:
    """Return the revision that the database is at; empty for a database without any."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_at_head(url: str) -> bool:
    """Say whether the database at ``url`` has every migration."""
    engine = create_engine_for(url)
    try:
        return current(engine) == head()
    finally:
        engine.dispose()
