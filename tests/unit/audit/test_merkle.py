"""The RFC 6962 tree: published vectors, all small trees, and proofs that were tampered with."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.domain.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofInvalid,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from inquiry_service.errors import IntegrityBroken

DATA = Path(__file__).parents[2] / "data" / "merkle_rfc6962"
LEAVES = [leaf_hash(bytes([number])) for number in range(64)]
TREE = Tree(LEAVES)

Vector = dict[str, Any]


def _vectors(kind: str) -> list[Any]:
    vectors: list[Vector] = json.loads((DATA / f"{kind}.json").read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["file"]) for vector in vectors]


def _hashes(values: list[str] | None) -> list[bytes]:
    return [b64decode(value) for value in values or []]


def _inclusion(vector: Vector) -> None:
    root, leaf, proof = b64decode(vector["root"]), b64decode(vector["leafHash"]), _hashes(vector["proof"])
    verify_inclusion(root, leaf, vector["leafIdx"], vector["treeSize"], proof)


def _consistency(vector: Vector) -> None:
    roots = b64decode(vector["root1"]), b64decode(vector["root2"])
    verify_consistency(vector["size1"], vector["size2"], *roots, _hashes(vector["proof"]))


@pytest.mark.parametrize("vector", _vectors("inclusion"))
def test_a_published_inclusion_case_gets_the_published_verdict(vector: Vector) -> None:
    if vector["wantErr"]:
        with pytest.raises(ProofInvalid):
            _inclusion(vector)
    else:
        _inclusion(vector)


@pytest.mark.parametrize("vector", _vectors("consistency"))
def test_a_published_consistency_case_gets_the_published_verdict(vector: Vector) -> None:
    if vector["wantErr"]:
        with pytest.raises(ProofInvalid):
            _consistency(vector)
    else:
        _consistency(vector)


def test_all_196_published_cases_are_here_and_some_of_each_verdict() -> None:
    cases = [*_vectors("inclusion"), *_vectors("consistency")]
    assert len(cases) == 196
    assert {case.values[0]["wantErr"] for case in cases} == {True, False}  # type: ignore[index]


def _mth(leaves: list[bytes]) -> bytes:
    """The definition in RFC 6962, section 2.1, word for word; independent of the code under test."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _mth(leaves[:k]) + _mth(leaves[k:])).digest()


@pytest.mark.parametrize("size", range(65))
def test_frontier_and_tree_have_the_root_that_the_rfc_defines(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    assert frontier.root == TREE.root(size) == Tree(LEAVES[:size]).root() == _mth(LEAVES[:size])
    assert Frontier.from_text(size, frontier.to_text()).root == frontier.root


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root == Tree([]).root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 65))
def test_every_leaf_of_every_small_tree_is_proved(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(TREE, index, size)
        verify_inclusion(TREE.root(size), LEAVES[index], index, size, proof)


@pytest.mark.parametrize("second", range(1, 65))
def test_every_small_tree_is_proved_a_prefix_of_every_larger_one(second: int) -> None:
    for first in range(1, second + 1):
        proof = consistency_proof(TREE, first, second)
        verify_consistency(first, second, TREE.root(first), TREE.root(second), proof)


@st.composite
def _tampered(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    kinds = ["add", "add front"] + (["flip", "drop", "swap"] if proof else [])
    kind, proof = draw(st.sampled_from(kinds)), list(proof)
    place = draw(st.integers(0, len(proof) - 1)) if proof else 0
    if kind == "flip":
        bit = draw(st.integers(0, 255))
        proof[place] = (int.from_bytes(proof[place]) ^ 1 << bit).to_bytes(32)
    elif kind == "drop":
        del proof[place]
    elif kind == "swap":
        proof.insert(0, proof.pop())
    else:
        proof.insert(len(proof) if kind == "add" else 0, draw(st.sampled_from(LEAVES)))
    return proof


@given(st.data())
def test_a_tampered_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 64))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(TREE, index, size)
    tampered = data.draw(_tampered(proof))
    if tampered != proof:
        with pytest.raises(ProofInvalid):
            verify_inclusion(TREE.root(size), LEAVES[index], index, size, tampered)


@given(st.data())
def test_a_tampered_consistency_proof_is_refused(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 64))
    first = data.draw(st.integers(1, second))
    proof = consistency_proof(TREE, first, second)
    tampered = data.draw(_tampered(proof))
    if tampered != proof:
        with pytest.raises(ProofInvalid):
            verify_consistency(first, second, TREE.root(first), TREE.root(second), tampered)


@given(st.integers(2, 64), st.data())
def test_a_leaf_is_not_proved_at_another_place(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    with pytest.raises(ProofInvalid):
        verify_inclusion(TREE.root(size), LEAVES[index], other, size, inclusion_proof(TREE, index, size))


@given(st.integers(1, 63), st.data())
def test_a_rewritten_past_has_no_consistency_proof(first: int, data: st.DataObject) -> None:
    second = data.draw(st.integers(first + 1, 64))
    changed = data.draw(st.integers(0, first - 1))
    forged = Tree([*LEAVES[:changed], leaf_hash(b"forged"), *LEAVES[changed + 1:]])
    with pytest.raises(ProofInvalid):
        verify_consistency(first, second, TREE.root(first), forged.root(second),
                           consistency_proof(forged, first, second))


def test_a_refusal_says_expected_got_and_where() -> None:
    wrong = leaf_hash(b"wrong")
    with pytest.raises(ProofInvalid, match="root over leaf 2: expected") as refusal:
        verify_inclusion(wrong, LEAVES[2], 2, 5, inclusion_proof(TREE, 2, 5))
    assert refusal.value.data == {
        "expected": wrong.hex(), "got": TREE.root(5).hex(), "where": "root over leaf 2",
    }


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(
    ("size", "text"), [(1, ""), (2, "00" * 64), (0, "00" * 32), (3, "zz"), (1, "00" * 31), (-1, "")])
def test_a_damaged_frontier_is_refused(size: int, text: str) -> None:
    with pytest.raises(IntegrityBroken, match="frontier"):
        Frontier.from_text(size, text)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (0, 65)])
def test_no_inclusion_proof_is_made_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(TREE, index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 5), (6, 5), (1, 65)])
def test_no_consistency_proof_is_made_outside_the_tree(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        consistency_proof(TREE, first, second)
