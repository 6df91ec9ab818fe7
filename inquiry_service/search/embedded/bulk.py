"""Building many records at once, in two processes: Whoosh's analysis and sorting is all Python, one core each.

Whoosh has a writer for several processes, too, but that one goes on without the records of a process that
died. Here every portion handed out is answered for, or the build fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from inquiry_service.search.embedded.schema import schema
from inquiry_service.search.embedded.segment_writing import ArrayWriter
from inquiry_service.search.port import IndexDocument

PROCESSES = 2
_FEW = 1_000
"""Up to so many records, one process is done before a second one has started."""
_PORTION = 200
_WAITING = 4
"""Portions handed to a process that it has not begun with: the source is read no faster than that."""
_LARGEST_SEGMENT = 25_000
"""Records of one segment: bounds the memory that writing it takes."""


def build(folder: Path, documents: Iterable[IndexDocument]) -> list[Any]:
    """Make a Whoosh index in an empty folder.

    Returns:
        Whoosh's segments, in order.

    Raises:
        BrokenProcessPool: a process died; nothing was built.
    """
    source = iter(documents)
    first = list(islice(source, _FEW))
    if len(first) < _FEW:
        builder = _Builder(folder / _part(0))
        builder.add(first)
        segments = builder.finish()
    else:
        segments = _in_processes(folder, chain(first, source))
    for part in folder.glob(_part("*")):
        _move_up(part)
    TOC(schema(), segments, generation=1).write(FileStorage(str(folder)), "MAIN")
    return segments


def _part(number: object) -> str:
    return f"part{number}"


def _move_up(part: Path) -> None:
    """Move the segments of one process into the folder of all; their names are random and never clash."""
    for path in part.iterdir():
        if path.suffix != ".toc":
            path.rename(part.parent / path.name)
    shutil.rmtree(part)


class _Builder:
    """Writes documents into segments of bounded size, in a folder of its own: Whoosh's temporary files clash."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._index = FileStorage(str(folder)).create_index(schema())
        self._writer: Any = None
        self._segments: list[Any] = []

    def add(self, documents: list[IndexDocument]) -> None:
        for document in documents:
            if self._writer is None:
                self._writer = ArrayWriter(self._index, self._folder)
            self._writer.add(document)
            if self._writer.doc_count() >= _LARGEST_SEGMENT:
                self._end_segment()

    def finish(self) -> list[Any]:
        if self._writer is not None:
            self._end_segment()
        return self._segments

    def _end_segment(self) -> None:
        self._segments.append(self._writer.finish())
        self._writer = None


def _in_processes(folder: Path, documents: Iterator[IndexDocument]) -> list[Any]:
    # Started afresh, not forked: this process may hold threads and database connections.
    pools = [
        ProcessPoolExecutor(1, get_context("spawn"), initializer=_start, initargs=(folder / _part(number),))
        for number in range(PROCESSES)
    ]
    try:
        waiting: list[list[Future[None]]] = [[] for _ in pools]
        turn = 0
        while portion := list(islice(documents, _PORTION)):
            turn = (turn + 1) % PROCESSES
            if len(waiting[turn]) >= _WAITING:
                waiting[turn].pop(0).result()
            waiting[turn].append(pools[turn].submit(_add, portion))
        for future in chain.from_iterable(waiting):
            future.result()
        finished = [pool.submit(_finish) for pool in pools]
        return [segment for future in finished for segment in future.result()]
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


_builder: _Builder
"""The builder of this process; set in processes that were started to build."""


def _start(folder: Path) -> None:
    global _builder
    _builder = _Builder(folder)


def _add(documents: list[IndexDocument]) -> None:
    _builder.add(documents)


def _finish() -> list[Any]:
    return _builder.finish()

