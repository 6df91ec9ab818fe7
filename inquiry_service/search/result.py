"""What a literature index answers: hits, counts, how the search was read, and where index and database differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REBUILD = "The worker builds it anew within the hour; `evenhand literature rebuild` does so at once."
"""What to do about an index that cannot be used."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found.

    Attributes:
        title_html, snippet_html: escaped text whose only markup is ``<mark>``; safe to put into a page.
        matched_terms: the words of the query found in title or abstract, as the query wrote them.
        page: page of the full text that the snippet is taken from; None for the abstract.
    """

    record_id: str
    version: int
    score: float
    title_html: str
    snippet_html: str
    matched_terms: tuple[str, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """One published state of the index.

    Attributes:
        number: grows with each change; 0 for an index that was never built.
        documents: records in it.
        digest: hex digest of the set of (record, version) pairs. Equal content gives an equal digest in any
            index, built in any order, so a recorded search (R52) can be compared years later.
    """

    number: int
    documents: int
    digest: str


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of all records found have which value, most frequent first (years: newest first)."""

    years: tuple[tuple[int, int], ...] = ()
    statuses: tuple[tuple[str, int], ...] = ()
    publication_types: tuple[tuple[str, int], ...] = ()
    products: tuple[tuple[str, int], ...] = ()
    designs: tuple[tuple[str, int], ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    populations: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word of the query that also stood for others.

    Attributes:
        word: as the query wrote it.
        added: the other words or phrases, the most telling first.
        origin: how they are known to mean the same, in words for people: ``MeSH``, ``abbreviation``, ``drug names``.
    """

    word: str
    added: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of the query that the library hardly knows, and one it knows that is spelled alike."""

    word: str
    instead: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, and how it was read.

    Attributes:
        total: records found; a lower bound if ``total_is_exact`` is false (the time limit was reached).
        parsed: the "Read as" line.
        dropped: what of the query was left out and why, one sentence each.
        expansions: synonyms that took part; empty when they were switched off.
        suggestions: other spellings worth a try; ``suggested`` is the whole query with them, "" without any.
        ranking: name and version of the way of ranking.
        generation: the state of the index that answered.
        seconds: time taken.
    """

    hits: tuple[Hit, ...]
    total: int
    total_is_exact: bool
    parsed: str
    dropped: tuple[str, ...]
    generation: Generation
    facets: Facets
    seconds: float
    expansions: tuple[Expansion, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    suggested: str = ""
    ranking: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One record in which index and database disagree.

    Attributes:
        kind: ``missing`` (not indexed), ``stale`` (another version indexed) or ``unexpected`` (not in the
            database).
    """

    record_id: str
    kind: str
    expected_version: int | None
    indexed_version: int | None


def differences(expected: Mapping[str, int], indexed: Mapping[str, int]) -> list[Difference]:
    """Return where the versions in the database and those in the index differ, sorted by record id."""
    return [
        Difference(record_id, _kind(wanted, got), wanted, got)
        for record_id in sorted(expected.keys() | indexed.keys())
        if (wanted := expected.get(record_id)) != (got := indexed.get(record_id))
    ]


def _kind(wanted: int | None, got: int | None) -> str:
    if got is None:
        return "missing"
    return "unexpected" if wanted is None else "stale"
