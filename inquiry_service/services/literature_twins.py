"""What the library already holds of a batch to be imported: the same works, the articles of notices, taken keys.

Everything is asked in a handful of queries per batch, and grows with what the batch itself creates, so that a
record that stands twice in one file is found as well.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.bibliography.identity import STRONG_KINDS, citation_key, disambiguate, identity_keys
from inquiry_service.bibliography.kinship import Kin
from inquiry_service.bibliography.record import ParsedRecord, Relation
from inquiry_service.bibliography.similarity import Likeness, Verdict, Work, compare
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import literature_blocks as blocks
from inquiry_service.store import literature as store
from inquiry_service.store import literature_pairs as pair_store

_LONGEST_BASE = 60
_KEYS_AHEAD = 30
"""Endings of a taken citation key that are asked for at once."""
_MOST_CANDIDATES = 12
"""Records of the library that one record is compared with: those with the most keys in common."""


@dataclass(frozen=True)
class Match:
    """A record of the library that is, or may be, the same work.

    Attributes:
        row: the record that stands for the work now, also where the one that was met had been merged into it.
        why: what says so, for people: ``same DOI``; ``same title; same first author; years differ by one``.
        certain: it is the same work; otherwise a person decides.
        score: 0 to 1, for the order in which people look at pairs.
    """

    row: LiteratureRecord
    why: str
    certain: bool
    score: float


@dataclass(frozen=True)
class Related:
    """A record of the library that looks alike and is another work; ``kin`` reads from the new record to it."""

    row: LiteratureRecord
    kin: Kin


def work_key(record: ParsedRecord) -> str:
    """Return the hash of title, year and first author, under which a work without identifiers is found again."""
    works = [key for key in identity_keys(record) if key.startswith(("work:", "notice:"))]
    return hashlib.sha256(works[0].encode()).hexdigest() if works else ""


class KnownWorks:
    """The part of the library that matters for one batch.

    The number of queries does not depend on the size of the batch or of the library.
    """

    def __init__(self, session: Session, batch: Sequence[ParsedRecord]) -> None:
        self._session = session
        self._by_identifier: dict[str, LiteratureRecord] = {}
        self._by_key: dict[str, list[str]] = {}
        self._works: dict[str, tuple[LiteratureRecord, Work]] = {}
        self._of_batch: dict[int, Work] = {}
        self._found: dict[tuple[int, str], Likeness] = {}
        self._asked: set[str] = set()
        self._taken: set[str] = set()
        self._load(batch)

    def match(self, record: ParsedRecord) -> Match | None:
        """Return the record of the library that is or may be the same work as ``record``, or None.

        A shared DOI, PMID or PMCID decides, unless everything else contradicts it; then titles, years, authors,
        places and abstracts are weighed. Works that belong together and are two (see :meth:`related`) never match.
        """
        named = {row.id: (row, kind) for kind in reversed(STRONG_KINDS)
                 if (value := getattr(record, kind)) and (row := self._by_identifier.get(f"{kind}:{value}"))}
        if named:
            return self._named(record, list(named.values()))
        best: Match | None = None
        for row, found in self._compared(record):
            if found.verdict is Verdict.DIFFERENT:
                continue
            match = Match(row, found.words, found.verdict is Verdict.CERTAIN, found.score)
            if best is None or (match.certain, match.score) > (best.certain, best.score):
                best = match
        return best

    def related(self, record: ParsedRecord) -> list[Related]:
        """Return the records that look like ``record``, are other works, and whose relation to it has a name."""
        return [Related(row, found.kin) for row, found in self._compared(record) if found.kin and found.kin.link]

    def linked(self, *, pmid: str, doi: str) -> LiteratureRecord | None:
        """Return the record that another one points at, if the library holds it."""
        return self._by_identifier.get(f"pmid:{pmid}") or self._by_identifier.get(f"doi:{doi}")

    def add(self, row: LiteratureRecord) -> tuple[str, ...]:
        """Remember a record that this batch creates; return the keys under which it is to be stored."""
        for identifier in blocks.identifiers_of(row):
            self._by_identifier[identifier] = row
        work = Work(blocks.parsed_of(row))
        for key in work.keys:
            self._by_key.setdefault(key, []).append(row.id)
        self._works[row.id] = (row, work)
        return work.keys

    def _load(self, batch: Sequence[ParsedRecord]) -> None:
        linked = [relation for record in batch if record.is_notice for relation in record.relations]
        things: list[ParsedRecord | Relation] = [*batch, *linked]
        identified = store.identified(
            self._session,
            dois={thing.doi for thing in things if thing.doi},
            pmids={thing.pmid for thing in things if thing.pmid},
            pmcids={record.pmcid for record in batch if record.pmcid},
            works=set(),
        )
        for row in identified:
            for identifier in blocks.identifiers_of(row):
                self._by_identifier[identifier] = row
        self._load_alike(batch, things, {row.id: row for row in identified})
        bases = Counter(_base_key(record) for record in batch)
        self._ask(bases)
        self._ask(key for base, times in bases.items() if times > 1 or base in self._taken for key in _first_keys(base))

    def _load_alike(
        self, batch: Sequence[ParsedRecord], things: Sequence[ParsedRecord | Relation],
        known: dict[str, LiteratureRecord],
    ) -> None:
        """Load the records that share keys with the batch; a merged one stands for what it was merged into."""
        keys = [self._prepared(record).keys for record in batch]
        identifiers = {f"{kind}:{value}" for thing in things for kind in STRONG_KINDS
                       if (value := getattr(thing, kind, ""))}
        sharing = pair_store.sharing(self._session, {key for some in keys for key in some} | identifiers)
        near = {record_id for some in keys for record_id in _nearest(some, sharing)}
        near |= {record_id for key in identifiers for record_id in sharing.get(key, ())}
        rows = {**known, **store.records(self._session, near - known.keys())}
        standing = pair_store.now_standing_for(self._session, rows)
        for key, record_ids in sharing.items():
            self._by_key[key] = [record_id for record_id in record_ids if record_id in rows]
            for record_id in self._by_key[key] if key in identifiers else ():
                self._by_identifier.setdefault(key, standing[record_id])
        for record_id, row in rows.items():
            self._works[record_id] = (standing[record_id], Work(blocks.parsed_of(row)))

    def _named(self, record: ParsedRecord, named: list[tuple[LiteratureRecord, str]]) -> Match:
        """What a shared identifier says; a supplement's DOI stands on all of its abstracts."""
        row, kind = named[0]
        same = f"same {kind.upper()}"
        if len(named) > 1:
            other, other_kind = named[1]
            return Match(row, f"{same} as {row.citation_key}, but {other_kind.upper()} of {other.citation_key}",
                         certain=False, score=0.5)
        found = compare(self._prepared(record), Work(blocks.parsed_of(row)))
        doubt = found.contradicts or ("one is a notice about the other" if record.is_notice != row.is_notice else "")
        return Match(row, f"{same}, but {doubt}" if doubt else same, certain=not doubt, score=0.5 if doubt else 1.0)

    def _compared(self, record: ParsedRecord) -> Iterator[tuple[LiteratureRecord, Likeness]]:
        work = self._prepared(record)
        for record_id in _nearest(work.keys, self._by_key):
            row, candidate = self._works[record_id]
            pair = (id(record), record_id)
            if pair not in self._found:
                self._found[pair] = compare(work, candidate)
            yield row, self._found[pair]

    def _prepared(self, record: ParsedRecord) -> Work:
        """The same for each question about one record; it holds the record, so that no other one gets its place."""
        return self._of_batch.setdefault(id(record), Work(record))

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


def _nearest(keys: Iterable[str], sharing: Mapping[str, Sequence[str]]) -> list[str]:
    """The records with the most keys in common, the older first among equals."""
    shared = Counter(record_id for key in keys for record_id in sharing.get(key, ()))
    return sorted(shared, key=lambda record_id: (-shared[record_id], record_id))[:_MOST_CANDIDATES]


def _base_key(record: ParsedRecord) -> str:
    """The column has room for 80 characters; the names of some groups have not."""
    key = citation_key(record)
    return key if len(key) <= _LONGEST_BASE else key[: _LONGEST_BASE - 4] + key[-4:]


def _first_keys(base: str) -> set[str]:
    keys: set[str] = set()
    while len(keys) < _KEYS_AHEAD:
        keys.add(disambiguate(base, keys))
    return keys
