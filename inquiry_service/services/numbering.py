"""Human numbers such as ``MI-2026-000123``: one range per prefix and year, without gaps.

The number is taken inside the business transaction, so a rolled-back change gives its number back.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from inquiry_service.clock import now

_TAKE = text(
    "INSERT INTO number_sequence (name, last) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET last = number_sequence.last + 1 RETURNING last"
)


def next_number(session: Session, prefix: str, *, digits: int = 6) -> str:
    """Return the next number of the range ``prefix`` in the current year (UTC)."""
    name = f"{prefix}-{now().year}"
    last = session.execute(_TAKE, {"name": name}).scalar_one()
    return f"{name}-{last:0{digits}d}"
