"""The line "3 new since approval" about an answer, for the pages of its inquiry."""

from __future__ import annotations

from typing import Any

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import SignatureMeaning
from inquiry_service.store import responses
from inquiry_service.store import saved_searches as store
from inquiry_service.web.access import current_actor
from inquiry_service.web.presenters import saved_searches as presenter
from inquiry_service.web.session import db_session

_APPROVING = (SignatureMeaning.REVIEW, SignatureMeaning.APPROVAL)


def watch_of(inquiry_id: str) -> dict[str, Any] | None:
    """Return what the searches that watch over the answer of an inquiry found new since it was approved.

    None if nothing watches, or for who does not search the library.
    """
    searches = store.watching(db_session(), inquiry_id) if current_actor().may(Permission.LITERATURE_SEARCH) else []
    if not searches:
        return None
    approved = [signature.signed_at for signature in responses.signatures_of_inquiry(db_session(), inquiry_id)
                if signature.is_valid and signature.meaning in _APPROVING]
    alerts = store.alerts_of(db_session(), [search.id for search in searches])
    return presenter.watch(searches, alerts, max(approved, default=None))
