"""A digest of what an index holds, or a library: equal content, equal digest."""

from __future__ import annotations

import hashlib

EMPTY = "0" * 64
"""Of nothing."""


class ContentDigest:
    """Digest of a set of (record, version) pairs that can be kept up to date pair by pair, in any order.

    The sum of the SHA-256 of the pairs, modulo 2**256. It tells whether two indexes hold the same; it is no
    protection against forgery, that is the manifest's job.
    """

    def __init__(self, digest: str = EMPTY) -> None:
        self._sum = int(digest, 16)

    def add(self, record_id: str, version: int) -> None:
        """Count a pair in."""
        self._sum = (self._sum + _pair(record_id, version)) % (1 << 256)

    def remove(self, record_id: str, version: int) -> None:
        """Count a pair out that was counted in before."""
        self._sum = (self._sum - _pair(record_id, version)) % (1 << 256)

    def hexdigest(self) -> str:
        """64 hex digits."""
        return f"{self._sum:064x}"


def _pair(record_id: str, version: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{version}\0{record_id}".encode()).digest(), "big")
