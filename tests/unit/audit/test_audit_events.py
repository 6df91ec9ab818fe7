"""The closed list of events: names keep to the rule, each has a sentence that can be told."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inquiry_service.domain.audit_events import Event, describe

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _entry(
    action: str, changes: dict[str, Any] | None = None, label: str = "MI-2026-000123"
) -> dict[str, Any]:
    return {
        "action": action, "actor": {"name": "Reviewer 1"}, "changes": changes or {},
        "object": {"type": "response_version", "id": "v1", "label": label},
    }


@pytest.mark.parametrize("event", Event)
def test_a_name_is_subject_and_participle_in_at_most_60_characters(event: Event) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*:[a-z][a-z_]*", event.value)
    assert len(event.value) <= 60


def test_no_name_is_used_twice() -> None:
    assert len({event.value for event in Event}) == len(Event.__members__)


@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_sentence_without_gaps(event: Event) -> None:
    names = set(PLACEHOLDER.findall(event.sentence)) - {"actor", "object"}
    full = describe(_entry(event.value, {name: {"old": None, "new": "some_value"} for name in names}))
    assert full
    assert full[0].isupper()
    assert "{" not in full + describe(_entry(event.value))
    assert full.count("some value") == len(names)


def test_a_sentence_tells_the_new_value_and_leaves_out_what_is_not_there() -> None:
    told = _entry("question:classified", {"label_status": {"old": None, "new": "off_label"}}, "question 1")
    assert describe(told) == "Reviewer 1 classified question 1 as off label"
    told["changes"]["label_status"]["new"] = {"$c": "00"}
    assert describe(told) == "Reviewer 1 classified question 1"


def test_an_object_without_a_label_is_named_by_type_and_id() -> None:
    assert describe(_entry("draft:saved", label="")) == "Reviewer 1 saved response version v1"


def test_an_event_of_a_later_release_is_shown_as_it_stands() -> None:
    assert describe(_entry("planet:visited")) == "Reviewer 1: planet:visited"
