"""The people who ask or receive: recorded, completed, shown only to who follows up (R2, R3, R12, R99)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import State, Verification
from inquiry_service.errors import Forbidden, InvalidInput, Refused
from inquiry_service.models.inquiries import Inquiry, Person
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.intake_data import PersonData
from inquiry_service.store import people
from inquiry_service.store.inquiries import OPEN_STATES

FOLLOWING_UP = (Permission.INQUIRY_SCREEN, Permission.INQUIRY_TRIAGE, Permission.SAFETY_FORWARD)
"""Who holds one of these may have to reach the person, and sees how (R99)."""
FIELD_ADDRESS = "This address belongs to a field account; the answer goes straight to the requester."


def add(session: Session, actor: Actor, data: PersonData) -> Person:
    """Record a person; who that is still has to be verified."""
    person = Person(**vars(data), verification=Verification.UNVERIFIED)
    session.add(person)
    session.flush()
    audit.record(session, actor, Event.PERSON_ADDED, person, changes={
        name: (None, value) for name, value in vars(data).items() if value
    })
    return person


def may_see_contact(actor: Actor) -> bool:
    """Say whether the actor is among those who follow up (R99)."""
    return any(actor.may(permission) for permission in FOLLOWING_UP)


def contact_details(session: Session, actor: Actor, inquiry: Inquiry) -> Person:
    """Return the requester with name and address; looking at them leaves a trace (R81, R99).

    Raises:
        Forbidden: the actor follows nothing up.
    """
    if not may_see_contact(actor):
        raise Forbidden("Only those who follow an inquiry up see who asked.")
    audit.record(session, actor, Event.PERSON_VIEWED, inquiry.requester, inquiry_id=inquiry.id,
                 label=f"the requester of {inquiry.number}")
    return inquiry.requester


def complete(session: Session, actor: Actor, inquiry: Inquiry, data: PersonData) -> None:
    """Complete or correct what is known of the requester (R2).

    Another name or another kind of person has to be verified anew.

    Raises:
        Forbidden: the right is missing; Refused: the inquiry is over or its letter on its way;
        InvalidInput: with one message per field.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    if inquiry.state not in OPEN_STATES or inquiry.state is State.SENDING:
        raise Refused(f"{inquiry.number} is {inquiry.state.label.lower()}; who asked can no longer be changed.")
    if people.is_field_address(session, data.email):
        raise InvalidInput("The details were not saved.", fields={"email": FIELD_ADDRESS})
    person = inquiry.requester
    before = {name: getattr(person, name) for name in vars(data)}
    changes: dict[str, tuple[object, object]] = {
        name: (before[name], value) for name, value in vars(data).items() if before[name] != value}
    if not changes:
        return
    for name, value in vars(data).items():
        setattr(person, name, value)
    if changes.keys() & {"type", "given_name", "family_name", "affiliation"}:
        changes["verification"] = (person.verification, Verification.UNVERIFIED)
        person.verification, person.verification_method = Verification.UNVERIFIED, ""
        person.verified_at, person.verified_by = None, ""
    session.flush()
    audit.record(session, actor, Event.PERSON_CHANGED, person, inquiry_id=inquiry.id,
                 label=f"the requester of {inquiry.number}", changes=changes)
