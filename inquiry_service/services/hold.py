"""The hold on a solicited question: Compliance decides, with a finding and a signature (R6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import Action, ReasonCode, SignatureMeaning
from inquiry_service.domain.workflow import plan
from inquiry_service.errors import InvalidInput
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.signatures import Signature
from inquiry_service.services import signatures, workflow
from inquiry_service.services.facts import gather
from inquiry_service.services.signatures import Components, Signable
from inquiry_service.store import responses as store

SIGNED_INQUIRY = "inquiry"
"""Object type under which findings on a hold are kept."""
LONGEST_FINDING = 5000


class Decision(StrEnum):
    """What Compliance found."""

    RELEASE = "release"
    CLOSE = "close"


_STEPS = {
    Decision.RELEASE: (Action.RELEASE_HOLD, ReasonCode.UNSOLICITED_CONFIRMED),
    Decision.CLOSE: (Action.CLOSE_SOLICITED, ReasonCode.SOLICITED),
}


@dataclass(frozen=True)
class Finding:
    """The decision and the reasons for it, as they are signed."""

    decision: Decision
    text: str

    @property
    def plain_text(self) -> str:
        """The words with one kind of line break: browsers send another one than they got."""
        return self.text.replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class Standing:
    """A signed finding as it is shown: the signature, and the decision that its digest proves.

    Attributes:
        decision: None when the stored screen or finding is not what was signed (R74).
    """

    signature: Signature
    decision: Decision | None


def prepare(session: Session, actor: Actor, inquiry: Inquiry, finding: Finding) -> tuple[Signable, str]:
    """Check a decision and return what will be signed, with the ticket for the sign form.

    Raises:
        Refused: there is no hold to decide on; Forbidden: the right is missing;
        InvalidInput: the finding is empty or too long.
    """
    _check(session, actor, inquiry, finding)
    signable = signable_of(inquiry, finding)
    return signable, signatures.issue_ticket(session, actor, signable, SignatureMeaning.COMPLIANCE_FINDING)


def decide(session: Session, actor: Actor, inquiry: Inquiry, finding: Finding, typed: Components) -> Signature:
    """Sign the finding and release or close the inquiry; call it first in the unit of work.

    Raises:
        Refused, Forbidden, InvalidInput: as in :func:`prepare`;
        SignatureRefused, Locked: the components; the unit of work was rolled back.
    """
    _check(session, actor, inquiry, finding)
    signature = signatures.sign(
        session, actor, signable_of(inquiry, finding), SignatureMeaning.COMPLIANCE_FINDING, typed)
    action, code = _STEPS[finding.decision]
    inquiry.solicitation_finding = finding.plain_text
    workflow.perform(session, actor, inquiry, action, reason=Reason(code.value, finding.plain_text))
    return signature


def signable_of(inquiry: Inquiry, finding: Finding) -> Signable:
    """Return what is signed: the screen as answered, the decision, its words."""
    content = _digest(inquiry, finding.decision, finding.plain_text)
    return Signable(
        SIGNED_INQUIRY, inquiry.id, inquiry.revision, content, f"{inquiry.number} Compliance finding", inquiry.id)


def standing(session: Session, inquiry: Inquiry) -> Standing | None:
    """Return the finding that was signed on this inquiry, verified against what is stored now; None without one."""
    given = [
        signature for signature in store.signatures_of(session, SIGNED_INQUIRY, inquiry.id)
        if signature.meaning is SignatureMeaning.COMPLIANCE_FINDING
    ]
    if not given:
        return None
    proven = (decision for decision in Decision
              if _digest(inquiry, decision, inquiry.solicitation_finding) == given[-1].digest)
    return Standing(given[-1], next(proven, None))


def _digest(inquiry: Inquiry, decision: Decision, text: str) -> str:
    content: dict[str, Any] = {
        "inquiry": inquiry.number, "screen": inquiry.solicitation, "decision": decision.value, "finding": text,
    }
    return digest(content)


def _check(session: Session, actor: Actor, inquiry: Inquiry, finding: Finding) -> None:
    action, _ = _STEPS[finding.decision]
    plan(inquiry.state, action, actor, gather(session, inquiry))
    if not finding.plain_text:
        raise InvalidInput("The finding was not saved.", fields={"finding": "Say what you looked at and found."})
    if len(finding.plain_text) > LONGEST_FINDING:
        raise InvalidInput("The finding was not saved.",
                           fields={"finding": f"Shorten this to {LONGEST_FINDING} characters."})
