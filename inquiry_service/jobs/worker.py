"""The worker process: one at a time, so that the literature index has one writer."""

from __future__ import annotations

import os
import signal
import threading

import structlog

from inquiry_service import db
from inquiry_service.errors import EvenhandError
from inquiry_service.jobs.handlers import HANDLERS, Tools
from inquiry_service.services import jobs
from inquiry_service.services.jobs import Claim
from inquiry_service.services.runtime import Runtime

log = structlog.get_logger()
PAUSE_SECONDS = 0.5
HEARTBEAT_SECONDS = 10


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
    done, idle_since_beat = 0, HEARTBEAT_SECONDS / PAUSE_SECONDS
    while not stop.is_set():
        if idle_since_beat >= HEARTBEAT_SECONDS / PAUSE_SECONDS:
            _beat(runtime)
            idle_since_beat = 0
        with db.transaction(runtime.sessions) as session:
            held = jobs.claim(session)
        if held is not None:
            done += _do(runtime, tools, held)
        elif once:
            break
        else:
            idle_since_beat += 1
            stop.wait(PAUSE_SECONDS)
    return done


def _beat(runtime: Runtime) -> None:
    with db.transaction(runtime.sessions) as session:
        jobs.beat(session, "worker", f"process {os.getpid()}")


def _do(runtime: Runtime, tools: Tools, held: Claim) -> int:
    """Do one job; whatever it raises becomes its recorded error, never the end of the worker (P70)."""
    log.info("job started", job=held.job_id, kind=held.kind, attempt=held.attempt)
    try:
        HANDLERS[held.kind](tools, held.payload)
    except Exception as error:  # noqa: BLE001 (a poison job must not stop the queue)
        log.warning("job failed", job=held.job_id, kind=held.kind, error=type(error).__name__)
        # A refusal stays a refusal however often it is tried.
        final = isinstance(error, EvenhandError) and error.status < 500
        words = error.message if isinstance(error, EvenhandError) else f"{type(error).__name__}: {error}"
        with db.transaction(runtime.sessions) as session:
            jobs.fail(session, held, words, final=final)
        return 0
    with db.transaction(runtime.sessions) as session:
        jobs.complete(session, held)
    return 1
