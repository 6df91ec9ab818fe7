"""Triggers that keep the audit tables append-only, for SQLite and PostgreSQL (R82).

They are defence in depth: the proof is the tree. Why each is there:

* UPDATE and DELETE (and TRUNCATE) are refused outright.
* INSERT must carry the next number. On SQLite this also stops ``INSERT OR REPLACE``, whose hidden
  delete fires no delete trigger unless ``recursive_triggers`` is on, and which silently replaced a row.
* The head may only move forward, and only to the number of entries that are there.
* On PostgreSQL they are ENABLE ALWAYS: ``session_replication_role = replica`` does not switch them off.

Alembic's batch mode recreates a table and drops its triggers without a word: never batch-alter an
audit table. :func:`missing_triggers` is asked at every start.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from inquiry_service.domain.audit_entry import LOG
from inquiry_service.domain.merkle import EMPTY_ROOT

_REFUSED = "the audit log is append-only"
_NEXT = "audit entries must be numbered without a gap"
_FORWARD = "the audit head moves forward only, to the number of entries"
_ONE_HEAD = "an audit log starts once, empty"

_COUNT = "(SELECT COALESCE(MAX(seq) + 1, 0) FROM audit_entry WHERE log = NEW.log)"
_BACKWARD = f"NEW.log <> OLD.log OR NEW.size <= OLD.size OR NEW.size <> {_COUNT}"
_SECOND_HEAD = "NEW.size <> 0 OR EXISTS (SELECT 1 FROM audit_head WHERE log = NEW.log)"

_Rule = tuple[str, str, str, str, str]
_RULES: tuple[_Rule, ...] = (
    # name, table, event, condition ("" = always), message
    ("audit_entry_no_update", "audit_entry", "UPDATE", "", _REFUSED),
    ("audit_entry_no_delete", "audit_entry", "DELETE", "", _REFUSED),
    ("audit_entry_next_only", "audit_entry", "INSERT", f"NEW.seq <> {_COUNT}", _NEXT),
    ("audit_head_forward_only", "audit_head", "UPDATE", _BACKWARD, _FORWARD),
    ("audit_head_no_delete", "audit_head", "DELETE", "", _REFUSED),
    ("audit_head_starts_once", "audit_head", "INSERT", _SECOND_HEAD, _ONE_HEAD),
    # The values may be erased (DELETE), never altered.
    ("audit_personal_no_update", "audit_personal", "UPDATE", "", _REFUSED),
)
_NO_TRUNCATE = (("audit_entry_no_truncate", "audit_entry"), ("audit_head_no_truncate", "audit_head"))


def _sqlite_trigger(rule: _Rule) -> str:
    name, table, event, condition, message = rule
    when = f" WHEN {condition}" if condition else ""
    body = f"SELECT RAISE(ABORT, '{message}');"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN {body} END"


def _postgresql_body(condition: str, message: str) -> str:
    refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    if not condition:
        return f"BEGIN {refuse} END"
    return f"BEGIN IF {condition} THEN {refuse} END IF; RETURN NEW; END"


def _postgresql_trigger(name: str, table: str, event: str, level: str, body: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $evenhand${body}$evenhand$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


def _postgresql_bodies() -> dict[str, tuple[str, str, str, str]]:
    bodies = {name: (table, event, "ROW", _postgresql_body(condition, message))
              for name, table, event, condition, message in _RULES}
    for name, table in _NO_TRUNCATE:
        bodies[name] = (table, "TRUNCATE", "STATEMENT", _postgresql_body("", _REFUSED))
    return bodies


SQLITE_TRIGGERS: dict[str, str] = {rule[0]: _sqlite_trigger(rule) for rule in _RULES}
"""Trigger name to its CREATE statement."""

POSTGRESQL_TRIGGERS: dict[str, list[str]] = {
    name: _postgresql_trigger(name, *parts) for name, parts in _postgresql_bodies().items()
}
"""Trigger name to its statements: function, trigger, ENABLE ALWAYS."""


_EMPTY_HEAD = f"VALUES ('{LOG}', 0, '', '{EMPTY_ROOT.hex()}')"
START_LOG = f"INSERT INTO audit_head (log, size, frontier, root) {_EMPTY_HEAD} ON CONFLICT DO NOTHING"
"""The empty head. Made once, here: a head that is missing later is damage, and must not be made anew."""


def create_statements(dialect: str) -> list[str]:
    """Return the statements that start the log and create every trigger.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
    """
    if dialect == "sqlite":
        return [START_LOG, *SQLITE_TRIGGERS.values()]
    return [START_LOG, *(statement for statements in POSTGRESQL_TRIGGERS.values() for statement in statements)]


def drop_statements(dialect: str) -> list[str]:
    """Return the statements that drop every trigger (for downgrades, and tests that play the intruder)."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE_TRIGGERS]
    tables = {name: parts[0] for name, parts in _postgresql_bodies().items()}
    return [statement for name, table in tables.items() for statement in (
        f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()")]


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
