"""Safety records and complaints: opened at once, handed over, receipt confirmed (R35-R48)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import BranchState, SpecialSituation
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.inquiries import Inquiry, Interaction
from inquiry_service.models.safety import ProductComplaint, SafetyCase
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.calendar import handover_due
from inquiry_service.services.numbering import next_number

CONSUMER = "consumer"
"""R36: a reporter without a stated qualification counts as a consumer."""


@dataclass(frozen=True)
class CaseData:
    """The four criteria of a safety record (R36); whatever is not known stays empty (R35).

    Attributes:
        reporter_qualification: empty means consumer; reporter_country: empty means country of receipt.
        patient_code: a code, never a name (R48); patient_facts: age, sex and the like.
    """

    is_adverse_event: bool
    special_situations: tuple[SpecialSituation, ...] = ()
    reporter_qualification: str = ""
    reporter_country: str = ""
    patient_code: str = ""
    patient_facts: str = ""
    suspect_product: str = ""
    reaction: str = ""
    seriousness: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class ComplaintData:
    """A complaint about quality as it was made (R44)."""

    product_and_strength: str
    nature: str
    lot: str = ""
    expiry: str = ""
    sample_available: bool = False


def criteria(case: SafetyCase) -> dict[str, bool]:
    """Return which of the four criteria of a valid report are met, with their fallback rules (R36)."""
    return {
        "Reporter": bool(case.reporter_qualification and case.reporter_country),
        "Patient": bool(case.patient_code or case.patient_facts),
        "Suspect product": bool(case.suspect_product),
        "Reaction": bool(case.reaction or case.special_situations),
    }


def open_case(session: Session, actor: Actor, inquiry: Inquiry, contact: Interaction, data: CaseData) -> SafetyCase:
    """Open a safety record; day zero is the awareness time of the contact (R35, R39)."""
    case = SafetyCase(
        number=next_number(session, "SR"), inquiry_id=inquiry.id, interaction_id=contact.id,
        state=BranchState.SUSPECTED, is_adverse_event=data.is_adverse_event,
        special_situations=[situation.value for situation in data.special_situations],
        reporter_qualification=data.reporter_qualification or CONSUMER,
        reporter_country=data.reporter_country or inquiry.market,
        patient_code=data.patient_code, patient_facts=data.patient_facts,
        suspect_product=data.suspect_product or inquiry.product.name, reaction=data.reaction,
        seriousness=list(data.seriousness), day_zero=contact.received_at,
        due_at=handover_due(contact.received_at, inquiry.market), created_at=now(), created_by=actor.name,
    )
    session.add(case)
    session.flush()
    audit.record(session, actor, Event.SAFETY_CASE_OPENED, case, changes={
        "adverse_event": (None, case.is_adverse_event), "special_situations": (None, case.special_situations),
        "reaction": (None, Personal(case.reaction, inquiry.requester_id)),
        "patient": (None, Personal(f"{case.patient_code} {case.patient_facts}".strip(), inquiry.requester_id)),
        "day_zero": (None, case.day_zero), "due_at": (None, case.due_at),
    })
    return case


def open_complaint(
    session: Session, actor: Actor, inquiry: Inquiry, contact: Interaction, data: ComplaintData
) -> ProductComplaint:
    """Open a product complaint; an oral one counts as a written one (R44)."""
    complaint = ProductComplaint(
        number=next_number(session, "PC"), inquiry_id=inquiry.id, interaction_id=contact.id,
        state=BranchState.SUSPECTED, received_at=contact.received_at, created_at=now(), created_by=actor.name,
        **vars(data),
    )
    session.add(complaint)
    session.flush()
    audit.record(session, actor, Event.COMPLAINT_OPENED, complaint, changes={
        "product_and_strength": (None, data.product_and_strength), "lot": (None, data.lot),
        "nature": (None, data.nature),
    })
    return complaint


def forward_case(session: Session, actor: Actor, case: SafetyCase, how: str) -> None:
    """Hand a safety record over to pharmacovigilance; what was handed over is fixed by its hash (R41).

    Raises:
        Forbidden: the right is missing; Refused: it was handed over before; InvalidInput: not said how.
    """
    require(actor, Permission.SAFETY_FORWARD)
    if case.state is not BranchState.SUSPECTED:
        raise Refused(f"{case.number} has been handed over already.")
    if not how.strip():
        raise InvalidInput("Say how and to whom it was handed over.", fields={"how": "Say how and to whom."})
    case.state, case.forwarded_at, case.forwarded_by = BranchState.FORWARDED, now(), actor.name
    case.forwarded_how, case.forwarded_sha256 = how, digest(handed_over(case))
    audit.record(session, actor, Event.SAFETY_CASE_FORWARDED, case, changes={
        "state": (BranchState.SUSPECTED, case.state), "how": (None, how), "sha256": (None, case.forwarded_sha256),
    })


def handed_over(case: SafetyCase) -> dict[str, object]:
    """Return the content of a hand-over: no name and no address of a patient (R48)."""
    names = ("number", "is_adverse_event", "special_situations", "reporter_qualification", "reporter_country",
             "patient_code", "patient_facts", "suspect_product", "reaction", "seriousness", "day_zero")
    return {name: getattr(case, name) for name in names}


def acknowledge_case(session: Session, actor: Actor, case: SafetyCase, pv_case_number: str) -> None:
    """Confirm receipt, with the number that pharmacovigilance gave it (R41).

    Raises:
        Forbidden: the right is missing; Refused: not handed over yet; InvalidInput: no number.
    """
    require(actor, Permission.SAFETY_ACKNOWLEDGE)
    if case.state is not BranchState.FORWARDED:
        raise Refused(f"{case.number} is not waiting for a confirmation of receipt.")
    if not pv_case_number.strip():
        raise InvalidInput("Enter the case number.", fields={"pv_case_number": "Enter the case number."})
    case.state, case.acknowledged_at, case.acknowledged_by = BranchState.ACKNOWLEDGED, now(), actor.name
    case.pv_case_number = pv_case_number.strip()
    audit.record(session, actor, Event.SAFETY_CASE_ACKNOWLEDGED, case, changes={
        "state": (BranchState.FORWARDED, case.state), "pv_case_number": (None, case.pv_case_number),
    })


def forward_complaint(session: Session, actor: Actor, complaint: ProductComplaint, how: str = "") -> None:
    """Hand a complaint over to Quality.

    Args:
        how: how and to whom; kept in the audit.

    Raises:
        Forbidden: the right is missing; Refused: it was handed over before.
    """
    require(actor, Permission.SAFETY_FORWARD)
    if complaint.state is not BranchState.SUSPECTED:
        raise Refused(f"{complaint.number} has been handed over already.")
    complaint.state, complaint.forwarded_at, complaint.forwarded_by = BranchState.FORWARDED, now(), actor.name
    audit.record(session, actor, Event.COMPLAINT_FORWARDED, complaint, reason=Reason("", how) if how else None,
                 changes={"state": (BranchState.SUSPECTED, complaint.state)})


def acknowledge_complaint(session: Session, actor: Actor, complaint: ProductComplaint, quality_number: str) -> None:
    """Confirm receipt of a complaint, with the number that Quality gave it.

    Raises:
        Forbidden: the right is missing; Refused: not handed over yet; InvalidInput: no number.
    """
    require(actor, Permission.COMPLAINT_ACKNOWLEDGE)
    if complaint.state is not BranchState.FORWARDED:
        raise Refused(f"{complaint.number} is not waiting for a confirmation of receipt.")
    if not quality_number.strip():
        raise InvalidInput("Enter the case number.", fields={"quality_case_number": "Enter the case number."})
    complaint.state, complaint.acknowledged_at = BranchState.ACKNOWLEDGED, now()
    complaint.acknowledged_by, complaint.quality_case_number = actor.name, quality_number.strip()
    audit.record(session, actor, Event.COMPLAINT_ACKNOWLEDGED, complaint, changes={
        "state": (BranchState.FORWARDED, complaint.state), "quality_case_number": (None, quality_number.strip()),
    })
