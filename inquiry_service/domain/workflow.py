"""The workflow of an inquiry: one table of legal moves, and a small engine over it.

Everything else is derived from the table: the check, the buttons and the reasons why one is
disabled, the audit event, whether a signature or a reason is asked, the README's table and
diagram, and the test over the whole State x Action x Role product.
"""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_service.domain import guards as g
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.guards import Guard
from inquiry_service.domain.permissions import Permission as P
from inquiry_service.domain.vocabulary import Action as A
from inquiry_service.domain.vocabulary import ReasonCode as R
from inquiry_service.domain.vocabulary import SignatureMeaning, StatusWord
from inquiry_service.domain.vocabulary import State as S
from inquiry_service.errors import Forbidden, Refused, Unmet


@dataclass(frozen=True)
class Transition:
    """One legal move.

    Attributes:
        source, action, target: from where, by what, to where.
        permission: right that the acting person needs; None means that only the system may.
        guards: conditions, all of which must hold.
        signature: meaning of the electronic signature that the move requires, if any.
        reasons: coded reasons to choose from; empty when no reason is asked (R23).
    """

    source: S
    action: A
    target: S
    permission: P | None
    guards: tuple[Guard, ...] = ()
    signature: SignatureMeaning | None = None
    reasons: tuple[R, ...] = ()

    @property
    def by_system(self) -> bool:
        """True when no person may take this step."""
        return self.permission is None


_SCREENED = (g.confirmation_is_recorded, g.every_contact_is_screened, g.solicitation_is_screened)
_TRIAGED = (
    g.every_contact_is_screened, g.solicitation_is_cleared, g.every_question_is_classified,
    g.complexity_and_due_date_are_set, g.requester_fits_the_lane,
)
_SIGNABLE = (g.every_contact_is_screened, g.a_version_is_saved, g.the_version_seen_is_current, g.the_gate_is_open)
_REVIEWED = (*_SIGNABLE, g.not_the_author, g.the_checklist_is_complete)
_SENDABLE = (
    g.every_contact_is_screened, g.the_approval_is_valid, g.the_document_is_verified, g.the_sources_are_current,
    g.requester_is_identified, g.the_recipient_is_right,
)
_FINDING = SignatureMeaning.COMPLIANCE_FINDING
_WITHDRAWABLE = (
    S.RECEIVED, S.AWAITING_CONFIRMATION, S.SCREENED, S.TRIAGED, S.CLARIFICATION, S.ASSIGNED, S.DRAFTING,
    S.IN_REVIEW, S.RETURNED, S.SECOND_REVIEW, S.APPROVED, S.READY, S.DELIVERY_FAILED,
)
"""A hold is left through Compliance only, and a letter on its way cannot be called back."""

T = Transition
TRANSITIONS: tuple[Transition, ...] = (
    T(S.RECEIVED, A.ASK_CONFIRMATION, S.AWAITING_CONFIRMATION, None, (g.sales_confirmation_is_missing,)),
    T(S.AWAITING_CONFIRMATION, A.RECORD_CONFIRMATION, S.RECEIVED, P.INQUIRY_SCREEN, (g.confirmation_is_recorded,)),
    T(S.RECEIVED, A.SCREEN, S.SCREENED, P.INQUIRY_SCREEN, _SCREENED),
    T(S.AWAITING_CONFIRMATION, A.SCREEN, S.SCREENED, P.INQUIRY_SCREEN, _SCREENED),
    T(S.SCREENED, A.HOLD, S.SOLICITED_HOLD, None, (g.solicitation_was_found,)),
    T(S.SOLICITED_HOLD, A.RELEASE_HOLD, S.SCREENED, P.INQUIRY_HOLD_DECIDE, (), _FINDING, (R.UNSOLICITED_CONFIRMED,)),
    T(S.SOLICITED_HOLD, A.CLOSE_SOLICITED, S.CLOSED_NO_RESPONSE, P.INQUIRY_HOLD_DECIDE, (), _FINDING, (R.SOLICITED,)),
    T(S.SCREENED, A.TRIAGE, S.TRIAGED, P.INQUIRY_TRIAGE, _TRIAGED),
    T(S.TRIAGED, A.ASK_REQUESTER, S.CLARIFICATION, P.INQUIRY_TRIAGE, (g.contact_was_attempted,), None,
      (R.OVERBROAD, R.OTHER)),
    T(S.CLARIFICATION, A.RESUME, S.TRIAGED, P.INQUIRY_TRIAGE, (g.every_contact_is_screened,)),
    T(S.CLARIFICATION, A.CLOSE_UNANSWERED, S.CLOSED_NO_RESPONSE, P.INQUIRY_CLOSE,
      (g.three_attempts_were_made, g.the_branches_are_acknowledged), None, (R.NO_REPLY,)),
    T(S.TRIAGED, A.REDIRECT, S.REDIRECTED, P.INQUIRY_TRIAGE, (), None,
      (R.OTHER_FIRM, R.NOT_MEDICAL, R.EMERGENCY_REFERRED)),
    T(S.TRIAGED, A.ASSIGN, S.ASSIGNED, P.INQUIRY_ASSIGN, (g.assignee_is_fit,)),
    T(S.ASSIGNED, A.ASSIGN, S.ASSIGNED, P.INQUIRY_ASSIGN, (g.assignee_is_fit,)),
    T(S.ASSIGNED, A.START_DRAFT, S.DRAFTING, P.DRAFT_WRITE, (g.assignee_is_fit, g.not_the_submitter)),
    T(S.DRAFTING, A.SUBMIT, S.IN_REVIEW, P.DRAFT_WRITE,
      (*_SIGNABLE, g.not_the_submitter, g.one_of_the_authors), SignatureMeaning.AUTHORSHIP),
    T(S.DRAFTING, A.RELEASE, S.APPROVED, P.RESPONSE_RELEASE,
      (*_SIGNABLE, g.not_the_submitter, g.the_fast_path_is_open, g.the_sources_are_current), SignatureMeaning.RELEASE),
    T(S.IN_REVIEW, A.RETURN, S.RETURNED, P.REVIEW_DECIDE, (g.not_the_author,)),
    T(S.RETURNED, A.REVISE, S.DRAFTING, P.DRAFT_WRITE, (g.not_the_submitter,)),
    T(S.IN_REVIEW, A.REQUEST_SECOND_REVIEW, S.SECOND_REVIEW, P.REVIEW_DECIDE,
      (*_REVIEWED, g.a_second_review_is_needed), SignatureMeaning.REVIEW),
    T(S.IN_REVIEW, A.APPROVE, S.APPROVED, P.REVIEW_DECIDE,
      (*_REVIEWED, g.one_review_is_enough, g.the_sources_are_current), SignatureMeaning.APPROVAL),
    T(S.SECOND_REVIEW, A.RETURN, S.RETURNED, P.REVIEW_DECIDE, (g.not_the_author,)),
    T(S.SECOND_REVIEW, A.APPROVE, S.APPROVED, P.REVIEW_DECIDE,
      (*_REVIEWED, g.not_the_first_reviewer, g.the_sources_are_current), SignatureMeaning.APPROVAL),
    T(S.APPROVED, A.RETURN, S.RETURNED, P.REVIEW_DECIDE, (g.not_the_author, g.the_rendering_has_failed)),
    T(S.APPROVED, A.RENDER, S.READY, None, (g.the_approval_is_valid, g.the_document_is_verified)),
    T(S.APPROVED, A.BOUNCE, S.IN_REVIEW, None, (g.a_source_changed,)),
    T(S.READY, A.BOUNCE, S.IN_REVIEW, None, (g.a_source_changed,)),
    T(S.READY, A.SEND, S.SENDING, P.RESPONSE_SEND, _SENDABLE),
    T(S.SENDING, A.CONFIRM_DELIVERY, S.SENT, None, (g.delivery_is_confirmed,)),
    T(S.SENDING, A.FAIL_DELIVERY, S.DELIVERY_FAILED, None, (g.delivery_has_failed,)),
    T(S.SENT, A.REPORT_BOUNCE, S.DELIVERY_FAILED, P.RESPONSE_SEND, (), None, (R.DELIVERY_BOUNCED,)),
    T(S.DELIVERY_FAILED, A.PREPARE_AGAIN, S.READY, P.RESPONSE_SEND, (g.the_approval_is_valid,), None,
      (R.ADDRESS_CORRECTED, R.OTHER)),
    T(S.SENT, A.CLOSE, S.CLOSED, P.INQUIRY_CLOSE, (g.the_branches_are_acknowledged,), None, (R.ANSWERED,)),
    T(S.REDIRECTED, A.CLOSE, S.CLOSED, P.INQUIRY_CLOSE, (g.the_branches_are_acknowledged,), None,
      (R.OTHER_FIRM, R.NOT_MEDICAL, R.EMERGENCY_REFERRED)),
    T(S.CLOSED, A.REOPEN, S.REOPENED, P.INQUIRY_RECORD, (), None, (R.OTHER,)),
    T(S.SENT, A.ISSUE_CORRECTION, S.CORRECTION_ISSUED, P.CONTENT_MANAGE, (g.a_correction_is_signed,), None,
      (R.SOURCE_CHANGED, R.OTHER)),
    T(S.CLOSED, A.ISSUE_CORRECTION, S.CORRECTION_ISSUED, P.CONTENT_MANAGE, (g.a_correction_is_signed,), None,
      (R.SOURCE_CHANGED, R.OTHER)),
    *(T(state, A.WITHDRAW, S.WITHDRAWN, P.INQUIRY_CLOSE, (), None, (R.REQUESTER_WISH,)) for state in _WITHDRAWABLE),
)

_BY_MOVE = {(row.source, row.action): row for row in TRANSITIONS}
FINAL_STATES = frozenset(S) - {row.source for row in TRANSITIONS}

_STATUS_WORDS = {
    S.RECEIVED: StatusWord.RECEIVED, S.AWAITING_CONFIRMATION: StatusWord.RECEIVED,
    S.SENT: StatusWord.ANSWERED, S.CORRECTION_ISSUED: StatusWord.ANSWERED,
    S.CLOSED: StatusWord.CLOSED, S.CLOSED_NO_RESPONSE: StatusWord.CLOSED, S.WITHDRAWN: StatusWord.CLOSED,
    S.REDIRECTED: StatusWord.CLOSED, S.REOPENED: StatusWord.CLOSED,
}


def find(state: S, action: A) -> Transition | None:
    """Return the row for ``action`` in ``state``, or None when there is no such move."""
    return _BY_MOVE.get((state, action))


def unmet(row: Transition, actor: Actor, facts: Facts) -> tuple[Unmet, ...]:
    """Return every condition that ``row`` still waits for, in the order of its guards, each once."""
    found = (condition for guard in row.guards for condition in guard(facts, actor.user_id))
    return tuple(dict.fromkeys(found))


def may(row: Transition, actor: Actor) -> bool:
    """Say whether ``actor`` has the right to ``row``; the system's rows are the system's alone."""
    return actor.is_system if row.permission is None else actor.may(row.permission)


def allowed(state: S, action: A, actor: Actor) -> Transition:
    """Return the move that ``actor`` has the right to, whether or not its conditions are met.

    Raises:
        Refused: there is no such move from here.
        Forbidden: the actor lacks the right.
    """
    row = find(state, action)
    if row is None:
        raise Refused(
            f"{action.label} is not possible while the inquiry is in state {state.label}.",
            (Unmet("no_such_move", f"Not possible in state {state.label}.", "", ""),),
        )
    if not may(row, actor):
        raise Forbidden(f"{action.label} needs a right that your role does not have.", action=action.value)
    return row


def plan(state: S, action: A, actor: Actor, facts: Facts) -> Transition:
    """Return the move, or raise with every reason against it.

    Args:
        state: where the inquiry is.
        action: what shall be done.
        actor: who does it.
        facts: what is known of the inquiry.

    Raises:
        Refused: there is no such move from here, or conditions are unmet (``unmet`` lists all).
        Forbidden: the actor lacks the right.
    """
    row = allowed(state, action, actor)
    conditions = unmet(row, actor, facts)
    if conditions:
        raise Refused(f"{action.label} is not possible yet.", conditions)
    return row


@dataclass(frozen=True)
class Option:
    """A step that the actor has the right to, with what stands in its way now."""

    transition: Transition
    unmet: tuple[Unmet, ...]

    @property
    def is_open(self) -> bool:
        """True when the step can be taken at once."""
        return not self.unmet


def options(state: S, actor: Actor, facts: Facts) -> tuple[Option, ...]:
    """Return the actor's possible steps from ``state``: the buttons of the page, open or with reasons."""
    rows = (row for row in TRANSITIONS if row.source is state and not row.by_system and may(row, actor))
    return tuple(Option(row, unmet(row, actor, facts)) for row in rows)


def status_word(state: S) -> StatusWord:
    """Return the only word about an inquiry that a field submitter sees (R25)."""
    return _STATUS_WORDS.get(state, StatusWord.IN_WORK)
