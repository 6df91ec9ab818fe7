"""``/safety``: records on their way to pharmacovigilance, with the hand-over clock (R35-R41)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.services import requesters, safety, safety_followup
from inquiry_service.store import inquiries
from inquiry_service.store import safety as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.safety import CaseChangeForm, HandOverForm, SafetyReceiptForm
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.inquiry_pages import saved, status_of
from inquiry_service.web.presenters import safety as presenter
from inquiry_service.web.presenters.branches import paged, view_named
from inquiry_service.web.session import SAFE_METHODS, db_session, runtime

blueprint = Blueprint("safety", __name__, url_prefix="/safety")


@requires(Permission.SAFETY_READ)
def queue() -> ResponseReturnValue:
    """List safety records, those still to be handed over first."""
    session, actor, moment = db_session(), current_actor(), now()
    view = view_named(request.args.get("view", ""))
    page = paged(request.args.get("page", ""), store.count_cases(session, actor, view.states))
    rows = store.case_queue(session, actor, view.states, offset=page.offset, limit=page.size)
    cards = [(presenter.case_card(case, inquiry.market, moment), inquiry) for case, inquiry in rows]
    counts = {name: store.count_cases(session, actor, states) for name, states in view.all_states()}
    return render_template("safety/queue.html", cards=cards, view=view, page=page, counts=counts)


@requires(Permission.SAFETY_READ)
def record(case_id: str) -> ResponseReturnValue:
    """Show one safety record."""
    return _page(case_id)


def _page(case_id: str, form: StrictForm | None = None) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    case = store.case(session, actor, case_id, lock=request.method not in SAFE_METHODS)
    inquiry = inquiries.get(session, actor, case.inquiry_id)
    given = {type(form): form}
    page = render_template(
        "safety/record.html", case=case, inquiry=inquiry, form=form,
        card=presenter.case_card(case, inquiry.market, now()), situations=presenter.situations(case),
        seriousness=presenter.seriousness(case), handed_over=safety.handed_over(case),
        hand_over=given.get(HandOverForm) or HandOverForm(formdata=None),
        receipt=given.get(SafetyReceiptForm) or SafetyReceiptForm(formdata=None),
    )
    return page, status_of(form) if form else 200


def _done(case_id: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".record", case_id=case_id), 303)


@requires(Permission.SAFETY_FORWARD)
def forward(case_id: str) -> ResponseReturnValue:
    """Hand the record over to pharmacovigilance."""
    case, form = store.case(db_session(), current_actor(), case_id, lock=True), HandOverForm()
    if saved(form, lambda: safety.forward_case(db_session(), current_actor(), case, form.how.data)):
        return _done(case_id, f"{case.number} is handed over. Its receipt is awaited within one business day.")
    return _page(case_id, form)


@requires(Permission.SAFETY_ACKNOWLEDGE)
def acknowledge(case_id: str) -> ResponseReturnValue:
    """Confirm receipt with the case number of pharmacovigilance."""
    case, form = store.case(db_session(), current_actor(), case_id, lock=True), SafetyReceiptForm()
    if saved(form, lambda: safety.acknowledge_case(db_session(), current_actor(), case, form.pv_case_number.data)):
        return _done(case_id, f"Receipt of {case.number} is confirmed.")
    return _page(case_id, form)


@requires(Permission.INQUIRY_SCREEN)
def amend(case_id: str) -> ResponseReturnValue:
    """Add follow-up information before the hand-over."""
    session, actor = db_session(), current_actor()
    case = store.case(session, actor, case_id, lock=request.method not in SAFE_METHODS)
    form = CaseChangeForm(obj=case)
    done = saved(form, lambda: safety_followup.amend_case(
        session, actor, case, form.case_data(is_adverse_event=bool(form.is_adverse_event.data)), form.source.data))
    if done:
        return _done(case_id, f"{case.number} was completed.")
    return render_template("safety/amend.html", case=case, form=form), status_of(form)


@requires(Permission.SAFETY_FORWARD)
def reporter(case_id: str) -> ResponseReturnValue:
    """Show how the reporter can be reached, and write down that this was looked at (R48, R81, R99)."""
    actor = current_actor()
    case = store.case(db_session(), actor, case_id)
    with runtime().transaction() as own:
        person = requesters.contact_details(own, actor, inquiries.get(own, actor, case.inquiry_id))
    return render_template("safety/reporter.html", case=case, person=person)


blueprint.add_url_rule("", view_func=queue)
blueprint.add_url_rule("/<case_id>", view_func=record)
blueprint.add_url_rule("/<case_id>/forward", view_func=forward, methods=["POST"])
blueprint.add_url_rule("/<case_id>/receipt", view_func=acknowledge, methods=["POST"])
blueprint.add_url_rule("/<case_id>/follow-up", view_func=amend, methods=["GET", "POST"])
blueprint.add_url_rule("/<case_id>/reporter", view_func=reporter)
