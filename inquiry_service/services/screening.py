"""The screens before triage: adverse event, special situation, complaint (R34) and solicitation (R6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action, ScreenAnswer, SolicitationSituation, State
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.inquiries import Inquiry, Interaction
from inquiry_service.services import audit, safety, workflow
from inquiry_service.services.access import require
from inquiry_service.services.safety import CaseData, ComplaintData
from inquiry_service.store import inquiries as store


@dataclass(frozen=True)
class ContactScreen:
    """The three answers on one contact; a yes brings its record with it (R35)."""

    adverse_event: ScreenAnswer
    special_situation: ScreenAnswer
    complaint: ScreenAnswer
    case: CaseData | None = None
    complaint_data: ComplaintData | None = None

    @property
    def opens_case(self) -> bool:
        """True when a safety record belongs to these answers."""
        return ScreenAnswer.YES in (self.adverse_event, self.special_situation)


def screen_contact(
    session: Session, actor: Actor, inquiry: Inquiry, interaction_id: str, screen: ContactScreen
) -> None:
    """Answer the safety screen of one contact, with name and time; a yes opens its record at once (R34, R35).

    An answer of yes is never taken back here: the record it opened is closed by its own process. What comes
    in later about the same contact goes into that record (``safety_followup.amend_case``).

    Raises:
        Forbidden: the right is missing; InvalidInput: a yes without its record, or a withdrawn yes.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    contact = store.interaction(session, inquiry, interaction_id)
    _check(contact, screen)
    before = (contact.ae_answer, contact.situation_answer, contact.complaint_answer)
    contact.ae_answer, contact.situation_answer = screen.adverse_event, screen.special_situation
    contact.complaint_answer = screen.complaint
    contact.screened_by, contact.screened_at = actor.name, now()
    audit.record(session, actor, Event.CONTACT_SCREENED, contact, inquiry_id=inquiry.id, label=inquiry.number, changes={
        "adverse_event": (before[0], screen.adverse_event),
        "special_situation": (before[1], screen.special_situation),
        "complaint": (before[2], screen.complaint),
    })
    if screen.opens_case and not _had_case(before) and screen.case is not None:
        safety.open_case(session, actor, inquiry, contact, screen.case)
    if screen.complaint is ScreenAnswer.YES and before[2] is not ScreenAnswer.YES and screen.complaint_data:
        safety.open_complaint(session, actor, inquiry, contact, screen.complaint_data)


def _had_case(answers: tuple[ScreenAnswer | None, ...]) -> bool:
    return ScreenAnswer.YES in answers[:2]


def _check(contact: Interaction, screen: ContactScreen) -> None:
    fields: dict[str, str] = {}
    earlier = (contact.ae_answer, contact.situation_answer, contact.complaint_answer)
    for name, old, new in zip(
        ("adverse_event", "special_situation", "complaint"), earlier,
        (screen.adverse_event, screen.special_situation, screen.complaint), strict=True,
    ):
        if old is ScreenAnswer.YES and new is not ScreenAnswer.YES:
            fields[name] = "A yes stays: its record is with Safety or Quality. Add a note there instead."
    if screen.opens_case and not _had_case(earlier) and screen.case is None:
        fields["case"] = "Fill in the safety record; it may be incomplete."
    if screen.complaint is ScreenAnswer.YES and earlier[2] is not ScreenAnswer.YES and screen.complaint_data is None:
        fields["complaint_data"] = "Describe the complaint; it may be incomplete."
    if fields:
        raise InvalidInput("The screen was not saved.", fields=fields)


def answer_solicitation(
    session: Session, actor: Actor, inquiry: Inquiry, answers: Mapping[SolicitationSituation, bool], note: str = ""
) -> None:
    """Answer the eight situations of R6 together; all of them, once, before screening ends.

    Raises:
        Forbidden: the right is missing; InvalidInput: an answer is missing; Refused: screening is over.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    if inquiry.state not in (State.RECEIVED, State.AWAITING_CONFIRMATION):
        raise Refused("The solicitation screen is closed; Compliance decides about a change.")
    missing = [situation for situation in SolicitationSituation if situation not in answers]
    if missing:
        raise InvalidInput("Answer all eight questions.", fields={item.value: "Answer yes or no." for item in missing})
    before = inquiry.solicitation
    plain = {situation.value: bool(answers[situation]) for situation in SolicitationSituation}
    inquiry.solicitation = {"answers": plain, "note": note, "by": actor.name, "at": now().isoformat()}
    audit.record(session, actor, Event.SOLICITATION_SCREENED, inquiry,
                 changes={"answers": (before.get("answers") if before else None, plain)})


def finish(session: Session, actor: Actor, inquiry: Inquiry) -> None:
    """End screening; a solicited question goes to Compliance in the same step (R6).

    Raises:
        Refused: with every screen that is still missing.
    """
    workflow.perform(session, actor, inquiry, Action.SCREEN)
    if any((inquiry.solicitation or {}).get("answers", {}).values()):
        workflow.perform(session, SYSTEM, inquiry, Action.HOLD)


def record_confirmation(session: Session, actor: Actor, inquiry: Inquiry, note: str) -> None:
    """Record how the professional confirmed the request of a sales submitter (R5).

    Raises:
        InvalidInput: nothing was said about how.
    """
    require(actor, Permission.INQUIRY_SCREEN)
    if not note.strip():
        raise InvalidInput("Say how and when the professional confirmed.",
                           fields={"confirmation": "Say how and when the professional confirmed."})
    inquiry.confirmation_received_at, inquiry.confirmation_note = now(), note
    workflow.perform(session, actor, inquiry, Action.RECORD_CONFIRMATION, reason=Reason("", note))
