"""The index directory: one folder per generation, published by renaming one small file.

    <index_dir>/CURRENT              name of the generation that answers
    <index_dir>/00000012/            its files and their signed manifest; never changed after publishing
    <index_dir>/.staging-...         a generation being written
    <index_dir>/WRITER               lock of the one writer

A new generation starts as hard links to the files of the last one, so that adding a record writes only the
new segment, readers of the old generation are not disturbed, and a crash at any moment leaves the old one
answering.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inquiry_service.errors import ConfigurationError
from inquiry_service.search.embedded.fields import LAYOUT_VERSION
from inquiry_service.search.embedded.manifest import Files, Manifest, is_index_file, read_manifest, write_manifest
from inquiry_service.search.port import Generation, IndexBusy, IndexUntrusted
from inquiry_service.search.result import REBUILD
from inquiry_service.search.words.analysis import ANALYSIS_VERSION

NEVER_BUILT = Generation(0, 0, "0" * 64)
MADE_BY = f"{ANALYSIS_VERSION}/{LAYOUT_VERSION}"
"""How text was read and laid out; an index made in another way is refused."""

_NAME = re.compile(r"\d{8}")
_STAGING = ".staging-"
_KEPT = 3
"""Generations on disk: the current one, and two for readers that are just opening an older one."""
_POLL_SECONDS = 0.05
_LONGEST_NAME = 100
_SHORTEST_KEY = 16


class Generations:
    """The generations under one index directory.

    Args:
        directory: made with mode 0700 when missing; group and others lose their rights when they had any.
        key: secret for the manifests.

    Raises:
        ConfigurationError: the key is too short to protect anything.
    """

    def __init__(self, directory: Path, key: bytes) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ConfigurationError(f"The search index needs a secret of at least {_SHORTEST_KEY} bytes.")
        self._directory = directory
        self._key = key

    def current(self) -> str | None:
        """Name of the generation that answers; None if nothing was ever published.

        Raises:
            IndexUntrusted: CURRENT does not hold a generation's name.
        """
        try:
            with open(self._directory / "CURRENT", encoding="ascii", errors="replace") as stream:
                name = stream.read(_LONGEST_NAME).strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IndexUntrusted(f"The literature index cannot be read ({error.strerror}). {REBUILD}") from error
        if not _NAME.fullmatch(name):
            raise IndexUntrusted(f"The literature index has no valid CURRENT file. {REBUILD}")
        return name

    def folder(self, name: str) -> Path:
        """Directory of a generation."""
        return self._directory / name

    def manifest(self, name: str) -> Manifest:
        """The manifest of generation ``name``; the content of a file is still to be checked before its use.

        Raises:
            IndexUntrusted: its files are not those that were written, or another version made it.
        """
        manifest = read_manifest(self.folder(name), self._key)
        if manifest.analysis != MADE_BY:
            raise IndexUntrusted(
                f"The literature index was made by another version. {REBUILD}",
                expected=MADE_BY,
                got=manifest.analysis,
            )
        return manifest

    @contextmanager
    def writing(self, timeout: float) -> Iterator[None]:
        """Hold the writer's lock; the kernel frees it when the process dies.

        Raises:
            IndexBusy: not free within ``timeout`` seconds.
        """
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        with open(self._directory / "WRITER", "a") as lock:
            _acquire(lock.fileno(), time.monotonic() + timeout)
            self._sweep_staging()
            yield

    @contextmanager
    def staging(self, base: str | None) -> Iterator[Path]:
        """A folder to write the next generation in, removed unless it was published.

        Args:
            base: generation whose files it starts with; None to start empty.
        """
        folder = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._directory))
        try:
            if base is not None:
                for path in self.folder(base).iterdir():
                    if is_index_file(path):
                        _link_or_copy(path, folder / path.name)
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder)

    def publish(self, staging: Path, documents: int, digest: str, kept: Files | None = None) -> Generation:
        """Make a staged folder the generation that answers: flush, sign, rename, switch.

        Whoosh itself never flushes to disk, so a power cut could otherwise leave a signed but empty file.

        Args:
            kept: files that are there unchanged from the generation it was started with: these are hashed and
                flushed already.
        """
        generation = Generation(self._next_number(), documents, digest)
        write_manifest(staging, generation, MADE_BY, self._key, kept or {})
        for path in staging.iterdir():
            if path.name not in (kept or {}):
                _flush(path)
        _flush(staging)
        name = f"{generation.number:08d}"
        os.rename(staging, self.folder(name))
        pointer = self._directory / f"{_STAGING}CURRENT"
        pointer.write_text(f"{name}\n", encoding="ascii")
        _flush(pointer)
        os.replace(pointer, self._directory / "CURRENT")
        _flush(self._directory)
        self._prune(generation.number)
        return generation

    def _numbers(self) -> list[int]:
        return sorted(int(path.name) for path in self._directory.iterdir() if _NAME.fullmatch(path.name))

    def _next_number(self) -> int:
        # A crash between the two renames leaves a folder that CURRENT never named; its number is spent.
        return max(self._numbers(), default=0) + 1

    def _prune(self, current: int) -> None:
        older = [number for number in self._numbers() if number != current]
        for number in older[: -(_KEPT - 1)]:
            shutil.rmtree(self.folder(f"{number:08d}"))

    def _sweep_staging(self) -> None:
        for path in self._directory.glob(f"{_STAGING}*"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise IndexBusy("The literature index is being written; try again in a moment.") from None
        time.sleep(_POLL_SECONDS)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target, follow_symlinks=False)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
