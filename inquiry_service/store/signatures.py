"""Reading signing tickets."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.models.signatures import SigningTicket


def ticket(session: Session, secret_hash: str) -> SigningTicket | None:
    """Return the ticket whose secret hashes to ``secret_hash``, locked, so that it is spent once."""
    return session.scalar(select(SigningTicket).where(SigningTicket.secret_hash == secret_hash).with_for_update())
