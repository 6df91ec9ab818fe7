"""What the library already holds of a batch to be imported: the same works, the articles of notices, taken keys.

Everything is asked in a handful of queries per batch, and grows with what the batch itself creates, so that a
record that stands twice in one file is found as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.bibliography.identity import STRONG_KINDS, citation_key, disambiguate, identity_keys
from inquiry_service.bibliography.record import ParsedRecord, Relation
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.store import literature as store

_LONGEST_BASE = 60
_KEYS_AHEAD = 30
"""Endings of a taken citation key that are asked for at once."""


@dataclass(frozen=True)
class Twin:
    """A record of the library that is the same work, and what says so."""

    row: LiteratureRecord
    same: str


def work_key(record: ParsedRecord) -> str:
    """Return the hash of title, year and first author, under which a work without identifiers is found again."""
    works = [key for key in identity_keys(record) if key.startswith(("work:", "notice:"))]
    return hashlib.sha256(works[0].encode()).hexdigest() if works else ""


class KnownWorks:
    """The part of the library that matters for one batch."""

    def __init__(self, session: Session, batch: Sequence[ParsedRecord]) -> None:
        self._session = session
        self._by_identifier: dict[str, LiteratureRecord] = {}
        self._by_work: dict[str, list[LiteratureRecord]] = {}
        self._asked: set[str] = set()
        self._taken: set[str] = set()
        self._load(batch)

    def _load(self, batch: Sequence[ParsedRecord]) -> None:
        linked = [relation for record in batch if record.is_notice for relation in record.relations]
        things: list[ParsedRecord | Relation] = [*batch, *linked]
        for row in store.identified(
            self._session,
            dois={thing.doi for thing in things if thing.doi},
            pmids={thing.pmid for thing in things if thing.pmid},
            pmcids={record.pmcid for record in batch if record.pmcid},
            works={key for record in batch if (key := work_key(record))},
        ):
            self.add(row)
        bases = {_base_key(record) for record in batch}
        self._ask(bases)
        self._ask(key for base in bases & self._taken for key in _first_keys(base))

    def twin_of(self, record: ParsedRecord) -> Twin | None:
        """Return the record of the library that is the same work as ``record``, or None.

        A shared DOI, PMID or PMCID decides. Equal title, year and first author count unless both have an
        identifier of the same kind: series publish distinct works under one title.
        """
        for kind in STRONG_KINDS:
            value = getattr(record, kind)
            row = self._by_identifier.get(f"{kind}:{value}") if value else None
            if row is not None:
                return Twin(row, f"same {kind.upper()}")
        for row in self._by_work.get(work_key(record), ()):
            if not any(getattr(row, kind) and getattr(record, kind) for kind in STRONG_KINDS):
                return Twin(row, "same title, year and first author")
        return None

    def linked(self, *, pmid: str, doi: str) -> LiteratureRecord | None:
        """Return the record that another one points at, if the library holds it."""
        return self._by_identifier.get(f"pmid:{pmid}") or self._by_identifier.get(f"doi:{doi}")

    def add(self, row: LiteratureRecord) -> None:
        """Remember a record of the library, or one that this batch creates."""
        for kind in STRONG_KINDS:
            if value := getattr(row, kind):
                self._by_identifier[f"{kind}:{value}"] = row
        if row.identity_key:
            self._by_work.setdefault(row.identity_key, []).append(row)

    def free_key(self, record: ParsedRecord) -> str:
        """Return a citation key for ``record`` that nobody has, and take it."""
        base = _base_key(record)
        key = disambiguate(base, self._taken)
        while key not in self._asked:
            self._ask([key])
            key = disambiguate(base, self._taken)
        self._taken.add(key)
        return key

    def _ask(self, keys: Iterable[str]) -> None:
        new = set(keys) - self._asked
        self._asked |= new
        self._taken |= store.taken_keys(self._session, new)


def _base_key(record: ParsedRecord) -> str:
    """The column has room for 80 characters; the names of some groups have not."""
    key = citation_key(record)
    return key if len(key) <= _LONGEST_BASE else key[: _LONGEST_BASE - 4] + key[-4:]


def _first_keys(base: str) -> set[str]:
    keys: set[str] = set()
    while len(keys) < _KEYS_AHEAD:
        keys.add(disambiguate(base, keys))
    return keys
