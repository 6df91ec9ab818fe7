"""Records that stand twice in one file, found before anything of it is stored.

The keys of what was read lie in a private database that SQLite keeps in a temporary file and deletes by itself:
a file of any size is checked in constant memory, whatever database the installation uses.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from inquiry_service.bibliography.identity import STRONG_KINDS, identity_keys
from inquiry_service.bibliography.record import ParsedRecord

_STRONG = tuple(f"{kind}:" for kind in STRONG_KINDS)


@dataclass(frozen=True)
class SeenRecord:
    """An earlier record of the file that is (or, not ``certain``, may be) the same work, and what says so."""

    position: int
    why: str
    certain: bool


class SeenInFile:
    """The identity keys of the records read so far; close it at the end."""

    def __init__(self) -> None:
        # "" is a temporary file database (SQLite, "In-Memory Databases"); it spills to the disk when it grows.
        self._keys = sqlite3.connect("", isolation_level=None)
        self._keys.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, position INTEGER, kinds TEXT) WITHOUT ROWID")
        self._keys.execute("BEGIN")

    def add(self, record: ParsedRecord, position: int) -> None:
        """Remember a record; the first one with a key stands for it."""
        kinds = " ".join(kind for kind in STRONG_KINDS if getattr(record, kind))
        self._keys.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)",
                               [(key, position, kinds) for key in identity_keys(record)])

    def twin_of(self, record: ParsedRecord) -> SeenRecord | None:
        """Return the earlier record that is the same work by an identifier, or may be by title, year and author.

        Equal titles count unless both records have an identifier of the same kind: series publish distinct works
        under one title.
        """
        for key in identity_keys(record):
            found = self._keys.execute("SELECT position, kinds FROM seen WHERE key = ?", (key,)).fetchone()
            if found is None:
                continue
            position, kinds = found
            if key.startswith(_STRONG):
                return SeenRecord(position, f"same {key.partition(':')[0].upper()}", certain=True)
            if not any(getattr(record, kind) for kind in kinds.split()):
                return SeenRecord(position, "same title, year and first author", certain=False)
        return None

    def close(self) -> None:
        """Give the temporary file back."""
        self._keys.close()
