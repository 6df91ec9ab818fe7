"""Child processes that live and end together: when one of them stops, all of them stop.

Every child gets a session of its own, so Ctrl-C in the terminal reaches the parent alone and the
children are asked to finish (SIGTERM) in order, instead of being interrupted in the middle of work.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from types import FrameType

PATIENCE = 15.0
"""Seconds a child may take to finish its work before it is killed."""


class Stopped(BaseException):
    """Ctrl-C or SIGTERM arrived; not an Exception, so that nothing on the way swallows it."""


def stop_on_signals() -> None:
    """Raise :class:`Stopped` in the main thread on SIGINT, SIGTERM and SIGHUP."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


class Children:
    """A group of named child processes; leaving the ``with`` block stops them, last started first."""

    def __init__(self) -> None:
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_error: object) -> None:
        # A second Ctrl-C must not leave half of them behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for _name, process in reversed(self._running):
            _finish(process)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start ``command`` under ``name``."""
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._running.append((name, process))

    def require_all(self) -> None:
        """Check that every child is still there.

        Raises:
            SystemExit: one has ended by itself; the message names it and its exit code.
        """
        for name, process in self._running:
            code = process.poll()
            if code is not None:
                raise SystemExit(f"The {name} stopped with exit code {code}; the reason stands above.")

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Poll ``ready`` until it says yes; False when ``seconds`` have passed without it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.require_all()
            if ready():
                return True
            time.sleep(0.1)
        return False

    def wait_for_end(self) -> None:
        """Wait until one of the children ends by itself (SystemExit) or a signal arrives (Stopped)."""
        while True:
            self.require_all()
            time.sleep(0.5)


def _finish(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
