"""The literature index inside PostgreSQL: its tables, in a schema of their own that can be dropped at any moment.

Words are read by our own analysis and stored as ``tsvector``, one column per text field, found through GIN. The
schema is no part of the migrations: it holds nothing that the library's tables do not hold, and is made anew by a
rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    any_,
    bindparam,
    inspect,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.schema import CreateSchema

from inquiry_service.search.embedded.schema import SCORED

SCHEMA = "evenhand_index"
TEXT_FIELDS = tuple(sorted(SCORED))
"""Fields with words; of each there is a column of terms and one with its length in words."""
WRITER_LOCK = 0x65766E6964
"""Advisory lock of the one writer."""

_METADATA = MetaData(schema=SCHEMA)

STATE = Table(
    "state", _METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("documents", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("made_by", Text, nullable=False),
)
"""One row: the generation that answers."""

TOLD = Table(
    "told", _METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("facts", JSONB, nullable=False),
)
"""What the records tell about words (:class:`Facts`): all of them in the first row, those added since in others."""

DOCUMENT = Table(
    "document", _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("record_id", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("medical_only", Boolean, nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("shown", ARRAY(Text), nullable=False),
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("pages", ARRAY(Text), nullable=False),
    *(Column(f"{field}_terms", TSVECTOR, nullable=False) for field in TEXT_FIELDS),
    *(Column(f"{field}_length", Integer, nullable=False) for field in TEXT_FIELDS),
    Index("document_labels", "labels", postgresql_using="gin"),
    *(Index(f"document_{field}", f"{field}_terms", postgresql_using="gin") for field in TEXT_FIELDS),
)
"""One row per record; year 0 is none. ``labels`` are compared, ``shown`` are counted and shown."""

TERM = Table(
    "term", _METADATA,
    Column("field", Text, primary_key=True),
    Column("term", Text(collation="C"), primary_key=True),
    Column("documents", Integer, nullable=False),
)
"""In how many records each term stands."""


def create(connection: Connection) -> None:
    """Make what is missing."""
    # Asked first: IF NOT EXISTS would want the right to make schemas even where this one was made for us.
    if not inspect(connection).has_schema(SCHEMA):
        connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
    _METADATA.create_all(connection)


def create_anew(connection: Connection) -> None:
    """Drop the tables with all they hold and make them again; readers wait meanwhile."""
    _METADATA.drop_all(connection)
    _METADATA.create_all(connection)


def is_any(column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether ``column`` is one of ``values``, given as one array: a statement has 65,535 parameters at most."""
    return column == any_(bindparam(None, list(values), ARRAY(column.type)))


def exist(connection: Connection) -> bool:
    """Whether an index was ever made in this database."""
    return inspect(connection).has_table(STATE.name, schema=SCHEMA)
