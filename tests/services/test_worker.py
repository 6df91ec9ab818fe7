"""The worker: nothing that a job does ends it, and an idle one locks nobody out (P70)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import OperationalError

from config import Config
from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import JobState
from inquiry_service.errors import InvalidInput
from inquiry_service.jobs import handlers, worker
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.services import jobs, outbox
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import jobs as store
from tests.database import CountQueries

Handler = Callable[..., None]


@pytest.fixture
def runtime(config: Config, engine: Engine) -> Iterator[Runtime]:
    """The runtime of a worker on this test's database."""
    opened = Runtime.open(config)
    yield opened
    opened.close()


def _add(runtime: Runtime, count: int = 1, kind: str = outbox.INDEX_RECORDS) -> None:
    with runtime.transaction() as session:
        for number in range(count):
            outbox.enqueue(session, kind, {"record_ids": [number], "delivery_id": "d", "version_id": "v"})


def _jobs(runtime: Runtime) -> list[OutboxJob]:
    with runtime.reading() as session:
        return [job for state in JobState for job in store.in_state(session, state)]


def _handle(monkeypatch: pytest.MonkeyPatch, handler: Handler, kind: str = outbox.INDEX_RECORDS) -> None:
    monkeypatch.setitem(handlers.HANDLERS, kind, handler)


def _raises(error: BaseException) -> Handler:
    def handler(_tools: Any, _payload: Any) -> None:
        raise error

    return handler


def test_one_round_does_everything_that_is_due_and_leaves_a_sign_of_life(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    _handle(monkeypatch, lambda _tools, payload: done.append(payload["delivery_id"]), outbox.SEND_LETTER)
    _add(runtime, 5, outbox.SEND_LETTER)
    assert worker.run(runtime, once=True) == 5
    assert done == ["d"] * 5
    with runtime.reading() as session:
        assert store.counts(session) == {JobState.DONE: 5}
        assert store.heartbeat(session)


def test_the_index_takes_the_records_of_many_waiting_jobs_at_once(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOST_TOGETHER", 4)
    taken: list[list[int]] = []
    _handle(monkeypatch, lambda _tools, payload: taken.append(payload["record_ids"]))
    _add(runtime, 6)
    assert worker.run(runtime, once=True) == 6
    assert taken == [[0, 1, 2, 3], [4, 5]]
    assert {job.state for job in _jobs(runtime)} == {JobState.DONE}


def test_jobs_that_fail_together_are_tried_alone_and_only_the_bad_one_fails(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[list[int]] = []

    def handler(_tools: Any, payload: Any) -> None:
        taken.append(payload["record_ids"])
        if 1 in payload["record_ids"]:
            raise RuntimeError("bad")

    _handle(monkeypatch, handler)
    _add(runtime, 3)
    assert worker.run(runtime, once=True) == 2
    assert taken == [[0, 1, 2], [0], [1], [2]]
    assert [(job.payload["record_ids"], job.state, job.error) for job in _jobs(runtime)
            if job.state is not JobState.DONE] == [([1], JobState.WAITING, "RuntimeError: bad")]


POISON = [
    RuntimeError("plain"), RuntimeError(""), KeyError("version_id"), RuntimeError("a\x00b \ud800"), MemoryError(),
    RecursionError("too deep"), ZeroDivisionError(), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    OSError(28, "full"), ValueError("x" * 100_000), TimeoutError(), AssertionError(), StopIteration(),
    NotImplementedError("later"),
    InvalidInput("no such thing"),
]


def test_no_poison_stops_the_queue(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def handler(_tools: Any, payload: Any) -> None:
        number = payload["record_ids"][0]
        if number < len(POISON):
            raise POISON[number]
        done.append(number)

    _handle(monkeypatch, handler)
    _add(runtime, len(POISON) + 2)
    assert worker.run(runtime, once=True) == 2
    assert done == [len(POISON), len(POISON) + 1]
    left = {job.payload["record_ids"][0]: job for job in _jobs(runtime) if job.state is not JobState.DONE}
    assert sorted(left) == list(range(len(POISON)))
    # What was refused stays refused; everything else is tried again.
    assert [number for number, job in left.items() if job.state is JobState.DEAD] == [len(POISON) - 1]
    assert left[0].error == "RuntimeError: plain"
    assert left[len(POISON) - 1].error == "no such thing"


def test_an_unknown_kind_of_an_older_release_is_a_failure_like_any_other(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(handlers.HANDLERS, outbox.INDEX_RECORDS)
    _add(runtime)
    assert worker.run(runtime, once=True) == 0
    assert [job.error for job in _jobs(runtime)] == ["KeyError: 'index_records'"]


def test_a_failure_keeps_no_values_of_a_database_row(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "ann@example.org"
    error = OperationalError("INSERT INTO person VALUES (?)", {"email": secret}, Exception("constraint failed"))
    assert secret in str(error)
    _handle(monkeypatch, _raises(error))
    _add(runtime)
    worker.run(runtime, once=True)
    [job] = _jobs(runtime)
    assert secret not in job.error
    assert "constraint failed" in job.error


def test_those_who_wait_for_a_job_are_told_when_it_is_put_aside(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    _handle(monkeypatch, _raises(InvalidInput("no")), outbox.SEND_LETTER)
    monkeypatch.setitem(handlers.PUT_ASIDE, outbox.SEND_LETTER, lambda _session, _payload, words: told.append(words))
    _add(runtime, kind=outbox.SEND_LETTER)
    worker.run(runtime, once=True)
    assert told == ["no"]


def test_a_job_is_put_aside_even_if_those_who_wait_cannot_be_told(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _handle(monkeypatch, _raises(InvalidInput("no")), outbox.SEND_LETTER)
    monkeypatch.setitem(handlers.PUT_ASIDE, outbox.SEND_LETTER, lambda *_given: 1 / 0)
    _add(runtime, kind=outbox.SEND_LETTER)
    assert worker.run(runtime, once=True) == 0
    assert [(job.state, job.error) for job in _jobs(runtime)] == [(JobState.DEAD, "no")]


def test_a_job_that_takes_the_worker_down_each_time_is_put_aside(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _handle(monkeypatch, _raises(SystemExit(9)))
    _add(runtime)
    for _ in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            worker.run(runtime, once=True)
        with runtime.transaction() as session:
            session.execute(update(OutboxJob).values(lease_until=now()))
    assert worker.run(runtime, once=True) == 0
    [job] = _jobs(runtime)
    assert job.state is JobState.DEAD
    assert job.error.startswith("The worker stopped each time")


def test_an_idle_round_only_reads(runtime: Runtime, count_queries: CountQueries) -> None:
    with count_queries() as queries:
        assert worker._claim(runtime) == []
    assert len(queries) == 1
    assert queries[0].startswith("SELECT")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_idle_worker_does_not_wait_for_the_writer_of_sqlite(runtime: Runtime) -> None:
    with runtime.engine.connect() as busy:
        # Every transaction that may write begins by taking the one write lock.
        busy.execute(text("SELECT 1"))
        started = time.monotonic()
        assert worker._claim(runtime) == []
        assert time.monotonic() - started < 5
        busy.rollback()


def _running(runtime: Runtime, stop: threading.Event) -> threading.Thread:
    def run() -> None:
        with handlers.Tools(runtime) as tools:
            worker._work(runtime, tools, stop, once=False)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_worker_outlives_an_outage_of_the_database(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    outages, done, stop = iter([True, True]), threading.Event(), threading.Event()
    honest = worker._claim

    def claim(given: Runtime) -> Any:
        if next(outages, False):
            raise OperationalError("SELECT 1", {}, Exception("the database is away"))
        return honest(given)

    monkeypatch.setattr(worker, "_claim", claim)
    monkeypatch.setattr(worker, "OUTAGE_PAUSE_SECONDS", 0.01)
    _handle(monkeypatch, lambda _tools, _payload: done.set())
    _add(runtime)
    thread = _running(runtime, stop)
    assert done.wait(timeout=30)
    stop.set()
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_one_round_reports_an_outage_instead_of_waiting(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    away = _raises(OperationalError("SELECT 1", {}, Exception("away")))
    monkeypatch.setattr(worker, "_claim", lambda given: away(given, None))
    with pytest.raises(OperationalError):
        worker.run(runtime, once=True)


def test_a_busy_worker_still_gives_its_sign_of_life(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0)
    monkeypatch.setattr(worker, "_beat", lambda _runtime: beats.append(time.monotonic()))
    _handle(monkeypatch, lambda _tools, _payload: None, outbox.SEND_LETTER)
    _add(runtime, 5, outbox.SEND_LETTER)
    worker.run(runtime, once=True)
    assert len(beats) >= 5
