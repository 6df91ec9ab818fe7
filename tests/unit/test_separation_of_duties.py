"""Author, submitter, first and second reviewer are different people, and risky answers need two of them (R27, R79)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Action, LabelStatus, Lane, ResponseType, Role, State
from inquiry_service.domain.workflow import find, plan, unmet
from inquiry_service.errors import Refused
from tests.unit.workflow_facts import GOOD, person


def test_an_unknown_person_counts_as_the_same_one() -> None:
    unknown = replace(GOOD, submitter_id="", author_ids=frozenset(), first_reviewer_id="")
    row = find(State.SECOND_REVIEW, Action.APPROVE)
    assert row is not None
    codes = {condition.code for condition in unmet(row, person(Role.MEDICAL_REVIEWER), unknown)}
    assert codes == {"author_signs_own_draft", "submitter_reviews", "first_review_missing"}


@pytest.mark.parametrize(("who", "code"), [
    ("author", "author_signs_own_draft"), ("submitter", "submitter_reviews"), ("first", "first_reviewer_approves"),
])
def test_neither_author_nor_submitter_nor_first_reviewer_gives_the_second_approval(who: str, code: str) -> None:
    same = Actor(who, "Same person", frozenset({Role.MEDICAL_REVIEWER}))
    with pytest.raises(Refused) as refusal:
        plan(State.SECOND_REVIEW, Action.APPROVE, same, GOOD)
    assert [condition.code for condition in refusal.value.unmet] == [code]
    other = Actor("third", "Third person", frozenset({Role.MEDICAL_REVIEWER}))
    assert plan(State.SECOND_REVIEW, Action.APPROVE, other, GOOD).target is State.APPROVED


@pytest.mark.parametrize("deep", [
    {"label_statuses": frozenset({LabelStatus.OFF_LABEL}), "response_type": ResponseType.CUSTOM},
    {"label_statuses": frozenset({LabelStatus.INVESTIGATIONAL})},
    {"comparative": True},
    {"lanes": frozenset({Lane.PATIENT})},
])
def test_answers_that_carry_more_risk_need_two_reviews(deep: dict[str, Any]) -> None:
    facts = replace(GOOD, **deep)
    reviewer = person(Role.MEDICAL_REVIEWER)
    with pytest.raises(Refused) as refusal:
        plan(State.IN_REVIEW, Action.APPROVE, reviewer, facts)
    assert "second_review_needed" in [condition.code for condition in refusal.value.unmet]
    assert plan(State.IN_REVIEW, Action.REQUEST_SECOND_REVIEW, reviewer, facts).target is State.SECOND_REVIEW
    assert plan(State.IN_REVIEW, Action.APPROVE, reviewer, GOOD).target is State.APPROVED
