"""The screens before triage, later messages and corrections: what intake does on an inquiry (R1, R5, R6, R34)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action, ScreenAnswer, SolicitationSituation, State
from inquiry_service.services import contacts, screening, triage, workflow
from inquiry_service.store import inquiries as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.account import EmptyForm
from inquiry_service.web.forms.screening import (
    AddendumForm,
    ConfirmationForm,
    ContactScreenForm,
    MessageForm,
    SolicitationForm,
)
from inquiry_service.web.inquiry_pages import back_to, loaded, saved, status_of
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("screening", __name__, url_prefix="/inquiries/<inquiry_id>")


@requires(Permission.INQUIRY_SCREEN)
def contact(inquiry_id: str, contact_id: str) -> ResponseReturnValue:
    """Answer the adverse event, special situation and complaint screen of one contact."""
    inquiry = loaded(inquiry_id)
    found = store.interaction(db_session(), inquiry, contact_id)
    before = {"adverse_event": found.ae_answer, "special_situation": found.situation_answer,
              "complaint": found.complaint_answer}
    given = {name: answer.value for name, answer in before.items() if answer}
    form = ContactScreenForm(data=given)
    done = saved(form, lambda: screening.screen_contact(
        db_session(), current_actor(), inquiry, contact_id, form.screen()))
    if done:
        return back_to(inquiry_id, "The safety screen is answered.", anchor="safety")
    had = {"case": ScreenAnswer.YES in (found.ae_answer, found.situation_answer),
           "complaint": found.complaint_answer is ScreenAnswer.YES}
    page = render_template("screening/contact.html", inquiry=inquiry, contact=found, form=form, had=had)
    return page, status_of(form)


@requires(Permission.INQUIRY_SCREEN)
def solicitation(inquiry_id: str) -> ResponseReturnValue:
    """Answer the eight situations that make a question a prompted one."""
    inquiry = loaded(inquiry_id)
    earlier = (inquiry.solicitation or {}).get("answers", {})
    data = {name: "yes" if answer else "no" for name, answer in earlier.items()}
    form = SolicitationForm(data=data | {"note": (inquiry.solicitation or {}).get("note", "")})
    done = saved(form, lambda: screening.answer_solicitation(
        db_session(), current_actor(), inquiry, form.answers(), form.note.data or ""))
    if done:
        return back_to(inquiry_id, "The solicitation screen is answered.", anchor="screens")
    page = render_template("screening/solicitation.html", inquiry=inquiry, form=form,
                           situations=tuple(SolicitationSituation))
    return page, status_of(form)


@requires(Permission.INQUIRY_SCREEN)
def finish(inquiry_id: str) -> ResponseReturnValue:
    """End screening; a solicited question goes to Compliance in the same step."""
    inquiry = loaded(inquiry_id)
    saved(EmptyForm(), lambda: screening.finish(db_session(), current_actor(), inquiry))
    if inquiry.state is State.SOLICITED_HOLD:
        return back_to(inquiry_id, "Screening is finished. The question was prompted, so Compliance decides first.",
                       tone="warning")
    return back_to(inquiry_id, "Screening is finished.")


@requires(Permission.INQUIRY_SCREEN)
def confirmation(inquiry_id: str) -> ResponseReturnValue:
    """Record how the professional confirmed the request of a sales submitter."""
    inquiry, form = loaded(inquiry_id), ConfirmationForm()
    workflow.option(db_session(), current_actor(), inquiry, Action.RECORD_CONFIRMATION)
    done = saved(form, lambda: screening.record_confirmation(
        db_session(), current_actor(), inquiry, form.confirmation.data))
    if done:
        return back_to(inquiry_id, "The confirmation is recorded.")
    return render_template("screening/confirmation.html", inquiry=inquiry, form=form), status_of(form)


@requires(Permission.INQUIRY_SCREEN)
def message(inquiry_id: str) -> ResponseReturnValue:
    """Record a later message; its own safety screen comes next."""
    inquiry, form = loaded(inquiry_id), MessageForm()
    done = saved(form, lambda: contacts.add(
        db_session(), current_actor(), runtime().blobs, inquiry, form.contact_data()))
    if done:
        return back_to(inquiry_id, "The message is recorded. Answer its safety screen next.", anchor="contacts")
    if not form.is_submitted():
        form.received_on.data = now().date()
    page = render_template("screening/message.html", inquiry=inquiry, form=form,
                           takes_question=inquiry.state in contacts.TAKES_QUESTIONS)
    return page, status_of(form)


@requires(Permission.INQUIRY_SCREEN)
def addendum(inquiry_id: str, seq: int) -> ResponseReturnValue:
    """Add a dated correction beside a question."""
    inquiry, form = loaded(inquiry_id), AddendumForm()
    question = store.question(db_session(), inquiry, seq)
    if saved(form, lambda: triage.add_addendum(db_session(), current_actor(), inquiry, question, form.text.data)):
        return back_to(inquiry_id, f"The correction stands beside question {seq}.", anchor="questions")
    page = render_template("screening/addendum.html", inquiry=inquiry, question=question, form=form)
    return page, status_of(form)


_BOTH = ["GET", "POST"]
blueprint.add_url_rule("/contacts/<contact_id>/screen", view_func=contact, methods=_BOTH)
blueprint.add_url_rule("/solicitation", view_func=solicitation, methods=_BOTH)
blueprint.add_url_rule("/screening/finish", view_func=finish, methods=["POST"])
blueprint.add_url_rule("/confirmation", view_func=confirmation, methods=_BOTH)
blueprint.add_url_rule("/contacts/new", view_func=message, methods=_BOTH)
blueprint.add_url_rule("/questions/<int:seq>/addendum", view_func=addendum, methods=_BOTH)
