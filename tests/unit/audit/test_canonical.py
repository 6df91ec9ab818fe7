"""Canonical bytes: RFC 8785 inside our limits, one spelling for one value."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.domain.canonical import (
    MAX_BYTES,
    NotCanonical,
    canonical_bytes,
    digest,
    normalise,
    parse,
)
from inquiry_service.domain.vocabulary import State

DATA = Path(__file__).parents[2] / "data"
VECTORS = sorted((DATA / "jcs_rfc8785" / "input").glob("*.json"))
NAUGHTY: list[str] = json.loads((DATA / "naughty_strings" / "blns.json").read_text(encoding="utf-8"))
WITH_FLOATS = {"values"}
NOT_NFC = {"unicode", "weird"}
INSIDE = [path for path in VECTORS if path.stem not in WITH_FLOATS | NOT_NFC]

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(
            lambda key: unicodedata.normalize("NFC", key)), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda path: path.stem)
def test_the_serialiser_gives_the_published_bytes(vector: Path) -> None:
    expected = (vector.parents[1] / "output" / vector.name).read_bytes()
    assert rfc8785.dumps(json.loads(vector.read_bytes())) == expected


@pytest.mark.parametrize("vector", INSIDE, ids=lambda path: path.stem)
def test_values_inside_our_limits_have_the_published_bytes(vector: Path) -> None:
    expected = (vector.parents[1] / "output" / vector.name).read_bytes()
    # JSON has one kind of number: 56.0 is 56. Python's reader makes a float of it.
    value = json.loads(vector.read_bytes(), parse_float=lambda text: int(float(text)))
    assert canonical_bytes(value) == canonical_bytes(parse(expected)) == expected


def test_all_six_published_vectors_are_here() -> None:
    assert {path.stem for path in VECTORS} == WITH_FLOATS | NOT_NFC | {"arrays", "french", "structures"}


@pytest.mark.parametrize("name", sorted(WITH_FLOATS | NOT_NFC))
def test_published_bytes_with_floats_or_text_out_of_nfc_are_refused(name: str) -> None:
    with pytest.raises(NotCanonical):
        parse((DATA / "jcs_rfc8785" / "output" / f"{name}.json").read_bytes())


@given(plain_values)
def test_what_was_made_canonical_reads_back_to_the_same_bytes(value: Any) -> None:
    data = canonical_bytes(value)
    assert canonical_bytes(parse(data)) == data
    assert digest(value) == hashlib.sha256(data).hexdigest()


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(0, 9), max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


def test_naughty_strings_survive_the_round_trip() -> None:
    assert len(NAUGHTY) == 515
    for text in NAUGHTY:
        assert parse(canonical_bytes({"text": text})) == {"text": unicodedata.normalize("NFC", text)}


@pytest.mark.parametrize(("value", "expected"), [
    (datetime(2026, 11, 22, 18, 40, tzinfo=timezone(timedelta(hours=2))), "2026-11-22T16:40:00.000000Z"),
    (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00.000000Z"),
    (date(2026, 11, 22), "2026-11-22"),
    (State.IN_REVIEW, "in_review"),
    (UUID("019ac0de-0000-7000-8000-000000000001"), "019ac0de-0000-7000-8000-000000000001"),
    (Decimal("52.40"), "52.40"),
    ("e\u0301", "é"),
    (b"bytes", "sha256:" + hashlib.sha256(b"bytes").hexdigest()),
    ({State.SENT, State.CLOSED}, ["closed", "sent"]),
    ((1, "a"), [1, "a"]),
    ({State.SENT: True}, {"sent": True}),
])
def test_each_kind_of_value_has_one_spelling(value: Any, expected: Any) -> None:
    assert normalise(value) == expected


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(("value", "words"), [
    (0.5, "float has no canonical form; use Decimal"),
    (float("nan"), "float"),
    (2**53, "beyond 2^53"),
    (-(2**53), "beyond 2^53"),
    (datetime(2026, 1, 1), "time zone"),  # noqa: DTZ001 (naive on purpose)
    ("\ud800", "surrogate"),
    ({"\udfff": 1}, "surrogate"),
    ({1: "a"}, "keys must be text"),
    ({"é": 1, "e\u0301": 2}, "two keys become one"),
    (_nested(33), "deeper than 32"),
    (_nested(5000), "deeper than 32"),
    (object(), "object has no canonical form"),
    ("x" * MAX_BYTES, "at most 65536"),
])
def test_a_value_without_one_spelling_is_refused(value: Any, words: str) -> None:
    with pytest.raises(NotCanonical, match=words.replace("^", r"\^")):
        canonical_bytes(value)


def test_the_limits_themselves_are_allowed() -> None:
    assert canonical_bytes([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"
    assert canonical_bytes(_nested(32)) == b"[" * 32 + b"]" * 32
    assert len(canonical_bytes("x" * (MAX_BYTES - 2))) == MAX_BYTES


@pytest.mark.parametrize("data", [
    b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":NaN}', b'{"a":1e2}',
    b'"\\u0041"', b'"\\/"',
    '"e\u0301"'.encode(), b"\xff", b"", b"{", b"[1,2]\n", b'"\\ud800"', b"-0", b'"' + b"a" * MAX_BYTES + b'"',
    b"[" * 100_000, b'{"a":9007199254740992}',
], ids=repr)
def test_bytes_that_are_not_the_one_spelling_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse(data)
