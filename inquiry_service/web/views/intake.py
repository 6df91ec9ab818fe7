"""``/inquiries/new``: the staff's form; and the original sources that came with an inquiry."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput, NotFound
from inquiry_service.services import attachments, intake
from inquiry_service.services.attachments import Upload
from inquiry_service.services.calendar import is_late_entry
from inquiry_service.store import inquiries, products
from inquiry_service.web import intake_steps
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.intake import StaffForm
from inquiry_service.web.forms.intake_values import staff_data
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("intake", __name__, url_prefix="/inquiries")

# Opened in the browser after all, a source may neither run a script nor load anything.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@requires(Permission.INQUIRY_RECORD)
def new() -> ResponseReturnValue:
    """Record an inquiry that reached the department."""
    form = StaffForm()

    def save(files: tuple[Upload, ...]) -> object:
        data = staff_data(form, files, _parent(form))
        return intake.record(db_session(), current_actor(), runtime().blobs, data)

    outcome = intake_steps.handle(form, save)
    if outcome.inquiry is not None:
        flash(f"{outcome.inquiry.number} is recorded. Screen it next.", "success")
        return redirect(url_for("inquiries.show", inquiry_id=outcome.inquiry.id), 303)
    if request.headers.get("HX-Request"):
        return render_template("intake/questions.html", form=form)
    if not form.is_submitted():
        form.parent_number.data = request.args.get("follow_up", "")
        form.received_on.data = now().date()
    return render_template("intake/new.html", form=form, kept=outcome.kept, label_words=_label_words(form),
                           asked=_is_late(form), limit=runtime().config.max_upload_mib), outcome.status


def _parent(form: StaffForm) -> str | None:
    number = (form.parent_number.data or "").strip().upper()
    if not number:
        return None
    try:
        return str(inquiries.by_number(db_session(), current_actor(), number).id)
    except NotFound:
        raise InvalidInput("There is no such inquiry.", fields={
            "parent_number": f"There is no inquiry {number}; check the number."}) from None


@requires(Permission.INQUIRY_RECORD)
def label_hint() -> ResponseReturnValue:
    """Say which label is in force for the product and market chosen so far."""
    return render_template("intake/label_hint.html", label_words=_label_words(_as_far_as_typed()))


@requires(Permission.INQUIRY_RECORD)
def lateness() -> ResponseReturnValue:
    """Ask for the reason of a late entry when the times typed so far make it one."""
    form = _as_far_as_typed()
    return render_template("intake/lateness.html", form=form, asked=_is_late(form))


def _as_far_as_typed() -> StaffForm:
    form = StaffForm(formdata=request.args, meta={"csrf": False})
    form.offer([])
    return form


def _market(form: StaffForm) -> str:
    return form.market.data or form.requester.form["country"].data or ""


def _label_words(form: StaffForm) -> str:
    product, market = form.product_id.data or "", _market(form)
    if not product or not market:
        return ""
    label = products.current_label(db_session(), product, market)
    if label is None:
        return f"No current label of this product is on file for {market}."
    return f"Current label in {market}: {label.version}, effective {label.effective_date}. Triage rests on it."


def _is_late(form: StaffForm) -> bool:
    if form.received_on.data is None or form.received_time.data is None or not _market(form):
        return False
    try:
        return is_late_entry(form.received_at(), now(), _market(form))
    except (InvalidInput, ValueError):
        # A moment or a country that does not exist has its own message when the form is saved.
        return False


@requires(Permission.INQUIRY_READ)
def attachment(inquiry_id: str, attachment_id: str) -> ResponseReturnValue:
    """Give out one original source, under a neutral name, and leave a trace of it."""
    with runtime().transaction() as session:
        found = attachments.taken_out(session, current_actor(), runtime().blobs, inquiry_id, attachment_id)
    response = Response(found.data, mimetype=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.neutral_name}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


blueprint.add_url_rule("/new", view_func=new, methods=["GET", "POST"])
blueprint.add_url_rule("/new/label", view_func=label_hint)
blueprint.add_url_rule("/new/lateness", view_func=lateness)
blueprint.add_url_rule("/<inquiry_id>/attachments/<attachment_id>", view_func=attachment)
