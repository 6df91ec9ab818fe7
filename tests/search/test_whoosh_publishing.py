"""Generations: published whole, flushed, swapped at once, and safe from a crash at any moment."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh_query

from inquiry_service.search.analysis import stem
from inquiry_service.search.lookup import TITLE_WEIGHT, Lookup
from inquiry_service.search.port import Generation, IndexBusy, Query
from inquiry_service.search.postings import Postings
from inquiry_service.search.query_tree import Word
from inquiry_service.search.reading import Reading
from inquiry_service.search.whoosh_index import WhooshIndex
from tests.search.corpus import made_up, sample, versions

WORDS = ("migraine", "sumatriptan", "nausea", "headache", "placebo", "aura", "zebra")
KEY = b"a key of the tests, 32 bytes long"

CRASH = """
import os, signal, sys
from pathlib import Path
from inquiry_service.search.whoosh_index import WhooshIndex
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
    assert {Path(name).suffix for name in flushed} >= {".seg", ".toc"}
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


def test_a_reader_that_holds_an_old_generation_finishes_with_it(index: WhooshIndex) -> None:
    reading: Reading = index._reading
    with reading.searcher() as (generation, searcher):
        for number in range(5):
            index.apply([made_up(f"new{number}", "Title")])
        assert searcher is not None
        assert searcher.doc_count() == generation.documents == 10
    assert index.search(Query("")).total == 15


def test_another_process_sees_a_change_at_its_next_search(index: WhooshIndex, index_dir: Path) -> None:
    other = WhooshIndex(index_dir, KEY)
    assert other.search(Query("lasmiditan")).total == 0
    index.apply([made_up("new", "Lasmiditan")])
    assert other.search(Query("lasmiditan")).total == 1


def test_numbers_go_on_after_a_generation_that_was_never_switched_to(index: WhooshIndex, index_dir: Path) -> None:
    (index_dir / "00000009").mkdir()
    assert index.rebuild(sample()[:2]) == Generation(10, 2, index.generation().digest)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    index = WhooshIndex(tmp_path_factory.mktemp("scores") / "index", KEY)
    index.rebuild(sample())
    index.apply([made_up("extra", "Triptans and nausea")], [sample()[0].record_id])
    return index


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
def test_scores_are_those_of_whooshs_own_searcher(shared: WhooshIndex, words: list[str]) -> None:
    with shared._reading.searcher() as (_, searcher):
        assert searcher is not None
        postings = Postings(searcher, 5.0, may_see_medical_only=True)
        ours = Lookup(postings).ranked([Word(word) for word in words])
        clauses = []
        for word in words:
            clauses.append(whoosh_query.Term("text", stem(word)))
            clauses.append(whoosh_query.Term("title", stem(word), boost=TITLE_WEIGHT))
        theirs = searcher.search(whoosh_query.Or(clauses), limit=None)
        expected = {hit.docnum: hit.score for hit in theirs}
    assert ours.keys() == expected.keys()
    assert all(abs(ours[number] - expected[number]) < 1e-9 for number in expected)
