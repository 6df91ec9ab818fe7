"""The contract of the search port, on the PostgreSQL adapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from config import Config
from inquiry_service.db import create_engine_for
from inquiry_service.errors import InvalidInput
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.port import IndexBusy, IndexUntrusted, Query, SearchIndex, Sort
from inquiry_service.search.postgresql.index import PostgresqlIndex
from inquiry_service.search.postgresql.tables import DOCUMENT, SCHEMA, WRITER_LOCK
from inquiry_service.services.runtime import Runtime
from tests.database import PostgresServer
from tests.search.contract import SearchContract
from tests.search.contract_base import ids
from tests.search.corpus import made_up, sample

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of an empty database."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def adapter(database: str) -> Iterator[PostgresqlIndex]:
    """An index in it, without a record."""
    engine = create_engine_for(database)
    yield PostgresqlIndex(engine, longest_wait=0.2)
    engine.dispose()


@pytest.fixture(scope="module")
def shelved(postgres_server: PostgresServer) -> Iterator[str]:
    """Name of a database with the sample in its index, to be copied and never written to."""
    name = postgres_server.create()
    engine = create_engine_for(postgres_server.url(name))
    PostgresqlIndex(engine).rebuild(sample())
    engine.dispose()
    yield name
    postgres_server.drop(name)


class TestPostgresqlIndex(SearchContract):
    @pytest.fixture
    def index(self, adapter: PostgresqlIndex) -> SearchIndex:
        return adapter

    @pytest.fixture
    def library(self, postgres_server: PostgresServer, shelved: str) -> Iterator[SearchIndex]:
        name = postgres_server.create(template=shelved)
        engine = create_engine_for(postgres_server.url(name))
        yield PostgresqlIndex(engine, longest_wait=0.2)
        engine.dispose()
        postgres_server.drop(name)


@pytest.mark.parametrize("asked", [
    "sumatriptan nausea", '"menstrual migraine"', "trip* AND nausea", "title:review OR zolmitriptan", "5-HT1 agonist",
])
def test_it_ranks_and_scores_as_the_embedded_index_does(
    adapter: PostgresqlIndex, index_dir: object, asked: str
) -> None:
    embedded = WhooshIndex(index_dir, b"a key of the tests, 32 bytes long")  # type: ignore[arg-type]
    for index in (adapter, embedded):
        index.rebuild(sample())
    here, there = adapter.search(Query(asked, limit=100)), embedded.search(Query(asked, limit=100))
    assert ids(here) == ids(there)
    assert [hit.score for hit in here.hits] == pytest.approx([hit.score for hit in there.hits])
    assert (here.facets, here.parsed, here.dropped) == (there.facets, there.parsed, there.dropped)
    embedded.close()


def test_two_hosts_see_one_index(adapter: PostgresqlIndex, database: str) -> None:
    engine = create_engine_for(database)
    other = PostgresqlIndex(engine)
    adapter.rebuild(sample())
    assert other.search(Query("intraoral")).total == 1
    other.apply([made_up("new", "Lasmiditan in acute migraine")])
    assert ids(adapter.search(Query("lasmiditan"))) == ["new"]
    engine.dispose()


def test_a_second_writer_waits_and_then_says_that_the_index_is_busy(adapter: PostgresqlIndex, database: str) -> None:
    engine = create_engine_for(database)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})
        with pytest.raises(IndexBusy, match="try again"):
            adapter.apply([made_up("a", "Title")])
    assert adapter.apply([made_up("a", "Title")]).documents == 1
    engine.dispose()


def test_an_index_of_another_version_is_refused_until_it_is_rebuilt(adapter: PostgresqlIndex, database: str) -> None:
    adapter.rebuild(sample())
    engine = create_engine_for(database)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {SCHEMA}.state SET made_by = 'older'"))
    for use in (lambda: adapter.search(Query("migraine")), lambda: adapter.apply([made_up("a", "Title")])):
        with pytest.raises(IndexUntrusted, match="rebuild"):
            use()
    assert adapter.rebuild(sample()).documents == len(sample())
    assert adapter.search(Query("migraine")).total > 0
    engine.dispose()


def test_text_that_postgresql_cannot_store_is_indexed_and_searched_without_it(adapter: PostgresqlIndex) -> None:
    adapter.apply([made_up("a", "Zolmitriptan\x00 study", "It's a \\ back-slash \ud800 'quoted' text.")])
    for asked in ("zolmitriptan", "back-slash", "quoted", '"it\'s a back-slash"'):
        assert ids(adapter.search(Query(asked))) == ["a"]
    with pytest.raises(InvalidInput):
        adapter.search(Query("((("))


def test_an_installation_uses_it_when_it_is_asked_for_and_files_otherwise(database: str, tmp_path: Path) -> None:
    chosen = Config(secret_key="a secret of the tests, long enough", database_url=database, index_dir=tmp_path)
    for config, kind in ((chosen, WhooshIndex), (replace(chosen, search="postgresql"), PostgresqlIndex)):
        runtime = Runtime.open(config)
        assert isinstance(runtime.index, kind)
        assert runtime.index.rebuild(sample()).documents == len(sample())
        assert runtime.index.search(Query("intraoral")).total == 1
        runtime.close()


def test_more_records_are_found_and_put_in_than_a_statement_has_parameters(
    adapter: PostgresqlIndex, database: str
) -> None:
    adapter.apply([made_up("seed", "Report")])
    engine = create_engine_for(database)
    with engine.begin() as connection:
        columns = [column.name for column in DOCUMENT.columns if column.name not in ("number", "record_id")]
        connection.execute(text(
            f"INSERT INTO {SCHEMA}.document (number, record_id, {', '.join(columns)}) "
            f"SELECT 1 + n, 'copy-' || n, {', '.join(columns)} FROM {SCHEMA}.document, generate_series(1, 70000) n"))
    for asked in (Query("report"), Query("", sort=Sort.NEWEST), Query("", sort=Sort.OLDEST, limit=200)):
        found = adapter.search(asked)
        assert (found.total, found.facets.years, len(found.hits)) == (70_001, ((2020, 70_001),), asked.limit)
    adapter.apply([], [f"copy-{number}" for number in range(1, 70_001)])
    assert adapter.search(Query("")).total == 1
    engine.dispose()


def test_a_role_without_the_right_to_make_schemas_can_write_into_one_made_for_it(
    adapter: PostgresqlIndex, database: str
) -> None:
    adapter.rebuild(sample()[:1])
    engine = create_engine_for(database)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE index_writer"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO index_writer"))
        connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA {SCHEMA} TO index_writer"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET ROLE index_writer"))
    try:
        assert PostgresqlIndex(engine).apply([made_up("a", "Title")]).documents == 2
    finally:
        engine.dispose()
        owner = create_engine_for(database)
        with owner.begin() as connection:
            connection.execute(text("DROP OWNED BY index_writer"))
            connection.execute(text("DROP ROLE index_writer"))
        owner.dispose()


def test_a_pattern_is_looked_up_in_few_statements(adapter: PostgresqlIndex, database: str) -> None:
    adapter.apply([made_up("a", "Women and migraine"), made_up("b", "A woman")])
    engine = create_engine_for(database)
    index, asked = PostgresqlIndex(engine), list[str]()
    index.search(Query("migraine"))
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert index.search(Query("w?m?n", synonyms=False)).total == 2
    assert len(asked) < 20, "729 words are looked up, not one by one"
    engine.dispose()
