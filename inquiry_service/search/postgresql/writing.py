"""Writing the PostgreSQL index: records put in and taken out, or everything built anew, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Text, column, delete, func, insert, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import OperationalError

from inquiry_service.errors import InvalidInput
from inquiry_service.search.embedded.content_digest import ContentDigest
from inquiry_service.search.embedded.generations import MADE_BY, NEVER_BUILT
from inquiry_service.search.port import Generation, IndexBusy, IndexDocument, Progress
from inquiry_service.search.postgresql.reading import current, read_facts
from inquiry_service.search.postgresql.rows import columns_of
from inquiry_service.search.postgresql.tables import (
    DOCUMENT,
    STATE,
    TERM,
    TEXT_FIELDS,
    TOLD,
    WRITER_LOCK,
    create,
    create_anew,
    is_any,
)
from inquiry_service.search.words.facts import Facts

_BATCH = 50
_MOST_NOTES = 24


class PostgresqlWriting:
    """The one writer among all hosts. Each call publishes one generation, or none if it fails.

    Args:
        longest_wait: seconds to wait for another writer.
    """

    def __init__(self, engine: Engine, longest_wait: float) -> None:
        self._engine = engine
        self._longest_wait = longest_wait

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str]) -> Generation:
        """A generation that differs from the current one by these records; the last of equal ids counts."""
        new = {document.record_id: document for document in upserts}
        gone = {record_id for record_id in deletes if record_id not in new}
        with self._writing() as connection:
            before = current(connection) or NEVER_BUILT
            if not new and not gone:
                return before
            digest, facts = ContentDigest(before.digest), Facts()
            removed = _take_out(connection, [*new, *gone], digest)
            first = 1 + (connection.scalar(select(func.max(DOCUMENT.c.number))) or 0)
            _put_in(connection, list(new.values()), first, digest, facts)
            _count_terms(connection, range(first, first + len(new)))
            after = Generation(before.number + 1, before.documents - removed + len(new), digest.hexdigest())
            _tell(connection, after.number, facts.bounded())
            return _publish(connection, after)

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None) -> Generation:
        """A generation made of ``documents`` alone; readers see the one before until this is complete."""
        with self._writing() as connection:
            number = _emptied(connection)
            digest, facts, seen = ContentDigest(), Facts(), 0
            arriving = iter(_each_once(documents))
            while batch := list(islice(arriving, _BATCH)):
                _put_in(connection, batch, seen + 1, digest, facts)
                seen += len(batch)
                if progress is not None:
                    progress(seen)
            _count_terms(connection, None)
            _tell(connection, number + 1, facts.thinned(seen))
            return _publish(connection, Generation(number + 1, seen, digest.hexdigest()))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            milliseconds = round(self._longest_wait * 1000)
            connection.execute(select(func.set_config("lock_timeout", f"{milliseconds}ms", True)))
            connection.execute(select(func.set_config("statement_timeout", "0", True)))
            try:
                connection.execute(select(func.pg_advisory_xact_lock(WRITER_LOCK)))
            except OperationalError as error:
                raise IndexBusy("The literature index is being written; try again in a moment.") from error
            create(connection)
            yield connection


def _emptied(connection: Connection) -> int:
    """Take everything out; returns the number of the generation that was."""
    found = connection.execute(select(STATE.c.generation, STATE.c.made_by)).one_or_none()
    if found is not None and found.made_by != MADE_BY:
        # Another version may have laid the tables out in another way.
        create_anew(connection)
    else:
        for table in (DOCUMENT, TERM, TOLD):
            connection.execute(delete(table))
    return found.generation if found else 0


def _publish(connection: Connection, generation: Generation) -> Generation:
    connection.execute(delete(STATE))
    connection.execute(insert(STATE).values(
        generation=generation.number, documents=generation.documents, digest=generation.digest, made_by=MADE_BY))
    return generation


def _tell(connection: Connection, generation: int, facts: Facts) -> None:
    """Note what added records tell about words; of many such notes, one is made."""
    if (connection.scalar(select(func.count()).select_from(TOLD)) or 0) > _MOST_NOTES:
        facts.include(read_facts(connection))
        connection.execute(delete(TOLD))
    connection.execute(insert(TOLD).values(
        generation=generation, facts={name: facts.rows(name) for name in Facts.SECTIONS}))


def _each_once(documents: Iterable[IndexDocument]) -> Iterator[IndexDocument]:
    seen: set[str] = set()
    for document in documents:
        if document.record_id in seen:
            raise InvalidInput(f"Record {document.record_id} was given to the index twice.")
        seen.add(document.record_id)
        yield document


def _put_in(
    connection: Connection, documents: Sequence[IndexDocument], first: int, digest: ContentDigest, facts: Facts
) -> None:
    if documents:
        rows = [columns_of(document, number) for number, document in enumerate(documents, first)]
        connection.execute(insert(DOCUMENT), rows)
    for document in documents:
        digest.add(document.record_id, document.version)
        facts.add(document)


def _take_out(connection: Connection, record_ids: Sequence[str], digest: ContentDigest) -> int:
    """Take these records out; returns how many there were."""
    gone = connection.execute(
        select(DOCUMENT.c.number, DOCUMENT.c.record_id, DOCUMENT.c.version)
        .where(is_any(DOCUMENT.c.record_id, record_ids))).all()
    if not gone:
        return 0
    numbers = [row.number for row in gone]
    held = _terms(numbers).subquery()
    connection.execute(update(TERM).values(documents=TERM.c.documents - held.c.documents).where(
        TERM.c.field == held.c.field, TERM.c.term == held.c.term))
    connection.execute(delete(DOCUMENT).where(is_any(DOCUMENT.c.number, numbers)))
    for row in gone:
        digest.remove(row.record_id, row.version)
    return len(gone)


def _count_terms(connection: Connection, numbers: Sequence[int] | None) -> None:
    """Add the terms of these records, or of all, to the counts."""
    statement = upsert(TERM).from_select(["field", "term", "documents"], _terms(numbers))
    connection.execute(statement.on_conflict_do_update(
        index_elements=["field", "term"], set_={"documents": TERM.c.documents + statement.excluded.documents}))


def _terms(numbers: Sequence[int] | None) -> Any:
    """Field, term and number of records of each term in these records, or in all."""
    chosen = []
    for field in TEXT_FIELDS:
        each = func.unnest(func.tsvector_to_array(DOCUMENT.c[f"{field}_terms"])).table_valued(
            column("term", Text)).render_derived().lateral()
        one = select(literal(field).label("field"), each.c.term, func.count().label("documents")).select_from(
            DOCUMENT.join(each, onclause=literal(True)))
        chosen.append((one if numbers is None else one.where(is_any(DOCUMENT.c.number, numbers))).group_by(each.c.term))
    return union_all(*chosen)
