"""The tables refuse everything but the next entry; without the triggers the same statements go through."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from inquiry_service.db import session_factory
from inquiry_service.models.audit_triggers import create_statements, drop_statements, missing_triggers
from tests.services.audit_log import arm, check, disarm, fill

_COLUMNS = (
    "log, seq, entry, leaf_hash, at, entry_id, actor_id, actor_name, role, action, object_type, object_id,"
    " object_label, inquiry_id, reason_code, request_id"
)
_REST = _COLUMNS.removeprefix("log, seq, ")
_COPY = f"SELECT log, {{seq}}, {_REST} FROM audit_entry WHERE seq = 3"

EVERYWHERE = {
    "update": "UPDATE audit_entry SET actor_name = 'Somebody' WHERE seq = 3",
    "update of nothing but case": "UPDATE audit_entry SET role = upper(role)",
    "delete": "DELETE FROM audit_entry WHERE seq = 9",
    "delete all": "DELETE FROM audit_entry",
    "insert before": f"INSERT INTO audit_entry ({_COLUMNS}) {_COPY.format(seq=-1)}",
    "insert with a gap": f"INSERT INTO audit_entry ({_COLUMNS}) {_COPY.format(seq=11)}",
    "head back": "UPDATE audit_head SET size = size - 1",
    "head same": "UPDATE audit_head SET root = 'x'",
    "head ahead": "UPDATE audit_head SET size = size + 5",
    "head renamed": "UPDATE audit_head SET log = 'other', size = size + 1",
    "head deleted": "DELETE FROM audit_head",
    "head in the middle": "INSERT INTO audit_head (log, size, frontier, root) VALUES ('other', 4, '', 'x')",
    "personal value altered": "UPDATE audit_personal SET value = '\"Bob\"'",
}
ONLY_SQLITE = {
    "insert or replace": f"INSERT OR REPLACE INTO audit_entry ({_COLUMNS}) {_COPY.format(seq=3)}",
    "replace": f"REPLACE INTO audit_entry ({_COLUMNS}) {_COPY.format(seq=3)}",
    "update or replace": "UPDATE OR REPLACE audit_entry SET seq = 4 WHERE seq = 3",
    "head insert or replace": "INSERT OR REPLACE INTO audit_head SELECT log, 0, '', 'x' FROM audit_head",
}
ONLY_POSTGRESQL = {
    "upsert": f"INSERT INTO audit_entry ({_COLUMNS}) {_COPY.format(seq=3)}"
              " ON CONFLICT (log, seq) DO UPDATE SET role = 'x'",
    "merge": "MERGE INTO audit_entry a USING (SELECT 3 AS seq) s ON a.seq = s.seq"
             " WHEN MATCHED THEN UPDATE SET role = 'x'",
    "truncate": "TRUNCATE audit_entry",
    "truncate head": "TRUNCATE audit_head",
    "replica role": "SET LOCAL session_replication_role = replica; DELETE FROM audit_entry WHERE seq = 9",
}
FORBIDDEN = {"sqlite": EVERYWHERE | ONLY_SQLITE, "postgresql": EVERYWHERE | ONLY_POSTGRESQL}
REFUSALS = re.compile("append-only|without a gap|forward only|starts once")


@pytest.fixture
def log(engine: Engine) -> Engine:
    """A database whose log holds ten entries, some of them with personal values."""
    fill(session_factory(engine), 10)
    return engine


def _answers(engine: Engine) -> dict[str, str]:
    """Try every forbidden statement, each in a transaction that is rolled back; return what the database said."""
    answers = {}
    for name, statements in FORBIDDEN[engine.dialect.name].items():
        with engine.connect() as connection:
            try:
                for statement in statements.split("; "):
                    connection.execute(text(statement))
                answers[name] = "accepted"
            except DBAPIError as error:
                answers[name] = str(error.orig)
            connection.rollback()
    return answers


def test_every_statement_that_would_change_the_log_is_refused(log: Engine) -> None:
    answers = _answers(log)
    assert {name: answer for name, answer in answers.items() if not REFUSALS.search(answer)} == {}
    assert len(answers) >= 17
    assert check(log).size == 10


def test_without_the_triggers_the_same_statements_go_through(log: Engine) -> None:
    disarm(log)
    assert {name: answer for name, answer in _answers(log).items() if answer != "accepted"} == {}


def test_the_migration_leaves_every_trigger_in_place(engine: Engine) -> None:
    with engine.connect() as connection:
        assert missing_triggers(connection) == []


def test_absent_triggers_are_named(engine: Engine) -> None:
    disarm(engine)
    with engine.connect() as connection:
        assert {"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_next_only",
                "audit_head_forward_only"} <= set(missing_triggers(connection))
    arm(engine)
    with engine.connect() as connection:
        assert missing_triggers(connection) == []


def test_a_trigger_that_was_made_harmless_counts_as_missing(engine: Engine) -> None:
    name = "audit_entry_no_delete"
    [drop] = [sql for sql in drop_statements(engine.dialect.name) if sql.startswith("DROP TRIGGER") and name in sql]
    harmless = {
        "sqlite": f"CREATE TRIGGER {name} BEFORE DELETE ON audit_entry BEGIN SELECT 1; END",
        "postgresql": f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
                      " AS 'BEGIN RETURN OLD; END'",
    }[engine.dialect.name]
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text(drop))
        connection.execute(text(harmless))
        assert missing_triggers(connection) == [name]


@pytest.mark.postgresql
@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_switched_off_trigger_counts_as_missing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_update"))
        assert missing_triggers(connection) == ["audit_entry_no_update"]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_statement_comes_with_its_counterpart(dialect: str) -> None:
    created = [sql for sql in create_statements(dialect) if sql.startswith("CREATE TRIGGER")]
    dropped = [sql for sql in drop_statements(dialect) if sql.startswith("DROP TRIGGER")]
    assert [sql.split()[2] for sql in created] == [sql.split()[4] for sql in dropped]
