"""Drafts: versions are never overwritten, a stale save is refused, locked parts come from the label (R51-R53, R68)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import Action, BlockKind, ResponseType, Role, State
from inquiry_service.errors import Forbidden, IntegrityBroken, InvalidInput, Refused, StaleVersion
from inquiry_service.services import drafting, preview
from inquiry_service.services.composition import asked_fields, compose_version
from inquiry_service.store import responses as store
from tests import answers, factories
from tests.answers import Desk


def test_each_save_is_a_version_of_its_own_and_the_earlier_ones_stay_as_they_were(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.reading() as session:
        first = desk.version(session)
        before = (first.source, first.digest, first.saved_at)
    answers.save_edited(desk, base=1)
    with desk.runtime.reading() as session:
        rows = store.versions(session, desk.inquiry_id)
        assert [row.version for row in rows] == [1, 2]
        assert (rows[0].source, rows[0].digest, rows[0].saved_at) == before
        assert rows[1].digest != rows[0].digest
        assert [row.type for row in rows] == [ResponseType.STANDARD_UNCHANGED, ResponseType.STANDARD_EDITED]


def test_a_save_on_an_older_version_is_refused_and_changes_nothing(desk: Desk) -> None:
    answers.save(desk)
    answers.save_edited(desk, base=1)
    with pytest.raises(StaleVersion) as refusal:
        answers.save(desk, base=1)
    assert refusal.value.data == {"base": 1, "current": 2}
    with desk.runtime.reading() as session:
        assert [row.version for row in store.versions(session, desk.inquiry_id)] == [1, 2]


def test_two_first_drafts_do_not_both_become_version_one(desk: Desk) -> None:
    answers.save(desk)
    with pytest.raises(StaleVersion):
        answers.save(desk, base=0)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MI_SPECIALIST, Role.SYSTEM)])
def test_nobody_but_an_mi_specialist_saves_a_draft(desk: Desk, role: Role) -> None:
    with desk.runtime.transaction() as session:
        other = factories.actor(session, role)
    with pytest.raises(Forbidden):
        answers.save(desk, actor=other)


def test_the_submitter_writes_no_version_of_the_answer(desk: Desk) -> None:
    with_two_roles = replace(desk.intake, roles=frozenset({Role.INTAKE_AGENT, Role.MI_SPECIALIST}))
    with pytest.raises(Refused) as refusal:
        answers.save(desk, actor=with_two_roles)
    assert [reason.code for reason in refusal.value.unmet] == ["submitter_writes"]


def test_a_draft_in_review_cannot_be_changed(desk: Desk) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    with pytest.raises(Refused, match="in review"):
        answers.save(desk, base=1)


@pytest.mark.parametrize(("change", "field"), [
    ({"title": "  "}, "title"),
    ({"source": "x" * (drafting.LONGEST_SOURCE + 1)}, "source"),
    ({"source": "## Summary {q=1}\n\n{{ config.secret }}"}, "source"),
])
def test_a_text_that_cannot_be_taken_names_its_field_and_saves_nothing(
    desk: Desk, change: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        answers.save(desk, **change)
    assert field in refusal.value.fields
    with desk.runtime.reading() as session:
        assert store.latest_version(session, desk.inquiry_id) is None


def test_a_text_without_a_section_is_refused_with_its_line(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="Line 2"):
        answers.save(desk, source="\nno heading here")


def test_locked_parts_come_from_label_and_reviewed_content_whatever_the_author_writes(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.reading() as session:
        inquiry, version = desk.inquiry(session, lock=False), desk.version(session)
        blocks = {BlockKind(block["kind"]): block for block in version.snapshot["blocks"]}
        label = version.label
        indications = next(part.text for part in label.sections if part.code == "34067-9")
        first_sentence = indications.split("\n")[0].strip()
        assert first_sentence in blocks[BlockKind.STATUS]["text"]
        assert "not approved" in blocks[BlockKind.STATUS]["text"]
        assert "unsolicited request" in blocks[BlockKind.OPENING]["text"]
        assert "MedWatch" in blocks[BlockKind.CLOSING]["text"]
        locked = {kind for kind, block in blocks.items() if block["locked"]}
        assert locked == {BlockKind.OPENING, BlockKind.STATUS, BlockKind.SAFETY_INFORMATION,
                          BlockKind.SEARCH_METHODS, BlockKind.CLOSING}
        assert compose_version(session, inquiry, version).locked_texts[BlockKind.STATUS] == (
            blocks[BlockKind.STATUS]["text"])


@pytest.mark.parametrize("heading", ["Approval status", "Important safety information", "Closing", "Your question"])
def test_an_author_cannot_write_a_locked_part(desk: Desk, heading: str) -> None:
    with pytest.raises(InvalidInput, match="not a section of a letter"):
        answers.save(desk, source=f"## {heading} {{q=1}}\n\nSumatriptan is approved for this.\n")


def test_the_texts_behind_the_locked_parts_are_part_of_what_is_signed(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.reading() as session:
        signed = desk.version(session).snapshot["locked_content"]
    assert {entry["key"] for entry in signed} == {"opening-hcp", "closing-hcp", "not-approved-statement"}
    assert all(len(entry["sha256"]) == 64 for entry in signed)


def _changed(value: Any) -> Any:
    """Return a value that differs in the smallest way from the given one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + " "
    if isinstance(value, list):
        return [*value[:-1], _changed(value[-1])] if value else ["x"]
    if isinstance(value, dict):
        last = sorted(value)[-1]
        return {**value, last: _changed(value[last])}
    return "something"


SIGNED_FIELDS = (
    "format", "letter", "inquiry", "title", "type", "lane", "market", "language", "questions", "requested",
    "recipient", "organisation", "status", "safety", "search", "blocks", "references", "content", "locked_content",
    "standard_responses", "label", "enclosures", "data_cutoff", "retractions_checked",
)


def test_the_list_of_signed_fields_is_complete(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.reading() as session:
        assert set(desk.version(session).snapshot) == set(SIGNED_FIELDS)


@pytest.mark.parametrize("field", SIGNED_FIELDS)
def test_the_digest_changes_with_every_signed_field(desk: Desk, field: str) -> None:
    answers.save(desk)
    with desk.runtime.reading() as session:
        version = desk.version(session)
        snapshot = deepcopy(version.snapshot)
        assert digest(snapshot) == version.digest
        snapshot[field] = _changed(snapshot[field])
        assert digest(snapshot) != version.digest


def test_a_version_whose_stored_content_was_changed_is_not_shown(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.sessions() as session:
        version = desk.version(session)
        inquiry = desk.inquiry(session)
        assert preview.of_version(session, inquiry, version).html
        version.snapshot = {**version.snapshot, "title": "Another title"}
        with pytest.raises(IntegrityBroken, match="is not what was signed"):
            preview.of_version(session, inquiry, version)
        session.rollback()


def test_a_preview_saves_nothing_and_says_what_the_rules_find(desk: Desk) -> None:
    with desk.runtime.reading() as session:
        data = answers.draft_data(session, desk)
        inquiry = desk.inquiry(session, lock=False)
        whole = preview.of_input(session, desk.author, inquiry, data)
        broken = preview.of_input(session, desk.author, inquiry, replace(
            data, source=data.source.replace("## Conflicting, negative or missing evidence {q=1}", "## Data {q=1}")))
    assert not [finding for finding in whole.findings if finding.blocks]
    assert "contrary_evidence_missing" in {finding.rule for finding in broken.findings}
    assert "Not approved for this use" in whole.html
    with desk.runtime.reading() as session:
        assert store.latest_version(session, desk.inquiry_id) is None


def test_an_answer_beyond_the_label_always_asks_for_the_use(desk: Desk) -> None:
    with desk.runtime.reading() as session:
        inquiry = desk.inquiry(session, lock=False)
        assert [field.name for field in asked_fields(inquiry, None)] == ["use.description"]


def test_a_draft_that_came_back_is_taken_up_again_by_its_first_save(desk: Desk) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    answers.give_back(desk)
    answers.save_edited(desk, base=1)
    with desk.runtime.reading() as session:
        assert desk.inquiry(session, lock=False).state is State.DRAFTING
        assert desk.version(session).version == 2
