"""The draft of an answer: begin, choose reviewed content, write, look at it, save, send it on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action
from inquiry_service.errors import InvalidInput, Refused, StaleVersion
from inquiry_service.services import drafting
from inquiry_service.store import inquiries
from inquiry_service.web import signing_steps
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.draft_page import Desk
from inquiry_service.web.forms.account import EmptyForm
from inquiry_service.web.forms.drafts import DraftForm
from inquiry_service.web.forms.signing import StepForm
from inquiry_service.web.presenters.reasons import inquiry_path
from inquiry_service.web.session import db_session, runtime
from inquiry_service.web.signing_steps import Signing

blueprint = Blueprint("drafts", __name__, url_prefix="/inquiries/<inquiry_id>/draft")

_STEPS = {Action.SUBMIT.value: Action.SUBMIT, Action.RELEASE.value: Action.RELEASE}


@requires(Permission.DRAFT_READ)
def edit(inquiry_id: str) -> ResponseReturnValue:
    """Show the draft: the editor to who may write now, the letter to everybody else."""
    desk = _desk(inquiry_id)
    mode = desk.mode()
    form, sheet = None, None
    if mode == "edit":
        started = request.args.get("content", "")
        form = desk.started(started) if started else desk.saved()
        sheet = desk.sheet(form) if started else desk.saved_sheet(desk.version)
    elif mode == "read":
        sheet = desk.saved_sheet(desk.version)
    return render_template("drafts/page.html", **desk.page(mode, form, sheet))


@requires(Permission.DRAFT_WRITE)
def start(inquiry_id: str) -> ResponseReturnValue:
    """Begin drafting."""
    EmptyForm().validate_on_submit()
    drafting.begin(db_session(), current_actor(), _desk(inquiry_id, lock=True).inquiry)
    flash("Drafting has begun.", "success")
    return redirect(url_for(".edit", inquiry_id=inquiry_id), 303)


@requires(Permission.DRAFT_WRITE)
def save(inquiry_id: str) -> ResponseReturnValue:
    """Save a new version; whatever stands in the way, nothing that was typed is lost."""
    desk = _desk(inquiry_id, lock=True)
    form = desk.posted()
    if not form.validate_on_submit():
        return _typed(desk, form), 422
    try:
        row = drafting.save(desk.session, desk.viewer, desk.inquiry, form.data_of())
    except StaleVersion as refusal:
        return _typed(desk, form, conflict=desk.conflict(form, refusal)), 409
    except InvalidInput as refusal:
        form.take_refusal(refusal.message, refusal.fields)
        return _typed(desk, form), 422
    except Refused as refusal:
        return _typed(desk, form, refused=refusal.message), 409
    flash(f"Version {row.version} was saved.", "success")
    return redirect(url_for(".edit", inquiry_id=inquiry_id), 303)


@requires(Permission.DRAFT_WRITE)
def preview(inquiry_id: str) -> ResponseReturnValue:
    """Show the letter of what was typed so far; nothing is saved. Without script the whole page comes back."""
    with runtime().reading() as session:
        desk = Desk(session, current_actor(), inquiries.get(session, current_actor(), inquiry_id))
        form = desk.posted()
        form.validate_on_submit()
        if not request.headers.get("HX-Request"):
            return _typed(desk, form)
        return render_template("drafts/preview.html", sheet=desk.sheet(form))


@requires(Permission.DRAFT_WRITE)
def prepare(inquiry_id: str, step: str) -> ResponseReturnValue:
    """Show the sign dialog of a step, with its ticket."""
    try:
        return signing_steps.dialog(_signing(inquiry_id, step), StepForm())
    except StaleVersion as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".edit", inquiry_id=inquiry_id), 303)


@requires(Permission.DRAFT_WRITE)
def sign(inquiry_id: str, step: str) -> ResponseReturnValue:
    """Sign and take the step."""
    return signing_steps.sign(_signing(inquiry_id, step))


def _desk(inquiry_id: str, *, lock: bool = False) -> Desk:
    session, actor = db_session(), current_actor()
    return Desk(session, actor, inquiries.get(session, actor, inquiry_id, lock=lock))


def _typed(desk: Desk, form: DraftForm, **more: object) -> str:
    return render_template("drafts/page.html", **desk.page("edit", form, desk.sheet(form), **more))


def _signing(inquiry_id: str, step: str) -> Signing:
    if step not in _STEPS:
        raise NotFound
    return Signing(
        inquiry_id, _STEPS[step], sign_url=url_for(".sign", inquiry_id=inquiry_id, step=step),
        back=url_for(".edit", inquiry_id=inquiry_id), done=inquiry_path(inquiry_id))


blueprint.add_url_rule("", view_func=edit)
blueprint.add_url_rule("", view_func=save, methods=["POST"])
blueprint.add_url_rule("/start", view_func=start, methods=["POST"])
blueprint.add_url_rule("/preview", view_func=preview, methods=["POST"])
blueprint.add_url_rule("/sign/<step>", view_func=prepare, methods=["POST"])
blueprint.add_url_rule("/signed/<step>", view_func=sign, methods=["POST"])
