"""The Merkle tree of RFC 6962: one root that stands for every entry of the log, and its proofs.

Leaf hash SHA-256(0x00 || entry), node hash SHA-256(0x01 || left || right); the two prefixes keep a
node from being passed off as a leaf. Verifying raises and says expected, got and where; it never
returns False, which a caller could forget to look at. Algorithms: RFC 9162, sections 2.1.1-2.1.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from inquiry_service.errors import IntegrityBroken

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without entries (RFC 6962, section 2.1)."""


class ProofInvalid(IntegrityBroken):
    """A proof does not prove what it claims; ``data`` holds expected, got and where."""

    code = "proof_invalid"


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry's exact bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append and to know the root, at most 64 hashes.

    Attributes:
        size: number of leaves so far.
        hashes: roots of the full subtrees, largest first; one per 1-bit of ``size``.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        count = len(self.hashes)
        if size < 0 or count != size.bit_count() or any(len(h) != HASH_BYTES for h in self.hashes):
            raise IntegrityBroken(
                f"tree frontier of size {size}: expected {size.bit_count()} hashes, got {count} or broken")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash on the right."""
        merged = leaf
        size = self.size
        while size & 1:
            merged = node_hash(self.hashes.pop(), merged)
            size >>= 1
        self.hashes.append(merged)
        self.size += 1

    @property
    def root(self) -> bytes:
        """Root hash over all leaves so far."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_text(self) -> str:
        """Return the hashes as one hex text, for storage beside the size."""
        return b"".join(self.hashes).hex()

    @classmethod
    def from_text(cls, size: int, text: str) -> Frontier:
        """Read back what :meth:`to_text` wrote.

        Raises:
            IntegrityBroken: the text is not hex, or its length does not fit ``size``.
        """
        try:
            data = bytes.fromhex(text)
        except ValueError as error:
            raise IntegrityBroken(f"tree frontier of size {size} is not hex") from error
        return cls(size, (data[i:i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)))


class Tree:
    """All leaf hashes with their full subtrees, to make proofs; about 64 bytes of hashes per leaf."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node_hash(left, right) for left, right in pairs])

    @property
    def size(self) -> int:
        """Number of leaves."""
        return len(self._levels[0])

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first ``size`` leaves (default: all)."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} leaves, not {size}")
        return self.subtree(0, size) if size else EMPTY_ROOT

    def subtree(self, start: int, end: int) -> bytes:
        """Return MTH(D[start:end]) of RFC 6962; full subtrees are looked up, not computed."""
        width = end - start
        level = width.bit_length() - 1
        if width == 1 << level and start % width == 0:
            return self._levels[level][start >> level]
        split = _split(width)
        return node_hash(self.subtree(start, start + split), self.subtree(start + split, end))


def inclusion_proof(tree: Tree, index: int, size: int | None = None) -> list[bytes]:
    """Return PATH(index, D[size]): the hashes that lead from leaf ``index`` to the root, lowest first."""
    size = tree.size if size is None else size
    if not 0 <= index < size <= tree.size:
        raise ValueError(f"no leaf {index} in a tree of {size} (held: {tree.size})")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree.subtree(middle, end))
            end = middle
        else:
            path.append(tree.subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(tree: Tree, first: int, second: int | None = None) -> list[bytes]:
    """Return PROOF(first, D[second]): that the tree of ``first`` leaves is a prefix of ``second``."""
    second = tree.size if second is None else second
    if not 0 < first <= second <= tree.size:
        raise ValueError(f"no proof from size {first} to {second} (held: {tree.size})")
    start, end, path = 0, second, []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(tree.subtree(middle, end))
            end = middle
        else:
            path.append(tree.subtree(start, middle))
            start = middle
    # A prefix that is a subtree of its own (start 0) is the old root, which the verifier holds.
    if start:
        path.append(tree.subtree(start, end))
    return path[::-1]


def verify_inclusion(root: bytes, leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> None:
    """Prove that ``leaf`` is number ``index`` in the tree of ``size`` leaves with this ``root``.

    Source: RFC 9162, section 2.1.3.2.

    Raises:
        ProofInvalid: with expected, got and where.
    """
    if not 0 <= index < size:
        raise _invalid("leaf index", f"below tree size {size}", index)
    _check_hashes(root, leaf, *proof)
    fn, sn, got = index, size - 1, leaf
    for step, sibling in enumerate(proof):
        if sn == 0:
            raise _invalid("proof length", step, len(proof))
        if fn & 1 or fn == sn:
            got = node_hash(sibling, got)
            fn, sn = _skip_right_edge(fn, sn)
        else:
            got = node_hash(got, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise _invalid("proof length", f"more than {len(proof)}", len(proof))
    if got != root:
        raise _invalid(f"root over leaf {index}", root.hex(), got.hex())


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Prove that the log of ``second`` entries only added to the log of ``first`` entries.

    A tree of size 0 is refused: every tree extends it, so such a proof says nothing.
    Source: RFC 9162, section 2.1.4.2.

    Raises:
        ProofInvalid: with expected, got and where.
    """
    _check_sizes(first, second)
    if first == second:
        if proof:
            raise _invalid("proof length between equal sizes", 0, len(proof))
        if first_root != second_root:
            raise _invalid(f"root of size {first}", first_root.hex(), second_root.hex())
        return
    _check_hashes(first_root, second_root, *proof)
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not proof:
        raise _invalid("proof length", "at least 1", 0)
    old, new = _walk(first - 1, second - 1, path)
    if old != first_root:
        raise _invalid(f"root of size {first}", first_root.hex(), old.hex())
    if new != second_root:
        raise _invalid(f"root of size {second}", second_root.hex(), new.hex())


def _walk(fn: int, sn: int, path: list[bytes]) -> tuple[bytes, bytes]:
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for step, sibling in enumerate(path[1:], 1):
        if sn == 0:
            raise _invalid("proof length", step, len(path))
        if fn & 1 or fn == sn:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            fn, sn = _skip_right_edge(fn, sn)
        else:
            new = node_hash(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise _invalid("proof length", f"more than {len(path)}", len(path))
    return old, new


def _skip_right_edge(fn: int, sn: int) -> tuple[int, int]:
    """A node on the right edge without a sibling moves up unchanged until it has one on its left."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _split(width: int) -> int:
    """Largest power of two smaller than ``width``."""
    return 1 << ((width - 1).bit_length() - 1)


def _check_sizes(first: int, second: int) -> None:
    if first < 1:
        raise _invalid("first tree size", "at least 1", first)
    if first > second:
        raise _invalid("first tree size", f"at most {second}", first)


def _check_hashes(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise _invalid("hash length", HASH_BYTES, len(value))


def _invalid(where: str, expected: object, got: object) -> ProofInvalid:
    return ProofInvalid(f"{where}: expected {expected}, got {got}", expected=expected, got=got, where=where)
