"""Literature files for tests, written as the programs of the field write them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from io import BytesIO, RawIOBase
from typing import Any, BinaryIO

from sqlalchemy import Engine

from inquiry_service.db import session_factory
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Role
from inquiry_service.services import library_index, literature
from inquiry_service.services.literature import ImportReport
from inquiry_service.services.runtime import Runtime

LIBRARIAN = Actor("u-lib", "Librarian 1", frozenset({Role.CONTENT_OWNER}), "s-lib")


def ris(*records: Sequence[tuple[str, str]]) -> bytes:
    """A RIS file; each record is a sequence of (tag, value) without TY and ER."""
    lines: list[str] = []
    for record in records:
        lines += ["TY  - JOUR", *(f"{tag}  - {value}" for tag, value in record), "ER  - ", ""]
    return "\r\n".join(lines).encode()


def article(title: str, *, author: str = "Newman, L", year: int = 1998, **more: str) -> list[tuple[str, str]]:
    """One RIS record; further tags by name, e.g. ``DO='10.1000/1'``."""
    return [("TI", title), ("AU", author), ("PY", str(year)), ("JO", "Headache"), *more.items()]


def table(rows: Iterable[dict[str, Any]]) -> bytes:
    """A CSV table with the columns pmid, title, authors, year and abstract."""
    lines = ["pmid,title,authors,year,abstract"]
    for row in rows:
        cells = (row.get("pmid", ""), row["title"], row.get("authors", "Newman L"), row.get("year", 1998),
                 row.get("abstract", ""))
        lines.append(",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells))
    return "\n".join(lines).encode()


def numbered(count: int, *, first: int = 1, **more: Any) -> bytes:
    """A table of ``count`` different articles with running PMIDs."""
    return table({"pmid": number, "title": f"Sumatriptan study {number}", **more}
                 for number in range(first, first + count))


def pmid_record(pmid: int, title: str, *lines: str) -> str:
    """One MEDLINE record."""
    return "\n".join((f"PMID- {pmid}", f"TI  - {title}", "FAU - Newman, Lawrence C", "AU  - Newman LC",
                      "DP  - 1998 May", "TA  - Headache", *lines, "", ""))


def load(engine: Engine, data: bytes | BinaryIO, name: str = "records.csv", **more: Any) -> ImportReport:
    """Import ``data`` as the librarian."""
    return literature.import_file(session_factory(engine), LIBRARIAN, name, data, **more)


def indexed(runtime: Runtime, data: bytes, name: str = "records.csv", **more: Any) -> ImportReport:
    """Import ``data`` and bring the index up to date."""
    report = literature.import_file(runtime.sessions, LIBRARIAN, name, data, **more)
    with runtime.reading() as session:
        library_index.rebuild(session, runtime.index)
    return report


class Measured(BytesIO):
    """A stream that remembers the largest piece that was asked of it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.largest = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read and take note."""
        piece = super().read(size)
        self.largest = max(self.largest, len(piece))
        return piece


class Pipe(RawIOBase):
    """A stream that cannot be rewound, as standard input."""

    def __init__(self, data: bytes) -> None:
        self._source = BytesIO(data)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """No."""
        return False

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer."""
        return self._source.readinto(buffer)


def breaking_off(after: int, *, whole: bool = False) -> Generator[Any, None, None]:
    """Results that end in a fault of ours after ``after`` records, or there but without one."""
    from inquiry_service.bibliography.record import ParsedRecord

    for number in range(1, after + 1):
        yield ParsedRecord(title=f"Study {number}", source_format="ris", raw_position=number, year=1999)
    if not whole:
        raise RuntimeError("the machine gave up")
