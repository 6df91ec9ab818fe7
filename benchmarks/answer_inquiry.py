"""How long one inquiry takes from intake to the sent letter, where the time goes, and what bare operations need.

Usage: ``make benchmark``, or ``.venv/bin/python -m benchmarks.answer_inquiry [--database URL] [--rounds N] [--json]``.
The database must be empty; without one a new SQLite database is made under ``var/`` and removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import logging
import secrets
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text as sql

from benchmarks.peers import Comparison, compare
from benchmarks.road import Road, furnish, scripted
from benchmarks.stopwatch import KINDS, Reading, Stopwatch, listening
from config import ROOT, Config
from inquiry_service.errors import EvenhandError
from inquiry_service.jobs.handlers import Tools
from inquiry_service.migrations.run import upgrade
from inquiry_service.services.runtime import Runtime

Rounds = Sequence[dict[str, Reading]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _options(arguments)
    logging.disable(logging.INFO)
    with _prepared(options.database) as (runtime, folder), Tools(runtime) as tools:
        furnish(runtime)
        road = Road(runtime, tools, scripted())
        road.work()
        road.walk(Stopwatch())  # warms the renderer, the index and the database; not counted
        rounds = []
        for _ in range(options.rounds):
            watch = Stopwatch()
            with listening(watch, runtime):
                inquiry_id = road.walk(watch)
            rounds.append(watch.phases)
        result = _result(runtime, rounds, compare(road, inquiry_id, folder, options.rounds))
    print(json.dumps(result, indent=2) if options.json else _words(result))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.answer_inquiry", description=__doc__.partition("\n")[0])
    parser.add_argument("--database", default="", metavar="URL", help="SQLAlchemy URL of an empty database")
    parser.add_argument("--rounds", type=_count, default=10, metavar="N", help="inquiries to measure (default 10)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1")
    return int(text)


@contextmanager
def _prepared(url: str) -> Iterator[tuple[Runtime, Path]]:
    """A runtime of its own on the disk of the checkout: a memory file system would make every commit free."""
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="benchmark-") as name:
        folder = Path(name)
        config = Config(
            secret_key=secrets.token_hex(32), database_url=url or f"sqlite:///{folder / 'evenhand.db'}",
            data_dir=folder, index_dir=folder / "index", demo=True,
        )
        upgrade(config.database_url)
        with closing(Runtime.open(config)) as runtime:
            yield runtime, folder


def _result(runtime: Runtime, rounds: Rounds, comparisons: Sequence[Comparison]) -> dict[str, Any]:
    with runtime.reading() as session:
        entries = session.execute(sql("SELECT size FROM audit_head")).scalar_one()
    names = [*rounds[0], "whole inquiry"]
    whole = [{**phases, "whole inquiry": _sum(phases.values())} for phases in rounds]
    return {
        "database": runtime.engine.dialect.name, "rounds": len(rounds), "audit_entries": entries,
        "phases": [_phase(name, [phases[name] for phases in whole]) for name in names],
        "compared": [{**asdict(found), "ratio": found.ratio} for found in comparisons],
    }


def _sum(readings: Iterable[Reading]) -> Reading:
    total = Reading()
    for reading in readings:
        total.statements += reading.statements
        for kind, seconds in reading.seconds.items():
            total.seconds[kind] += seconds
    return total


def _phase(name: str, readings: Sequence[Reading]) -> dict[str, Any]:
    together = _sum(readings)
    return {
        "name": name, "seconds": median(reading.total for reading in readings),
        "slowest": max(reading.total for reading in readings),
        "statements": round(median(reading.statements for reading in readings)),
        "shares": {kind: together.seconds[kind] / together.total for kind in KINDS},
    }


def _words(result: dict[str, Any]) -> str:
    head = f"{'phase':<16}{'median':>12}{'slowest':>12}{'statements':>12}" + "".join(f"{kind:>11}" for kind in KINDS)
    lines = [f"One inquiry on {result['database']}, {result['rounds']} rounds, "
             f"{result['audit_entries']:,} audit entries at the end", "", head]
    lines += [
        f"{phase['name']:<16}{_ms(phase['seconds'])}{_ms(phase['slowest'])}{phase['statements']:>12}"
        + "".join(f"{_percent(phase['shares'][kind]):>11}" for kind in KINDS)
        for phase in result["phases"]
    ]
    lines += ["", "Compared in the same run (medians)"]
    lines += [
        f"  {found['ours']:<40}{_ms(found['our_seconds'])}   {found['bare']:<30}{_ms(found['bare_seconds'])}"
        f"   {found['ratio']:.2f} times"
        for found in result["compared"]
    ]
    return "\n".join(lines)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:>9.1f} ms"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 else "–"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EvenhandError as error:
        sys.exit(f"error: {error}")
