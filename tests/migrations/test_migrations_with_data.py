"""The migration to the literature library goes up and down on a database that has been worked with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Integer, MetaData, Table, insert, text, types

from inquiry_service.db import create_engine_for
from inquiry_service.migrations import run

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
COUNTED = ("literature_record", "literature_version", "import_run", "import_item", "search_run", "search_hit")


@contextmanager
def _tables(url: str) -> Iterator[tuple[Any, dict[str, Table]]]:
    engine = create_engine_for(url)
    try:
        with engine.begin() as connection:
            metadata = MetaData()
            metadata.reflect(connection)
            yield connection, dict(metadata.tables)
    finally:
        engine.dispose()


class _Rows:
    """Rows of the first schema; what a row refers to is made on the way."""

    def __init__(self, connection: Any, tables: dict[str, Table]) -> None:
        self._connection, self._tables = connection, tables
        self._ids: dict[str, str] = {}
        self._number = 0

    def add(self, table: str, **given: Any) -> str:
        """Add a row with these values and something fitting in the other columns that need one."""
        self._number += 1
        values = {"id": f"id-{self._number}"} | given
        for column in self._tables[table].columns:
            if column.name not in values and not column.nullable:
                values[column.name] = self._of(column)
        self._connection.execute(insert(self._tables[table]).values(values))
        self._ids[table] = values["id"]
        return str(values["id"])

    def _of(self, column: Any) -> Any:
        for key in column.foreign_keys:
            other = key.column.table.name
            return self._ids.get(other) or self.add(other)
        plain = {Boolean: False, Integer: self._number, DateTime: MOMENT, types.JSON: []}
        found = next((value for kind, value in plain.items() if isinstance(column.type, kind)), None)
        return f"v{self._number}"[-(getattr(column.type, "length", None) or 36):] if found is None else found


def _fill(url: str) -> None:
    with _tables(url) as (connection, tables):
        rows = _Rows(connection, tables)
        rows.add("literature_record", id="notice", is_notice=True, status="current", citation_key="notice1")
        rows.add("literature_record", id="article", is_notice=False, status="retracted", citation_key="article1")
        rows.add("literature_version", record_id="article", version=1)
        rows.add("import_run", id="died", finished_at=None)
        rows.add("import_run", id="done", finished_at=MOMENT)
        rows.add("import_item", run_id="done", outcome="created", record_id="article")
        rows.add("search_run", id="search")
        rows.add("search_hit", run_id="search", record_id="article")


def _counts(url: str) -> dict[str, int]:
    with _tables(url) as (connection, _):
        return {table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) for table in COUNTED}


def test_a_library_that_is_in_use_goes_up_down_and_up_again(empty_database_url: str) -> None:
    run.upgrade(empty_database_url, "0001")
    _fill(empty_database_url)
    before = _counts(empty_database_url)
    assert min(before.values()) >= 1
    run.upgrade(empty_database_url, "0002")
    assert _counts(empty_database_url) == before
    with _tables(empty_database_url) as (connection, _):
        kinds = connection.execute(text("SELECT id, kind, merged_into FROM literature_record ORDER BY id")).all()
        states = connection.execute(text("SELECT id, state FROM import_run ORDER BY id")).all()
    assert [tuple(row) for row in kinds] == [("article", "article", None), ("notice", "notice", None)]
    assert [tuple(row) for row in states] == [("died", "failed"), ("done", "finished")]
    run.downgrade(empty_database_url, "0001")
    assert _counts(empty_database_url) == before
    run.upgrade(empty_database_url, "0002")
    assert _counts(empty_database_url) == before


def test_what_was_only_checked_goes_when_the_library_goes_down(empty_database_url: str) -> None:
    run.upgrade(empty_database_url, "0001")
    _fill(empty_database_url)
    before = _counts(empty_database_url)
    run.upgrade(empty_database_url, "0002")
    with _tables(empty_database_url) as (connection, tables):
        _Rows(connection, tables).add("import_item", run_id="done", finding="new", outcome=None)
    run.downgrade(empty_database_url, "0001")
    assert _counts(empty_database_url) == before
