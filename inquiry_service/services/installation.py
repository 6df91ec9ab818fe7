"""The installation: what kind of data it holds, and for whom it writes letters."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import ConfigurationError
from inquiry_service.models.installation import Installation
from inquiry_service.services import audit
from inquiry_service.store import installation as store

DEMO, PRODUCTION = "demo", "production"
_REGULATORS = {"US": "FDA MedWatch at 1-800-FDA-1088 or www.fda.gov/medwatch"}


@dataclass(frozen=True)
class OrganisationData:
    """The organisation in whose name letters are written; contacts are ``phone, e-mail``."""

    name: str
    address: str
    follow_up_contact: str
    safety_contact: str
    country: str = "US"


def begin(session: Session, *, demo: bool, organisation: OrganisationData | None = None) -> Installation:
    """Set up a new installation, or return the one that is there if it is of the same kind.

    Raises:
        ConfigurationError: the database holds the other kind of data; the two never mix.
    """
    mode = DEMO if demo else PRODUCTION
    found = store.installation(session)
    if found is not None:
        ensure_mode(found, demo=demo)
        return found
    data = organisation or OrganisationData("Your organisation", "", "", "")
    row = Installation(id=1, mode=mode, created_at=now(), organisation=data.name, address=data.address,
                       follow_up_contact=data.follow_up_contact, safety_contact=data.safety_contact,
                       country=data.country)
    session.add(row)
    session.flush()
    audit.record(session, SYSTEM, Event.SYSTEM_INITIALISED, row, label=f"{mode} installation",
                 changes={"mode": (None, mode), "organisation": (None, data.name)})
    return row


def describe(session: Session, actor: Actor, row: Installation, data: OrganisationData) -> None:
    """Set for whom letters are written; earlier letters keep the letterhead that they were signed with."""
    before = (row.organisation, row.address, row.follow_up_contact, row.safety_contact)
    row.organisation, row.address, row.country = data.name, data.address, data.country
    row.follow_up_contact, row.safety_contact = data.follow_up_contact, data.safety_contact
    after = (row.organisation, row.address, row.follow_up_contact, row.safety_contact)
    if before != after:
        names = ("organisation", "address", "follow_up_contact", "safety_contact")
        audit.record(session, actor, Event.SETTING_CHANGED, row, label="organisation",
                     changes=dict(zip(names, zip(before, after, strict=True), strict=True)))


def ensure_mode(found: Installation, *, demo: bool) -> None:
    """Refuse to run demonstration settings on real data, and the other way round.

    Raises:
        ConfigurationError: says what to change.
    """
    if found.mode == DEMO and not demo:
        raise ConfigurationError("This database holds demonstration data. Set EVENHAND_DEMO=1 or use another "
                                 "EVENHAND_DATABASE_URL.")
    if found.mode == PRODUCTION and demo:
        raise ConfigurationError("This database holds real data; demo mode is refused. Unset EVENHAND_DEMO or use "
                                 "another EVENHAND_DATABASE_URL.")


def organisation_name(session: Session) -> str:
    """Return the name of the organisation that letters come from."""
    found = store.installation(session)
    return found.organisation if found else ""


def letterhead(session: Session, market: str) -> dict[str, object]:
    """Return the letterhead of this installation as plain data."""
    found = store.installation(session)
    if found is None:
        raise ConfigurationError("Run “evenhand init” first.")
    return {
        "name": found.organisation, "remark": "demo" if found.mode == DEMO else "", "address": found.address,
        "follow_up": _contact(found.follow_up_contact), "safety": _contact(found.safety_contact),
        "regulator_report": _REGULATORS.get(market, ""),
    }


def _contact(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
