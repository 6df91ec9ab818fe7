"""The worker process: one at a time, so that the literature index has one writer."""

from __future__ import annotations

import os
import signal
import threading
import time

import structlog

from inquiry_service import db
from inquiry_service.errors import EvenhandError
from inquiry_service.jobs.handlers import HANDLERS, PUT_ASIDE, Tools
from inquiry_service.services import jobs, staleness
from inquiry_service.services.jobs import Claim
from inquiry_service.services.runtime import Runtime

log = structlog.get_logger()
PAUSE_SECONDS = 0.5
HEARTBEAT_SECONDS = 10
SWEEP_SECONDS = 60
"""How often signed letters that are not sent yet are compared with their sources (R55)."""


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
    done, beat_due, sweep_due = 0, 0.0, 0.0
    while not stop.is_set():
        if time.monotonic() >= beat_due:
            _beat(runtime)
            beat_due = time.monotonic() + HEARTBEAT_SECONDS
        if time.monotonic() >= sweep_due:
            _sweep(runtime)
            sweep_due = time.monotonic() + SWEEP_SECONDS
        with db.transaction(runtime.sessions) as session:
            held = jobs.claim(session)
        if held is not None:
            done += _do(runtime, tools, held)
        elif once:
            break
        else:
            stop.wait(PAUSE_SECONDS)
    return done


def _beat(runtime: Runtime) -> None:
    with db.transaction(runtime.sessions) as session:
        jobs.beat(session, "worker", f"process {os.getpid()}")


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
            if jobs.fail(session, held, words, final=final) and held.kind in PUT_ASIDE:
                PUT_ASIDE[held.kind](session, held.payload, words)
        return 0
    with db.transaction(runtime.sessions) as session:
        jobs.complete(session, held)
    return 1
