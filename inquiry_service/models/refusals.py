"""Triggers that refuse a change, written once for SQLite and PostgreSQL.

They are defence in depth against whatever reaches the tables beside the services. INSERT is looked at
because SQLite's ``INSERT OR REPLACE`` removes the old row without firing a delete trigger unless
``recursive_triggers`` is on. On PostgreSQL they are ENABLE ALWAYS: ``session_replication_role =
replica`` does not switch them off. Alembic's batch mode recreates a table and drops its triggers
without a word: after a batch change, create them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

_FOUND_ON_SQLITE = text("SELECT name, sql AS body FROM sqlite_master WHERE type = 'trigger'")
_FOUND_ON_POSTGRESQL = text(
    "SELECT t.tgname AS name, p.prosrc AS body FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
    " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE t.tgenabled = 'A' AND n.nspname = current_schema()"
)


@dataclass(frozen=True)
class Refusal:
    """One trigger.

    Attributes:
        name: of the trigger, and on PostgreSQL of its function.
        table, event: where it fires; TRUNCATE exists on PostgreSQL only.
        message: what the error says.
        condition: SQL over NEW and OLD under which the change is refused; empty means always.
    """

    name: str
    table: str
    event: str
    message: str
    condition: str = ""

    @property
    def sqlite(self) -> str:
        """The CREATE statement for SQLite."""
        when = f" WHEN {self.condition}" if self.condition else ""
        return (f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}{when}"
                f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END")

    @property
    def body(self) -> str:
        """The body of the function for PostgreSQL."""
        refuse = f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation';"
        if not self.condition:
            return f"BEGIN {refuse} END"
        return f"BEGIN IF {self.condition} THEN {refuse} END IF; RETURN NEW; END"

    @property
    def postgresql(self) -> tuple[str, str, str]:
        """The statements for PostgreSQL: function, trigger, and that it always fires."""
        level = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $evenhand${self.body}$evenhand$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH {level}"
            f" EXECUTE FUNCTION {self.name}()",
            f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}",
        )


def create(refusals: Sequence[Refusal], dialect: str) -> list[str]:
    """Return the statements that create every trigger on ``dialect`` (``sqlite`` or ``postgresql``)."""
    if dialect == "sqlite":
        return [refusal.sqlite for refusal in refusals if refusal.event != "TRUNCATE"]
    return [statement for refusal in refusals for statement in refusal.postgresql]


def drop(refusals: Sequence[Refusal], dialect: str) -> list[str]:
    """Return the statements that drop every trigger: for downgrades, and tests that play the intruder."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {refusal.name}" for refusal in refusals if refusal.event != "TRUNCATE"]
    return [statement for refusal in refusals for statement in (
        f"DROP TRIGGER IF EXISTS {refusal.name} ON {refusal.table}", f"DROP FUNCTION IF EXISTS {refusal.name}()")]


def missing(refusals: Sequence[Refusal], connection: Connection) -> list[str]:
    """Return the names of triggers that are absent, switched off, or say something else; empty is good."""
    if connection.dialect.name == "sqlite":
        found = {row.name: row.body for row in connection.execute(_FOUND_ON_SQLITE)}
        return [refusal.name for refusal in refusals
                if refusal.event != "TRUNCATE" and found.get(refusal.name) != refusal.sqlite]
    found = {row.name: row.body for row in connection.execute(_FOUND_ON_POSTGRESQL)}
    return [refusal.name for refusal in refusals if found.get(refusal.name) != refusal.body]
