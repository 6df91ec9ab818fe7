"""Searchers over the current generation, each used by one thread at a time.

A Whoosh searcher shared between threads gives wrong hits and spurious unpickling errors; opening one costs up
to a tenth of a second. So searchers are lent, one borrower each, and kept for the next as long as their
generation is the current one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.scoring import BM25F

from inquiry_service.search.generations import NEVER_BUILT, Generations
from inquiry_service.search.port import Generation, IndexUntrusted
from inquiry_service.search.whoosh_schema import schema

K1, B = 1.2, 0.75
"""BM25 saturation and length normalisation; others were measured and did no better."""
_MOST_IDLE = 8
_TRIES = 5


@dataclass(slots=True)
class _Opened:
    """One generation that this process has verified and opened."""

    name: str
    generation: Generation
    index: Any
    idle: list[Any] = field(default_factory=list)


class Reading:
    """Lends searchers over whatever generation is current."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def generation(self) -> Generation:
        """The generation that would answer now.

        Raises:
            IndexUntrusted: it does not verify.
        """
        with self._lock:
            opened = self._current()
        return opened.generation if opened else NEVER_BUILT

    @contextmanager
    def searcher(self) -> Iterator[tuple[Generation, Any | None]]:
        """Borrow a searcher; None when nothing was ever indexed.

        Raises:
            IndexUntrusted: the current generation does not verify.
        """
        with self._lock:
            opened = self._current()
            searcher = opened.idle.pop() if opened and opened.idle else None
        if opened is None:
            yield NEVER_BUILT, None
            return
        if searcher is None:
            searcher = open_searcher(opened.index)
        try:
            yield opened.generation, searcher
        finally:
            self._give_back(opened, searcher)

    def close(self) -> None:
        """Close what is not lent at the moment."""
        with self._lock:
            self._replace(None)

    def _give_back(self, opened: _Opened, searcher: Any) -> None:
        with self._lock:
            if opened is self._opened and len(opened.idle) < _MOST_IDLE:
                opened.idle.append(searcher)
                return
        searcher.close()

    def _current(self) -> _Opened | None:
        """The opened current generation; the lock is held."""
        for attempt in range(_TRIES):
            name = self._generations.current()
            if name is None:
                self._replace(None)
            elif self._opened is None or self._opened.name != name:
                try:
                    self._replace(self._open(name))
                except IndexUntrusted:
                    # Overtaken by several writers at once, the folder may be gone already; then look again.
                    if self._generations.current() == name or attempt == _TRIES - 1:
                        raise
                    continue
            return self._opened
        return self._opened

    def _open(self, name: str) -> _Opened:
        manifest = self._generations.verified(name)
        storage = FileStorage(str(self._generations.folder(name)))
        return _Opened(name, manifest.generation, storage.open_index(schema=schema()))

    def _replace(self, opened: _Opened | None) -> None:
        old, self._opened = self._opened, opened
        if old is not None:
            for searcher in old.idle:
                searcher.close()
            old.idle.clear()


def open_searcher(index: Any) -> Any:
    """A searcher of one's own over a Whoosh index."""
    return index.searcher(weighting=BM25F(B=B, K1=K1))
