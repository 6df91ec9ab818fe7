"""Progress of long work: a bar on a terminal, plain lines elsewhere, always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Report(Protocol):
    """Takes the number of things done so far, and their number in all if it became known only now."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show it."""


SECONDS_BETWEEN_LINES = 2.0


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[Report]:
    """Show how far some work is; call what is yielded with the number of things done so far."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(words, total=total)
            yield lambda done, total=total: bar.update(task, completed=done, total=total)
    else:
        yield _lines(words, total)


def _lines(words: str, total: int | None) -> Report:
    started = last = time.monotonic()

    def report(done: int, total: int | None = total) -> None:
        nonlocal last
        moment = time.monotonic()
        if moment - last >= SECONDS_BETWEEN_LINES or done == total:
            last = moment
            of = f" of {total:,}" if total is not None else ""
            print(f"{words}: {done:,}{of}, {moment - started:.0f} s", file=sys.stderr, flush=True)

    return report
