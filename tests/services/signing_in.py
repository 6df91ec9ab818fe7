"""One attempt to sign in, and what the log says afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.people import User
from inquiry_service.services import sign_in
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.sign_in import Attempt, SignedIn
from tests.factories import PASSWORD


def attempt(runtime: Runtime, person: User | str, password: str = PASSWORD, **more: str) -> SignedIn:
    """Sign a person, or the account of that name, in."""
    email = person if isinstance(person, str) else person.email
    return sign_in.sign_in(runtime, Attempt(email, password, **({"address": "192.0.2.7"} | more)))


def events(session: Session) -> list[str]:
    """Return the actions in the log, oldest first."""
    found = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
    # On SQLite the session under test holds the write lock until it ends its transaction.
    session.commit()
    return found
