"""Triggers that keep a question as it was asked, for SQLite and PostgreSQL (R1).

No service changes ``question.verbatim``; these refuse it to everything else that reaches the tables. A question
is never deleted either: what should not have been asked is withdrawn, and stays. The same holds for what is
known of an original source (R10): its row never changes.

INSERT is looked at because SQLite's ``INSERT OR REPLACE`` removes the old row without firing a delete trigger
unless ``recursive_triggers`` is on. On PostgreSQL the triggers are ENABLE ALWAYS. Alembic's batch mode drops
triggers without a word: after a batch change of these tables, create them again.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_QUESTION = "a question stays as it was asked; add a correction beside it"
_SOURCE = "an original source stays as it came"

_Rule = tuple[str, str, str, str, str]
_RULES: tuple[_Rule, ...] = (
    # name, table, event, condition ("" = always), message
    ("question_verbatim_once", "question", "UPDATE",
     "NEW.verbatim <> OLD.verbatim OR NEW.id <> OLD.id OR NEW.inquiry_id <> OLD.inquiry_id OR NEW.seq <> OLD.seq",
     _QUESTION),
    ("question_no_delete", "question", "DELETE", "", _QUESTION),
    ("question_no_replace", "question", "INSERT",
     "EXISTS (SELECT 1 FROM question WHERE id = NEW.id OR (inquiry_id = NEW.inquiry_id AND seq = NEW.seq))", _QUESTION),
    ("attachment_no_update", "attachment", "UPDATE", "", _SOURCE),
    ("attachment_no_delete", "attachment", "DELETE", "", _SOURCE),
    ("attachment_no_replace", "attachment", "INSERT", "EXISTS (SELECT 1 FROM attachment WHERE id = NEW.id)", _SOURCE),
)
_NO_TRUNCATE = (
    ("question_no_truncate", "question", _QUESTION), ("attachment_no_truncate", "attachment", _SOURCE),
)


def _sqlite_trigger(rule: _Rule) -> str:
    name, table, event, condition, message = rule
    when = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _postgresql_body(condition: str, message: str) -> str:
    refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    if not condition:
        return f"BEGIN {refuse} END"
    return f"BEGIN IF {condition} THEN {refuse} END IF; RETURN NEW; END"


def _postgresql_bodies() -> dict[str, tuple[str, str, str, str]]:
    bodies = {name: (table, event, "ROW", _postgresql_body(condition, message))
              for name, table, event, condition, message in _RULES}
    for name, table, message in _NO_TRUNCATE:
        bodies[name] = (table, "TRUNCATE", "STATEMENT", _postgresql_body("", message))
    return bodies


def _postgresql_trigger(name: str, table: str, event: str, level: str, body: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $evenhand${body}$evenhand$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


SQLITE_TRIGGERS: dict[str, str] = {rule[0]: _sqlite_trigger(rule) for rule in _RULES}
"""Trigger name to its CREATE statement."""


def create_statements(dialect: str) -> list[str]:
    """Return the statements that create every trigger.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
    """
    if dialect == "sqlite":
        return list(SQLITE_TRIGGERS.values())
    return [statement for name, parts in _postgresql_bodies().items()
            for statement in _postgresql_trigger(name, *parts)]


def drop_statements(dialect: str) -> list[str]:
    """Return the statements that drop every trigger: for downgrades, and tests that play the intruder."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE_TRIGGERS]
    return [statement for name, parts in _postgresql_bodies().items() for statement in (
        f"DROP TRIGGER IF EXISTS {name} ON {parts[0]}", f"DROP FUNCTION IF EXISTS {name}()")]


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that are absent, switched off, or say something else; empty is good."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        found = {row.name: row.sql for row in rows}
        return [name for name, sql in SQLITE_TRIGGERS.items() if found.get(name) != sql]
    rows = connection.execute(text(
        "SELECT t.tgname AS name, p.prosrc AS body FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE t.tgenabled = 'A' AND n.nspname = current_schema()"
    ))
    found = {row.name: row.body for row in rows}
    return [name for name, parts in _postgresql_bodies().items() if found.get(name) != parts[3]]
