"""Documents and attachments as files named by their SHA-256: written once, verified at every reading."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inquiry_service.errors import IntegrityBroken, NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20


@dataclass(frozen=True)
class BlobStore:
    """A directory of files. Equal bytes are kept once; nothing is ever changed in place.

    Attributes:
        directory: made with mode 0700 at the first writing.
    """

    directory: Path

    def put(self, data: bytes) -> str:
        """Store ``data`` and return its SHA-256 in hexadecimal.

        The file is complete and on the disk, with its name, before this returns: it is written aside,
        synced, renamed, the directory is synced, and what lies there then is read back.

        Raises:
            IntegrityBroken: what was read back is not what was written.
            OSError: the disk refuses, e.g. because it is full; nothing is left behind.
        """
        digest = hashlib.sha256(data).hexdigest()
        place = self._path(digest)
        if not place.exists():
            # One by one: parents that mkdir makes on the way would be open to everybody.
            for folder in (self.directory, place.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(place, data)
        self.get(digest)
        return digest

    def put_stream(self, stream: BinaryIO) -> str:
        """Store what is left of ``stream``, piece by piece, and return its SHA-256; as :meth:`put` otherwise."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside, sha256 = self.directory / f".{secrets.token_hex(8)}.part", hashlib.sha256()
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                while piece := stream.read(_PIECE):
                    sha256.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            place = self._path(sha256.hexdigest())
            place.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(aside, place)
        finally:
            aside.unlink(missing_ok=True)
        _sync(place.parent)
        _sync(self.directory)
        with self.open(place.name):
            return place.name

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """Open a stored file for reading at any size, after its content was verified.

        Raises:
            NotFound, IntegrityBroken: as :meth:`get`.
        """
        try:
            file = self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound(f"There is no stored file {digest[:12]}….") from None
        with file:
            _compare(digest, hashlib.file_digest(file, "sha256").hexdigest())
            file.seek(0)
            yield file

    def get(self, digest: str) -> bytes:
        """Return the bytes with this SHA-256.

        Raises:
            NotFound: there are none.
            IntegrityBroken: the file no longer has the content that its name says.
        """
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"There is no stored file {digest[:12]}….") from None
        _compare(digest, hashlib.sha256(data).hexdigest())
        return data

    def size(self, digest: str) -> int:
        """Return the length of a stored file in bytes.

        Raises:
            NotFound: there is none.
        """
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            raise NotFound(f"There is no stored file {digest[:12]}….") from None

    def has(self, digest: str) -> bool:
        """Say whether a file of this name is there, without reading it."""
        return self._path(digest).is_file()

    def _path(self, digest: str) -> Path:
        # Also the reason why no path can be smuggled in: only 64 hexadecimal digits name a file.
        if not _DIGEST.fullmatch(digest):
            raise NotFound("This is not the name of a stored file.")
        return self.directory / digest[:2] / digest

    def _write(self, place: Path, data: bytes) -> None:
        aside = place.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, place)
        finally:
            aside.unlink(missing_ok=True)
        # The names too must survive a loss of power: the file's, and that of a directory just made.
        _sync(place.parent)
        _sync(self.directory)


def _compare(digest: str, found: str) -> None:
    if found != digest:
        raise IntegrityBroken(
            f"stored file {digest[:12]}… was changed: its content has SHA-256 {found[:12]}…",
            expected=digest, got=found)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
