"""The half of the facts that is about the answer: draft, gate, signatures, document, delivery."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from inquiry_service.domain.facts import Facts
from inquiry_service.domain.findings import blockers
from inquiry_service.domain.vocabulary import DeliveryState, SignatureMeaning, State
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.services import gate, render_trouble
from inquiry_service.services.source_changes import source_changes
from inquiry_service.store import responses as store

_RELEASING = (SignatureMeaning.APPROVAL, SignatureMeaning.RELEASE)
_GATED = (State.DRAFTING, State.RETURNED, State.IN_REVIEW, State.SECOND_REVIEW)
"""States in which the rules decide about a step; later, what was signed is compared with its sources."""


def added(session: Session, inquiry: Inquiry, facts: Facts, seen_digest: str | None) -> Facts:
    """Return ``facts`` with what is known of the answer to ``inquiry``."""
    version = store.latest_version(session, inquiry.id)
    if version is None:
        # Nothing to ask the rules about, nothing to compare: that no draft is saved blocks by itself.
        return replace(facts, version_is_current=seen_digest is None, gate=(), source_changes=())
    signatures = store.signatures_of(session, store.SIGNED_VERSION, version.id)
    valid = [signature for signature in signatures if signature.is_valid and signature.digest == version.digest]
    deliveries = store.deliveries(session, inquiry.id)
    return replace(
        facts,
        has_version=True,
        version_is_current=seen_digest is None or seen_digest == version.digest,
        response_type=version.type,
        author_ids=frozenset(v.author_id for v in store.versions(session, inquiry.id)),
        first_reviewer_id=_signer(valid, SignatureMeaning.REVIEW),
        gate=blockers(gate.findings_of_version(session, inquiry, version)) if inquiry.state in _GATED else (),
        source_changes=source_changes(session, inquiry, version),
        approval_valid=any(signature.meaning in _RELEASING for signature in valid),
        document_verified=_has_document(session, version),
        rendering_failed=render_trouble.of(session, inquiry) is not None,
        delivery_confirmed=bool(deliveries) and deliveries[-1].state is DeliveryState.SENT,
        delivery_failed=bool(deliveries) and deliveries[-1].state is DeliveryState.FAILED,
    )


def _signer(valid: list[Signature], meaning: SignatureMeaning) -> str:
    return next((signature.user_id for signature in valid if signature.meaning is meaning), "")


def _has_document(session: Session, version: ResponseVersion) -> bool:
    document = store.document_of_version(session, version.id)
    return document is not None and document.content_digest == version.digest
