"""The first half of each scripted inquiry: recorded, screened, triaged, assigned; done as people do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.attestation import Attestation
from inquiry_service.domain.vocabulary import (
    BranchState,
    Channel,
    Complexity,
    Forum,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    RequesterType,
    ScreenAnswer,
    SolicitationSituation,
    SpecialSituation,
    Topic,
    Urgency,
    Verification,
)
from inquiry_service.models.inquiries import Inquiry, Question
from inquiry_service.services import drafting, intake, safety, screening, triage
from inquiry_service.services.attachments import Upload
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.demo.people import actor
from inquiry_service.services.demo.script import ScriptedInquiry
from inquiry_service.services.intake_checks import WRITTEN_CHANNELS
from inquiry_service.services.intake_data import IntakeData, PersonData
from inquiry_service.store import inquiries as store
from inquiry_service.store import people, products

FIELD_ACCOUNTS = frozenset({"msl", "sales"})


def record(session: Session, blobs: BlobStore, scripted: ScriptedInquiry) -> Inquiry:
    """Record the inquiry as its submitter would."""
    product = products.by_key(session, scripted.product)
    if product is None:
        raise LookupError(f"{scripted.key}: there is no product {scripted.product}")
    received = now() - timedelta(hours=scripted.hours_ago)
    attestation = None
    if scripted.submitter in FIELD_ACCOUNTS:
        attestation = Attestation(received.date(), "Hospital visit", "Nobody else")
    return intake.record(session, actor(session, scripted.submitter), blobs, IntakeData(
        channel=Channel(scripted.channel), forum=Forum(scripted.forum), received_at=received, zone="UTC",
        product_id=product.id, market="US", language="en-US", requester=_person(scripted.requester),
        questions=tuple(question["text"] for question in scripted.questions), urgency=Urgency(scripted.urgency),
        late_reason=scripted.late_reason, background=scripted.background, attestation=attestation,
        confirmation=scripted.confirmation, uploads=_source(scripted),
    ))


def _person(data: Mapping[str, Any]) -> PersonData:
    return PersonData(**{**data, "type": RequesterType(data["type"]), "country": data.get("country", "US")})


def _source(scripted: ScriptedInquiry) -> tuple[Upload, ...]:
    """A written contact keeps its source: here the text of the message."""
    if Channel(scripted.channel) not in WRITTEN_CHANNELS:
        return ()
    body = "\n\n".join(question["text"] for question in scripted.questions)
    text = f"Subject: Question about {scripted.product.replace('-', ' ')}\n\n{scripted.source_text or body}\n"
    return (Upload("message.txt", text.encode()),)


def screen(session: Session, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Answer every screen and end screening."""
    agent = actor(session, "intake")
    case = _case(scripted.case) if scripted.case else None
    complaint = safety.ComplaintData(**scripted.complaint) if scripted.complaint else None
    screening.screen_contact(session, agent, inquiry, inquiry.interactions[0].id, screening.ContactScreen(
        adverse_event=_answer(bool(case and case.is_adverse_event)),
        special_situation=_answer(bool(case and case.special_situations)),
        complaint=_answer(complaint is not None), case=case, complaint_data=complaint,
    ))
    screening.answer_solicitation(session, agent, inquiry, {
        situation: situation.value == scripted.solicited_by for situation in SolicitationSituation})
    screening.finish(session, agent, inquiry)
    session.flush()
    _branches(session, inquiry, scripted)


def _answer(yes: bool) -> ScreenAnswer:
    return ScreenAnswer.YES if yes else ScreenAnswer.NONE


def _case(data: Mapping[str, Any]) -> safety.CaseData:
    situations = tuple(SpecialSituation(name) for name in data.get("special_situations", ()))
    return safety.CaseData(**{**data, "special_situations": situations,
                              "seriousness": tuple(data.get("seriousness", ()))})


def _branches(session: Session, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Hand the safety record or complaint over, as far as the script says."""
    wanted = BranchState(scripted.branch)
    if wanted is BranchState.SUSPECTED:
        return
    for case in store.safety_cases(session, [inquiry.id]):
        safety.forward_case(session, actor(session, "mi"), case, "Secure mailbox of pharmacovigilance")
        if wanted is BranchState.ACKNOWLEDGED:
            safety.acknowledge_case(session, actor(session, "pv"), case, f"PV-{case.number[-6:]}")
    for complaint in store.complaints(session, [inquiry.id]):
        safety.forward_complaint(session, actor(session, "mi"), complaint)
        if wanted is BranchState.ACKNOWLEDGED:
            safety.acknowledge_complaint(session, actor(session, "quality"), complaint, f"QC-{complaint.number[-6:]}")


def classify_and_triage(session: Session, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Classify each question, set level and due date, establish who asks, end triage."""
    specialist = actor(session, "mi")
    if scripted.verified:
        triage.verify_requester(session, specialist, inquiry, inquiry.requester, Verification.VERIFIED,
                                "Demonstration register")
    for question, entry in zip(inquiry.questions, scripted.questions, strict=True):
        _classify(session, specialist, inquiry, question, entry)
    triage.set_level(session, specialist, inquiry, Complexity(scripted.level), Urgency(scripted.urgency))
    triage.finish(session, specialist, inquiry)


def _classify(
    session: Session, specialist: Actor, inquiry: Inquiry, question: Question, entry: Mapping[str, Any]
) -> None:
    label = products.current_label(session, inquiry.product_id, inquiry.market)
    subtype = entry.get("subtype")
    triage.classify(session, specialist, inquiry, question, triage.ClassificationData(
        label_status=LabelStatus(entry["status"]), rationale=entry["rationale"], lane=Lane(entry.get("lane", "hcp")),
        topics=[Topic(topic) for topic in entry["topics"]], restated=entry["restated"],
        off_label_subtype=OffLabelSubtype(subtype) if subtype else None,
        label_version_id=label.id if label else None,
    ))


def assign(session: Session, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Give the inquiry to the specialist who writes the answer."""
    user = people.by_id(session, actor(session, scripted.assignee).user_id)
    triage.assign(session, actor(session, "mi"), inquiry, user.id)


def start_draft(session: Session, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Begin drafting."""
    drafting.begin(session, actor(session, scripted.assignee), inquiry)
