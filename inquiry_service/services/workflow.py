"""Taking a step of the workflow: the only code that sets ``inquiry.state``."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain import workflow
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Changes, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.errors import InvalidInput
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import audit
from inquiry_service.services.calendar import due_after_pause
from inquiry_service.services.facts import gather

EVENTS = {
    Action.ASK_CONFIRMATION: Event.INQUIRY_CONFIRMATION_ASKED,
    Action.RECORD_CONFIRMATION: Event.INQUIRY_CONFIRMED,
    Action.SCREEN: Event.INQUIRY_SCREENED,
    Action.HOLD: Event.INQUIRY_HELD,
    Action.RELEASE_HOLD: Event.INQUIRY_HOLD_RELEASED,
    Action.CLOSE_SOLICITED: Event.INQUIRY_CLOSED_SOLICITED,
    Action.TRIAGE: Event.INQUIRY_TRIAGED,
    Action.ASK_REQUESTER: Event.INQUIRY_REQUESTER_ASKED,
    Action.RESUME: Event.INQUIRY_RESUMED,
    Action.CLOSE_UNANSWERED: Event.INQUIRY_CLOSED_UNANSWERED,
    Action.REDIRECT: Event.INQUIRY_REDIRECTED,
    Action.ASSIGN: Event.INQUIRY_ASSIGNED,
    Action.START_DRAFT: Event.DRAFT_STARTED,
    Action.REVISE: Event.DRAFT_REVISED,
    Action.SUBMIT: Event.REVIEW_REQUESTED,
    Action.RELEASE: Event.RESPONSE_RELEASED,
    Action.RETURN: Event.REVIEW_RETURNED,
    Action.REQUEST_SECOND_REVIEW: Event.REVIEW_PASSED_ON,
    Action.APPROVE: Event.REVIEW_APPROVED,
    Action.RENDER: Event.DOCUMENT_ARCHIVED,
    Action.BOUNCE: Event.REVIEW_BOUNCED,
    Action.SEND: Event.DELIVERY_QUEUED,
    Action.CONFIRM_DELIVERY: Event.DELIVERY_SENT,
    Action.FAIL_DELIVERY: Event.DELIVERY_FAILED,
    Action.REPORT_BOUNCE: Event.DELIVERY_FAILED,
    Action.PREPARE_AGAIN: Event.DELIVERY_PREPARED_AGAIN,
    Action.CLOSE: Event.INQUIRY_CLOSED,
    Action.REOPEN: Event.INQUIRY_REOPENED,
    Action.ISSUE_CORRECTION: Event.CORRECTION_ISSUED,
    Action.WITHDRAW: Event.INQUIRY_WITHDRAWN,
}
"""What the audit says of each step."""

_CLOSING = frozenset({State.CLOSED, State.CLOSED_NO_RESPONSE, State.WITHDRAWN, State.REDIRECTED})


def perform(
    session: Session, actor: Actor, inquiry: Inquiry, action: Action, *,
    reason: Reason | None = None, facts: Facts | None = None, changes: Changes | None = None,
) -> workflow.Transition:
    """Take one step: check it, change the state, record it.

    Args:
        actor: who takes the step.
        inquiry: locked for the change (``store.inquiries.get(..., lock=True)``).
        action: which step.
        reason: code and own words, where the table asks for one (R23).
        facts: gathered afresh unless given.
        changes: what the audit entry says beside the state, e.g. a reviewer's checklist.

    Raises:
        Refused: with every unmet condition; Forbidden: the right is missing;
        InvalidInput: the reason is missing or not one of the list.
    """
    known = facts if facts is not None else gather(session, inquiry)
    row = workflow.plan(inquiry.state, action, actor, known)
    _check_reason(row, reason)
    before, moment = inquiry.state, now()
    _keep_the_clock(inquiry, row)
    inquiry.state, inquiry.state_since = row.target, moment
    inquiry.state_reason = reason.text if reason else ""
    if row.target in _CLOSING:
        inquiry.closed_at = moment
    audit.record(session, actor, EVENTS[action], inquiry, reason=reason,
                 changes={"state": (before, row.target), **(changes or {})})
    return row


def options(session: Session, actor: Actor, inquiry: Inquiry) -> tuple[workflow.Option, ...]:
    """Return the actor's steps on this inquiry, open or with what stands in their way."""
    return workflow.options(inquiry.state, actor, gather(session, inquiry))


def option(session: Session, actor: Actor, inquiry: Inquiry, action: Action) -> workflow.Option:
    """Return one step on this inquiry, open or with what stands in its way; for the page that prepares it.

    Raises:
        Refused: there is no such step in this state; Forbidden: the right is missing.
    """
    row = workflow.allowed(inquiry.state, action, actor)
    return workflow.Option(row, workflow.unmet(row, actor, gather(session, inquiry)))


def _check_reason(row: workflow.Transition, reason: Reason | None) -> None:
    if not row.reasons:
        return
    allowed = {code.value for code in row.reasons}
    if reason is None or reason.code not in allowed:
        raise InvalidInput("Choose a reason from the list.", fields={"reason": "Choose a reason from the list."})
    if not reason.text.strip():
        raise InvalidInput("Say in a few words why.", fields={"reason_text": "Say in a few words why."})


def _keep_the_clock(inquiry: Inquiry, row: workflow.Transition) -> None:
    """The clock pauses only while the requester is asked, and the pause is given back (R103)."""
    moment = now()
    if row.target is State.CLARIFICATION:
        inquiry.paused_at = moment
    elif row.source is State.CLARIFICATION and inquiry.paused_at is not None:
        if inquiry.due_at is not None:
            inquiry.due_at = due_after_pause(
                inquiry.due_at, inquiry.paused_at, moment, inquiry.market, inquiry.requester_deadline)
        inquiry.paused_at = None
