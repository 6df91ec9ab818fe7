"""Answers compared with Whoosh's own searcher by the thousand, and a writer killed by the hundred."""

from __future__ import annotations

import math
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.scoring import BM25F

from benchmarks.library import Library
from benchmarks.search_ours import KEY
from inquiry_service.errors import InvalidInput
from inquiry_service.search.embedded.generations import Generations
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.embedded.postings import K1, B, Postings
from inquiry_service.search.embedded.reading import Opened, Reading
from inquiry_service.search.port import Query
from tests.search.random_queries import RandomQuery, hostile_text, random_query

_THREADS = 8
_TOP = 20
_TOLERANCE = 1e-6
_FEW = 40
_PLAIN = 0.2
_WRITER = """
import sys
from pathlib import Path
from benchmarks.library import Library
from inquiry_service.search.embedded.index import WhooshIndex

index, library = WhooshIndex(Path(sys.argv[1]), %r), Library(1000)
number = int(sys.argv[2])
print("ready", flush=True)
while True:
    number += 1
    index.apply([library.document(number)], [f"record-{number - 5:07d}"])
"""


def differences(library: Library, folder: Path, count: int) -> dict[str, int]:
    """Compare ``count`` random searches over our index in ``folder``, asked by eight threads at once.

    Returns:
        ``searches``, ``found`` (those with a hit), ``wrong``.
    """
    opened = Reading(Generations(folder / "ours", KEY)).current()
    if opened is None:
        raise SystemExit("The index was not built: name `ours` among the engines.")
    drawn = random.Random(library.size)  # noqa: S311 (the same searches at every run)
    words = [word for _, text in zip(range(20), library.documents(), strict=False)
             for word in text.abstract.lower().replace(".", "").split()]
    queries = [random_query(drawn, words) for _ in range(count)]
    with ThreadPoolExecutor(_THREADS) as pool:
        answers = list(pool.map(lambda query: _best(opened, query), queries))
    searcher = FileStorage(str(opened.manifest.folder)).open_index().searcher(weighting=BM25F(B=B, K1=K1))
    wrong = sum(not _is_same(answer, query, searcher) for answer, query in zip(answers, queries, strict=True))
    return {"searches": count, "found": sum(bool(total) for total, _ in answers), "wrong": wrong}


def _best(opened: Opened, query: RandomQuery) -> tuple[int, list[tuple[int, float]]]:
    scores = query.ours(Postings(opened.snapshot, 60.0, may_see_medical_only=True))
    return len(scores), opened.columns.best(scores, _TOP)


def _is_same(answer: tuple[int, list[tuple[int, float]]], query: RandomQuery, searcher: Any) -> bool:
    total, best = answer
    expected = query.whooshs(searcher)
    top = sorted(expected.values(), reverse=True)[:_TOP]
    return total == len(expected) and all(
        math.isclose(score, expected[number], rel_tol=_TOLERANCE) and math.isclose(score, theirs, rel_tol=_TOLERANCE)
        for (number, score), theirs in zip(best, top, strict=True))


def hostile(folder: Path, count: int) -> dict[str, float]:
    """Ask our index in ``folder`` ``count`` searches that nobody would type.

    Returns:
        ``searches``, ``answered`` (the others were refused in words), ``slowest_ms``; any other error is raised.
    """
    index = WhooshIndex(folder / "ours", KEY)
    index.search(Query("warm"))
    drawn = random.Random(count)  # noqa: S311 (the same searches at every run)
    answered, slowest = 0, 0.0
    for _ in range(count):
        query = Query(hostile_text(drawn), plain=drawn.random() < _PLAIN)
        started = time.perf_counter()
        with suppress(InvalidInput):
            index.search(query)
            answered += 1
        slowest = max(slowest, time.perf_counter() - started)
    return {"searches": count, "answered": answered, "slowest_ms": round(1000 * slowest)}


def crashes(folder: Path, count: int) -> dict[str, int]:
    """Kill a writer ``count`` times at random moments.

    Returns:
        ``kills``, ``generations`` published in between, ``broken``: how often the index did not open whole.
    """
    WhooshIndex(folder, KEY).rebuild(Library(_FEW).documents())
    drawn = random.Random(count)  # noqa: S311 (any moments will do)
    broken = 0
    for kill in range(count):
        arguments = [sys.executable, "-c", _WRITER % KEY, str(folder), str(1000 * (kill + 1))]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as writer:
            if writer.stdout is not None:
                writer.stdout.readline()
            time.sleep(drawn.uniform(0, 0.3))
            writer.send_signal(signal.SIGKILL)
        broken += not _is_whole(folder)
    return {"kills": count, "generations": WhooshIndex(folder, KEY).generation().number, "broken": broken}


def _is_whole(folder: Path) -> bool:
    index = WhooshIndex(folder, KEY)
    found = index.search(Query("", limit=200))
    return found.total == found.generation.documents and index.verify({hit.record_id: 1 for hit in found.hits}) == []
