"""Generations: published whole, flushed, swapped at once, and safe from a crash at any moment."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pytest

from inquiry_service.search.embedded import bulk
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.embedded.manifest import Manifest
from inquiry_service.search.port import Generation, IndexBusy, IndexDocument, IndexUntrusted, Query
from tests.search.corpus import made_up, sample, versions

KEY = b"a key of the tests, 32 bytes long"

CRASH = """
import os, signal, sys
from pathlib import Path
from inquiry_service.search.embedded.index import WhooshIndex
from tests.search.corpus import made_up, sample

moment, directory = sys.argv[1], Path(sys.argv[2])

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def documents():
    yield from sample()[:20]
    if moment == "reading":
        die()
    yield from sample()[20:]

if moment != "reading":
    real = getattr(os, moment)
    def crash(*arguments, **named):
        if moment == "fsync" or str(arguments[0]).rpartition("/")[2].startswith(".staging"):
            die()
        return real(*arguments, **named)
    setattr(os, moment, crash)

WhooshIndex(directory, %r).rebuild(documents())
"""


@pytest.fixture
def index(index_dir: Path) -> WhooshIndex:
    index = WhooshIndex(index_dir, KEY, longest_wait=0.2)
    index.rebuild(sample()[:10])
    return index


@pytest.mark.parametrize("moment", ["reading", "fsync", "rename", "replace"])
def test_a_process_killed_during_a_rebuild_leaves_the_old_index_answering(
    index: WhooshIndex, index_dir: Path, moment: str
) -> None:
    before = index.generation()
    killed = subprocess.run([sys.executable, "-c", CRASH % KEY, moment, str(index_dir)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    fresh = WhooshIndex(index_dir, KEY)
    assert fresh.generation() == before
    assert fresh.verify(versions(sample()[:10])) == []
    assert list(index_dir.glob(".staging-*")), "the crash came before the work was done"
    assert fresh.rebuild(sample()).number > before.number
    assert fresh.verify(versions(sample())) == []
    assert not list(index_dir.glob(".staging-*"))


def test_a_second_writer_waits_and_then_says_so(index: WhooshIndex, index_dir: Path) -> None:
    with open(index_dir / "WRITER", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            index.apply([made_up("a", "Title")])
        assert index.search(Query("")).total == 10, "readers do not wait"
    index.apply([made_up("a", "Title")])
    assert index.count() == 11


def test_everything_is_flushed_before_the_switch(index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        real_fsync(descriptor)

    def replace(source: Path, target: Path) -> None:
        steps.append(f"switch {Path(target).name}")
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    index.rebuild(sample()[:3])
    switch = steps.index("switch CURRENT")
    flushed = set(steps[:switch])
    assert "MANIFEST" in flushed
    assert {Path(name).suffix for name in flushed} >= {".seg", ".toc", ".arrays", ".contents"}
    assert steps[switch + 1 :] == ["index"], "the rename itself is flushed last"


def test_the_last_three_generations_stay_and_unchanged_files_are_shared(index: WhooshIndex, index_dir: Path) -> None:
    for number in range(4):
        index.apply([made_up(f"new{number}", "Title")])
    kept = sorted(path.name for path in index_dir.iterdir() if path.name.isdigit())
    assert kept == ["00000003", "00000004", "00000005"]
    sizes = [[path.stat() for path in (index_dir / name).glob("*.seg")] for name in kept]
    assert len({max(facts, key=lambda fact: fact.st_size).st_ino for facts in sizes}) == 1


def test_without_hard_links_files_are_copied(index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    index.apply([made_up("a", "Title")])
    assert index.search(Query("")).total == 11


def test_a_search_that_holds_an_old_generation_finishes_with_it(index: WhooshIndex) -> None:
    opened = index._reading.current()
    assert opened is not None
    for number in range(5):
        index.apply([made_up(f"new{number}", "Title")])
    assert not opened.manifest.folder.exists()
    assert len(dict(opened.snapshot.versions())) == opened.generation.documents == 10
    assert opened.snapshot.place(3)[0].abstract(3) == sample()[3].abstract
    assert index.search(Query("")).total == 15


def test_a_new_generation_goes_on_with_the_segments_that_it_shares(index: WhooshIndex) -> None:
    before = index._reading.current()
    index.apply([made_up("a", "Title")])
    after = index._reading.current()
    assert before is not None
    assert after is not None
    assert set(before.segments.values()) < set(after.segments.values())
    assert len(after.segments) == 2


def test_segments_of_one_size_are_put_together_and_large_ones_left_alone(index: WhooshIndex) -> None:
    index.rebuild(sample())
    large = set(_segments(index))
    for number in range(30):
        index.apply([made_up(f"new{number}", "Title")], [f"new{number - 3}"])
    opened = index._reading.current()
    assert opened is not None
    assert large <= set(_segments(index))
    assert len(_segments(index)) < 12
    assert index.verify({**versions(sample()), **{f"new{number}": 1 for number in (27, 28, 29)}}) == []
    names = {path.name for path in opened.manifest.folder.iterdir()}
    assert {name for name in names if name.endswith(".arrays")} == {f"SIDE_{name}.arrays" for name in _segments(index)}


def _segments(index: WhooshIndex) -> list[str]:
    opened = index._reading.current()
    assert opened is not None
    return [name.removeprefix("SIDE_") for name, _ in opened.segments]


def test_many_records_are_built_by_several_processes_and_none_is_lost(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_FEW", 20)
    monkeypatch.setattr(bulk, "_PORTION", 7)
    generation = index.rebuild(sample())
    assert len(_segments(index)) == bulk.PROCESSES
    assert index.verify(versions(sample())) == []
    assert generation.documents == index.search(Query("")).total == len(sample())
    assert not list((index._generations.folder(f"{generation.number:08d}")).glob("part*"))


def test_a_process_that_dies_fails_the_whole_build(index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_FEW", 20)
    monkeypatch.setattr(bulk, "_PORTION", 7)
    before = index.generation()

    def documents() -> Iterator[IndexDocument]:
        yield from sample()
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(BrokenProcessPool):
        index.rebuild(documents())
    assert index.generation() == before


def test_another_process_sees_a_change_at_its_next_search(index: WhooshIndex, index_dir: Path) -> None:
    other = WhooshIndex(index_dir, KEY)
    assert other.search(Query("lasmiditan")).total == 0
    index.apply([made_up("new", "Lasmiditan")])
    assert other.search(Query("lasmiditan")).total == 1


def test_numbers_go_on_after_a_generation_that_was_never_switched_to(index: WhooshIndex, index_dir: Path) -> None:
    (index_dir / "00000009").mkdir()
    assert index.rebuild(sample()[:2]) == Generation(10, 2, index.generation().digest)


def test_what_is_known_of_words_is_read_though_the_generation_that_was_opened_first_is_gone(
    index: WhooshIndex, index_dir: Path
) -> None:
    other = WhooshIndex(index_dir, KEY)
    record = sample()[0]
    assert other.generation().documents == 10
    for version in range(2, 7):
        index.apply([replace(record, version=version)])
        other.generation()
    assert other.search(Query("migrane")).suggested == "migraine"


def test_an_index_that_is_replaced_while_it_is_checked_is_not_distrusted(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Manifest.check

    def overtaken(manifest: Manifest, name: str) -> None:
        monkeypatch.setattr(Manifest, "check", real)
        for _ in range(4):
            index.rebuild(sample()[:10])
        manifest.check(name)

    monkeypatch.setattr(Manifest, "check", overtaken)
    assert index.verify(versions(sample()[:10])) == []


def test_a_current_file_that_cannot_be_read_is_told_as_an_index_that_cannot_be_used(
    index: WhooshIndex, index_dir: Path
) -> None:
    (index_dir / "CURRENT").unlink()
    (index_dir / "CURRENT").mkdir()
    with pytest.raises(IndexUntrusted, match="rebuild"):
        index.search(Query("migraine"))
