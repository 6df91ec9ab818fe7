"""Reading the one row that says what this installation is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.models.installation import Installation


def installation(session: Session) -> Installation | None:
    """Return the installation, or None before ``evenhand init``."""
    return session.get(Installation, 1)
