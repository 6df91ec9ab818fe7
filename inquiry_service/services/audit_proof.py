"""Proving to a person that one entry stands in the log, by the hashes of RFC 6962 alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.domain.merkle import Tree, inclusion_proof, leaf_hash, verify_inclusion
from inquiry_service.errors import IntegrityBroken, NotFound
from inquiry_service.store import audit as store


@dataclass(frozen=True)
class Inclusion:
    """Entry ``seq`` is leaf ``seq`` of the tree of ``size`` entries with this ``root``.

    Attributes:
        leaf: the hash made anew from the entry's bytes, hex.
        path: the hashes beside the way from the leaf to the root, lowest first, hex.
    """

    seq: int
    size: int
    root: str
    leaf: str
    path: tuple[str, ...]


def prove_inclusion(session: Session, seq: int) -> Inclusion:
    """Return the proof that entry ``seq`` is in the log as it is now; every leaf hash is read for it.

    Raises:
        NotFound: there is no such entry; IntegrityBroken: it cannot be proved.
    """
    head, row = store.head(session), store.entry(session, seq)
    if row is None or seq >= head.size:
        raise NotFound(f"The log has no entry {seq}.")
    try:
        tree, root = Tree(store.leaf_hashes(session, head.size)), bytes.fromhex(head.root)
    except ValueError as error:
        raise _unprovable(seq) from error
    if tree.size != head.size or not isinstance(row.entry, bytes):
        raise _unprovable(seq)
    leaf = leaf_hash(row.entry)
    path = inclusion_proof(tree, seq)
    verify_inclusion(root, leaf, seq, head.size, path)
    return Inclusion(seq, head.size, head.root, leaf.hex(), tuple(step.hex() for step in path))


def _unprovable(seq: int) -> IntegrityBroken:
    return IntegrityBroken(f"entry {seq} cannot be proved: the leaf hashes and the head disagree; verify the log")
