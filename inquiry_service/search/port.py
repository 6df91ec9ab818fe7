"""The literature index as the rest of the product sees it: one protocol, plain data in and out.

The index is a disposable derivative of the database. It can be thrown away at any moment and rebuilt with
``evenhand literature rebuild``; nothing is stored here that is not stored there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from inquiry_service.errors import EvenhandError, IntegrityBroken, InvalidInput
from inquiry_service.search.result import (
    Difference,
    Expansion,
    Facets,
    Generation,
    Hit,
    SearchResult,
    Suggestion,
)

__all__ = [
    "FURTHEST_HIT", "LONGEST_SEARCH", "LONGEST_WAIT", "MOST_HITS", "Difference", "Expansion", "Facets", "Filters",
    "Generation", "Hit", "IndexBusy",
    "IndexDocument", "IndexUntrusted", "Progress", "Query", "SearchIndex", "SearchResult", "Sort", "Suggestion",
]

MOST_HITS = 200
"""Hits of one page of results."""
FURTHEST_HIT = 10_000
"""``offset + limit`` of the last page; beyond it a narrower search helps more than another page."""

LONGEST_SEARCH = 5.0
"""Seconds after which a search is refused."""
LONGEST_WAIT = 30.0
"""Seconds that a writer waits for another one."""

Progress = Callable[[int], None]
"""Called now and then with the number of records done."""


class IndexUntrusted(IntegrityBroken):
    """The index on disk is not what this installation wrote; it was not opened. The worker builds it anew."""

    code = "index_untrusted"
    status = 503


class IndexBusy(EvenhandError):
    """Another process is writing the index; the work can be tried again."""

    code = "index_busy"
    status = 503


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What one literature record gives to the index.

    Attributes:
        record_id, version: the record and the number of its version that is indexed here.
        citation_key: the key by which letters cite it, e.g. ``newman1998``.
        year: year of publication, if known.
        mesh: MeSH headings; publication_types, products: labels as they are filtered by.
        status: e.g. ``current``, ``corrected``, ``retracted``.
        design: study design, empty if not assessed.
        kind, source: kind of record (``article``, ``label``, ...), and the format or database it came from.
        populations: whom the study is about; keywords: what the authors gave.
        pages: full text page by page, the first one first; empty texts keep the numbering.
        medical_only: to be seen by medical information staff only (R24); left out of every search whose
            query does not say that the viewer may see it.
    """

    record_id: str
    version: int
    title: str
    citation_key: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    mesh: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    status: str = ""
    design: str = ""
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    kind: str = ""
    source: str = ""
    populations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    medical_only: bool = False


class Sort(StrEnum):
    """Order of the hits; equal ones newest first, then by id, so that paging is stable."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrowing beside the search text. Within one filter any value will do; all filters must match.

    Values are compared without regard to case. ``year_from`` and ``year_to`` are included.
    """

    year_from: int | None = None
    year_to: int | None = None
    products: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    Attributes:
        text: in the search language (``query_language``), or any text if ``plain``.
        plain: read ``text`` as plain words: for a question as it was received, not typed as a search.
        synonyms: whether words also stand for what the library knows them by (``SearchResult.expansions``).
        sort: order of the hits.
        only: records among which is searched; None for all of them.
        may_see_medical_only: the viewer's right; denied unless said otherwise (R24).

    Raises:
        InvalidInput: ``limit`` or ``offset`` out of bounds.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    limit: int = 20
    offset: int = 0
    plain: bool = False
    synonyms: bool = True
    sort: Sort = Sort.RELEVANCE
    only: frozenset[str] | None = None
    may_see_medical_only: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_HITS:
            raise InvalidInput(f"A page of results holds 1 to {MOST_HITS} records.", fields={"limit": "1 to 200"})
        if self.offset < 0 or self.offset + self.limit > FURTHEST_HIT:
            message = f"Results can be paged up to {FURTHEST_HIT:,}; narrow the search instead."
            raise InvalidInput(message, fields={"offset": message})


class SearchIndex(Protocol):
    """What every literature index can do; one contract test suite runs on all of them."""

    def search(self, query: Query) -> SearchResult:
        """Find records; safe to call from many threads.

        Raises:
            InvalidInput: the text is not understood or over a cap.
            IndexUntrusted: the index must be rebuilt first.
        """

    def similar(self, record_id: str, *, limit: int = 10, may_see_medical_only: bool = False) -> tuple[Hit, ...]:
        """Records that speak of the same as ``record_id``, most alike first, without itself; none if unknown.

        Raises:
            IndexUntrusted: the index must be rebuilt first.
        """

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str] = ()) -> Generation:
        """Put in or replace ``upserts`` and take out the records ``deletes``, all or nothing.

        Raises:
            IndexBusy: another process holds the index for too long.
            IndexUntrusted: the index must be rebuilt first.
        """

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None = None) -> Generation:
        """Replace the whole index by ``documents``; the old one answers until the new one is complete.

        Raises:
            InvalidInput: a record is given twice.
            IndexBusy: another process holds the index for too long.
        """

    def generation(self) -> Generation:
        """The state that would answer now."""

    def count(self) -> int:
        """Number of records indexed."""

    def verify(self, expected: Mapping[str, int]) -> list[Difference]:
        """Compare with the database.

        Args:
            expected: record id -> version as stored in the database.

        Returns:
            differences sorted by record id; empty when index and database agree.

        Raises:
            IndexUntrusted: the stored index is not what was written.
        """

    def close(self) -> None:
        """Let go of files; the index can still be used and opens them again."""
