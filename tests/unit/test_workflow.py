"""The workflow as a whole: the full State x Action x Role product, and every condition of every move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest

from inquiry_service.domain import guards
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.permissions import ROLE_PERMISSIONS
from inquiry_service.domain.vocabulary import (
    Action,
    Complexity,
    LabelStatus,
    Lane,
    Role,
    State,
    StatusWord,
)
from inquiry_service.domain.workflow import (
    FINAL_STATES,
    TRANSITIONS,
    Transition,
    find,
    options,
    plan,
    status_word,
    unmet,
)
from inquiry_service.errors import Forbidden, Refused, Unmet
from tests.unit.workflow_facts import AUTHOR, CAREFUL, GOOD, ME, good_for, person


def may(row: Transition, role: Role) -> bool:
    """What the table of rights says, spelled out here once more."""
    if row.permission is None:
        return role is Role.SYSTEM
    return row.permission in ROLE_PERMISSIONS[role]


def outcome(state: State, action: Action, role: Role) -> str:
    """What the engine answers when nothing but table and right can stand in the way."""
    try:
        return plan(state, action, person(role), good_for(action)).target.value
    except Refused as refusal:
        return f"refused: {[condition.code for condition in refusal.unmet]}"
    except Forbidden:
        return "forbidden"


def expected(state: State, action: Action, role: Role) -> str:
    row = find(state, action)
    if row is None:
        return "refused: ['no_such_move']"
    return row.target.value if may(row, role) else "forbidden"


def test_a_step_is_taken_if_the_table_has_it_and_the_role_carries_its_right_and_never_otherwise() -> None:
    wrong = [
        (state, action, role, outcome(state, action, role))
        for state, action, role in product(State, Action, Role)
        if outcome(state, action, role) != expected(state, action, role)
    ]
    assert wrong == []
    assert len(TRANSITIONS) > 40


def test_no_move_stands_in_the_table_twice() -> None:
    moves = [(row.source, row.action) for row in TRANSITIONS]
    assert len(moves) == len(set(moves))


def test_a_person_without_any_role_may_do_nothing() -> None:
    nobody = Actor(ME, "Nobody", frozenset())
    for row in TRANSITIONS:
        with pytest.raises(Forbidden):
            plan(row.source, row.action, nobody, good_for(row.action))


def test_no_person_takes_a_step_of_the_system_and_the_system_takes_none_of_a_person() -> None:
    everything = Actor(ME, "Everything", frozenset(Role) - {Role.SYSTEM})
    for row in TRANSITIONS:
        with pytest.raises(Forbidden):
            plan(row.source, row.action, everything if row.by_system else SYSTEM, good_for(row.action))


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.source.value}-{row.action.value}")
def test_a_step_is_blocked_while_nothing_is_known_unless_it_has_no_conditions(row: Transition) -> None:
    blocked = unmet(row, person(Role.MI_SPECIALIST), Facts())
    assert bool(blocked) is (bool(row.guards) and row.action not in CAREFUL)


@pytest.mark.parametrize(("state", "action", "code"), [
    (State.READY, Action.BOUNCE, "no_source_changed"),
    (State.SCREENED, Action.HOLD, "not_solicited"),
    (State.RECEIVED, Action.ASK_CONFIRMATION, "no_confirmation_needed"),
])
def test_the_unknown_opens_only_the_steps_that_stop_an_inquiry(state: State, action: Action, code: str) -> None:
    row = find(state, action)
    assert row is not None
    assert unmet(row, SYSTEM, Facts()) == ()
    assert [condition.code for condition in unmet(row, SYSTEM, GOOD)] == [code]


GUARDS = sorted({guard.__name__: guard for row in TRANSITIONS for guard in row.guards}.items())
FOUND: dict[str, dict[str, Any]] = {
    "a_source_changed": {"source_changes": ()},
    "solicitation_was_found": {"solicited": False},
    "sales_confirmation_is_missing": {"submitted_by_sales": False},
    "one_of_the_authors": {"author_ids": frozenset({AUTHOR})},
    "requester_fits_the_lane": {"lanes": frozenset({Lane.HCP}), "requester_is_professional": False},
    "the_fast_path_is_open": {"complexity": Complexity.LEVEL_3},
    "one_review_is_enough": {"comparative": True},
    "a_second_review_is_needed": {"label_statuses": frozenset({LabelStatus.ON_LABEL})},
}


@pytest.mark.parametrize(("name", "guard"), GUARDS, ids=[name for name, _ in GUARDS])
def test_every_condition_can_block_and_can_be_met(name: str, guard: guards.Guard) -> None:
    row = next(row for row in TRANSITIONS if guard in row.guards)
    assert guard(good_for(row.action), ME) == ()
    bad = replace(good_for(row.action), **FOUND[name]) if name in FOUND else Facts()
    conditions = guard(bad, ME)
    assert conditions, f"{name} never blocks"
    assert all(condition.code and condition.message.endswith(".") for condition in conditions)


@pytest.mark.parametrize(("name", "guard"), GUARDS, ids=[name for name, _ in GUARDS])
def test_every_condition_says_what_it_asks_for(name: str, guard: guards.Guard) -> None:
    assert (guard.__doc__ or "").strip().endswith(("." , ")."))


BAD_VALUES: dict[str, Any] = {
    "submitter_id": ME, "submitted_by_sales": True, "confirmation_recorded": False, "unscreened_interactions": 1,
    "solicitation_answered": False, "solicited": True, "question_count": 0, "unclassified_questions": (1, 2),
    "questions_without_lane": (2,), "complexity": None, "due_date_set": False, "contact_attempts": 1,
    "requester_identified": False, "requester_verified": False, "assignee_id": "", "assignee_trained": False,
    "has_version": False, "version_is_current": False, "author_ids": frozenset({ME}), "first_reviewer_id": ME,
    "gate": (Unmet("question_not_answered", "Answer question 1.", "draft", "R51"),),
    "source_changes": (Unmet("label_changed", "The label changed.", "label", "R55"),),
    "checklist_complete": False, "approval_valid": False, "document_verified": False, "recipient_named": False,
    "recipient_in_field": True, "delivery_address": False, "delivery_confirmed": False, "delivery_failed": False,
    "rendering_failed": False,
    "open_branches": ("SR-2026-000001", "PC-2026-000002"), "correction_signed": False,
}


HIDDEN_BEHIND = {"has_version": "author_ids", "assignee_id": "assignee_trained"}
"""Without a version nobody is its author, and nobody's training has not expired."""


def single_faults(row: Transition) -> Iterator[tuple[str, tuple[Unmet, ...]]]:
    for name, value in BAD_VALUES.items():
        found = unmet(row, person(Role.MI_SPECIALIST), replace(good_for(row.action), **{name: value}))
        if found:
            yield name, found


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.source.value}-{row.action.value}")
def test_all_reasons_are_listed_and_not_just_the_first(row: Transition) -> None:
    faults = dict(single_faults(row))
    for hiding, hidden in HIDDEN_BEHIND.items():
        if {hiding, hidden} <= faults.keys():
            faults.pop(hiding)
    together = replace(good_for(row.action), **{name: BAD_VALUES[name] for name in faults})
    listed = unmet(row, person(Role.MI_SPECIALIST), together)
    alone = {condition.code for name in faults for condition in faults[name]}
    assert alone <= {condition.code for condition in listed}
    assert len(listed) == len(set(listed))


def test_the_table_of_faults_knows_every_fact_that_blocks_by_itself() -> None:
    context = {"solicitation_cleared", "label_statuses", "lanes", "comparative", "response_type",
               "requester_is_professional", "recipient_is_requester", "recipient_reason_given"}
    assert BAD_VALUES.keys() | context == {field.name for field in fields(Facts)}


def test_each_person_can_do_all_steps_that_the_buttons_offer_as_open_and_none_other() -> None:
    for state, role in product(State, Role):
        who = person(role)
        offered = {option.transition.action for option in options(state, who, GOOD) if option.is_open}
        for row in (row for row in TRANSITIONS if row.source is state and not row.by_system):
            allowed = may(row, role) and not unmet(row, who, GOOD)
            assert (row.action in offered) is allowed, (state, role, row.action)


def test_a_step_with_missing_conditions_is_offered_with_every_reason() -> None:
    facts = replace(GOOD, unscreened_interactions=2, solicitation_answered=False)
    offered = options(State.RECEIVED, person(Role.INTAKE_AGENT), facts)
    assert [(option.transition.action, option.is_open) for option in offered] == [(Action.SCREEN, False)]
    assert [condition.code for condition in offered[0].unmet] == [
        "adverse_event_screen_missing", "solicitation_screen_missing"]


def reachable(start: State) -> set[State]:
    seen, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for row in TRANSITIONS:
            if row.source is state and row.target not in seen:
                seen.add(row.target)
                waiting.append(row.target)
    return seen


def test_every_state_is_reached_from_the_first() -> None:
    assert reachable(State.RECEIVED) == set(State)


def test_from_every_state_an_end_is_reached() -> None:
    assert {State.CLOSED_NO_RESPONSE, State.WITHDRAWN, State.REOPENED, State.CORRECTION_ISSUED} == FINAL_STATES
    for state in set(State) - FINAL_STATES:
        assert reachable(state) & FINAL_STATES, state


def test_in_every_state_that_is_not_an_end_somebody_can_act() -> None:
    for state in set(State) - FINAL_STATES:
        assert [row for row in TRANSITIONS if row.source is state], state


def test_a_submitter_reads_one_of_four_words_in_every_state() -> None:
    words = {state: status_word(state) for state in State}
    assert set(words.values()) == set(StatusWord)
    assert words[State.SOLICITED_HOLD] is StatusWord.IN_WORK
    assert words[State.DELIVERY_FAILED] is StatusWord.IN_WORK
    assert words[State.SENT] is StatusWord.ANSWERED
