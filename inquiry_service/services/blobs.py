"""Documents and attachments as files named by their SHA-256: written once, verified at every reading."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from inquiry_service.errors import IntegrityBroken, NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")


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
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise IntegrityBroken(
                f"stored file {digest[:12]}… was changed: its content has SHA-256 {found[:12]}…",
                expected=digest, got=found)
        return data

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


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
