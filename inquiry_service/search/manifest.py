"""A signed list of the files of one index generation, checked before any of them is opened.

Whoosh unpickles its files when opening them, so a crafted index runs code. Only files that this installation
wrote and that are unchanged since are ever handed to it: every file by name, size and SHA-256, no file more,
no file less, under an HMAC-SHA256 whose key never lies beside the index.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from inquiry_service.search.port import Generation, IndexUntrusted

MANIFEST = "MANIFEST"
_PURPOSE = b"evenhand literature index manifest v1"
_LARGEST_MANIFEST = 1_000_000
_LOCK_SUFFIX = "LOCK"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a manifest that verified."""

    generation: Generation
    analysis: str
    files: dict[str, tuple[int, str]]
    """File name -> size in bytes, SHA-256 in hex."""


class Hashes:
    """SHA-256 of files, remembered per inode.

    Whoosh never changes a file once written, and generations share unchanged files as hard links. So a new
    generation costs only the hashing of its new files. Device, inode, size and change time identify a file.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int, int], str] = {}

    def of(self, path: Path) -> tuple[int, str]:
        """Size and SHA-256 (hex) of a regular file.

        Raises:
            IndexUntrusted: not a regular file; links are never followed.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            _distrust(path.parent, f"{path.name} cannot be read ({error.strerror})")
        with open(descriptor, "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                _distrust(path.parent, f"{path.name} is not a regular file")
            identity = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
            if identity not in self._known:
                self._known[identity] = hashlib.file_digest(stream, "sha256").hexdigest()
        return facts.st_size, self._known[identity]

    def keep_only(self, manifest: Manifest) -> None:
        """Forget files that ``manifest`` does not list, so that memory does not grow with generations."""
        wanted = {digest for _, digest in manifest.files.values()}
        self._known = {identity: digest for identity, digest in self._known.items() if digest in wanted}


def write_manifest(folder: Path, generation: Generation, analysis: str, key: bytes, hashes: Hashes) -> None:
    """Sign the files that lie in ``folder`` now.

    Args:
        folder: the generation's directory, complete and no longer written to.
        analysis: version of the text analysis that made it.
        key: secret of the installation.
    """
    files = {path.name: hashes.of(path) for path in _index_files(folder)}
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


def read_manifest(folder: Path, key: bytes, hashes: Hashes) -> Manifest:
    """Verify ``folder`` against its manifest.

    Raises:
        IndexUntrusted: any difference: seal, generation number, a file changed, added or missing.
    """
    manifest = _read_sealed(folder, key)
    if manifest.generation.number != int(folder.name):
        _distrust(folder, f"it belongs to generation {manifest.generation.number}")
    found = {path.name for path in _index_files(folder)}
    for name in sorted(found ^ manifest.files.keys()):
        _distrust(folder, f"{name} was {'added' if name in found else 'removed'}")
    for name, expected in manifest.files.items():
        if hashes.of(folder / name) != expected:
            _distrust(folder, f"{name} was changed")
    return manifest


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
    return Manifest(generation, content["analysis"], files)


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
        f"The literature index was not opened: {reason}. Run `evenhand literature rebuild`.",
        generation=folder.name,
        reason=reason,
    )
