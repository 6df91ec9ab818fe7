"""The shape of an entry, and the check that bytes are an entry in its place."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import (
    LOG,
    Changes,
    Header,
    ObjectRef,
    Reason,
    build_entry,
    check_entry,
    commitment,
    index_columns,
    shorten,
)
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import MAX_BYTES, NotCanonical
from inquiry_service.domain.vocabulary import Role, State
from inquiry_service.errors import IntegrityBroken

AT = datetime(2026, 11, 22, 16, 40, 0, 123456, tzinfo=UTC)
REVIEWER = Actor("u1", "Reviewer 1", frozenset({Role.MEDICAL_REVIEWER, Role.CONTENT_OWNER}), "s1")
INQUIRY = ObjectRef("inquiry", "i1", version=3, label="MI-2026-000123", inquiry_id="i1")
NAUGHTY = Path(__file__).parents[2] / "data" / "naughty_strings" / "blns.json"


def _entry(
    seq: int = 7, obj: ObjectRef = INQUIRY, changes: Changes | None = None, reason: Reason | None = None,
    actor: Actor = REVIEWER,
) -> bytes:
    header = Header(seq, "e1", AT, 4, "r1", "0.1.0")
    return build_entry(
        header, actor, Event.INQUIRY_TRIAGED, obj, changes=changes, reason=reason, after_hash="00")


def test_an_entry_says_who_what_when_why_and_from_what_to_what() -> None:
    data = _entry(changes={"state": (State.SCREENED, State.TRIAGED)}, reason=Reason("other", "as agreed"))
    assert json.loads(data) == {
        "v": 1, "log": LOG, "seq": 7, "id": "e1", "at": "2026-11-22T16:40:00.123456Z",
        "actor": {
            "id": "u1", "name": "Reviewer 1", "role": "content_owner, medical_reviewer", "session": "s1"},
        "action": "inquiry:triaged",
        "object": {"type": "inquiry", "id": "i1", "version": 3, "label": "MI-2026-000123", "inquiry": "i1"},
        "obj_prev": 4, "reason": {"code": "other", "text": "as agreed"},
        "changes": {"state": {"old": "screened", "new": "triaged"}},
        "after_hash": "00", "request_id": "r1", "app_version": "0.1.0",
    }
    assert check_entry(data, 7) == json.loads(data)


def test_the_searchable_columns_come_from_the_bytes() -> None:
    columns = index_columns(check_entry(_entry(reason=Reason("other")), 7))
    assert columns == {
        "at": "2026-11-22T16:40:00.123456Z", "entry_id": "e1", "actor_id": "u1", "actor_name": "Reviewer 1",
        "role": "content_owner, medical_reviewer", "action": "inquiry:triaged", "object_type": "inquiry",
        "object_id": "i1", "object_label": "MI-2026-000123", "inquiry_id": "i1", "reason_code": "other",
        "request_id": "r1",
    }


def test_an_entry_of_another_place_is_refused_with_expected_and_got() -> None:
    with pytest.raises(IntegrityBroken, match="audit entry 8: seq is wrong: expected 8, got 7") as refusal:
        check_entry(_entry(), 8)
    assert refusal.value.data == {"seq": 8, "where": "seq", "expected": 8, "got": 7}


def test_an_entry_of_another_log_is_refused() -> None:
    with pytest.raises(IntegrityBroken, match="log is wrong: expected evenhand/2"):
        check_entry(_entry(), 7, log="evenhand/2")


def _changed(path: str, value: Any) -> bytes:
    entry = json.loads(_entry())
    *parents, last = path.split(".")
    part = entry
    for name in parents:
        part = part[name]
    part[last] = value
    return rfc8785.dumps(entry)


@pytest.mark.parametrize(("path", "value"), [
    ("seq", True), ("seq", "7"), ("v", 2), ("more", 1), ("actor", None), ("actor.name", 5),
    ("actor.extra", "x"), ("object.version", "3"), ("object.inquiry", 1), ("reason", []), ("changes", []),
    ("obj_prev", "4"), ("at", 0),
])
def test_bytes_of_another_shape_are_refused(path: str, value: Any) -> None:
    with pytest.raises(IntegrityBroken, match="audit entry 7"):
        check_entry(_changed(path, value), 7)


def test_the_same_way_of_changing_leaves_a_good_value_good() -> None:
    assert check_entry(_changed("object.version", 4), 7)["object"]["version"] == 4


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff", _entry() + b" ", _entry()[:-1]], ids=repr)
def test_bytes_that_are_no_entry_are_refused(data: bytes) -> None:
    with pytest.raises(IntegrityBroken, match="audit entry 7"):
        check_entry(data, 7)


def test_a_long_text_is_kept_by_its_hash() -> None:
    text = "a" * 4001
    change = check_entry(_entry(changes={"source": (None, text)}), 7)["changes"]["source"]
    assert change["new"] == {
        "$sha256": hashlib.sha256(text.encode()).hexdigest(), "characters": 4001, "start": "a" * 1000,
    }
    assert shorten("a" * 4000, 4000) == "a" * 4000


def test_many_long_texts_still_make_an_entry() -> None:
    changes = {f"field_{number}": ("é" * 4000, "ü" * 4000) for number in range(40)}
    data = _entry(changes=changes, reason=Reason("other", "w" * 10_000))
    entry = check_entry(data, 7)
    assert len(data) <= MAX_BYTES
    assert entry["changes"].keys() == changes.keys()
    assert hashlib.sha256(b"w" * 10_000).hexdigest() in entry["reason"]["text"]


def test_more_fields_than_fit_are_refused() -> None:
    with pytest.raises(NotCanonical, match="does not fit"):
        _entry(changes={f"field_{number}": ("a", "b") for number in range(5000)})


def test_hostile_names_are_recorded_and_fit_their_columns() -> None:
    naughty = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    for text in [*naughty, "a\x00b", "\ud800", "x" * 10_000, "\u0958" * 200]:
        actor = Actor("u1", text, frozenset({Role.AUDITOR}))
        data = _entry(obj=ObjectRef("account", text, label=text), actor=actor, reason=Reason("c", text.encode(
            "utf-8", "replace").decode()))
        columns = index_columns(check_entry(data, 7))
        assert all(len(value) <= 200 and "\x00" not in value for value in columns.values())


def test_a_commitment_depends_on_key_person_field_and_value() -> None:
    commitments = {
        commitment(key, subject, path, value)["$c"]
        for key in (b"k1", b"k2") for subject in ("p1", "p2") for path in ("name.old", "name.new")
        for value in ('"Ann"', '"Bob"', "null")
    }
    assert len(commitments) == 24
    assert commitment(b"k1", "p1", "name.new", "1") == commitment(b"k1", "p1", "name.new", "1")


def test_the_system_acts_without_an_account() -> None:
    actor = check_entry(_entry(actor=SYSTEM), 7)["actor"]
    assert actor == {"id": "", "name": "System", "role": "system", "session": None}
