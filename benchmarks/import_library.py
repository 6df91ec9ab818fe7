"""How long a large file of literature takes to import, in how much memory, beside plain parsing and bare INSERTs.

Usage: ``.venv/bin/python -m benchmarks.import_library [--records N] [--into N] [--database URL] [--index] [--json]``.
The database must be empty; without one a new SQLite database is made under ``var/`` and removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.library import Library
from config import ROOT, Config
from inquiry_service.bibliography import formats
from inquiry_service.db import session_factory
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Role
from inquiry_service.jobs import worker
from inquiry_service.migrations.run import upgrade
from inquiry_service.search.port import IndexDocument
from inquiry_service.services import literature
from inquiry_service.services.runtime import Runtime

LIBRARIAN = Actor("benchmark", "Benchmark", frozenset({Role.CONTENT_OWNER}), "benchmark")
_BATCH = 200
_PLAIN, _FAMILIES = 1_000, 5_000
"""Words that are no names, and how many of those after them are."""
_TABLES = ("literature_record", "literature_version", "literature_block", "import_item")
_SECRET = "made-up-for-measuring-only-0123456789"  # noqa: S105 (signs nothing outside the benchmark)


@dataclass
class Phase:
    """Checking a file or carrying its import out.

    Attributes:
        seconds: from its begin to the end of its last batch; processor: those that the process computed.
        batches: seconds of each.
        statements: that each batch sent to the database. memory: megabytes after each batch.
    """

    records: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    batches: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """What is told of it; memory a quarter of the way in, when everything is warm, half way, and at the end."""
        size = len(self.memory)
        return {
            "records": self.records, "seconds": round(self.seconds, 1), "processor": round(self.processor, 1),
            "records_per_second": round(self.records / self.seconds),
            "batch_ms": round(1000 * median(self.batches)), "statements_per_batch": median(self.statements),
            "most_statements": max(self.statements),
            "megabytes": [round(self.memory[place], 1) for place in (0, size // 4, size // 2, size - 1)],
        }


class Watch:
    """Listens to an import and to its database; phases follow each other by themselves."""

    def __init__(self) -> None:
        self.check, self.run = Phase(), Phase()
        self._statements, self._since, self._computed = 0, perf_counter(), process_time()

    def count(self, *_arguments: Any) -> None:
        """Count a statement."""
        self._statements += 1

    def progress(self, done: int, total: int | None) -> None:
        """Note a batch; as :data:`literature.Progress`."""
        phase, moment = self.check if total is None else self.run, perf_counter()
        phase.records = done
        phase.seconds += moment - self._since
        phase.batches.append(moment - self._since)
        phase.statements.append(self._statements)
        phase.memory.append(resident())
        phase.processor += process_time() - self._computed
        self._statements, self._since, self._computed = 0, perf_counter(), process_time()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _options(arguments)
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="benchmark-") as name:
        result = _measured(options, Path(name))
    print(json.dumps(result, indent=2) if options.json else _words(result))
    return 0


def write_ris(path: Path, records: int, *, first: int = 0) -> Path:
    """Write a file of made-up articles, the same at every run.

    Args:
        first: number of the first of them; a file that begins where another one ends holds other works.
    """
    library = Library(first + records)
    families = [str(word).capitalize() for word in library.words[_PLAIN:_PLAIN + _FAMILIES]]
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        for document in islice(library.documents(), first, None):
            file.write(_ris(document, families))
    return path


def resident() -> float:
    """Return the megabytes of anonymous memory of this process; mapped files are shared and not counted."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("RssAnon"))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.import_library", description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=_count, default=20_000, metavar="N", help="records to import (default 20000)")
    parser.add_argument("--into", type=_count, default=0, metavar="N", help="records that the library holds already")
    parser.add_argument("--database", default="", metavar="URL", help="SQLAlchemy URL of an empty database")
    parser.add_argument("--index", action="store_true", help="let the worker index the records afterwards, too")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError("give a whole number")
    return int(text)


def _measured(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    url = options.database or f"sqlite:///{folder / 'evenhand.db'}"
    config = Config(secret_key=_SECRET, database_url=url, data_dir=folder, index_dir=folder / "index", demo=True)
    upgrade(url)
    with closing(Runtime.open(config)) as runtime:
        if options.into:
            _import(runtime, write_ris(folder / "before.ris", options.into), Watch())
        file = write_ris(folder / "records.ris", options.records, first=options.into)
        before, watch = resident(), Watch()
        report = _import(runtime, file, watch)
        result: dict[str, Any] = {
            "database": runtime.engine.dialect.name, "into": options.into, "file_megabytes": file.stat().st_size >> 20,
            "report": asdict(report), "megabytes_before": round(before, 1),
            "check": watch.check.figures(), "run": watch.run.figures(),
        }
        if options.index:
            result["index_seconds"] = _seconds(lambda: worker.run(runtime, once=True))
    if not options.database and not options.into:
        result["bare"] = _bare(file, folder)
        both = result["check"]["seconds"] + result["run"]["seconds"]
        result["ratio"] = round(both / (result["bare"]["parsing"] + result["bare"]["inserting"]), 1)
    return result


def _import(runtime: Runtime, path: Path, watch: Watch) -> literature.ImportReport:
    with path.open("rb") as stream, _counting(runtime.engine, watch):
        return literature.import_file(session_factory(runtime.engine), LIBRARIAN, path.name, stream,
                                      progress=watch.progress, blobs=runtime.blobs)


@contextmanager
def _counting(engine: Engine, watch: Watch) -> Iterator[None]:
    event.listen(engine, "before_cursor_execute", watch.count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", watch.count)


def _bare(file: Path, folder: Path) -> dict[str, float]:
    """Seconds for reading the same file once, and for writing the same rows with the driver alone."""
    upgrade(f"sqlite:///{folder / 'bare.db'}")
    with file.open("rb") as stream:
        parsing = _seconds(lambda: sum(1 for _ in formats.read(stream, file.name, None)))
    return {"parsing": parsing, "inserting": _seconds(lambda: _copy(folder / "evenhand.db", folder / "bare.db"))}


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        for table in _TABLES:
            rows = ours.execute(f"SELECT * FROM {table}")  # noqa: S608 (names of this file)
            marks = ",".join("?" for _ in rows.description)
            while batch := rows.fetchmany(_BATCH):
                with bare:
                    bare.executemany(f"INSERT INTO {table} VALUES ({marks})", batch)  # noqa: S608


def _seconds(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return round(perf_counter() - start, 1)


def _ris(document: IndexDocument, families: Sequence[str]) -> str:
    """One record; its authors' numbers become names, for doubles are looked for under the first letters of these."""
    number = int(document.pmid)
    numbers = [int(re.sub(r"\D", "", author)) for author in document.authors]
    lines = [
        ("TY", "JOUR"), ("TI", document.title), *(("AU", f"{families[one % _FAMILIES]}, A") for one in numbers),
        ("PY", str(document.year)), ("JO", document.journal), ("VL", str(number % 70 + 1)),
        ("SP", str(number % 900 + 1)), ("EP", str(number % 900 + 9)), ("DO", f"10.1000/measured.{number}"),
        ("AN", document.pmid), *(("KW", heading) for heading in document.mesh), ("AB", document.abstract), ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in lines) + "\n"


def _words(result: dict[str, Any]) -> str:
    report = result["report"]
    lines = [f"{report['read']:,} records ({result['file_megabytes']} MB) into {result['into']:,} on "
             f"{result['database']}: {report['created']:,} new, {report['duplicate']:,} known, "
             f"{report['rejected']:,} rejected; {result['megabytes_before']} MB before"]
    for name in ("check", "run"):
        found = result[name]
        at = " / ".join(f"{size:.1f}" for size in found["megabytes"])
        lines.append(f"  {name:<6}{found['seconds']:>7.1f} s ({found['processor']:.1f} s computing) "
                     f"{found['records_per_second']:>7,} records/s{found['batch_ms']:>6} ms a batch, "
                     f"{found['statements_per_batch']:.0f} statements (at most {found['most_statements']}), "
                     f"MB at the first batch / a quarter / half / the end: {at}")
    if "index_seconds" in result:
        lines.append(f"  index {result['index_seconds']:>7.1f} s")
    if "bare" in result:
        lines.append(f"  bare: parsing {result['bare']['parsing']} s, the same rows with the driver alone "
                     f"{result['bare']['inserting']} s; ours takes {result['ratio']} times as long")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
