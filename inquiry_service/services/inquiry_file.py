"""Everything about one inquiry, as far as the person who looks may see it (R24, R99)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.workflow import Option
from inquiry_service.models.documents import Delivery, Document
from inquiry_service.models.inquiries import ContactAttempt, Inquiry
from inquiry_service.models.products import LabelVersion
from inquiry_service.models.responses import ResponseVersion, ReviewDecision
from inquiry_service.models.safety import ProductComplaint, SafetyCase
from inquiry_service.models.signatures import Signature
from inquiry_service.services import hold, render_trouble, workflow
from inquiry_service.services.hold import Standing
from inquiry_service.services.render_trouble import RenderTrouble
from inquiry_service.store import audit as audit_store
from inquiry_service.store import inquiries, products, safety, tallies
from inquiry_service.store import responses as answers
from inquiry_service.store.audit import AuditFilter, AuditRow
from inquiry_service.store.tallies import EvidenceTally

LATEST = 25
"""So many of the newest events stand on the page; the whole record has a page of its own."""


@dataclass(frozen=True)
class Answer:
    """The answer so far, for those who may read drafts."""

    evidence: EvidenceTally
    version: ResponseVersion | None
    decisions: list[ReviewDecision]
    signatures: list[Signature]
    documents: list[Document]
    deliveries: list[Delivery]
    trouble: RenderTrouble | None


@dataclass(frozen=True)
class InquiryFile:
    """One inquiry with all that belongs to it.

    Attributes:
        options: the viewer's own steps, open or with what stands in their way.
        answer: None for a viewer who may not read drafts.
        label: the label in force; None also for a viewer who may not read labels.
        events: the newest entries of the audit log about it, newest first.
        standing: the signed finding of Compliance, verified; None without one.
    """

    inquiry: Inquiry
    options: tuple[Option, ...]
    cases: list[SafetyCase]
    complaints: list[ProductComplaint]
    attempts: list[ContactAttempt]
    answer: Answer | None
    label: LabelVersion | None
    events: list[AuditRow]
    follow_ups: list[Inquiry]
    parent: Inquiry | None
    standing: Standing | None


def file_of(session: Session, viewer: Actor, inquiry_id: str) -> InquiryFile:
    """Return the file of one inquiry, through the viewer's eyes.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    inquiry = inquiries.get(session, viewer, inquiry_id)
    return InquiryFile(
        inquiry=inquiry,
        options=workflow.options(session, viewer, inquiry),
        cases=safety.cases_of(session, viewer, inquiry_id),
        complaints=safety.complaints_of(session, viewer, inquiry_id),
        attempts=inquiries.contact_attempts(session, inquiry_id),
        answer=_answer(session, inquiry) if answers.readable(viewer) else None,
        label=_label(session, viewer, inquiry),
        events=audit_store.page(session, AuditFilter(inquiry_id=inquiry_id), limit=LATEST),
        follow_ups=inquiries.follow_ups(session, inquiry_id),
        parent=inquiries.get(session, viewer, inquiry.parent_id) if inquiry.parent_id else None,
        standing=hold.standing(session, inquiry),
    )


def _answer(session: Session, inquiry: Inquiry) -> Answer:
    inquiry_id = inquiry.id
    return Answer(
        evidence=tallies.evidence_of(session, inquiry_id),
        version=answers.latest_version(session, inquiry_id),
        decisions=answers.decisions(session, inquiry_id),
        signatures=answers.signatures_of_inquiry(session, inquiry_id),
        documents=answers.documents(session, inquiry_id),
        deliveries=answers.deliveries(session, inquiry_id),
        trouble=render_trouble.of(session, inquiry),
    )


def _label(session: Session, viewer: Actor, inquiry: Inquiry) -> LabelVersion | None:
    if not viewer.may(Permission.CONTENT_READ):
        return None
    return products.current_label(session, inquiry.product_id, inquiry.market)
