"""Search speed beside plain Whoosh, SQLite FTS5 and tantivy, on made-up libraries, all in the same run.

Usage: ``make benchmark-search``, or ``.venv/bin/python -m benchmarks.search [--sizes 1000,10000]
[--engines ours,Whoosh,FTS5,tantivy] [--queries 80] [--check N] [--kills N] [--json]``. 1,000 records take less than a
minute, 100,000 with plain Whoosh half an hour.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from benchmarks.library import Library
from benchmarks.search_check import crashes, differences, hostile
from benchmarks.search_memory import bytes_per_record
from benchmarks.search_ours import Ours
from benchmarks.search_peers import Engine, Fts5, PlainWhoosh, Tantivy

Figures = dict[str, dict[str, float]]
"""Kind of search -> ``p50`` and ``p95`` in milliseconds."""

ENGINES: dict[str, Callable[[Path], Engine]] = {"ours": Ours, "Whoosh": PlainWhoosh, "FTS5": Fts5, "tantivy": Tantivy}
_KINDS = {"or2": (2, "OR"), "or3": (3, "OR"), "or5": (5, "OR"), "and2": (2, "AND"), "and3": (3, "AND")}
_ADDED = 12

TARGETS: tuple[tuple[str, str, str, str, float], ...] = (
    ("page", "p50", "page", "tantivy", 2.0),
    ("page", "p50", "page", "FTS5", 0.15),
    *((kind, "p50", kind, "tantivy", 3.0) for kind in _KINDS),
    *((f"{kind}, first time", "p50", kind, "tantivy", 5.0) for kind in _KINDS),
    ("phrase", "p95", "phrase", "tantivy", 10.0),
    ("build", "p50", "build", "tantivy", 10.0),
)
"""Our kind, figure, the peer's kind, the peer, most times its time."""
LIMITS = (("add", "p50", 50.0), ("open + first query", "p50", 150.0))
"""Our kind, figure, most milliseconds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code: 1 if a check found something wrong."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        result: dict[str, Any] = {"sizes": {}}
        for size in options.sizes:
            own = Path(folder) / str(size)
            own.mkdir()
            result["sizes"][size] = _measured(Library(size), own, options)
        if options.check:
            first = options.sizes[0]
            result["check"] = differences(Library(first), Path(folder) / str(first), options.check)
            result["hostile"] = hostile(Path(folder) / str(first), options.check)
        if options.kills:
            result["crashes"] = crashes(Path(folder) / "crashes", options.kills)
    print(json.dumps(result, indent=2) if options.json else _words(result))
    return 1 if result.get("check", {}).get("wrong") or result.get("crashes", {}).get("broken") else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.search", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=_numbers, default=[1_000, 10_000], help="records (default 1000,10000)")
    names = ",".join(ENGINES)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES), help=f"of {names}")
    parser.add_argument("--queries", type=int, default=80, help="searches of each kind (default 80)")
    parser.add_argument("--check", type=int, default=0, metavar="N",
                        help="compare N random searches with Whoosh's own, and ask N hostile ones")
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="kill a writer N times")
    parser.add_argument("--folder", default=None, help="where the indexes are built (default: the system's)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _measured(library: Library, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name in options.engines:
        engine = ENGINES[name](folder / name)
        print(f"{library.size:,} records, {name} ...", file=sys.stderr)
        figures[name] = _of_engine(engine, library, options.queries)
    if "ours" in figures:
        figures["ours"]["memory"] = bytes_per_record(library, folder / "ours")
    return figures


def _of_engine(engine: Engine, library: Library, count: int) -> Figures:
    started = perf_counter()
    engine.build(library.documents())
    figures = {"build": _figures([perf_counter() - started])}
    first = library.queries(3, 1, seed=9)[0]
    started = perf_counter()
    engine.open()
    engine.page(first, library.product(0))
    figures["open + first query"] = _figures([perf_counter() - started])
    for kind, (words, operator) in _KINDS.items():
        questions = library.queries(words, count, seed=1)
        _twice(figures, kind, [partial(engine.ranked, question, operator) for question in questions])
    _twice(figures, "phrase", [partial(engine.phrase, words) for words in library.phrases(count, seed=2)])
    pages = [(words, library.product(place)) for place, words in enumerate(library.queries(3, count, seed=3))]
    _twice(figures, "page", [partial(engine.page, *page) for page in pages])
    if isinstance(engine, Ours):
        _twice(figures, "page with synonyms", [partial(engine.full_page, *page) for page in pages])
    more = [library.document(library.size + number) for number in range(_ADDED)]
    figures["add"] = _timed([partial(engine.add, document) for document in more])
    return figures


def _twice(figures: Figures, kind: str, ask: Sequence[Callable[[], object]]) -> None:
    """Ask each question once while nothing has touched it yet, then all of them again."""
    figures[f"{kind}, first time"], figures[kind] = _timed(ask), _timed(ask)


def _timed(ask: Iterable[Callable[[], object]]) -> dict[str, float]:
    seconds = []
    for one in ask:
        started = perf_counter()
        one()
        seconds.append(perf_counter() - started)
    return _figures(seconds)


def _figures(seconds: list[float]) -> dict[str, float]:
    last = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return {"p50": 1000 * median(seconds), "p95": 1000 * last}


def _words(result: dict[str, Any]) -> str:
    lines = []
    for size, engines in result["sizes"].items():
        lines += [f"\n{size:,} records, milliseconds, p50 (p95)", *_table(engines), *_verdicts(engines)]
    lines += _growth(result["sizes"])
    for name in ("check", "hostile", "crashes"):
        if name in result:
            lines.append(f"{name}: " + ", ".join(f"{key} {value:,}" for key, value in result[name].items()))
    return "\n".join(lines)


def _table(engines: dict[str, Figures]) -> list[str]:
    kinds = [kind for kind in next(iter(engines.values())) if kind != "memory"]
    lines = ["".join(["kind".ljust(30), *(name.rjust(20) for name in engines)])]
    for kind in kinds:
        cells = [_cell(each[kind]) if kind in each else "" for each in engines.values()]
        lines.append("".join([kind.ljust(30), *(cell.rjust(20) for cell in cells)]))
    return lines


def _cell(figures: dict[str, float]) -> str:
    return f"{figures['p50']:,.2f} ({figures['p95']:,.2f})"


def _verdicts(engines: dict[str, Any]) -> list[str]:
    ours = engines.get("ours")
    if ours is None:
        return []
    lines = [
        _verdict(f"{kind} {figure} / {peer}", ours[kind][figure] / engines[peer][other][figure], most)
        for kind, figure, other, peer, most in TARGETS if peer in engines
    ]
    lines += [_verdict(f"{kind} {figure}, ms", ours[kind][figure], most) for kind, figure, most in LIMITS]
    return [*lines, _verdict("memory, bytes per record", ours["memory"], 1024)]


def _growth(sizes: dict[int, dict[str, Any]]) -> list[str]:
    ordered = sorted(size for size in sizes if "ours" in sizes[size])
    return [
        _verdict(f"growth of {kind} from {small:,} to {large:,}",
                 sizes[large]["ours"][kind]["p50"] / sizes[small]["ours"][kind]["p50"], 4.0)
        for small, large in pairwise(ordered) for kind in ("or3", "and2", "phrase", "page")
    ]


def _verdict(what: str, value: float, most: float) -> str:
    return f"  {what.ljust(44)} {value:10,.2f}   at most {most:,.2f}   {'met' if value <= most else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())
