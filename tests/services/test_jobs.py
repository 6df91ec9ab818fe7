"""The life of a job: claimed once, fenced, tried again with growing pauses, put aside, started again (P70)."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, session_factory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import JobState, Role
from inquiry_service.errors import Forbidden, NotFound, Refused
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.services import jobs, outbox
from inquiry_service.services.jobs import Claim
from inquiry_service.store import audit as audit_store
from inquiry_service.store import jobs as store

ADMINISTRATOR = Actor("u-admin", "Administrator", frozenset({Role.ADMINISTRATOR}))
JOBS, WORKERS = 40, 4


@pytest.fixture
def factory(engine: Engine) -> SessionFactory:
    """Sessions on this test's database."""
    return session_factory(engine)


def _add(factory: SessionFactory, count: int = 1, **more: object) -> None:
    with transaction(factory) as session:
        for number in range(count):
            outbox.enqueue(session, outbox.INDEX_RECORDS, {"record_ids": [str(number)]}, **more)  # type: ignore[arg-type]


def _claim(factory: SessionFactory) -> Claim:
    with transaction(factory) as session:
        held = jobs.claim(session)
    assert held
    return held


def _job(factory: SessionFactory, held: Claim) -> OutboxJob:
    with factory() as session:
        job = store.by_id(session, held.job_id)
        assert job
        return job


def _change(factory: SessionFactory, **values: object) -> None:
    with transaction(factory) as session:
        session.execute(update(OutboxJob).values(**values))


def test_a_job_is_claimed_with_a_lease_and_done(factory: SessionFactory) -> None:
    _add(factory)
    held = _claim(factory)
    job = _job(factory, held)
    assert (job.state, job.attempts, held.attempt, held.payload) == (JobState.RUNNING, 1, 1, {"record_ids": ["0"]})
    assert job.lease_until
    assert timedelta(minutes=4) < job.lease_until - now() <= jobs.LEASE
    with transaction(factory) as session:
        assert jobs.claim(session) is None
        assert not jobs.is_anything_due(session)
    with transaction(factory) as session:
        assert jobs.complete(session, held)
    assert (_job(factory, held).state, _job(factory, held).lease_until) == (JobState.DONE, None)


def test_a_job_that_is_not_due_yet_waits(factory: SessionFactory) -> None:
    _add(factory, not_before=now() + timedelta(minutes=1))
    with transaction(factory) as session:
        assert not jobs.is_anything_due(session)
        assert jobs.claim(session) is None
    _change(factory, not_before=now())
    assert _claim(factory).attempt == 1


def test_jobs_are_taken_in_the_order_in_which_they_are_due(factory: SessionFactory) -> None:
    for minutes in (1, 3, 2):
        _add(factory, not_before=now() - timedelta(minutes=minutes), dedupe_key=f"{minutes} ago")
    keys = [_job(factory, _claim(factory)).dedupe_key for _ in range(3)]
    assert keys == ["3 ago", "2 ago", "1 ago"]


def test_the_same_job_is_written_once_and_an_unknown_kind_never(factory: SessionFactory) -> None:
    for _ in range(2):
        _add(factory, dedupe_key="once")
    with factory() as session:
        assert store.counts(session) == {JobState.WAITING: 1}
        with pytest.raises(ValueError, match="unknown job kind"):
            outbox.enqueue(session, "paint_the_house", {})


def test_a_job_of_a_transaction_that_fails_does_not_exist(factory: SessionFactory) -> None:
    def decide_and_fail() -> None:
        with transaction(factory) as session:
            outbox.enqueue(session, outbox.INDEX_RECORDS, {})
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        decide_and_fail()
    with factory() as session:
        assert store.counts(session) == {}


def test_who_lost_the_lease_can_neither_finish_nor_fail_the_job(factory: SessionFactory) -> None:
    _add(factory)
    slow = _claim(factory)
    _change(factory, lease_until=now() - timedelta(seconds=1))
    second = _claim(factory)
    assert (second.job_id, second.attempt, second.token) == (slow.job_id, 2, slow.token + 1)
    with transaction(factory) as session:
        assert not jobs.complete(session, slow)
        assert not jobs.fail(session, slow, "too late", final=True)
    assert (_job(factory, second).state, _job(factory, second).error) == (JobState.RUNNING, "")
    with transaction(factory) as session:
        assert jobs.complete(session, second)


def test_pauses_grow_and_the_last_failure_puts_the_job_aside(factory: SessionFactory) -> None:
    _add(factory)
    pauses = []
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        held, before = _claim(factory), now()
        assert held.attempt == attempt
        with transaction(factory) as session:
            assert jobs.fail(session, held, f"failure {attempt}") is (attempt == jobs.MOST_ATTEMPTS)
        pauses.append(_job(factory, held).not_before - before)
        _change(factory, not_before=now())
    assert pauses[0] >= jobs.FIRST_PAUSE
    assert all(later > earlier * 1.5 for earlier, later in pairwise(pauses[:-1]))
    job = _job(factory, held)
    assert (job.state, job.error) == (JobState.DEAD, f"failure {jobs.MOST_ATTEMPTS}")
    with factory() as session:
        entry = audit_store.latest(session, "job:died")
        assert entry
        assert entry.data["changes"]["error"]["new"] == job.error
        assert not jobs.is_anything_due(session)


def test_a_final_failure_is_not_tried_again(factory: SessionFactory) -> None:
    _add(factory)
    held = _claim(factory)
    with transaction(factory) as session:
        assert jobs.fail(session, held, "no such record", final=True)
    assert _job(factory, held).state is JobState.DEAD


@pytest.mark.parametrize("words", ["a\x00b", "half \ud800 a pair", "x" * 10_000, ""])
def test_an_error_that_no_database_can_store_is_stored_all_the_same(factory: SessionFactory, words: str) -> None:
    _add(factory)
    held = _claim(factory)
    with transaction(factory) as session:
        jobs.fail(session, held, words, final=True)
    kept = _job(factory, held).error
    assert len(kept) <= jobs.LONGEST_ERROR
    assert kept[:1] == words[:1]


def test_a_job_put_aside_starts_again_with_all_its_attempts(factory: SessionFactory) -> None:
    _add(factory)
    held = _claim(factory)
    with transaction(factory) as session:
        jobs.fail(session, held, "no", final=True)
    with transaction(factory) as session:
        jobs.retry(session, ADMINISTRATOR, held.job_id)
    again = _claim(factory)
    assert (again.job_id, again.attempt) == (held.job_id, 1)
    assert again.token > held.token
    with factory() as session:
        entry = audit_store.latest(session, "job:retried")
        assert entry
        assert entry.data["actor"]["name"] == "Administrator"


def test_starting_again_needs_the_right_and_a_job_that_was_put_aside(session: Session) -> None:
    outbox.enqueue(session, outbox.INDEX_RECORDS, {})
    session.flush()
    [job] = store.in_state(session, JobState.WAITING)
    with pytest.raises(Forbidden):
        jobs.retry(session, Actor("u", "MI", frozenset({Role.MI_SPECIALIST})), job.id)
    with pytest.raises(Refused):
        jobs.retry(session, ADMINISTRATOR, job.id)
    with pytest.raises(NotFound):
        jobs.retry(session, ADMINISTRATOR, "no such job")


def _race(factory: SessionFactory, done: list[str], start: threading.Barrier) -> None:
    start.wait(timeout=30)
    while True:
        with transaction(factory) as session:
            held = jobs.claim(session)
        if held is None:
            return
        done.append(held.payload["record_ids"][0])
        with transaction(factory) as session:
            assert jobs.complete(session, held)


def test_racing_workers_do_every_job_exactly_once(factory: SessionFactory) -> None:
    _add(factory, JOBS)
    done: list[str] = []
    start = threading.Barrier(WORKERS)
    workers = [threading.Thread(target=_race, args=(factory, done, start)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    with factory() as session:
        # A worker that finds every due job locked by others goes home; nothing may be left behind by that.
        left = store.counts(session)
    assert sorted(done, key=int) == [str(number) for number in range(JOBS)]
    assert left == {JobState.DONE: JOBS}


def test_a_job_that_was_looked_at_and_not_claimed_is_found_by_the_next_worker_too(factory: SessionFactory) -> None:
    _add(factory, 1)
    seen = []
    for _ in range(2):
        with factory() as session:
            found = store.next_due(session, now())
            assert found
            seen.append(found.id)
    assert seen[0] == seen[1]
