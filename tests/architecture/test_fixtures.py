"""The shared fixtures do what the suite relies on; also the negative control of the unit tests' guard."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from config import Config
from tests.database import CountQueries


def test_outside_the_unit_tests_a_database_and_a_socket_can_be_opened() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


@pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")  # said beside the error
def test_no_test_reaches_another_machine() -> None:
    # 192.0.2.1 is reserved for documentation (RFC 5737); nothing would answer there anyway.
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_the_configuration_keeps_to_the_tests_own_directory(config: Config, tmp_path: Path) -> None:
    assert not config.demo
    assert config.data_dir.is_relative_to(tmp_path)
    assert config.index_dir.is_relative_to(tmp_path)
    assert not (tmp_path / "unused.db").exists()


def test_engine_session_and_configuration_mean_the_same_migrated_database(
    config: Config, engine: Engine, session: Session, backend: str
) -> None:
    assert engine.dialect.name == backend
    assert engine.url.render_as_string(hide_password=False) == config.database_url
    assert "alembic_version" in inspect(engine).get_table_names()
    assert session.get_bind() is engine


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_finds_what_another_one_committed(turn: str, engine: Engine) -> None:
    assert "left_behind" not in inspect(engine).get_table_names(), f"the {turn} test got a used database"
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER PRIMARY KEY)"))


def test_queries_are_counted_alike_on_both_databases(session: Session, count_queries: CountQueries) -> None:
    with count_queries() as queries:
        session.execute(text("SELECT 1"))
        session.execute(text("SELECT 2"))
    session.execute(text("SELECT 3"))
    assert queries == ["SELECT 1", "SELECT 2"]
