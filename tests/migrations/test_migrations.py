"""Migrations go up and down on both databases, and what they build is what the models say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from inquiry_service import models
from inquiry_service.db import Base, create_engine_for
from inquiry_service.migrations import run

VERSIONS = Path(run.__file__).parent / "versions"
SCRIPTS = ScriptDirectory(str(VERSIONS.parent))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def _tables(url: str) -> set[str]:
    engine = create_engine_for(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def _schema(url: str) -> dict[str, object]:
    """Tables with columns, indexes and keys, and the triggers: what two databases are compared by."""
    engine = create_engine_for(url)
    try:
        with engine.connect() as connection:
            inspector = inspect(connection)
            schema: dict[str, object] = {
                table: (
                    sorted((column["name"], str(column["type"])) for column in inspector.get_columns(table)),
                    sorted(str(index["name"]) for index in inspector.get_indexes(table)),
                    sorted(str(key["name"]) for key in inspector.get_foreign_keys(table)),
                )
                for table in inspector.get_table_names()
            }
            schema["triggers"] = set(connection.scalars(text(TRIGGERS[engine.dialect.name])))
            return schema
    finally:
        engine.dispose()


def _differences(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def test_there_is_one_head_and_the_files_are_numbered_and_named() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert names
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name)] == []
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]


def test_the_migrated_database_equals_the_models(engine: Engine) -> None:
    assert models.__name__ == "inquiry_service.models"
    assert Base.metadata.tables
    assert _differences(engine) == []


def test_a_column_that_no_migration_makes_would_be_found(engine: Engine) -> None:
    before = _differences(engine)
    table = min(Base.metadata.tables)
    with engine.begin() as connection:
        connection.execute(text(f'ALTER TABLE "{table}" ADD COLUMN nobody_asked_for INTEGER'))
    (found,) = set(_differences(engine)) - set(before)
    assert found.startswith(f"('remove_column', None, '{table}', Column('nobody_asked_for'")


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_down_and_up_without_a_trace(revision: str, empty_database_url: str) -> None:
    run.upgrade(empty_database_url, revision)
    once = _schema(empty_database_url)
    run.downgrade(empty_database_url, "-1")
    run.upgrade(empty_database_url, revision)
    assert _schema(empty_database_url) == once


def test_the_way_down_to_nothing_leaves_nothing(empty_database_url: str) -> None:
    run.upgrade(empty_database_url)
    assert _tables(empty_database_url) == set(Base.metadata.tables)
    run.downgrade(empty_database_url, "base")
    assert _tables(empty_database_url) == set()
    assert _schema(empty_database_url)["triggers"] == set()


def test_the_revision_of_a_database_is_known(empty_database_url: str) -> None:
    assert not run.is_at_head(empty_database_url)
    run.upgrade(empty_database_url)
    assert run.is_at_head(empty_database_url)
    run.upgrade(empty_database_url)
    assert run.is_at_head(empty_database_url)
