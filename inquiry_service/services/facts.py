"""Gathering the facts that the workflow judges: from the stored rows, with nothing assumed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.training import is_current
from inquiry_service.domain.vocabulary import BranchState, LabelStatus, Lane, Role, Topic, Verification
from inquiry_service.models.inquiries import Inquiry, Person
from inquiry_service.services import answer_facts
from inquiry_service.store import inquiries as store
from inquiry_service.store import people


def gather(
    session: Session, inquiry: Inquiry, *, seen_digest: str | None = None, checklist_complete: bool = False,
) -> Facts:
    """Return the facts of ``inquiry`` at this moment.

    Args:
        seen_digest: digest of the version that the acting person has on screen; None when the step is
            not about a version.
        checklist_complete: whether the review form at hand has every item answered.
    """
    facts = _people(_triage(_screens(Facts(), inquiry), inquiry), inquiry)
    facts = replace(
        facts,
        contact_attempts=len(store.contact_attempts(session, inquiry.id)),
        open_branches=_open_branches(session, inquiry),
        recipient_in_field=people.is_field_address(session, (inquiry.recipient or inquiry.requester).email),
        checklist_complete=checklist_complete,
    )
    return answer_facts.added(session, inquiry, facts, seen_digest)


def _screens(facts: Facts, inquiry: Inquiry) -> Facts:
    solicitation = inquiry.solicitation or {}
    return replace(
        facts,
        submitter_id=inquiry.submitter_id,
        submitted_by_sales=inquiry.submitter_role is Role.FIELD_SALES,
        confirmation_recorded=inquiry.confirmation_received_at is not None,
        unscreened_interactions=sum(contact.screened_at is None for contact in inquiry.interactions),
        solicitation_answered=inquiry.solicitation is not None,
        solicited=any(solicitation.get("answers", {}).values()),
        solicitation_cleared=bool(inquiry.solicitation_finding),
    )


def _triage(facts: Facts, inquiry: Inquiry) -> Facts:
    classified = [question.classification for question in inquiry.questions]
    return replace(
        facts,
        question_count=len(inquiry.questions),
        unclassified_questions=tuple(q.seq for q in inquiry.questions if q.classification is None),
        questions_without_lane=tuple(q.seq for q in inquiry.questions if q.lane is None),
        # R16: what nobody has decided yet is treated as off-label.
        label_statuses=frozenset(c.label_status if c else LabelStatus.OFF_LABEL for c in classified),
        lanes=frozenset(q.lane for q in inquiry.questions if isinstance(q.lane, Lane)),
        comparative=any(Topic.COMPARATIVE.value in q.topics for q in inquiry.questions),
        complexity=inquiry.complexity,
        due_date_set=inquiry.due_at is not None,
    )


def _people(facts: Facts, inquiry: Inquiry) -> Facts:
    requester, recipient = inquiry.requester, inquiry.recipient or inquiry.requester
    assignee = inquiry.assignee
    return replace(
        facts,
        requester_identified=is_identified(requester),
        requester_verified=requester.verification is Verification.VERIFIED,
        requester_is_professional=requester.type.is_professional,
        assignee_id=assignee.id if assignee else "",
        assignee_trained=bool(assignee and is_current(assignee.trained_until, now().date())),
        recipient_named=bool(recipient.family_name),
        recipient_is_requester=recipient.id == requester.id,
        recipient_reason_given=bool(inquiry.recipient_reason.strip()),
        delivery_address="@" in recipient.email,
    )


def is_identified(person: Person) -> bool:
    """Say whether name, a contact and an affiliation are there, or the reason why they are refused (R2)."""
    complete = person.family_name and person.affiliation and (person.email or person.phone or person.address)
    return bool(complete) or bool(person.details_refused_reason.strip())


def _open_branches(session: Session, inquiry: Inquiry) -> tuple[str, ...]:
    standing = [(case.number, case.state) for case in store.safety_cases(session, [inquiry.id])]
    standing += [(complaint.number, complaint.state) for complaint in store.complaints(session, [inquiry.id])]
    return tuple(number for number, state in standing if state is not BranchState.ACKNOWLEDGED)
