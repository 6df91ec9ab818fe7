"""Whoosh unpickles its files when opening them: only what this installation wrote is ever opened."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from inquiry_service.errors import ConfigurationError, IntegrityBroken
from inquiry_service.search import generations
from inquiry_service.search.analysis import ANALYSIS_VERSION
from inquiry_service.search.manifest import MANIFEST, Hashes, Manifest
from inquiry_service.search.port import Generation, IndexUntrusted, Query
from inquiry_service.search.whoosh_index import WhooshIndex
from tests.search.corpus import made_up, sample, versions

KEY = b"a key of the tests, 32 bytes long"


class Payload:
    """Pickled, this makes a directory when it is loaded, and passes for an empty list of segments."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return eval, (f"__import__('os').makedirs({str(self._trace)!r}, exist_ok=True) or []",)


@pytest.fixture
def folder(index_dir: Path) -> Path:
    """The published generation of a small index."""
    WhooshIndex(index_dir, KEY).rebuild(sample()[:5])
    return index_dir / "00000001"


def toc(folder: Path) -> Path:
    return next(folder.glob("_MAIN_*.toc"))


def segment(folder: Path) -> Path:
    return next(folder.glob("*.seg"))


def poison(path: Path, trace: Path) -> None:
    """Replace the last pickle of a table of contents, its list of segments, by the payload."""
    content = path.read_bytes()
    start = content.rindex(b"\x80" + bytes([pickle.HIGHEST_PROTOCOL]))
    path.write_bytes(content[:start] + pickle.dumps(Payload(trace)))


def test_a_poisoned_index_is_refused_and_its_payload_never_runs(index_dir: Path, folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    poison(toc(folder), trace)
    index = WhooshIndex(index_dir, KEY)
    uses: list[Callable[[], object]] = [
        lambda: index.search(Query("migraine")),
        lambda: index.apply([made_up("a", "Title")]),
        lambda: index.verify({}),
        index.generation,
        index.count,
    ]
    for use in uses:
        with pytest.raises(IndexUntrusted, match="literature rebuild"):
            use()
    assert not trace.exists()


def test_without_the_check_the_payload_would_run(
    index_dir: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "trace"
    poison(toc(folder), trace)
    blind = Manifest(Generation(1, 5, "0" * 64), ANALYSIS_VERSION, {})
    monkeypatch.setattr(generations, "read_manifest", lambda *_: blind)
    assert WhooshIndex(index_dir, KEY).search(Query("migraine")).total == 0
    assert trace.exists()


def _change_byte(folder: Path) -> None:
    content = bytearray(segment(folder).read_bytes())
    content[len(content) // 2] ^= 1
    segment(folder).write_bytes(content)


def _add_table_of_contents(folder: Path) -> None:
    shutil.copy(toc(folder), folder / "_MAIN_99.toc")


def _link_elsewhere(folder: Path) -> None:
    moved = folder.parent / "moved"
    segment(folder).rename(moved)
    (folder / moved.with_suffix(".seg").name).symlink_to(moved)


def _swap_for_link(folder: Path) -> None:
    name = segment(folder)
    name.rename(folder.parent / "moved")
    name.symlink_to(folder.parent / "moved")


def _fill_lock(folder: Path) -> None:
    (folder / "MAIN_WRITELOCK").write_text("not empty")


def _edit_manifest(folder: Path) -> None:
    manifest = folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b'"documents": 5', b'"documents": 6'))


TAMPERING: list[Callable[[Path], object]] = [
    _change_byte,
    _add_table_of_contents,
    _link_elsewhere,
    _swap_for_link,
    _fill_lock,
    _edit_manifest,
    lambda folder: segment(folder).unlink(),
    lambda folder: segment(folder).write_bytes(b""),
    lambda folder: (folder / MANIFEST).unlink(),
    lambda folder: (folder / MANIFEST).write_bytes(b""),
    lambda folder: shutil.rmtree(folder),
    lambda folder: (folder.parent / "CURRENT").write_text("../../elsewhere"),
    lambda folder: (folder.parent / "CURRENT").write_text(""),
    lambda folder: (folder.rename(folder.parent / "00000007"), (folder.parent / "CURRENT").write_text("00000007")),
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=range(len(TAMPERING)))
def test_any_difference_from_what_was_written_is_refused_until_rebuilt(
    index_dir: Path, folder: Path, tamper: Callable[[Path], object]
) -> None:
    assert WhooshIndex(index_dir, KEY).search(Query("")).total == 5
    tamper(folder)
    index = WhooshIndex(index_dir, KEY)
    with pytest.raises(IntegrityBroken):
        index.search(Query(""))
    index.rebuild(sample()[:5])
    assert index.search(Query("")).total == 5


def test_an_index_written_under_another_key_is_refused(index_dir: Path, folder: Path) -> None:
    assert folder.is_dir()
    with pytest.raises(IndexUntrusted):
        WhooshIndex(index_dir, KEY[::-1]).search(Query(""))


def test_an_index_of_another_analysis_is_refused(
    index_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.is_dir()
    monkeypatch.setattr(generations, "ANALYSIS_VERSION", "another")
    with pytest.raises(IndexUntrusted, match="another version"):
        WhooshIndex(index_dir, KEY).search(Query(""))


def test_a_short_key_protects_nothing_and_is_refused(index_dir: Path) -> None:
    with pytest.raises(ConfigurationError):
        WhooshIndex(index_dir, b"short")


def test_verify_hashes_files_again_that_were_hashed_before(index_dir: Path, folder: Path) -> None:
    index = WhooshIndex(index_dir, KEY)
    assert index.verify(versions(sample()[:5])) == []
    times = segment(folder).stat()
    _change_byte(folder)
    os.utime(segment(folder), ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(IndexUntrusted, match="was changed"):
        index.verify(versions(sample()[:5]))


def test_a_file_is_hashed_once_however_many_generations_share_it(folder: Path, tmp_path: Path) -> None:
    hashes = Hashes()
    first = hashes.of(segment(folder))
    os.link(segment(folder), tmp_path / "same")
    original, times = segment(folder).read_bytes(), segment(folder).stat()
    segment(folder).write_bytes(bytes(len(original)))
    os.utime(segment(folder), ns=(times.st_atime_ns, times.st_mtime_ns))
    assert hashes.of(tmp_path / "same") == first, "found by inode, size and time, not read again"
    assert Hashes().of(tmp_path / "same") != first


def test_only_the_owner_may_enter_the_index_directory(index_dir: Path) -> None:
    index_dir.mkdir(mode=0o755)
    WhooshIndex(index_dir, KEY).rebuild(sample()[:1])
    assert index_dir.stat().st_mode & 0o777 == 0o700
    assert (index_dir / "00000001").stat().st_mode & 0o777 == 0o700
