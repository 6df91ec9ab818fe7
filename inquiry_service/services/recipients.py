"""To whom the answer goes: the requester, or another named person with a reason; never a field person (R26, R89)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Personal
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import State
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import audit, requesters
from inquiry_service.services.access import require
from inquiry_service.services.intake_data import PersonData
from inquiry_service.services.requesters import FIELD_ADDRESS
from inquiry_service.store import people
from inquiry_service.store.inquiries import OPEN_STATES


def change(session: Session, actor: Actor, inquiry: Inquiry, data: PersonData | None, reason: str) -> None:
    """Name another recipient than the requester, or the requester again (R89).

    A draft that was saved for somebody else has to be saved and reviewed again: the name stands in it.

    Args:
        data: the other person; None for the requester.
        reason: why the answer does not go to who asked; needed with ``data``.

    Raises:
        Forbidden: the right is missing; Refused: the letter is on its way or the inquiry is over;
        InvalidInput: with one message per field.
    """
    require(actor, Permission.INQUIRY_TRIAGE)
    _check(session, inquiry, data, reason)
    before, old_reason = inquiry.recipient, inquiry.recipient_reason
    person = requesters.add(session, actor, data) if data else None
    inquiry.recipient_id, inquiry.recipient = (person.id if person else None), person
    inquiry.recipient_reason = reason.strip() if person else ""
    session.flush()
    subject = (person or before or inquiry.requester).id
    audit.record(session, actor, Event.INQUIRY_CHANGED, inquiry, changes={
        "recipient": (before.id if before else "the requester", person.id if person else "the requester"),
        "recipient_reason": (Personal(old_reason, subject), Personal(inquiry.recipient_reason, subject)),
    })


def _check(session: Session, inquiry: Inquiry, data: PersonData | None, reason: str) -> None:
    if inquiry.state not in OPEN_STATES or inquiry.state is State.SENDING:
        raise Refused(f"{inquiry.number} is {inquiry.state.label.lower()}; its recipient can no longer be changed.")
    if data is None:
        return
    fields: dict[str, str] = {}
    if not reason.strip():
        fields["recipient_reason"] = "Say why the answer goes to somebody other than the requester."
    if not data.family_name.strip():
        fields["family_name"] = "Name one person."
    if people.is_field_address(session, data.email):
        fields["email"] = FIELD_ADDRESS
    if fields:
        raise InvalidInput("The recipient was not changed.", fields=fields)
