"""The demonstration's accounts, one or two per role, named by role; they exist in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Role
from inquiry_service.services import accounts, sign_in
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.passwords import DEMO_PASSWORD, Passwords
from inquiry_service.store import people

SESSION = "demonstration"
TRAINING = timedelta(days=365)


@dataclass(frozen=True)
class DemoAccount:
    """A login of the demonstration."""

    name: str
    printed_name: str
    title: str
    role: Role

    @property
    def email(self) -> str:
        """The user id."""
        return f"{self.name}@demo.example"


ACCOUNTS = (
    DemoAccount("mi", "MI specialist", "Medical Information", Role.MI_SPECIALIST),
    DemoAccount("mi2", "MI specialist 2", "Medical Information", Role.MI_SPECIALIST),
    DemoAccount("intake", "Intake agent", "Contact centre", Role.INTAKE_AGENT),
    DemoAccount("reviewer", "Reviewer 1", "Medical reviewer", Role.MEDICAL_REVIEWER),
    DemoAccount("reviewer2", "Reviewer 2", "Medical reviewer", Role.MEDICAL_REVIEWER),
    DemoAccount("librarian", "Content owner", "Library and content", Role.CONTENT_OWNER),
    DemoAccount("pv", "Safety contact", "Pharmacovigilance", Role.SAFETY_CONTACT),
    DemoAccount("quality", "Quality contact", "Quality", Role.QUALITY_CONTACT),
    DemoAccount("compliance", "Compliance officer", "Compliance", Role.COMPLIANCE),
    DemoAccount("auditor", "Auditor", "Internal audit", Role.AUDITOR),
    DemoAccount("privacy", "Privacy officer", "Privacy", Role.PRIVACY_OFFICER),
    DemoAccount("admin", "Administrator", "IT operations", Role.ADMINISTRATOR),
    DemoAccount("msl", "Medical science liaison", "Field medical", Role.FIELD_MSL),
    DemoAccount("sales", "Sales representative", "Field sales", Role.FIELD_SALES),
)


def create(session: Session, passwords: Passwords) -> None:
    """Make the accounts, trained and ready to sign in with the public demonstration password."""
    for account in ACCOUNTS:
        accounts.create_account(
            session, OPERATOR, email=account.email, printed_name=account.printed_name, title=account.title,
            password=DEMO_PASSWORD, roles=[account.role], reason="Demonstration account", passwords=passwords,
            is_demo=True, must_change_password=False, trained_until=(now() + TRAINING).date(),
        )
        session.flush()


def actor(session: Session, name: str) -> Actor:
    """Return the demonstration account ``name`` as an actor."""
    user = people.by_email(session, f"{name}@demo.example")
    if user is None:
        raise LookupError(f"the demonstration has no account {name}")
    return sign_in.actor_for(user, SESSION)
