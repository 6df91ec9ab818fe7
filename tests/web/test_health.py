"""Readiness tells the truth (P68): each condition broken alone is named, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, func, select, text

from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.audit_triggers import drop_statements
from inquiry_service.models.installation import NumberSequence
from inquiry_service.models.jobs import WorkerHeartbeat
from inquiry_service.services import health, jobs
from inquiry_service.services.runtime import Runtime
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf


@pytest.fixture
def ready(runtime: Runtime) -> Runtime:
    """An installation in which everything is as it should be."""
    with runtime.transaction() as session:
        jobs.beat(session, "worker")
    return runtime


def _sql(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _no_worker(runtime: Runtime, _engine: Engine, _patch: pytest.MonkeyPatch) -> None:
    with runtime.transaction() as session:
        beat = session.scalars(select(WorkerHeartbeat)).one()
        beat.seen_at -= health.OLDEST_HEARTBEAT + timedelta(seconds=1)


def _no_index(runtime: Runtime, _engine: Engine, _patch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(runtime.config.index_dir, ignore_errors=True)
    runtime.config.index_dir.write_text("a file stands where the directory should")
    runtime.__dict__.pop("index", None)


def _no_files(runtime: Runtime, _engine: Engine, _patch: pytest.MonkeyPatch) -> None:
    runtime.config.blobs_dir.parent.mkdir(parents=True, exist_ok=True)
    runtime.config.blobs_dir.write_text("a file stands where the directory should")


def _no_room(_runtime: Runtime, _engine: Engine, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health.shutil, "disk_usage", lambda _place: SimpleNamespace(free=health.LEAST_FREE_BYTES - 1))


Break = Callable[[Runtime, Engine, pytest.MonkeyPatch], None]
BREAKS: dict[str, Break] = {
    "database": lambda _runtime, engine, _patch: _sql(engine, "ALTER TABLE number_sequence RENAME TO gone"),
    "migrations": lambda _runtime, engine, _patch: _sql(engine, "UPDATE alembic_version SET version_num = '0000'"),
    "audit_triggers": lambda _runtime, engine, _patch: _sql(engine, drop_statements(engine.dialect.name)[0]),
    "installation": lambda _runtime, engine, _patch: _sql(engine, "UPDATE installation SET mode = 'demo'"),
    "worker": _no_worker,
    "search_index": _no_index,
    "files": _no_files,
    "disk": _no_room,
}


def test_a_whole_installation_is_ready_and_the_probe_leaves_nothing(ready: Runtime, stranger: Browser) -> None:
    assert stranger.get("health.ready").json == {"status": "ready", "failed": []}
    with ready.reading() as session:
        assert session.scalar(select(func.count()).select_from(NumberSequence)) == 0


def test_there_is_a_test_for_each_condition() -> None:
    assert BREAKS.keys() == health.CONDITIONS.keys()


@pytest.mark.parametrize("name", BREAKS)
def test_one_broken_condition_is_named_and_no_other(
    ready: Runtime, engine: Engine, stranger: Browser, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stranger.get("health.ready")
    BREAKS[name](ready, engine, monkeypatch)
    answer = stranger.get("health.ready", expect=503)
    assert answer.json == {"status": "not ready", "failed": [name]}


def test_being_alive_asks_for_nothing(engine: Engine, stranger: Browser) -> None:
    _sql(engine, "ALTER TABLE installation RENAME TO gone")
    assert stranger.get("health.alive").json == {"status": "alive"}


def test_details_are_for_people_who_mend_it(ready: Runtime, browser_of: BrowserOf) -> None:
    page = browser_of(Role.ADMINISTRATOR).get("health.report").text
    assert "Search index" in page
    assert "MiB free" in page
    assert ready.config.data_dir.name not in str(browser_of(Role.MI_SPECIALIST).get("health.ready").json)
