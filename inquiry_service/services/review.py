"""Review: send to it, return with a coded reason, pass on, approve; release on the fast path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.findings import warnings
from inquiry_service.domain.vocabulary import Action, ReturnReason, SignatureMeaning
from inquiry_service.domain.workflow import plan
from inquiry_service.errors import InvalidInput, Refused, StaleVersion
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion, ReviewDecision
from inquiry_service.models.signatures import Signature
from inquiry_service.services import gate, outbox, signatures, workflow
from inquiry_service.services.facts import gather
from inquiry_service.services.signatures import Components, Signable
from inquiry_service.services.source_changes import recheck_references
from inquiry_service.store import responses as store

CHECKLIST = {
    "tailored": "Answers only what was asked",
    "status_prominent": "The approval status is prominent and right",
    "label_current": "The label version is the current one",
    "even_weight": "Unfavourable evidence has equal weight",
    "numbers_checked": "Every number was checked against its source",
    "safety_considered": "Adverse event and complaint decisions fit the question",
    "warnings_considered": "Every warning of the checks was looked at and may stand",
}
"""What a reviewer confirms, item by item, before signing is offered (R78)."""


DECISIONS = (Action.APPROVE, Action.REQUEST_SECOND_REVIEW)
"""Signed steps of a reviewer; each leaves a decision with the answered checklist."""


@dataclass(frozen=True)
class Seen:
    """What the acting person had on screen: which version, with which content."""

    version_id: str
    digest: str


@dataclass(frozen=True)
class Step:
    """A signed step that is being prepared or taken, with everything that was checked."""

    inquiry: Inquiry
    version: ResponseVersion
    action: Action
    meaning: SignatureMeaning
    facts: Facts

    @property
    def signable(self) -> Signable:
        """What the signature is put on."""
        response = self.version.response
        return signable_of(self.version, response.number, self.inquiry.id)


def signable_of(version: ResponseVersion, number: str, inquiry_id: str) -> Signable:
    """Return what is signed of a response version."""
    return Signable(store.SIGNED_VERSION, version.id, version.version, version.digest,
                    f"{number} version {version.version}", inquiry_id)


def checklist_is_complete(answers: Mapping[str, bool]) -> bool:
    """Say whether every item of the checklist was confirmed."""
    return all(answers.get(item) for item in CHECKLIST)


def prepare(
    session: Session, actor: Actor, inquiry: Inquiry, action: Action, seen: Seen, answers: Mapping[str, bool]
) -> tuple[Step, str]:
    """Check a signed step and issue the ticket for its sign dialog.

    Raises:
        Refused: with every unmet condition; Forbidden: the right is missing;
        StaleVersion: the draft has changed since it was shown.
    """
    step = _step(session, actor, inquiry, action, seen, answers)
    return step, signatures.issue_ticket(session, actor, step.signable, step.meaning)


def sign_step(
    session: Session, actor: Actor, inquiry: Inquiry, action: Action, seen: Seen, answers: Mapping[str, bool],
    typed: Components,
) -> Signature:
    """Sign and take a step: authorship, review, approval or release.

    The step is checked before the password is asked for and again with the facts that hold now, in one
    transaction with the signature.

    Raises:
        Refused, Forbidden, StaleVersion: as in :func:`prepare`; SignatureRefused, Locked: the components.
    """
    step = _step(session, actor, inquiry, action, seen, answers)
    signature = signatures.sign(session, actor, step.signable, step.meaning, typed)
    changes: dict[str, tuple[Any, Any]] = {
        "version": (None, step.version.version), "digest": (None, step.version.digest),
        "signature": (None, signature.number),
    }
    if action in DECISIONS:
        decision = _decide(session, actor, step.version, action.value, answers=answers, comment=typed.comment)
        changes |= {"checklist": (None, decision.checklist), "warnings": (None, _warnings(session, step))}
    workflow.perform(session, actor, inquiry, action, facts=step.facts, changes=changes)
    if action in (Action.APPROVE, Action.RELEASE):
        outbox.enqueue(session, outbox.RENDER_LETTER, {"version_id": step.version.id},
                       dedupe_key=f"render:{step.version.id}:{signature.number}")
    return signature


def _warnings(session: Session, step: Step) -> list[str]:
    """The warnings that stood while the reviewer signed: what the last item of the checklist speaks of (R59)."""
    found = gate.findings_of_version(session, step.inquiry, step.version)
    return [f"{finding.rule}: {finding.message}" for finding in warnings(found)]


def _step(
    session: Session, actor: Actor, inquiry: Inquiry, action: Action, seen: Seen, answers: Mapping[str, bool]
) -> Step:
    version = store.latest_version(session, inquiry.id)
    if version is not None:
        recheck_references(session, actor, version)
    facts = gather(session, inquiry, seen_digest=seen.digest, checklist_complete=checklist_is_complete(answers))
    if version is not None and (version.id != seen.version_id or version.digest != seen.digest):
        raise StaleVersion("The draft was changed after this page was opened. Look at the difference, then sign.",
                           seen=seen.version_id, latest=version.id)
    row = plan(inquiry.state, action, actor, facts)
    if row.signature is None or version is None:
        raise Refused(f"{action.label} is not a step that is signed.")
    return Step(inquiry, version, action, row.signature, facts)


def give_back(
    session: Session, actor: Actor, inquiry: Inquiry, seen: Seen, reason: ReturnReason | None, comment: str
) -> ReviewDecision:
    """Return a draft to its author, with coded reason and comment (R80).

    Signatures on the version become void: it is no longer what was meant to go on.

    Raises:
        InvalidInput: reason or comment is missing; Refused, Forbidden, StaleVersion: as in :func:`prepare`.
    """
    fields = {}
    if reason is None:
        fields["reason"] = "Choose a reason from the list."
    if not comment.strip():
        fields["comment"] = "Say what has to change."
    if fields:
        raise InvalidInput("The draft was not returned.", fields=fields)
    version = store.latest_version(session, inquiry.id)
    if version is None or version.id != seen.version_id or version.digest != seen.digest:
        raise StaleVersion("The draft was changed after this page was opened. Look at it again.")
    decision = _decide(session, actor, version, Action.RETURN.value, reason=reason, comment=comment)
    workflow.perform(
        session, actor, inquiry, Action.RETURN, reason=Reason(reason.value if reason else "", comment.strip()),
        changes={"version": (None, version.version), "digest": (None, version.digest)})
    signatures.void_all(session, actor, store.SIGNED_VERSION, version.id, "Returned for changes", inquiry.id)
    return decision


def _decide(
    session: Session, actor: Actor, version: ResponseVersion, outcome: str, *,
    reason: ReturnReason | None = None, comment: str = "", answers: Mapping[str, bool] | None = None,
) -> ReviewDecision:
    decision = ReviewDecision(
        response_version_id=version.id, outcome=outcome, reason=reason, comment=comment,
        checklist={item: bool((answers or {}).get(item)) for item in CHECKLIST} if answers else {},
        decided_at=now(), decided_by=actor.user_id, decider_name=actor.name,
    )
    session.add(decision)
    session.flush()
    return decision
