"""What happens at the end of a scripted inquiry's road: the turns that real inquiries take as well."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import Action, Channel, Forum, ReasonCode
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import follow_up, hold
from inquiry_service.services.demo import answer_steps
from inquiry_service.services.demo.people import actor
from inquiry_service.services.demo.script import ScriptedInquiry
from inquiry_service.services.follow_up import FollowUpData
from inquiry_service.services.hold import Decision, Finding
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.signatures import Components

Ending = Callable[[Session, Runtime, Inquiry, ScriptedInquiry], None]


def take(session: Session, runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    """Take the turn that the script names, if it names one."""
    if scripted.turn:
        _ENDINGS[scripted.turn](session, runtime, inquiry, scripted)


def _ask(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.ask_requester(session, inquiry, attempts=1)


def _give_up(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.ask_requester(session, inquiry, attempts=3)
    answer_steps.step(session, inquiry, "mi", Action.CLOSE_UNANSWERED, ReasonCode.NO_REPLY, "Three attempts, no reply.")


def _redirect(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.step(session, inquiry, "mi", Action.REDIRECT, ReasonCode.OTHER_FIRM,
                      "Gave the telephone number of the other company's medical information.")


def _return(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.give_back(session, inquiry)


def _withdraw(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.step(session, inquiry, "mi", Action.WITHDRAW, ReasonCode.REQUESTER_WISH, "Question settled meanwhile.")


def _bounce(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.step(session, inquiry, "mi2", Action.REPORT_BOUNCE, ReasonCode.DELIVERY_BOUNCED,
                      "The mail server of the practice answered that the mailbox does not exist.")


def _decide(session: Session, inquiry: Inquiry, decision: Decision, words: str) -> None:
    person, finding = actor(session, "compliance"), Finding(decision, words)
    _, ticket = hold.prepare(session, person, inquiry, finding)
    session.flush()
    typed = Components(ticket, "compliance@demo.example", DEMO_PASSWORD)
    hold.decide(session, person, inquiry, finding, typed)


def _release_hold(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    _decide(session, inquiry, Decision.RELEASE, "The press release named no use of this product; unprompted.")


def _close_solicited(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    _decide(session, inquiry, Decision.CLOSE, "The speaker raised the use; reported to the compliance board.")


def _reopen(session: Session, runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    follow_up.open_follow_up(session, actor(session, "mi2"), runtime.blobs, inquiry, FollowUpData(
        channel=Channel.PHONE, forum=Forum.PRIVATE, received_at=now(), zone="UTC",
        questions=("Thank you. And what is the dose in mild hepatic impairment?",),
        why="The requester called with a further question.",
    ))


_ENDINGS: dict[str, Ending] = {
    "clarification": _ask, "no_reply": _give_up, "redirected": _redirect, "returned": _return,
    "withdrawn": _withdraw, "delivery_failed": _bounce, "released_hold": _release_hold,
    "closed_solicited": _close_solicited, "reopened": _reopen,
}
