"""The worker process: one at a time, so that the literature index has one writer."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence

import structlog

from inquiry_service import db
from inquiry_service.errors import EvenhandError, RenderingFailed
from inquiry_service.jobs.handlers import HANDLERS, PUT_ASIDE, TOGETHER, Tools
from inquiry_service.services import jobs, library_check, search_alerts, staleness
from inquiry_service.services.jobs import Claim
from inquiry_service.services.runtime import Runtime, is_database_trouble

log = structlog.get_logger()
PAUSE_SECONDS = 0.5
TRIES_OF_A_LETTER = 2
MOST_TOGETHER = 25
"""Jobs that are done as one: the index takes 5,000 records of a long import at a time, in bounded memory."""
OUTAGE_PAUSE_SECONDS = 5
HEARTBEAT_SECONDS = 10
SWEEP_SECONDS = 60
"""How often signed letters that are not sent yet are compared with their sources (R55)."""
ROUND_SECONDS = 3600
"""How often the daily round of the saved searches is asked for; the outbox takes it once a day."""
INDEX_CHECK_SECONDS = 3600
"""How often, and when it starts, the worker looks whether the literature index can be used."""


def run(runtime: Runtime, *, once: bool = False) -> int:
    """Work until told to stop (SIGTERM, SIGINT), or with ``once`` until nothing is due; return the jobs done.

    Args:
        runtime: database, blobs and index of this process.
        once: stop when the outbox has nothing due.
    """
    stop = threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _signal, _frame: stop.set())
    with Tools(runtime) as tools:
        return _work(runtime, tools, stop, once=once)


def _work(runtime: Runtime, tools: Tools, stop: threading.Event, *, once: bool) -> int:
    done, chores = 0, _Chores(runtime)
    while not stop.is_set():
        try:
            chores.do_due()
            held = _claim(runtime)
            if held:
                done += _do(runtime, tools, held)
        except Exception as error:
            # A database that is away comes back; whoever asked for one round wants to know.
            if once or not is_database_trouble(error):
                raise
            log.error("database cannot be used", error=type(error).__name__)
            stop.wait(OUTAGE_PAUSE_SECONDS)
            continue
        if not held and once:
            break
        if not held:
            stop.wait(PAUSE_SECONDS)
    return done


class _Chores:
    """What the worker does by the clock, however busy the outbox is."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._due = [(0.0, HEARTBEAT_SECONDS, _beat), (0.0, INDEX_CHECK_SECONDS, _mend_index),
                     (0.0, SWEEP_SECONDS, _sweep), (0.0, ROUND_SECONDS, _go_round)]

    def do_due(self) -> None:
        """Do what is due, and note when it is due again."""
        for place, (moment, pause, chore) in enumerate(self._due):
            if time.monotonic() >= moment:
                chore(self._runtime)
                self._due[place] = (time.monotonic() + pause, pause, chore)


def _claim(runtime: Runtime) -> list[Claim]:
    """Take the next job, and with it those that are done in one go with it.

    Look first without a lock: an idle worker must not take SQLite's one write lock twice a second.
    """
    with runtime.reading() as session:
        if not jobs.is_anything_due(session):
            return []
    with db.transaction(runtime.sessions) as session:
        held = jobs.claim(session)
        if held is None:
            return []
        return [held, *(jobs.claim_more(session, held, MOST_TOGETHER - 1) if held.kind in TOGETHER else ())]


def _beat(runtime: Runtime) -> None:
    with db.transaction(runtime.sessions) as session:
        jobs.beat(session, "worker", f"process {os.getpid()}")


def _mend_index(runtime: Runtime) -> None:
    try:
        library_check.ensure_index(runtime)
    except Exception as error:
        # Searches say that the index must be rebuilt; letters go on.
        log.error("index check failed", error=type(error).__name__, exc_info=error)


def _sweep(runtime: Runtime) -> None:
    try:
        with runtime.reading() as session:
            bounced = staleness.sweep(runtime.sessions, session)
    except Exception as error:
        # The jobs go on; sending looks at the sources by itself.
        log.error("sweep failed", error=type(error).__name__, exc_info=error)
        return
    if bounced:
        log.warning("letters went back to review", count=bounced)


def _go_round(runtime: Runtime) -> None:
    search_alerts.ask_for_check(runtime, daily=True)


def _do(runtime: Runtime, tools: Tools, claims: Sequence[Claim]) -> int:
    """Do one job, or several as one; what it raises becomes a recorded error, never the end of the worker (P70)."""
    held = claims[0]
    log.info("job started", job=held.job_id, kind=held.kind, attempt=held.attempt, together=len(claims))
    if held.attempt > jobs.MOST_ATTEMPTS:
        # Nobody was left to say so: every attempt ended with the worker itself.
        _put_back(runtime, held, "The worker stopped each time in the middle of this job.", final=True)
        return 0
    try:
        payloads = [one.payload for one in claims]
        HANDLERS[held.kind](tools, TOGETHER[held.kind](payloads) if len(claims) > 1 else held.payload)
    except Exception as error:  # noqa: BLE001 (a poison job must not stop the queue)
        log.warning("job failed", job=held.job_id, kind=held.kind, error=type(error).__name__)
        # A refusal stays a refusal however often it is tried.
        final = isinstance(error, EvenhandError) and error.status < 500
        # A letter is the same at every try; a second one rules out that the machine was merely busy.
        final |= isinstance(error, RenderingFailed) and held.attempt >= TRIES_OF_A_LETTER
        if len(claims) > 1:
            with db.transaction(runtime.sessions) as session:
                jobs.part(session, claims)
        else:
            _put_back(runtime, held, _words_of(error), final=final)
        return 0
    with db.transaction(runtime.sessions) as session:
        for one in claims:
            jobs.complete(session, one)
    return len(claims)


def _put_back(runtime: Runtime, held: Claim, words: str, *, final: bool) -> None:
    """Note the failure; if those who depend on the job cannot be told, it is put back all the same."""
    try:
        with db.transaction(runtime.sessions) as session:
            if jobs.fail(session, held, words, final=final) and held.kind in PUT_ASIDE:
                PUT_ASIDE[held.kind](session, held.payload, words)
    except Exception as error:
        if is_database_trouble(error):
            raise
        log.error("failure not passed on", job=held.job_id, error=type(error).__name__, exc_info=error)
        with db.transaction(runtime.sessions) as session:
            jobs.fail(session, held, words, final=final)


def _words_of(error: Exception) -> str:
    """Our own errors say what to do; of others the first line: a database error goes on with the row's values."""
    if isinstance(error, EvenhandError):
        return error.message
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
