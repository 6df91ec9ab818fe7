"""What an adapter tells a search about single terms: which records hold them, and how much that counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from inquiry_service.search.ranking.scores import Scores


class TermScores(Protocol):
    """The terms that one search may see, scored; what the viewer may not see is in none of them (R24)."""

    def term(self, field: str, term: str) -> Scores:
        """Records that hold ``term`` in ``field``, scored by BM25; all 0 in a field of labels."""

    def rarity(self, field: str, term: str) -> float:
        """Inverse document frequency of a term: the higher the rarer."""

    def frequency(self, field: str, term: str) -> int:
        """Number of records that hold a term, without reading them; hidden ones are counted, too."""

    def held(self, field: str, terms: Sequence[str]) -> list[str]:
        """Those of ``terms`` that any record holds in ``field``, hidden ones, too: many asked of the index at once."""

    def beginning(self, field: str, stub: str, most: int) -> tuple[list[str], bool]:
        """The first ``most`` terms of ``field`` that begin with ``stub``, and whether there are more."""

    def everything(self) -> Scores:
        """All records, each with score 0."""

    def with_ids(self, record_ids: Collection[str]) -> Scores:
        """The records with these ids, each with score 0."""

    def phrase(self, field: str, terms: Sequence[str]) -> Scores:
        """Records in which ``terms`` follow each other in ``field``; the score is the sum over the terms."""
