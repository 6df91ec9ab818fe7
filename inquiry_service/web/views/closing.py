"""The ends of an inquiry: close, close without answer, withdraw; and the follow-up to a closed one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action
from inquiry_service.errors import NotFound
from inquiry_service.services import follow_up as follow_ups
from inquiry_service.services import workflow
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.closing import FollowUpForm
from inquiry_service.web.forms.triage import ReasonForm
from inquiry_service.web.inquiry_pages import back_to, loaded, saved, status_of
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("closing", __name__, url_prefix="/inquiries/<inquiry_id>")

ENDINGS = {
    Action.CLOSE: "Nothing more will be done. Later messages can still be recorded, and a new question opens a "
                  "follow-up.",
    Action.CLOSE_UNANSWERED: "The requester could not be reached. No answer will be sent.",
    Action.WITHDRAW: "The requester no longer wants an answer. Nothing will be sent; the record, its safety records "
                     "and complaints stay. This cannot be undone.",
}


@requires(Permission.INQUIRY_CLOSE)
def step(inquiry_id: str, action: str) -> ResponseReturnValue:
    """Ask for the reason, read back what will end, then end it."""
    ending = next((one for one in ENDINGS if one.value == action), None)
    inquiry = loaded(inquiry_id)
    if ending is None:
        raise NotFound("There is no such step.")
    option = workflow.option(db_session(), current_actor(), inquiry, ending)
    form = ReasonForm()
    form.offer(option.transition.reasons)
    done = saved(form, lambda: workflow.perform(
        db_session(), current_actor(), inquiry, ending, reason=form.chosen()))
    if done:
        return back_to(inquiry_id, f"{inquiry.number} is {inquiry.state.label.lower()}.")
    page = render_template("closing/step.html", inquiry=inquiry, form=form, option=option, words=ENDINGS[ending])
    return page, status_of(form)


@requires(Permission.INQUIRY_RECORD)
def follow_up(inquiry_id: str) -> ResponseReturnValue:
    """Open a follow-up to a closed inquiry: a new inquiry with the new question."""
    parent, form, made = loaded(inquiry_id), FollowUpForm(), []
    workflow.option(db_session(), current_actor(), parent, Action.REOPEN)
    done = saved(form, lambda: made.append(follow_ups.open_follow_up(
        db_session(), current_actor(), runtime().blobs, parent, form.follow_up())))
    if done:
        flash(f"{made[0].number} follows up {parent.number}. Screen it next.", "success")
        return redirect(url_for("inquiries.show", inquiry_id=made[0].id), 303)
    if not form.is_submitted():
        form.received_on.data = now().date()
    return render_template("closing/follow_up.html", inquiry=parent, form=form), status_of(form)


blueprint.add_url_rule("/end/<action>", view_func=step, methods=["GET", "POST"])
blueprint.add_url_rule("/follow-up", view_func=follow_up, methods=["GET", "POST"])
