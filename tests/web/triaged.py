"""Triage of a screened inquiry, for tests that start behind it."""

from __future__ import annotations

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import (
    Complexity,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    Topic,
    Urgency,
    Verification,
)
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import triage
from inquiry_service.services.runtime import Session
from inquiry_service.services.triage import ClassificationData
from inquiry_service.store import products


def classified(session: Session, by: Actor, inquiry: Inquiry) -> None:
    """Classify every question as off-label, verify the requester, and finish triage."""
    label = products.current_label(session, inquiry.product_id, inquiry.market)
    for question in inquiry.questions:
        triage.classify(session, by, inquiry, question, ClassificationData(
            label_status=LabelStatus.OFF_LABEL, rationale="Section 1 names another use.", lane=Lane.HCP,
            topics=[Topic.EFFICACY], restated="Restated question", off_label_subtype=OffLabelSubtype.INDICATION,
            label_version_id=label.id if label else None))
    triage.verify_requester(session, by, inquiry, inquiry.requester, Verification.VERIFIED, "National register")
    triage.set_level(session, by, inquiry, Complexity.LEVEL_1, Urgency.STANDARD)
    triage.finish(session, by, inquiry)
