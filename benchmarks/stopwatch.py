"""Where the time of a piece of work goes: database, search, rules, rendering, signing, audit, the rest.

A second belongs to one kind of work only, the innermost one that is running: a query made by the rules
counts as database. The audit log is the exception: its own statements belong to it, because they are
what it costs. Fetching rows after the first is left with the code that asks for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher

from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.services import audit, audit_verify, documents, gate
from inquiry_service.services.runtime import Runtime

DATABASE, AUDIT, REST = "database", "audit", "code"
KINDS = (DATABASE, "search", "gate", "render", "PDF check", "argon2", AUDIT, REST)
"""``code`` is what remains: the workflow, composing the answer, the object mapper, fetching rows."""

_STATEMENTS = ("do_execute", "do_executemany", "do_execute_no_params")
_TRANSACTIONS = ("do_commit", "do_rollback")


@dataclass
class Reading:
    """What one phase took: seconds by kind of work, and how many statements went to the database."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    statements: int = 0

    @property
    def total(self) -> float:
        """Seconds of the phase from begin to end."""
        return sum(self.seconds.values())


class Stopwatch:
    """Measures phases of one thread; each moment of a phase is put down under one kind of work."""

    def __init__(self) -> None:
        self.phases: dict[str, Reading] = {}
        self._running = Reading()
        self._kinds: list[str] = [REST]
        self._since = perf_counter()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure the block as one phase."""
        self._running, self._kinds, self._since = Reading(), [REST], perf_counter()
        yield
        self._settle()
        self.phases[name] = self._running

    @contextmanager
    def kind(self, name: str) -> Iterator[None]:
        """Put the block down under ``name``, unless the audit log is at work already."""
        self._settle()
        self._kinds.append(AUDIT if self._kinds[-1] == AUDIT else name)
        try:
            yield
        finally:
            self._settle()
            self._kinds.pop()

    def count(self) -> None:
        """Count a statement."""
        self._running.statements += 1

    def _settle(self) -> None:
        moment = perf_counter()
        self._running.seconds[self._kinds[-1]] += moment - self._since
        self._since = moment


@contextmanager
def listening(watch: Stopwatch, runtime: Runtime) -> Iterator[None]:
    """Let ``watch`` see the work of ``runtime`` inside the block."""
    with ExitStack() as stack:
        for owner, name, kind in _places(runtime):
            counted = name in _STATEMENTS
            stack.enter_context(patch.object(owner, name, _watched(watch, getattr(owner, name), kind, counted)))
        yield


def _places(runtime: Runtime) -> Iterator[tuple[Any, str, str]]:
    dialect = runtime.engine.dialect
    yield from ((dialect, name, DATABASE) for name in (*_STATEMENTS, *_TRANSACTIONS))
    yield runtime.index, "search", "search"
    yield gate, "findings", "gate"
    yield PdfRenderer, "render_pdf", "render"
    yield documents, "letter_html", "render"
    yield documents, "verify_pdf", "PDF check"
    yield PasswordHasher, "verify", "argon2"
    yield audit, "write_pending", AUDIT
    yield audit_verify, "verify", AUDIT


def _watched(watch: Stopwatch, function: Callable[..., Any], kind: str, counted: bool) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        if counted:
            watch.count()
        with watch.kind(kind):
            return function(*arguments, **named)

    return call
