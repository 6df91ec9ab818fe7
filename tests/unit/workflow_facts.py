"""Facts under which each step of the workflow is open, for tests that then spoil one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.facts import NOT_COMPARED, Facts
from inquiry_service.domain.vocabulary import Action, Complexity, LabelStatus, Lane, ResponseType, Role

ME, AUTHOR, SUBMITTER, FIRST_REVIEWER, ASSIGNEE = "me", "author", "submitter", "first", "assignee"

CAREFUL = {Action.BOUNCE, Action.HOLD, Action.ASK_CONFIRMATION}
"""Steps of the system that stop an inquiry: what is not known opens them."""

GOOD = Facts(
    submitter_id=SUBMITTER, submitted_by_sales=False, confirmation_recorded=True,
    unscreened_interactions=0, solicitation_answered=True, solicited=False,
    question_count=2, label_statuses=frozenset({LabelStatus.ON_LABEL}), lanes=frozenset({Lane.HCP}),
    complexity=Complexity.LEVEL_1, due_date_set=True, contact_attempts=3,
    requester_identified=True, requester_verified=True, requester_is_professional=True,
    assignee_id=ASSIGNEE, assignee_trained=True,
    has_version=True, version_is_current=True, response_type=ResponseType.STANDARD_UNCHANGED,
    author_ids=frozenset({AUTHOR}), first_reviewer_id=FIRST_REVIEWER, gate=(), source_changes=(),
    checklist_complete=True, approval_valid=True, document_verified=True, rendering_failed=True,
    recipient_named=True, recipient_in_field=False, recipient_is_requester=True, recipient_reason_given=True,
    delivery_address=True, delivery_confirmed=True, delivery_failed=True, open_branches=(), correction_signed=True,
)
"""An inquiry of which nothing stands in the way of anything."""

SPECIAL: dict[Action, dict[str, Any]] = {
    Action.ASK_CONFIRMATION: {"submitted_by_sales": True, "confirmation_recorded": False},
    Action.HOLD: {"solicited": True},
    Action.REQUEST_SECOND_REVIEW: {"label_statuses": frozenset({LabelStatus.INVESTIGATIONAL})},
    Action.BOUNCE: {"source_changes": (NOT_COMPARED,)},
    Action.SUBMIT: {"author_ids": frozenset({ME})},
}
"""Moves whose conditions contradict those of others need other facts."""


def good_for(action: Action) -> Facts:
    """Facts under which ``action`` meets all its conditions for the person ME."""
    return replace(GOOD, **SPECIAL.get(action, {}))


def person(role: Role) -> Actor:
    """Somebody with one role; the system is the system itself."""
    return SYSTEM if role is Role.SYSTEM else Actor(ME, "Somebody", frozenset({role}))
