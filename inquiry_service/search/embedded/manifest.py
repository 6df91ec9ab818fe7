"""A signed list of the files of one index generation.

Whoosh unpickles its files when opening them, so a crafted index runs code. Only files that this installation
wrote and that are unchanged since are ever used: every file by name, size and SHA-256, no file more, no file
less, under an HMAC-SHA256 whose key never lies beside the index. Names and sizes are compared when a
generation is opened; the content of a file when, and before, it is used.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from inquiry_service.search.port import Generation, IndexUntrusted
from inquiry_service.search.result import REBUILD

MANIFEST = "MANIFEST"
_PURPOSE = b"evenhand literature index manifest v1"
_LARGEST_MANIFEST = 1_000_000
_LOCK_SUFFIX = "LOCK"

Files = Mapping[str, tuple[int, str]]
"""File name -> size in bytes, SHA-256 in hex."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a manifest that verified, and the folder that it speaks of."""

    folder: Path
    generation: Generation
    analysis: str
    files: Files

    def check(self, name: str) -> None:
        """Compare the content of one file.

        Raises:
            IndexUntrusted: it is not what was written.
        """
        if self.files.get(name) != _facts(self.folder / name):
            self.distrust(f"{name} was changed")

    def content(self, name: str) -> bytes:
        """The verified bytes of one short file.

        Raises:
            IndexUntrusted: it is not what was written.
        """
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            self.distrust(f"{name} cannot be read ({error.strerror})")
        if self.files.get(name) != (len(content), hashlib.sha256(content).hexdigest()):
            self.distrust(f"{name} was changed")
        return content

    def distrust(self, reason: str) -> NoReturn:
        """Refuse the generation.

        Raises:
            IndexUntrusted: always.
        """
        _distrust(self.folder, reason)


def write_manifest(folder: Path, generation: Generation, analysis: str, key: bytes, kept: Files) -> None:
    """Sign the files that lie in ``folder`` now.

    Args:
        folder: the generation's directory, complete and no longer written to.
        analysis: version of the text analysis that made it.
        key: secret of the installation.
        kept: files taken over unchanged from another generation, as its manifest lists them. What was signed
            then is signed again without looking, so that a file changed meanwhile is still found out.
    """
    files = {path.name: kept.get(path.name) or _facts(path) for path in _index_files(folder)}
    body = json.dumps(
        {
            "generation": generation.number,
            "documents": generation.documents,
            "digest": generation.digest,
            "analysis": analysis,
            "files": files,
        },
        sort_keys=True,
    ).encode()
    with open(folder / MANIFEST, "wb") as stream:
        stream.write(_seal(key, body).encode() + b"\n" + body)


def read_manifest(folder: Path, key: bytes) -> Manifest:
    """Verify the seal of ``folder``'s manifest, and that exactly its files are there.

    Raises:
        IndexUntrusted: another seal, generation number, file name or size; something that is no regular file.
    """
    manifest = _read_sealed(folder, key)
    if manifest.generation.number != int(folder.name):
        _distrust(folder, f"it belongs to generation {manifest.generation.number}")
    found = {path.name: path.lstat() for path in _index_files(folder)}
    for name in sorted(found.keys() ^ manifest.files.keys()):
        _distrust(folder, f"{name} was {'added' if name in found else 'removed'}")
    for name, facts in found.items():
        if not stat.S_ISREG(facts.st_mode):
            _distrust(folder, f"{name} is not a regular file")
        if facts.st_size != manifest.files[name][0]:
            _distrust(folder, f"{name} was changed")
    return manifest


def _facts(path: Path) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a regular file; links are never followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        _distrust(path.parent, f"{path.name} cannot be read ({error.strerror})")
    with open(descriptor, "rb") as stream:
        return os.fstat(stream.fileno()).st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _read_sealed(folder: Path, key: bytes) -> Manifest:
    try:
        with open(folder / MANIFEST, "rb") as stream:
            seal, _, body = stream.read(_LARGEST_MANIFEST).partition(b"\n")
    except OSError:
        _distrust(folder, "its manifest cannot be read")
    if not hmac.compare_digest(seal, _seal(key, body).encode()):
        _distrust(folder, "its manifest does not verify")
    content = json.loads(body)
    generation = Generation(content["generation"], content["documents"], content["digest"])
    files = {name: (size, digest) for name, (size, digest) in content["files"].items()}
    return Manifest(folder, generation, content["analysis"], files)


def _seal(key: bytes, body: bytes) -> str:
    own_key = hmac.new(key, _PURPOSE, hashlib.sha256).digest()
    return hmac.new(own_key, body, hashlib.sha256).hexdigest()


def is_index_file(path: Path) -> bool:
    """Whether ``path`` is part of the index: not its manifest, nor the empty lock file that Whoosh leaves."""
    if path.name == MANIFEST:
        return False
    facts = path.lstat()
    return not (path.name.endswith(_LOCK_SUFFIX) and stat.S_ISREG(facts.st_mode) and facts.st_size == 0)


def _index_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if is_index_file(path))
    except OSError:
        _distrust(folder, "its directory cannot be read")


def _distrust(folder: Path, reason: str) -> NoReturn:
    raise IndexUntrusted(
        f"The literature index was not opened: {reason}. {REBUILD}",
        generation=folder.name,
        reason=reason,
    )
