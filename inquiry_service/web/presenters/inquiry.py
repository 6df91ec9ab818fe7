"""The page of one inquiry as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.signing import manifestation, short
from inquiry_service.domain.vocabulary import Lane, ScreenAnswer, SolicitationSituation, State, Topic, Verification
from inquiry_service.services.hold import Decision, Standing
from inquiry_service.services.inquiry_file import Answer, InquiryFile
from inquiry_service.services.requesters import may_see_contact
from inquiry_service.web.presenters.clock import Clock, clock_of
from inquiry_service.web.presenters.inquiry_steps import Address, Places, Steps, steps_of
from inquiry_service.web.presenters.safety import Card, case_card, complaint_card
from inquiry_service.web.presenters.timeline import Happening, happenings

_VERIFIED = {Verification.VERIFIED: ("ok", "check"), Verification.SELF_DECLARED: ("info", "user"),
             Verification.UNVERIFIED: ("warn", "alert-circle")}


@dataclass(frozen=True)
class QuestionCard:
    """One question: word for word, restated, classified; with its corrections and earlier classifications."""

    seq: int
    verbatim: str
    restated: str
    lane: Lane | None
    topics: tuple[str, ...]
    now: Any
    earlier: tuple[Any, ...]
    addenda: tuple[Any, ...]


@dataclass(frozen=True)
class ContactCard:
    """One contact: how it came, its sources, what the screen said; ``answers`` is empty until it is screened."""

    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sources: tuple[Any, ...]
    answers: tuple[tuple[str, ScreenAnswer | None], ...]
    screened: str
    attestation: dict[str, Any] | None


@dataclass(frozen=True)
class Solicitation:
    """The eight answers: which were yes, who gave them, and the finding of Compliance on them.

    Attributes:
        answered: False while nobody answered.
        yes: the situations that were answered with yes, in words.
        signed: the words of the signature under the finding; empty without one.
        sound: False when screen or finding are not what was signed (R74).
    """

    answered: bool
    yes: tuple[str, ...] = ()
    by: str = ""
    note: str = ""
    finding: str = ""
    decision: Decision | None = None
    signed: str = ""
    sound: bool = True


@dataclass(frozen=True)
class InquiryPage:
    """Everything that the template shows."""

    id: str
    number: str
    state: State
    clock: Clock
    head: tuple[tuple[str, str], ...]
    steps: Steps
    questions: tuple[QuestionCard, ...]
    contacts: tuple[ContactCard, ...]
    cases: tuple[Card, ...]
    complaints: tuple[Card, ...]
    requester: tuple[tuple[str, str], ...]
    verification: tuple[str, str, str]
    solicitation: Solicitation
    triage: tuple[tuple[str, str], ...]
    answer: Answer | None
    file: InquiryFile
    events: tuple[Happening, ...]
    may_see_contact: bool


def page_of(file: InquiryFile, viewer: Actor, moment: datetime, address: Address) -> InquiryPage:
    """Return the page of an inquiry for ``viewer`` at ``moment``.

    Args:
        address: endpoint and values to an address; empty for a page that does not exist here.
    """
    inquiry: Any = file.inquiry
    return InquiryPage(
        id=inquiry.id, number=inquiry.number, state=inquiry.state,
        clock=clock_of(inquiry.state, inquiry.due_at, inquiry.paused_at, inquiry.market, moment),
        head=_head(file, viewer), steps=steps_of(inquiry.state, file.options, _places(inquiry, address)),
        questions=tuple(_question(question) for question in inquiry.questions),
        contacts=tuple(_contact(contact) for contact in inquiry.interactions),
        cases=tuple(case_card(case, inquiry.market, moment) for case in file.cases),
        complaints=tuple(complaint_card(complaint, inquiry.market, moment) for complaint in file.complaints),
        requester=_requester(inquiry), verification=_verification(inquiry.requester),
        solicitation=_solicitation(inquiry, file.standing), triage=_triage(inquiry), answer=file.answer, file=file,
        events=happenings(file.events, viewer), may_see_contact=may_see_contact(viewer),
    )


def _places(inquiry: Any, address: Address) -> Places:
    contact = next((c.id for c in inquiry.interactions if c.screened_at is None), "")
    question = next((q.seq for q in inquiry.questions if q.classification is None or q.lane is None), 0)
    return Places(address, inquiry.id, contact, question)


def _head(file: InquiryFile, viewer: Actor) -> tuple[tuple[str, str], ...]:
    inquiry: Any = file.inquiry
    owner = inquiry.assignee.printed_name if inquiry.assignee else "Nobody yet"
    label = f"{file.label.market}, {file.label.version}" if file.label else ""
    return (
        ("Product", inquiry.product.name),
        ("Owner", "You" if inquiry.assignee_id == viewer.user_id else owner),
        ("Label", label),
    )


def _question(question: Any) -> QuestionCard:
    return QuestionCard(
        seq=question.seq, verbatim=question.verbatim, restated=question.restated, lane=question.lane,
        topics=tuple(Topic(topic).label for topic in question.topics), now=question.classification,
        earlier=tuple(reversed(question.classifications[:-1])), addenda=tuple(question.addenda),
    )


def _contact(contact: Any) -> ContactCard:
    answers = (
        ("Adverse event", contact.ae_answer), ("Special situation", contact.situation_answer),
        ("Complaint", contact.complaint_answer),
    )
    screened = f"{contact.screened_by}, {_moment(contact.screened_at)}" if contact.screened_at else ""
    return ContactCard(
        id=contact.id, title=f"{contact.channel.label}, {_moment(contact.received_at)}",
        facts=(
            ("Forum", contact.forum.label), ("Entered", _moment(contact.entered_at)),
            ("Time zone", contact.received_zone), ("Late because", contact.late_reason),
            ("Place", contact.place), ("Also present", contact.others_present),
        ),
        sources=tuple(contact.attachments), answers=answers if contact.screened_at else (), screened=screened,
        attestation=contact.attestation,
    )


def _requester(inquiry: Any) -> tuple[tuple[str, str], ...]:
    person, recipient = inquiry.requester, inquiry.recipient
    lanes = dict.fromkeys(question.lane.label for question in inquiry.questions if question.lane)
    return (
        ("Who", f"{person.type.label}, {person.country}"), ("Where", person.affiliation),
        ("Lane", ", ".join(lanes)), ("Answer to", "Another person" if recipient else "The requester"),
        ("Why", inquiry.recipient_reason), ("Basis", inquiry.lawful_basis),
    )


def _verification(person: Any) -> tuple[str, str, str]:
    """Words, tone and icon of the tag."""
    tone, icon = _VERIFIED[person.verification]
    return person.verification.label, tone, icon


def _solicitation(inquiry: Any, standing: Standing | None) -> Solicitation:
    screen = inquiry.solicitation
    if not screen:
        return Solicitation(answered=False)
    signature: Any = standing.signature if standing else None
    return Solicitation(
        answered=True, by=screen["by"], note=screen["note"], finding=inquiry.solicitation_finding,
        yes=tuple(item.label for item in SolicitationSituation if screen["answers"].get(item.value)),
        decision=standing.decision if standing else None, sound=standing is None or standing.decision is not None,
        signed=signed_words(signature) if signature else "",
    )


def signed_words(signature: Any) -> str:
    """Return a signature as it is shown everywhere: who, meaning, when, and the short digest (R73)."""
    words = manifestation(
        signature.meaning, signature.printed_name, signature.signed_at, credentials=signature.title,
        zone=signature.zone)
    return f"{words} — {short(signature.digest)}"


def _triage(inquiry: Any) -> tuple[tuple[str, str], ...]:
    return (
        ("Level", inquiry.complexity.label if inquiry.complexity else ""), ("Priority", inquiry.urgency.label),
        ("Due", _moment(inquiry.due_at)), ("Wanted by", _moment(inquiry.requester_deadline)),
        ("Purpose", inquiry.purpose.label), ("Market", inquiry.market), ("Lot", inquiry.lot),
        ("Background", inquiry.background), ("Looked at already", inquiry.sources_consulted),
    )


def _moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else ""
