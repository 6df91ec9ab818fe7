"""Which segments are put together when the index is written.

Each change writes a segment of its own. Eight of about one size become one, so that their number stays small
while a record is rewritten a few times at most. Large segments are left alone: putting them together would take
Whoosh minutes, and a rebuild does it in one go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from whoosh.reading import SegmentReader

FAN = 8
"""Segments of about one size that are put together, and how many times larger the next size is."""
LARGEST = FAN**4
"""Records of a segment that is never put together with others again."""


class Merging:
    """The policy of one commit.

    Args:
        check: called with the segment before Whoosh opens its file.
    """

    def __init__(self, check: Callable[[Any], None]) -> None:
        self._check = check
        self.segments: list[Any] = []
        """Whoosh's segments after the commit, in order."""

    def __call__(self, writer: Any, segments: Sequence[Any]) -> list[Any]:
        """Whoosh's question: read some segments into ``writer``, and tell which stay."""
        merged = _to_merge({segment: segment.doc_count() for segment in segments})
        for segment in segments:
            if segment in merged and segment.doc_count():
                self._check(segment)
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
        # Whoosh appends the segment that it is writing to this very list.
        self.segments = [segment for segment in segments if segment not in merged]
        return self.segments


def _to_merge(sizes: dict[Any, int]) -> set[Any]:
    """Segments of a size of which there are enough, and those in which nothing is left."""
    by_tier: dict[int, set[Any]] = defaultdict(set)
    merged = set()
    for segment, size in sizes.items():
        if size == 0:
            merged.add(segment)
        elif size < LARGEST:
            by_tier[_tier(size)].add(segment)
    for tier in by_tier.values():
        if len(tier) >= FAN:
            merged |= tier
    return merged


def _tier(size: int) -> int:
    tier = 0
    while size >= FAN:
        size //= FAN
        tier += 1
    return tier
