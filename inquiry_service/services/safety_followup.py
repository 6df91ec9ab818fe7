"""Follow-up information on safety records and complaints, until they are handed over (R35, R44)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import BranchState
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.safety import ProductComplaint, SafetyCase
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.safety import CONSUMER, CaseData, ComplaintData
from inquiry_service.store import inquiries as store

_PERSONAL = frozenset({"reaction", "patient_code", "patient_facts"})


def amend_case(session: Session, actor: Actor, case: SafetyCase, data: CaseData, source: str) -> None:
    """Add what a follow-up brought to a safety record that is not handed over yet (R35).

    Day zero stays: it is the first awareness (R39). After the hand-over, Safety keeps the record; a later
    message is a contact of its own, with its own screen.

    Args:
        source: where the information comes from, e.g. the call-back of a date.

    Raises:
        Forbidden: the right is missing; Refused: it was handed over; InvalidInput: no source, nothing new.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    if case.state is not BranchState.SUSPECTED:
        raise Refused(f"{case.number} has been handed over; record the new message as a contact of its own.")
    subject = _subject(session, case)
    new = {
        **vars(data), "special_situations": [situation.value for situation in data.special_situations],
        "seriousness": list(data.seriousness),
        "reporter_qualification": data.reporter_qualification or CONSUMER,
        "reporter_country": data.reporter_country or case.reporter_country,
        "suspect_product": data.suspect_product or case.suspect_product,
        "is_adverse_event": case.is_adverse_event or data.is_adverse_event,
    }
    changes = {name: (getattr(case, name), value) for name, value in new.items() if getattr(case, name) != value}
    _check_amendment(changes, source)
    for name, (_, value) in changes.items():
        setattr(case, name, value)
    session.flush()
    audit.record(session, actor, Event.SAFETY_CASE_CHANGED, case, reason=Reason("", source), changes={
        name: (Personal(old, subject), Personal(value, subject)) if name in _PERSONAL else (old, value)
        for name, (old, value) in changes.items()
    })


def _subject(session: Session, case: SafetyCase) -> str:
    """The person whose erasure takes personal values out of the log: who asked."""
    return str(store.get(session, SYSTEM, case.inquiry_id).requester_id)


def _check_amendment(changes: dict[str, tuple[object, object]], source: str) -> None:
    if not source.strip():
        raise InvalidInput("The record was not changed.",
                           fields={"source": "Say where the information comes from."})
    if not changes:
        raise InvalidInput("Nothing was changed; the record says all this already.")


def amend_complaint(
    session: Session, actor: Actor, complaint: ProductComplaint, data: ComplaintData, source: str
) -> None:
    """Add what a follow-up brought to a complaint that is not handed over yet (R44).

    Raises:
        Forbidden: the right is missing; Refused: it was handed over; InvalidInput: no source, nothing new.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    if complaint.state is not BranchState.SUSPECTED:
        raise Refused(f"{complaint.number} has been handed over; record the new message as a contact of its own.")
    changes: dict[str, tuple[object, object]] = {
        name: (getattr(complaint, name), value) for name, value in vars(data).items()
        if getattr(complaint, name) != value
    }
    _check_amendment(changes, source)
    for name, (_, value) in changes.items():
        setattr(complaint, name, value)
    session.flush()
    audit.record(session, actor, Event.COMPLAINT_CHANGED, complaint, reason=Reason("", source), changes=changes)
