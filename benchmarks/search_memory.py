"""Memory that one process needs of its own to search a library: mapped files are shared and not counted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.library import Library
from benchmarks.search_ours import Ours


def bytes_per_record(library: Library, folder: Path) -> float:
    """Anonymous memory of a fresh process after many searches, less that before the index was opened."""
    command = [sys.executable, "-m", "benchmarks.search_memory", str(library.size), str(folder)]
    grown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
    return int(grown) / library.size


def _grown(size: int, folder: Path) -> int:
    library = Library(size)
    questions = library.queries(3, 100, seed=4)
    engine = Ours(folder)
    before = _anonymous()
    for place, words in enumerate(questions):
        engine.ranked(words, "OR")
        engine.page(words, library.product(place))
    return _anonymous() - before


def _anonymous() -> int:
    """Bytes of anonymous resident memory of this process."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("RssAnon"))


if __name__ == "__main__":
    print(_grown(int(sys.argv[1]), Path(sys.argv[2])))
