"""An inquiry before its answer, for tests: recorded, screened, triaged, each step through the services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.vocabulary import (
    Complexity,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    ReasonCode,
    Role,
    ScreenAnswer,
    SolicitationSituation,
    SpecialSituation,
    Topic,
    Urgency,
    Verification,
)
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.safety import ProductComplaint, SafetyCase
from inquiry_service.services import screening, triage
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.safety import CaseData, ComplaintData
from inquiry_service.services.screening import ContactScreen
from inquiry_service.services.triage import ClassificationData
from inquiry_service.store import inquiries, products, safety
from tests import factories

NO, YES = ScreenAnswer.NONE, ScreenAnswer.YES
CLEAN = ContactScreen(NO, NO, NO)
CASE = CaseData(
    is_adverse_event=True, special_situations=(SpecialSituation.OFF_LABEL_USE,), reporter_qualification="physician",
    patient_facts="woman, 34", reaction="tightness in the chest")
COMPLAINT = ComplaintData("Tryptanol 50 mg", "the tablet crumbles", lot="L7")
REPORTED = ContactScreen(YES, NO, YES, CASE, COMPLAINT)
NONE_PROMPTED = dict.fromkeys(SolicitationSituation, False)
PROMPTED = NONE_PROMPTED | {SolicitationSituation.REPLY_CARD: True}


@dataclass(frozen=True)
class FrontDesk:
    """The people at the front, a product with its label, and a session to work in; nothing is committed."""

    session: Session
    blobs: BlobStore
    intake: Actor
    specialist: Actor
    product: Any
    label_id: str

    def person(self, *roles: Role, **more: Any) -> Actor:
        """Return another person, in a browser of their own."""
        return replace(factories.actor(self.session, *roles, **more), session_id="another-session")

    def recorded(self, by: Actor | None = None, **details: Any) -> Inquiry:
        """Record an inquiry."""
        return factories.inquiry(self.session, by or self.intake, self.product, self.blobs, **details)

    def screened(self, inquiry: Inquiry, *, screen: ContactScreen = CLEAN, prompted: bool = False) -> Inquiry:
        """Answer both screens and finish screening."""
        for contact in inquiry.interactions:
            screening.screen_contact(self.session, self.intake, inquiry, contact.id, screen)
        answers = PROMPTED if prompted else NONE_PROMPTED
        screening.answer_solicitation(self.session, self.intake, inquiry, answers, "the card" if prompted else "")
        screening.finish(self.session, self.intake, inquiry)
        return inquiry

    def classification(self, **more: Any) -> ClassificationData:
        """Return a classification as off-label for professionals, changed as ``more`` says."""
        known: dict[str, Any] = {
            "label_status": LabelStatus.OFF_LABEL, "rationale": "Section 1 names acute treatment only.",
            "lane": Lane.HCP, "topics": [Topic.EFFICACY], "restated": "Prevention of migraine",
            "off_label_subtype": OffLabelSubtype.INDICATION, "label_version_id": self.label_id,
        }
        return ClassificationData(**(known | more))

    def prepared(self, inquiry: Inquiry, **more: Any) -> Inquiry:
        """Do everything that triage asks for, but do not finish it."""
        for question in inquiry.questions:
            triage.classify(self.session, self.specialist, inquiry, question, self.classification(**more))
        triage.set_level(self.session, self.specialist, inquiry, Complexity.LEVEL_2, Urgency.STANDARD)
        triage.verify_requester(
            self.session, self.specialist, inquiry, inquiry.requester, Verification.VERIFIED, "Registry")
        return inquiry

    def triaged(self, **details: Any) -> Inquiry:
        """Record, screen and triage an inquiry."""
        inquiry = self.prepared(self.screened(self.recorded(**details)))
        triage.finish(self.session, self.specialist, inquiry)
        return inquiry

    def case_of(self, inquiry: Inquiry) -> SafetyCase:
        """Return its one safety record."""
        (case,) = inquiries.safety_cases(self.session, [inquiry.id])
        return case

    def complaint_of(self, inquiry: Inquiry) -> ProductComplaint:
        """Return its one complaint."""
        (complaint,) = safety.complaints_of(self.session, self.specialist, inquiry.id)
        return complaint


def reason(code: ReasonCode, text: str = "Said on the telephone.") -> Reason:
    """Return a coded reason with words."""
    return Reason(code.value, text)


def open_front_desk(session: Session, directory: Path) -> FrontDesk:
    """Make the people, the product and its label."""
    product = factories.product_with_label(session)
    label = products.current_label(session, product.id, "US")
    assert label is not None
    return FrontDesk(
        session, factories.blob_store(directory), factories.actor(session, Role.INTAKE_AGENT),
        replace(factories.actor(session, Role.MI_SPECIALIST), session_id="a-session"), product, label.id)
