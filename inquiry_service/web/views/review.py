"""Review: the queue, one version with its changes and sources, giving back, signing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action
from inquiry_service.errors import InvalidInput, Refused, StaleVersion
from inquiry_service.services import review
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store
from inquiry_service.store import reviews as queue_store
from inquiry_service.web import signing_steps
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.review import ReturnForm
from inquiry_service.web.forms.signing import StepForm
from inquiry_service.web.presenters.reasons import inquiry_path, reasons
from inquiry_service.web.presenters.reviews import queue as queue_lines
from inquiry_service.web.review_page import Room
from inquiry_service.web.session import db_session, discard
from inquiry_service.web.signing_steps import Signing

blueprint = Blueprint("review", __name__)

_STEPS = {action.value: action for action in review.DECISIONS}


@requires(Permission.REVIEW_DECIDE)
def queue() -> ResponseReturnValue:
    """Show what waits for a reviewer, the most urgent first."""
    rows = queue_store.waiting(db_session(), current_actor())
    return render_template("review/queue.html", lines=queue_lines(rows, now()))


@requires(Permission.DRAFT_READ)
def show(version_id: str) -> ResponseReturnValue:
    """Show one version beside its base; who may decide finds the checklist and the two decisions."""
    return render_template("review/page.html", **_room(version_id).page())


@requires(Permission.DRAFT_READ)
def of_inquiry(inquiry_id: str) -> ResponseReturnValue:
    """Lead to the newest version of the answer to an inquiry."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    latest = store.latest_version(db_session(), inquiry.id)
    if latest is None:
        raise NotFound
    return redirect(url_for(".show", version_id=latest.id), 303)


@requires(Permission.REVIEW_DECIDE)
def prepare(version_id: str, step: str) -> ResponseReturnValue:
    """Show the sign dialog, or every reason why it cannot be shown yet; ticks of the checklist stay."""
    form = StepForm()
    try:
        return signing_steps.dialog(_signing(version_id, step), form)
    except StaleVersion as refusal:
        return _to_the_newest(version_id, refusal)
    except Refused as refusal:
        discard()
        unmet = reasons(refusal.unmet, _room(version_id).inquiry.id)
        if request.headers.get("HX-Request"):
            return render_template("review/refused.html", message=refusal.message, unmet=unmet)
        return render_template("review/page.html", **_room(version_id).page(form, refused=refusal.message,
                                                                           unmet=unmet)), refusal.status


@requires(Permission.REVIEW_DECIDE)
def sign(version_id: str, step: str) -> ResponseReturnValue:
    """Sign and take the step."""
    try:
        return signing_steps.sign(_signing(version_id, step))
    except StaleVersion as refusal:
        return _to_the_newest(version_id, refusal)


@requires(Permission.REVIEW_DECIDE)
def give_back(version_id: str) -> ResponseReturnValue:
    """Return the draft to its author with reason and comment."""
    room, form = _room(version_id), ReturnForm()
    if request.method == "GET":
        form = ReturnForm(data={"version_id": room.version.id, "digest": room.version.digest})
        return render_template("review/return.html", form=form, version=room.version, inquiry=room.inquiry)
    try:
        if not form.validate_on_submit():
            raise InvalidInput("The draft was not returned.")
        inquiry = inquiries.get(db_session(), current_actor(), room.inquiry.id, lock=True)
        review.give_back(db_session(), current_actor(), inquiry, form.seen, form.coded, form.comment.data or "")
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return render_template("review/return.html", form=form, version=room.version, inquiry=room.inquiry), 422
    except StaleVersion as refusal:
        return _to_the_newest(version_id, refusal)
    flash(f"{room.inquiry.number} went back to {room.version.author_name} with your comment.", "success")
    return redirect(url_for(".queue"), 303)


def _room(version_id: str) -> Room:
    return Room.enter(db_session(), current_actor(), version_id)


def _to_the_newest(version_id: str, refusal: StaleVersion) -> ResponseReturnValue:
    """What was on screen is history: show the newest version with what changed since."""
    discard()
    room = _room(version_id)
    flash(refusal.message, "warning")
    here = url_for(".show", version_id=room.latest.id, against=room.version.version)
    return redirect(here, 303)


def _signing(version_id: str, step: str) -> Signing:
    if step not in _STEPS:
        raise NotFound
    inquiry = _room(version_id).inquiry
    return Signing(
        inquiry.id, _STEPS[step], sign_url=url_for(".sign", version_id=version_id, step=step),
        back=url_for(".show", version_id=version_id),
        done=inquiry_path(inquiry.id) if _STEPS[step] is Action.APPROVE else url_for(".queue"))


blueprint.add_url_rule("/review", view_func=queue)
blueprint.add_url_rule("/review/<version_id>", view_func=show)
blueprint.add_url_rule("/review/<version_id>/return", view_func=give_back, methods=["GET", "POST"])
blueprint.add_url_rule("/review/<version_id>/sign/<step>", view_func=prepare, methods=["POST"])
blueprint.add_url_rule("/review/<version_id>/signed/<step>", view_func=sign, methods=["POST"])
blueprint.add_url_rule("/inquiries/<inquiry_id>/review", view_func=of_inquiry)
