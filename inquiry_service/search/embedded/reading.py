"""The current generation, opened once per process and shared by all of its threads.

Nothing of Whoosh is opened here: a search reads arrays only, so nothing that could run is ever loaded. When a
new generation is published, the segments that it shares with the last one stay open, and only its new ones
are mapped.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass

import numpy as np

from inquiry_service.search.embedded.array_file import ARRAYS, CONTENTS, Array, ArrayFile
from inquiry_service.search.embedded.columns import Columns
from inquiry_service.search.embedded.generations import Generations
from inquiry_service.search.embedded.manifest import Manifest
from inquiry_service.search.embedded.segments import Segment
from inquiry_service.search.embedded.snapshot import Snapshot
from inquiry_service.search.embedded.word_files import WordFiles
from inquiry_service.search.port import Generation, IndexUntrusted
from inquiry_service.search.words.analysis import BREAK

SEGMENTS = "SEGMENTS"
"""Lists the segments of a generation in Whoosh's order, with the records deleted from each."""
_TRIES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """One generation that this process has opened."""

    name: str
    manifest: Manifest
    snapshot: Snapshot
    columns: Columns
    word_files: WordFiles
    segments: dict[tuple[str, str], Segment]
    """By name and digest: what the next generation may go on using."""

    @property
    def generation(self) -> Generation:
        """What the generation is called."""
        return self.snapshot.generation

    def record_id(self, number: int) -> str:
        """Id of a record."""
        segment, own = self.snapshot.place(number)
        return segment.record_id(own)

    def text(self, number: int) -> str:
        """Title and abstract of a record."""
        segment, own = self.snapshot.place(number)
        return f"{segment.title(own)}{BREAK}{segment.abstract(own)}"


class Reading:
    """Opens whatever generation is current."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    def current(self) -> Opened | None:
        """The generation that answers now; None when nothing was ever indexed.

        Raises:
            IndexUntrusted: it does not verify.
        """
        name = self._generations.current()
        opened = self._opened
        if opened is not None and opened.name == name:
            return opened
        with self._lock:
            return self._renewed()

    def close(self) -> None:
        """Let go of the files; searches under way finish with what they hold."""
        with self._lock:
            self._opened = None

    def _renewed(self) -> Opened | None:
        """The current generation, opened if it is not; the lock is held."""
        for attempt in range(_TRIES):
            name = self._generations.current()
            if name is None:
                self._opened = None
            elif self._opened is None or self._opened.name != name:
                try:
                    self._opened = self._open(name)
                except IndexUntrusted:
                    # Overtaken by several writers at once, the folder may be gone already; then look again.
                    if self._generations.current() == name or attempt == _TRIES - 1:
                        raise
                    continue
            return self._opened
        return self._opened

    def _open(self, name: str) -> Opened:
        manifest = self._generations.manifest(name)
        known = self._opened.segments if self._opened else {}
        segments: dict[tuple[str, str], Segment] = {}
        deleted: list[Array] = []
        for listed in json.loads(manifest.content(SEGMENTS)):
            side = f"SIDE_{listed['segment']}"
            key = side, manifest.files[side + CONTENTS][1]
            segments[key] = known.get(key) or _segment(manifest, side)
            deleted.append(np.array(listed["deleted"], np.int64))
        snapshot = Snapshot(manifest.generation, segments.values(), deleted)
        words = self._opened.word_files if self._opened else WordFiles({}, manifest.content)
        words = words.go_on(manifest.files, manifest.content)
        return Opened(name, manifest, snapshot, Columns(snapshot), words, segments)


def _segment(manifest: Manifest, side: str) -> Segment:
    contents = manifest.content(side + CONTENTS)
    try:
        arrays = ArrayFile(manifest.folder / (side + ARRAYS), contents, manifest.distrust)
    except OSError as error:
        manifest.distrust(f"{side + ARRAYS} cannot be read ({error.strerror})")
    return Segment(arrays)
