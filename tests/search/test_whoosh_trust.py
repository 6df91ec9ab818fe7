"""Whoosh unpickles its files when opening them: only what this installation wrote is ever opened."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from inquiry_service.errors import ConfigurationError, IntegrityBroken
from inquiry_service.search.embedded import array_file, generations, manifest
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.embedded.manifest import MANIFEST
from inquiry_service.search.embedded.merging import FAN
from inquiry_service.search.port import IndexUntrusted, Query
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
    monkeypatch.setattr(manifest, "_distrust", lambda *_: None)
    WhooshIndex(index_dir, KEY).apply([made_up("a", "Title")])
    assert trace.exists()


def test_a_search_reads_nothing_that_could_run(
    index_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.is_dir()
    index = WhooshIndex(index_dir, KEY)
    refused: list[str] = []
    monkeypatch.setattr(pickle, "loads", lambda *_: refused.append("loads"))
    monkeypatch.setattr(pickle, "load", lambda *_: refused.append("load"))
    monkeypatch.setattr(FileStorage, "open_file", lambda _, name, **__: refused.append(name))
    assert index.search(Query('sumatriptan AND "menstrual migraine" OR trip*')).total > 0
    assert refused == []


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


def _change_side_byte(folder: Path, part: str) -> None:
    path = next(folder.glob(f"SIDE_*.{part}"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


TAMPERING: list[Callable[[Path], object]] = [
    _add_table_of_contents,
    _link_elsewhere,
    _swap_for_link,
    _fill_lock,
    _edit_manifest,
    lambda folder: _change_side_byte(folder, "arrays"),
    lambda folder: _change_side_byte(folder, "contents"),
    lambda folder: (folder / "SEGMENTS").write_bytes((folder / "SEGMENTS").read_bytes().replace(b"[]", b"{}")),
    lambda folder: next(folder.glob("SIDE_*.arrays")).write_bytes(b""),
    lambda folder: next(folder.glob("SIDE_*.contents")).unlink(),
    lambda folder: (folder / "SIDE_more.arrays").write_bytes(b"EVENHAND"),
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
        index.search(Query("migraine"))
    index.rebuild(sample()[:5])
    assert index.search(Query("")).total == 5


def test_a_changed_file_of_whoosh_is_refused_by_all_that_would_open_or_pass_it_on(
    index_dir: Path, folder: Path
) -> None:
    _change_byte(folder)
    index = WhooshIndex(index_dir, KEY)
    with pytest.raises(IndexUntrusted, match="was changed"):
        index.verify(versions(sample()[:5]))
    index.apply([made_up("a", "Title")])
    with pytest.raises(IndexUntrusted, match="was changed"):
        index.verify(versions(sample()[:5]))
    for number in range(FAN):
        with suppress(IndexUntrusted):
            index.apply([made_up(f"more{number}", "Title")])
    assert index.count() < 5 + 1 + FAN, "the change that would have read the file was refused"


def test_each_block_of_the_arrays_is_checked_before_it_is_used(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_file, "_BLOCK", 1 << 10)
    WhooshIndex(index_dir, KEY).rebuild(sample())
    arrays = next((index_dir / "00000001").glob("SIDE_*.arrays"))
    original = arrays.read_bytes()
    refused = 0
    for place in range(0, len(original), 1 << 11):
        changed = bytearray(original)
        changed[place] ^= 1
        arrays.write_bytes(changed)
        index = WhooshIndex(index_dir, KEY)
        try:
            found = index.search(Query('sumatriptan "menstrual migraine" trip*', may_see_medical_only=True))
        except IndexUntrusted:
            refused += 1
        else:
            arrays.write_bytes(original)
            sound = WhooshIndex(index_dir, KEY).search(
                Query('sumatriptan "menstrual migraine" trip*', may_see_medical_only=True))
            assert found.hits == sound.hits
    assert refused > 10, "some blocks are touched by this search"


def test_an_index_written_under_another_key_is_refused(index_dir: Path, folder: Path) -> None:
    assert folder.is_dir()
    with pytest.raises(IndexUntrusted):
        WhooshIndex(index_dir, KEY[::-1]).search(Query(""))


def test_an_index_of_another_analysis_is_refused(
    index_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.is_dir()
    monkeypatch.setattr(generations, "MADE_BY", "another")
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


def test_only_the_owner_may_enter_the_index_directory(index_dir: Path) -> None:
    index_dir.mkdir(mode=0o755)
    WhooshIndex(index_dir, KEY).rebuild(sample()[:1])
    assert index_dir.stat().st_mode & 0o777 == 0o700
    assert (index_dir / "00000001").stat().st_mode & 0o777 == 0o700
