"""The guard around the unit tests holds; its negative control is tests/architecture/test_fixtures.py."""

from __future__ import annotations

import socket
import sqlite3

import psycopg
import pytest
from pytest_socket import SocketBlockedError
from sqlalchemy import create_engine

from inquiry_service.db import create_engine_for
from tests.unit.conftest import DatabaseBlocked


def test_a_unit_test_cannot_make_an_engine() -> None:
    with pytest.raises(DatabaseBlocked):
        create_engine("sqlite://")
    with pytest.raises(DatabaseBlocked):
        create_engine_for("postgresql+psycopg://localhost/evenhand")


def test_a_unit_test_cannot_connect_past_sqlalchemy() -> None:
    with pytest.raises(DatabaseBlocked):
        sqlite3.connect(":memory:")
    with pytest.raises(DatabaseBlocked):
        psycopg.connect("host=localhost")


@pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")  # said beside the error
def test_a_unit_test_cannot_open_a_socket() -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
