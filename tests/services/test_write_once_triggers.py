"""Questions and original sources stay as they came, also for whoever reaches the tables past the services (R1, R10)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from inquiry_service import db
from inquiry_service.models.write_once_triggers import create_statements, drop_statements, missing_triggers
from tests import factories

WRITES = {
    "change the words": "UPDATE question SET verbatim = 'Is it good?'",
    "change one letter": "UPDATE question SET verbatim = upper(verbatim)",
    "move it": "UPDATE question SET seq = seq + 1",
    "delete it": "DELETE FROM question",
    "change a source": "UPDATE attachment SET sha256 = 'x'",
    "delete a source": "DELETE FROM attachment",
}
ONLY = {
    "sqlite": {"replace it": "INSERT OR REPLACE INTO question SELECT * FROM question",
               "replace a source": "INSERT OR REPLACE INTO attachment SELECT * FROM attachment"},
    "postgresql": {"truncate": "TRUNCATE question CASCADE", "truncate sources": "TRUNCATE attachment"},
}


REFUSALS = re.compile("as it was asked|as it came")


@pytest.fixture
def recorded(engine: Engine, tmp_path: Path) -> Engine:
    """A database with one question and one source, and the triggers in place."""
    with engine.begin() as connection:
        for statement in (*drop_statements(engine.dialect.name), *create_statements(engine.dialect.name)):
            connection.execute(text(statement))
    with db.transaction(db.session_factory(engine)) as session:
        actor, product = factories.actor(session), factories.product_with_label(session)
        factories.inquiry(
            session, actor, product, factories.blob_store(tmp_path), questions=["can it be split?"],
            files=[("note.txt", b"note")])
    return engine


def attempts(engine: Engine) -> dict[str, str]:
    return WRITES | ONLY[engine.dialect.name]


def outcome(engine: Engine, statement: str) -> str:
    """Run a statement as an intruder would and say what the database answered; nothing stays."""
    connection = engine.connect()
    try:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig)
    finally:
        connection.rollback()
        connection.close()
    return "done"


def test_raw_statements_cannot_change_a_question_or_a_source(recorded: Engine) -> None:
    refused = {name: outcome(recorded, statement) for name, statement in attempts(recorded).items()}
    assert [name for name, words in refused.items() if not REFUSALS.search(words)] == []


def test_without_the_triggers_the_same_statements_go_through(recorded: Engine) -> None:
    with recorded.begin() as connection:
        for statement in drop_statements(recorded.dialect.name):
            connection.execute(text(statement))
        assert missing_triggers(connection)
    assert {outcome(recorded, WRITES[name]) for name in ("change the words", "change a source")} == {"done"}


def test_restating_a_question_is_still_possible(recorded: Engine) -> None:
    assert outcome(recorded, "UPDATE question SET restated = 'Splitting the tablet'") == "done"
    with recorded.connect() as connection:
        assert missing_triggers(connection) == []
