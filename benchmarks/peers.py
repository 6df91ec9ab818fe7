"""The bare operations beside which our own are measured: what would the libraries alone need?

Ours and theirs are measured in turns, in the same run, on the same input, so that a busy machine slows
both alike; the ratio of the medians is what to look at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
import weasyprint
from argon2 import PasswordHasher
from sqlalchemy.engine import make_url
from weasyprint.text.fonts import FontConfiguration

from benchmarks.road import Road
from inquiry_service.domain.vocabulary import EvidenceVerdict, RejectReason
from inquiry_service.rendering.letter import letter_html
from inquiry_service.rendering.print_files import PRINT_DIR
from inquiry_service.services import letters, passwords
from inquiry_service.services.demo import intake_steps, people
from inquiry_service.services.evidence import DecisionData, decide
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import inquiries, responses
from inquiry_service.store import literature as library

Act = Callable[[], object]

_SQLITE_TABLE = "CREATE TABLE bare (number INTEGER PRIMARY KEY, words TEXT)"
_POSTGRESQL_TABLE = "CREATE TEMPORARY TABLE bare (number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text)"


@dataclass(frozen=True)
class Comparison:
    """Medians in seconds of our operation and of the bare one."""

    ours: str
    bare: str
    our_seconds: float
    bare_seconds: float

    @property
    def ratio(self) -> float:
        """How many times as long ours takes."""
        return self.our_seconds / self.bare_seconds


def compare(road: Road, inquiry_id: str, folder: Path, rounds: int) -> tuple[Comparison, ...]:
    """Measure rendering, signing and a durable change against the bare operations.

    Args:
        inquiry_id: an inquiry whose letter was sent; its letter is the one rendered.
        folder: where the bare SQLite database may lie: the same disk as ours.
    """
    with _bare_commit(road.runtime, folder) as commit:
        return (
            _compared("letter, limited child process", "WeasyPrint alone, same HTML",
                      *_rendering(road, inquiry_id), rounds),
            _compared("password check when signing", "argon2 alone, same hash", *_signing(road.runtime), rounds),
            _compared("evidence decision with its audit entry", "one row, one durable commit",
                      _deciding(road), commit, rounds),
        )


def _compared(ours: str, bare: str, act: Act, peer: Act, rounds: int) -> Comparison:
    act(), peer()  # the first call of each warms caches and is not counted
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for seconds, operation in zip(taken, (act, peer), strict=True):
            begun = perf_counter()
            operation()
            seconds.append(perf_counter() - begun)
    return Comparison(ours, bare, median(taken[0]), median(taken[1]))


def _rendering(road: Road, inquiry_id: str) -> tuple[Act, Act]:
    html = _letter(road.runtime, inquiry_id)
    fonts = FontConfiguration()
    css = weasyprint.CSS(filename=PRINT_DIR / "print.css", font_config=fonts)

    def alone() -> bytes:
        document = weasyprint.HTML(string=html, base_url=PRINT_DIR.as_uri() + "/")
        return bytes(document.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True))

    return lambda: road.tools.renderer.render_pdf(html), alone


def _letter(runtime: Runtime, inquiry_id: str) -> str:
    with runtime.reading() as session:
        version = responses.latest_version(session, inquiry_id)
        if version is None:
            raise LookupError("there is no letter to render")
        signatures = responses.signatures_of(session, responses.SIGNED_VERSION, version.id)
        return letter_html(letters.context_of_version(version, signatures, draft=False))


def _signing(runtime: Runtime) -> tuple[Act, Act]:
    stored = runtime.passwords.hash(DEMO_PASSWORD)
    hasher = PasswordHasher()
    return lambda: passwords.matches(stored, DEMO_PASSWORD), lambda: hasher.verify(stored, DEMO_PASSWORD)


def _deciding(road: Road) -> Act:
    """One change as people make it: row locked, decision written, entry chained, committed."""
    runtime = road.runtime
    with runtime.transaction() as session:
        fresh = intake_steps.record(session, runtime.blobs, road.scripted).id
        person = people.actor(session, road.scripted.assignee)
        (record,) = library.by_citation(session, [f"pmid{next(iter(road.scripted.stances))}"]).values()
    reasons = (RejectReason.OTHER_QUESTION, RejectReason.DUPLICATE)
    turns = 0

    def change() -> None:
        nonlocal turns
        turns += 1
        with runtime.transaction() as session:
            inquiry = inquiries.get(session, person, fresh, lock=True)
            decide(session, person, inquiry, record.id,
                   DecisionData(EvidenceVerdict.REJECTED, reject_reason=reasons[turns % 2]))

    return change


@contextmanager
def _bare_commit(runtime: Runtime, folder: Path) -> Iterator[Act]:
    if runtime.engine.dialect.name == "postgresql":
        with _postgresql_commit(runtime.config.database_url) as commit:
            yield commit
        return
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(_SQLITE_TABLE)

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare (words) VALUES ('a decision')")
            connection.execute("COMMIT")

        yield commit


@contextmanager
def _postgresql_commit(url: str) -> Iterator[Act]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute(_POSTGRESQL_TABLE)
        connection.commit()

        def commit() -> None:
            connection.execute("INSERT INTO bare (words) VALUES ('a decision')")
            connection.commit()

        yield commit
