"""``/field``: handing in a question from the field, and the status words of one's own; never any content (R24, R25)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain import attestation
from inquiry_service.domain.permissions import SALES_ROLES, Permission
from inquiry_service.domain.vocabulary import Channel
from inquiry_service.services import intake
from inquiry_service.services.attachments import Upload
from inquiry_service.store import submissions as store
from inquiry_service.web import intake_steps
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.intake import FieldForm, as_typed
from inquiry_service.web.forms.intake_values import field_data
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("field", __name__, url_prefix="/field")


@requires(Permission.INQUIRY_STATUS)
def submissions() -> ResponseReturnValue:
    """List what the person handed in: number, day, status word."""
    before = request.args.get("before", "")
    page = store.page(db_session(), current_actor(), before=before)
    return render_template("field/submissions.html", page=page, before=before)


@requires(Permission.INQUIRY_SUBMIT)
def new() -> ResponseReturnValue:
    """Hand in a question, under attestation."""
    form, sales = FieldForm(), bool(current_actor().roles & SALES_ROLES)

    def save(files: tuple[Upload, ...]) -> object:
        confirmation = as_typed(form.confirmation.data) if sales else ""
        data = field_data(form, files, Channel.REP if sales else Channel.MSL, confirmation)
        return intake.record(db_session(), current_actor(), runtime().blobs, data)

    outcome = intake_steps.handle(form, save)
    if outcome.inquiry is not None:
        return redirect(url_for("field.received", inquiry_id=outcome.inquiry.id), 303)
    if request.headers.get("HX-Request"):
        return render_template("intake/questions.html", form=form)
    if not form.is_submitted():
        form.received_on.data = now().date()
    return render_template("field/new.html", form=form, sales=sales, kept=outcome.kept, words=attestation.TEXT,
                           limit=runtime().config.max_upload_mib), outcome.status


@requires(Permission.INQUIRY_STATUS)
def received(inquiry_id: str) -> ResponseReturnValue:
    """Say that the question was handed in, under which number, and what happens next."""
    submission = store.one(db_session(), current_actor(), inquiry_id)
    sales = bool(current_actor().roles & SALES_ROLES)
    return render_template("field/received.html", submission=submission, sales=sales)


blueprint.add_url_rule("", view_func=submissions)
blueprint.add_url_rule("/new", view_func=new, methods=["GET", "POST"])
blueprint.add_url_rule("/<inquiry_id>/received", view_func=received)
