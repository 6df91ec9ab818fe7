"""The second half of each scripted inquiry: evidence, draft, review, signatures, sending."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.vocabulary import (
    Action,
    Channel,
    DeliveryMethod,
    EvidenceVerdict,
    ReasonCode,
    RejectReason,
    ReturnReason,
)
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.search.port import Filters, SearchIndex
from inquiry_service.services import delivery, drafting, evidence, review, triage, workflow
from inquiry_service.services.demo.people import actor
from inquiry_service.services.demo.script import ScriptedInquiry
from inquiry_service.services.drafting import DraftData
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.review import CHECKLIST, Seen
from inquiry_service.services.sending import DEMO_SENDER
from inquiry_service.services.signatures import Components
from inquiry_service.store import content as content_store
from inquiry_service.store import literature
from inquiry_service.store import responses as store

OTHER_TRIPTANS = ("rizatriptan", "zolmitriptan", "naratriptan", "almotriptan", "eletriptan", "frovatriptan")

CONFIRMED: Mapping[str, bool] = dict.fromkeys(CHECKLIST, True)


def gather_evidence(session: Session, index: SearchIndex, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Search the library, keep what the answer cites, reject what the script rejects."""
    if not scripted.query:
        return
    person = actor(session, scripted.assignee)
    run = evidence.record_search(session, index, person, inquiry, scripted.query, Filters())
    kept = set()
    for key, record in literature.by_citation(session, _cited(session, scripted)).items():
        kept.add(record.id)
        evidence.decide(session, person, inquiry, record.id,
                        DecisionData(EvidenceVerdict.KEPT, scripted.stance_of(key.removeprefix("pmid"))))
    others = literature.records(session, [hit.record_id for hit in run.hits if hit.record_id not in kept])
    for record in others.values():
        evidence.decide(session, person, inquiry, record.id,
                        DecisionData(EvidenceVerdict.REJECTED, reject_reason=_why_not(record.title, record.abstract)))


def _why_not(title: str, abstract: str) -> RejectReason:
    """The reason that a reader of title and abstract would give."""
    if not abstract.strip():
        return RejectReason.NO_ABSTRACT
    other = any(name in title.lower() for name in OTHER_TRIPTANS) and "sumatriptan" not in title.lower()
    return RejectReason.OTHER_PRODUCT if other else RejectReason.OTHER_QUESTION


def _cited(session: Session, scripted: ScriptedInquiry) -> tuple[str, ...]:
    content = content_store.block(session, scripted.content)
    return tuple(dict.fromkeys(citations_in(content.source))) if content else ()


def write(session: Session, inquiry: Inquiry, scripted: ScriptedInquiry, *, base: int = 0, addition: str = "") -> None:
    """Save a version made from the standard response, with the author's addition to its last part."""
    content = content_store.block(session, scripted.content) if scripted.content else None
    title, source = drafting.start_from(content, inquiry)
    drafting.save(session, actor(session, scripted.assignee), inquiry, DraftData(
        title=title, source=source + addition, field_values={}, content_version_id=content.id if content else None,
        base_version=base, change_note=scripted.note,
    ))


def sign(session: Session, inquiry: Inquiry, account: str, action: Action) -> None:
    """Take a signed step with the demonstration password, through the same door as everybody."""
    person = actor(session, account)
    version = store.latest_version(session, inquiry.id)
    if version is None:
        raise LookupError(f"{inquiry.number} has no draft to sign")
    seen = Seen(version.id, version.digest)
    _, ticket = review.prepare(session, person, inquiry, action, seen, CONFIRMED)
    session.flush()
    typed = Components(ticket, f"{account}@demo.example", DEMO_PASSWORD)
    review.sign_step(session, person, inquiry, action, seen, CONFIRMED, typed)


def give_back(session: Session, inquiry: Inquiry) -> None:
    """Return the draft as the reviewer would."""
    version = store.latest_version(session, inquiry.id)
    if version is None:
        raise LookupError(f"{inquiry.number} has no draft to return")
    review.give_back(
        session, actor(session, "reviewer"), inquiry, Seen(version.id, version.digest), ReturnReason.INACCURATE,
        "The summary names the oesophageal study first, though it is the smallest. Give the design and the number of "
        "patients beside each figure, so that the reader can weigh them.",
    )


def send(session: Session, inquiry: Inquiry) -> None:
    """Release the letter for sending."""
    delivery.send(session, actor(session, "mi2"), inquiry, DeliveryMethod.FILE, DEMO_SENDER)


def step(session: Session, inquiry: Inquiry, account: str, action: Action, code: ReasonCode, words: str) -> None:
    """Take an unsigned step with a coded reason."""
    workflow.perform(session, actor(session, account), inquiry, action, reason=Reason(code.value, words))


def ask_requester(session: Session, inquiry: Inquiry, attempts: int) -> None:
    """Ask the requester to narrow the question, with every attempt logged."""
    specialist = actor(session, "mi")
    triage.log_contact_attempt(session, specialist, inquiry, Channel.PHONE, "No answer; left a message to call back.")
    step(session, inquiry, "mi", Action.ASK_REQUESTER, ReasonCode.OVERBROAD,
         "Which patients and which route are meant?")
    for number in range(2, attempts + 1):
        triage.log_contact_attempt(session, specialist, inquiry, Channel.EMAIL, f"Attempt {number}: wrote again.")
