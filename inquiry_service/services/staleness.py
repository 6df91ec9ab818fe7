"""Back to review when what a signed letter rests on has changed (R55, R64, R69, R89).

Asked before a letter is sent, and from time to time by the worker for every letter that is signed and not sent
yet, so that nobody finds out only at the door.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.vocabulary import Action, ReasonCode, State
from inquiry_service.errors import Unmet
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import signatures, workflow
from inquiry_service.services.source_changes import source_changes
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store

SIGNED_STATES = (State.APPROVED, State.READY)
"""Signed, and still in our hands."""
VOIDED = "A source changed after signing"


def bounce_if_stale(session: Session, inquiry: Inquiry) -> tuple[Unmet, ...]:
    """Send a signed letter back to review, its signatures void, when a source changed; return what changed.

    Args:
        inquiry: locked for the change. In any other state than approved or ready nothing is done.
    """
    version = store.latest_version(session, inquiry.id)
    if inquiry.state not in SIGNED_STATES or version is None:
        return ()
    changed = source_changes(session, inquiry, version)
    if changed:
        why = " ".join(change.message for change in changed)
        workflow.perform(session, SYSTEM, inquiry, Action.BOUNCE, reason=Reason(ReasonCode.SOURCE_CHANGED.value, why),
                         changes={"sources": (None, [change.code for change in changed])})
        signatures.void_all(session, SYSTEM, store.SIGNED_VERSION, version.id, VOIDED, inquiry.id)
    return changed


def sweep(factory: SessionFactory, reading: Session) -> int:
    """Look at every signed letter that is not sent yet; return how many went back to review.

    Args:
        factory: for the changes, one transaction each. reading: a session that takes no lock, for looking.
    """
    stale = [inquiry.id for inquiry in store.unsent_inquiries(reading, SIGNED_STATES) if _is_stale(reading, inquiry)]
    reading.rollback()
    bounced = 0
    for inquiry_id in stale:
        with transaction(factory) as session:
            bounced += bool(bounce_if_stale(session, inquiries.get(session, SYSTEM, inquiry_id, lock=True)))
    return bounced


def _is_stale(session: Session, inquiry: Inquiry) -> bool:
    version = store.latest_version(session, inquiry.id)
    return version is not None and bool(source_changes(session, inquiry, version))
