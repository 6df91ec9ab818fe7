"""The half of the facts that is about the answer: draft, gate, signatures, document, delivery."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.facts import Facts
from inquiry_service.domain.findings import blockers
from inquiry_service.domain.vocabulary import (
    ContentState,
    DeliveryState,
    LabelState,
    RecordStatus,
    SignatureMeaning,
    State,
)
from inquiry_service.errors import EvenhandError, Unmet
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.services import gate
from inquiry_service.services.composition import compose_version
from inquiry_service.store import literature
from inquiry_service.store import products as product_store
from inquiry_service.store import responses as store

_RELEASING = (SignatureMeaning.APPROVAL, SignatureMeaning.RELEASE)
_GATED = (State.DRAFTING, State.RETURNED, State.IN_REVIEW, State.SECOND_REVIEW)
"""States in which the rules decide about a step; later, what was signed is compared with its sources."""


def added(session: Session, inquiry: Inquiry, facts: Facts, seen_digest: str | None) -> Facts:
    """Return ``facts`` with what is known of the answer to ``inquiry``."""
    version = store.latest_version(session, inquiry.id)
    if version is None:
        return facts
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
        gate=_gate(session, inquiry, version) if inquiry.state in _GATED else (),
        source_changes=source_changes(session, inquiry, version),
        approval_valid=any(signature.meaning in _RELEASING for signature in valid),
        document_verified=_has_document(session, version),
        delivery_confirmed=bool(deliveries) and deliveries[-1].state is DeliveryState.SENT,
        delivery_failed=bool(deliveries) and deliveries[-1].state is DeliveryState.FAILED,
    )


def _signer(valid: list[Signature], meaning: SignatureMeaning) -> str:
    return next((signature.user_id for signature in valid if signature.meaning is meaning), "")


def _gate(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    try:
        composed = compose_version(session, inquiry, version)
    except EvenhandError as error:
        return (Unmet("draft_unreadable", error.message, "draft", "R51"),)
    return blockers(gate.findings(session, composed))


def _has_document(session: Session, version: ResponseVersion) -> bool:
    document = store.document_of_version(session, version.id)
    return document is not None and document.content_digest == version.digest


def source_changes(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    """Return what changed since the version was saved: label, content, references, recipient (R55, R65, R69)."""
    return (
        *_label_changes(session, inquiry, version), *_content_changes(version),
        *_reference_changes(session, version), *_recipient_changes(inquiry, version),
    )


def _label_changes(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    current = product_store.current_label(session, inquiry.product_id, inquiry.market)
    signed = version.snapshot.get("label") or {}
    if not signed:
        return ()
    if current is None or current.state is not LabelState.CURRENT:
        return (Unmet("label_retired", f"Label version {signed['version']} was retired and no other is in force.",
                      "label", "R55"),)
    if current.id != signed["id"]:
        return (Unmet("label_changed", f"Label version {current.version} replaced {signed['version']}; save the draft "
                      "again and review it.", "label", "R55"),)
    return ()


def _content_changes(version: ResponseVersion) -> tuple[Unmet, ...]:
    content = version.content_version
    if content is None or (content.state is ContentState.EFFECTIVE and content.expires > now().date()):
        return ()
    return (Unmet("content_not_effective", f"Standard response {content.item.key} version {content.version} "
                  "is no longer effective.", "template", "R64"),)


def _reference_changes(session: Session, version: ResponseVersion) -> tuple[Unmet, ...]:
    cited = {reference["record_id"]: reference for reference in version.snapshot.get("references", ())}
    return tuple(
        Unmet("reference_changed", f"Reference {row.citation_key} is now marked “{row.status.label}”.",
              "evidence", "R69")
        for record_id, row in literature.records(session, list(cited)).items()
        if row.status is not RecordStatus.CURRENT and row.status.label not in cited[record_id]["marks"]
    )


def _recipient_changes(inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    recipient = inquiry.recipient or inquiry.requester
    if version.snapshot["recipient"]["id"] == recipient.id:
        return ()
    return (Unmet("recipient_changed", "The recipient was changed after the draft was saved; save and review it again.",
                  "requester", "R89"),)
