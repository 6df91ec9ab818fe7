"""Stored files: named by content, complete or absent, verified at every reading (R89, P62)."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from inquiry_service.errors import IntegrityBroken, NotFound
from inquiry_service.services.blobs import BlobStore

DATA = b"%PDF-1.7 a letter"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def _files(store: BlobStore) -> list[Path]:
    return [path for path in store.directory.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"", b"\x00", DATA, os.urandom(300_000)], ids=len)
def test_what_is_stored_comes_back_under_its_hash(store: BlobStore, data: bytes) -> None:
    name = store.put(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert store.get(name) == data
    assert store.has(name)


def test_equal_bytes_are_kept_once_and_only_the_owner_reads_them(store: BlobStore) -> None:
    assert store.put(DATA) == store.put(DATA)
    (file,) = _files(store)
    assert file.stat().st_mode & 0o777 == 0o600
    assert store.directory.stat().st_mode & 0o777 == 0o700


def test_a_changed_file_is_found_at_reading_and_at_storing_again(store: BlobStore) -> None:
    store.put(DATA)
    (file,) = _files(store)
    file.write_bytes(DATA.replace(b"letter", b"forged"))
    with pytest.raises(IntegrityBroken, match="was changed"):
        store.get(NAME)
    with pytest.raises(IntegrityBroken):
        store.put(DATA)


@pytest.mark.parametrize("name", [NAME, "", "../../etc/passwd", NAME.upper(), NAME[:-1], f"{NAME}\n", f"{NAME}/"])
def test_what_is_not_stored_is_not_found_whatever_it_is_called(store: BlobStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.get(name)


def test_a_full_disk_leaves_nothing_behind(store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.put(DATA)
    assert _files(store) == []
    assert store.get(store.put(DATA)) == DATA


def test_file_and_names_are_on_the_disk_before_the_hash_is_returned(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_sync, real_replace = os.fsync, os.replace

    def sync(descriptor: int) -> None:
        steps.append("directory" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        real_sync(descriptor)

    def replace(source: Path, target: Path) -> None:
        steps.append("rename")
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    store.put(DATA)
    assert steps == ["file", "rename", "directory", "directory"]
