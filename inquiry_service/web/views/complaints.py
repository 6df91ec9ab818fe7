"""``/complaints``: product complaints on their way to Quality (R44, R47)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.services import safety, safety_followup
from inquiry_service.store import inquiries
from inquiry_service.store import safety as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.safety import ComplaintChangeForm, HandOverForm, QualityReceiptForm
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.inquiry_pages import saved, status_of
from inquiry_service.web.presenters import safety as presenter
from inquiry_service.web.presenters.branches import paged, view_named
from inquiry_service.web.session import SAFE_METHODS, db_session

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints")


@requires(Permission.COMPLAINT_READ)
def queue() -> ResponseReturnValue:
    """List complaints, those still to be handed over first."""
    session, actor, moment = db_session(), current_actor(), now()
    view = view_named(request.args.get("view", ""))
    page = paged(request.args.get("page", ""), store.count_complaints(session, actor, view.states))
    rows = store.complaint_queue(session, actor, view.states, offset=page.offset, limit=page.size)
    cards = [(presenter.complaint_card(found, inquiry.market, moment), inquiry) for found, inquiry in rows]
    counts = {name: store.count_complaints(session, actor, states) for name, states in view.all_states()}
    return render_template("complaints/queue.html", cards=cards, view=view, page=page, counts=counts)


@requires(Permission.COMPLAINT_READ)
def record(complaint_id: str) -> ResponseReturnValue:
    """Show one complaint."""
    return _page(complaint_id)


def _page(complaint_id: str, form: StrictForm | None = None) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    complaint = store.complaint(session, actor, complaint_id, lock=request.method not in SAFE_METHODS)
    inquiry = inquiries.get(session, actor, complaint.inquiry_id)
    given = {type(form): form}
    page = render_template(
        "complaints/record.html", complaint=complaint, inquiry=inquiry, form=form,
        card=presenter.complaint_card(complaint, inquiry.market, now()),
        hand_over=given.get(HandOverForm) or HandOverForm(formdata=None),
        receipt=given.get(QualityReceiptForm) or QualityReceiptForm(formdata=None),
    )
    return page, status_of(form) if form else 200


def _done(complaint_id: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".record", complaint_id=complaint_id), 303)


@requires(Permission.SAFETY_FORWARD)
def forward(complaint_id: str) -> ResponseReturnValue:
    """Hand the complaint over to Quality."""
    session, actor, form = db_session(), current_actor(), HandOverForm()
    complaint = store.complaint(session, actor, complaint_id, lock=True)
    if saved(form, lambda: safety.forward_complaint(session, actor, complaint, form.how.data)):
        return _done(
            complaint_id, f"{complaint.number} is handed over. Its receipt is awaited within one business day.")
    return _page(complaint_id, form)


@requires(Permission.COMPLAINT_ACKNOWLEDGE)
def acknowledge(complaint_id: str) -> ResponseReturnValue:
    """Confirm receipt with the number of Quality."""
    session, actor, form = db_session(), current_actor(), QualityReceiptForm()
    complaint = store.complaint(session, actor, complaint_id, lock=True)
    if saved(form, lambda: safety.acknowledge_complaint(session, actor, complaint, form.quality_case_number.data)):
        return _done(complaint_id, f"Receipt of {complaint.number} is confirmed.")
    return _page(complaint_id, form)


@requires(Permission.INQUIRY_SCREEN)
def amend(complaint_id: str) -> ResponseReturnValue:
    """Add follow-up information before the hand-over."""
    session, actor = db_session(), current_actor()
    complaint = store.complaint(session, actor, complaint_id, lock=request.method not in SAFE_METHODS)
    form = ComplaintChangeForm(obj=complaint)
    done = saved(form, lambda: safety_followup.amend_complaint(
        session, actor, complaint, form.complaint_data(), form.source.data))
    if done:
        return _done(complaint_id, f"{complaint.number} was completed.")
    return render_template("complaints/amend.html", complaint=complaint, form=form), status_of(form)


blueprint.add_url_rule("", view_func=queue)
blueprint.add_url_rule("/<complaint_id>", view_func=record)
blueprint.add_url_rule("/<complaint_id>/forward", view_func=forward, methods=["POST"])
blueprint.add_url_rule("/<complaint_id>/receipt", view_func=acknowledge, methods=["POST"])
blueprint.add_url_rule("/<complaint_id>/follow-up", view_func=amend, methods=["GET", "POST"])
