"""A file of any size is imported in the same memory: what was read, checked and stored is let go of."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from inquiry_service.bibliography import formats
from inquiry_service.db import session_factory
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.literature import Progress, check_file
from tests.services.literature_files import LIBRARIAN, article, load, ris

_WARM, _ALL = 1_000, 3_000
_MOST_GROWTH = 2.5
"""Megabytes. Kept, the 2,000 records between the two looks would take more than 4."""


def _held() -> float:
    """Megabytes of Python objects alive; unlike the process's size, it does not depend on what ran before."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / 1e6


@pytest.fixture(autouse=True)
def traced() -> Iterator[None]:
    """Have Python count its memory."""
    tracemalloc.start(1)
    yield
    tracemalloc.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Articles whose words are as different as those of real ones, with abstracts of 1,200 letters."""
    drawn = random.Random(20_261_122)
    syllables = ["".join((onset, vowel)) for onset in "bdfglmnprstv" for vowel in "aeiou"]
    words = ["".join(drawn.choices(syllables, k=drawn.randint(2, 4))) for _ in range(8_000)]
    path = tmp_path / "large.ris"
    with path.open("wb") as stream:
        for number in range(_ALL):
            stream.write(ris(article(
                " ".join(drawn.choices(words, k=9)).capitalize(), author=f"{drawn.choice(words).capitalize()}, A",
                year=1990 + number % 35, DO=f"10.1000/memory.{number}", VL=str(number % 70), SP=str(number),
                AB=" ".join(drawn.choices(words, k=170)))))
            stream.write(b"\r\n")
    return path


@pytest.fixture
def looks() -> dict[str, float]:
    """Memory by phase and records done."""
    return {}


@pytest.fixture
def look(looks: dict[str, float]) -> Progress:
    """A listener that looks at the memory early, when everything is warm, and at the end."""

    def listen(done: int, total: int | None) -> None:
        if done in (_WARM, _ALL):
            looks[f"{'check' if total is None else 'run'} {done}"] = _held()

    return listen


pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


def test_memory_does_not_grow_with_the_file(
    engine: Engine, file: Path, looks: dict[str, float], look: Progress
) -> None:
    with file.open("rb") as stream:
        assert load(engine, stream, file.name, progress=look).created == _ALL
    assert looks[f"check {_ALL}"] - looks[f"check {_WARM}"] < _MOST_GROWTH
    assert looks[f"run {_ALL}"] - looks[f"run {_WARM}"] < _MOST_GROWTH


def test_records_that_are_kept_are_noticed(
    engine: Engine, tmp_path: Path, file: Path, looks: dict[str, float], look: Progress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Any] = []
    honest = formats.read

    def keeping(*arguments: Any) -> Iterator[Any]:
        for result in honest(*arguments):
            kept.append(result)
            yield result

    monkeypatch.setattr(formats, "read", keeping)
    with file.open("rb") as stream:
        check_file(session_factory(engine), LIBRARIAN, file.name, stream, blobs=BlobStore(tmp_path), progress=look)
    assert len(kept) == _ALL
    assert looks[f"check {_ALL}"] - looks[f"check {_WARM}"] > _MOST_GROWTH
