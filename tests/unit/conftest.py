"""Unit tests see rules and plain values only: opening a database or a socket fails the test."""

from __future__ import annotations

import sqlite3
from typing import Any, NoReturn

import psycopg
import pytest
from sqlalchemy import Engine


class DatabaseBlocked(BaseException):
    """A unit test tried to reach a database; not an Exception, so that no handler swallows it."""


def _refuse(*_arguments: Any, **_keywords: Any) -> NoReturn:
    raise DatabaseBlocked("unit tests may not open a database; move this test to tests/services")


@pytest.fixture(autouse=True)
def isolation(monkeypatch: pytest.MonkeyPatch, socket_disabled: None) -> None:
    """Refuse engines, connections and sockets. Engine.__init__ catches every spelling of create_engine."""
    monkeypatch.setattr(Engine, "__init__", _refuse)
    monkeypatch.setattr(sqlite3, "connect", _refuse)
    monkeypatch.setattr(psycopg, "connect", _refuse)
