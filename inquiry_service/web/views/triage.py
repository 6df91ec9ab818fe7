"""Triage: classify each question, set level and due date, ask back, redirect, assign."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action, ReasonCode
from inquiry_service.services import assignment, triage, workflow
from inquiry_service.store import inquiries as store
from inquiry_service.store import products
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.account import EmptyForm
from inquiry_service.web.forms.triage import AskForm, AssignForm, ClassifyForm, LevelForm, ReasonForm
from inquiry_service.web.inquiry_pages import back_to, loaded, saved, status_of
from inquiry_service.web.session import db_session

blueprint = Blueprint("triage", __name__, url_prefix="/inquiries/<inquiry_id>")


@requires(Permission.INQUIRY_TRIAGE)
def classify(inquiry_id: str, seq: int) -> ResponseReturnValue:
    """Set one question against the label of its market."""
    inquiry = loaded(inquiry_id)
    question = store.question(db_session(), inquiry, seq)
    labels = products.labels_of(db_session(), current_actor(), inquiry.product_id, inquiry.market)
    form = ClassifyForm(data=_stored(question, labels))
    form.offer([(label.id, _label_words(label)) for label in labels])
    done = saved(form, lambda: triage.classify(
        db_session(), current_actor(), inquiry, question, form.classification()))
    if done:
        return back_to(inquiry_id, f"Question {seq} is classified.", anchor="questions")
    page = render_template("triage/classify.html", inquiry=inquiry, question=question, labels=labels, form=form)
    return page, status_of(form)


def _stored(question: Any, labels: list[Any]) -> dict[str, Any]:
    """What the form starts with: the classification in force, else the current label and nothing decided."""
    known = question.classification
    if known is None:
        return {"label_version_id": labels[0].id if labels else "", "restated": question.restated}
    return {
        "label_status": known.label_status.value, "rationale": known.rationale, "restated": question.restated,
        "off_label_subtype": known.off_label_subtype.value if known.off_label_subtype else "",
        "label_version_id": known.label_version_id or "", "topics": list(question.topics),
        "lane": question.lane.value if question.lane else None,
    }


def _label_words(label: Any) -> str:
    return f"{label.market} {label.version}, effective {label.effective_date}, {label.state.label.lower()}"


@requires(Permission.INQUIRY_TRIAGE)
def level(inquiry_id: str) -> ResponseReturnValue:
    """Set complexity and priority; the due date follows."""
    inquiry = loaded(inquiry_id)
    wanted = inquiry.requester_deadline
    form = LevelForm(data={
        "complexity": inquiry.complexity.value if inquiry.complexity else None, "urgency": inquiry.urgency.value,
        "deadline_on": wanted.date() if wanted else None, "deadline_time": wanted.time() if wanted else None,
    })
    done = saved(form, lambda: triage.set_level(
        db_session(), current_actor(), inquiry, form.level(), form.priority(), form.deadline()))
    if done:
        due = f"{inquiry.due_at:%Y-%m-%d %H:%M} UTC"
        return back_to(inquiry_id, f"Level and priority are set; the answer is due {due}.", anchor="triage")
    return render_template("triage/level.html", inquiry=inquiry, form=form), status_of(form)


@requires(Permission.INQUIRY_TRIAGE)
def finish(inquiry_id: str) -> ResponseReturnValue:
    """End triage."""
    inquiry = loaded(inquiry_id)
    saved(EmptyForm(), lambda: triage.finish(db_session(), current_actor(), inquiry))
    return back_to(inquiry_id, "Triage is finished. Choose who writes the answer.")


@requires(Permission.INQUIRY_TRIAGE)
def ask(inquiry_id: str) -> ResponseReturnValue:
    """Ask the requester back; the clock pauses until the answer."""
    inquiry, form = loaded(inquiry_id), AskForm()
    form.offer(_reasons(inquiry, Action.ASK_REQUESTER))
    done = saved(form, lambda: triage.ask_requester(
        db_session(), current_actor(), inquiry, form.way(), form.note.data, form.chosen()))
    if done:
        return back_to(inquiry_id, "The requester is asked. The clock is paused until the answer.")
    return render_template("triage/ask.html", inquiry=inquiry, form=form), status_of(form)


@requires(Permission.INQUIRY_TRIAGE)
def resume(inquiry_id: str) -> ResponseReturnValue:
    """Go on after the requester's answer."""
    inquiry = loaded(inquiry_id)
    saved(EmptyForm(), lambda: workflow.perform(db_session(), current_actor(), inquiry, Action.RESUME))
    return back_to(inquiry_id, "The clock runs again; the time of the pause was given back.")


@requires(Permission.INQUIRY_TRIAGE)
def redirect_elsewhere(inquiry_id: str) -> ResponseReturnValue:
    """Pass the question to whom it concerns, with a coded reason."""
    inquiry, form = loaded(inquiry_id), ReasonForm()
    form.offer(_reasons(inquiry, Action.REDIRECT))
    done = saved(form, lambda: workflow.perform(
        db_session(), current_actor(), inquiry, Action.REDIRECT, reason=form.chosen()))
    if done:
        return back_to(inquiry_id, f"{inquiry.number} is redirected.")
    return render_template("triage/redirect.html", inquiry=inquiry, form=form), status_of(form)


def _reasons(inquiry: Any, action: Action) -> tuple[ReasonCode, ...]:
    """The coded reasons of a step; a page about a step that is not possible now is not shown at all."""
    return workflow.option(db_session(), current_actor(), inquiry, action).transition.reasons


@requires(Permission.INQUIRY_ASSIGN)
def assign(inquiry_id: str) -> ResponseReturnValue:
    """Choose who writes the answer; those who may not are shown with the reason."""
    inquiry, form = loaded(inquiry_id), AssignForm()
    workflow.option(db_session(), current_actor(), inquiry, Action.ASSIGN)
    people = assignment.candidates(db_session(), inquiry)
    form.offer([(person.id, person.name) for person in people if not person.unfit])
    done = saved(form, lambda: triage.assign(db_session(), current_actor(), inquiry, form.assignee.data))
    if done:
        return back_to(inquiry_id, f"{inquiry.assignee.printed_name} writes the answer.")
    page = render_template("triage/assign.html", inquiry=inquiry, form=form, people=people)
    return page, status_of(form)


_BOTH, _POST = ["GET", "POST"], ["POST"]
blueprint.add_url_rule("/questions/<int:seq>/classify", view_func=classify, methods=_BOTH)
blueprint.add_url_rule("/level", view_func=level, methods=_BOTH)
blueprint.add_url_rule("/triage/finish", view_func=finish, methods=_POST)
blueprint.add_url_rule("/ask", view_func=ask, methods=_BOTH)
blueprint.add_url_rule("/resume", view_func=resume, methods=_POST)
blueprint.add_url_rule("/redirect", endpoint="redirect", view_func=redirect_elsewhere, methods=_BOTH)
blueprint.add_url_rule("/assign", view_func=assign, methods=_BOTH)
