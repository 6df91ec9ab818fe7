"""The hold on a solicited question: Compliance writes a finding, signs it, and the inquiry goes on or ends (R6)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import SolicitationSituation
from inquiry_service.errors import InvalidInput, Locked, SignatureRefused
from inquiry_service.services import hold
from inquiry_service.services.hold import Decision
from inquiry_service.services.signatures import Components, Signable
from inquiry_service.store import inquiries
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.hold import FindingForm, SignFindingForm
from inquiry_service.web.inquiry_pages import UNPROCESSABLE, back_to, loaded
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("hold", __name__, url_prefix="/inquiries/<inquiry_id>/hold")


@requires(Permission.INQUIRY_HOLD_DECIDE)
def show(inquiry_id: str) -> ResponseReturnValue:
    """Show the screen that led to the hold, and ask for a finding."""
    return _finding_page(inquiry_id, FindingForm(), 200)


def _finding_page(inquiry_id: str, form: FindingForm, status: int) -> ResponseReturnValue:
    inquiry = loaded(inquiry_id)
    page = render_template("hold/finding.html", inquiry=inquiry, form=form, situations=tuple(SolicitationSituation))
    return page, status


@requires(Permission.INQUIRY_HOLD_DECIDE)
def prepare(inquiry_id: str) -> ResponseReturnValue:
    """Check the finding and show what will be signed, with a ticket for one signature."""
    inquiry, form = loaded(inquiry_id), FindingForm()
    if form.validate_on_submit():
        try:
            signable, ticket = hold.prepare(db_session(), current_actor(), inquiry, form.said())
        except InvalidInput as refusal:
            form.take_errors(refusal.fields)
        else:
            return _sign_page(inquiry_id, SignFindingForm(formdata=None, data={
                "decision": form.decision.data, "finding": form.said().plain_text, "ticket": ticket}), signable)
    return _finding_page(inquiry_id, form, UNPROCESSABLE)


def _sign_page(
    inquiry_id: str, form: SignFindingForm, signable: Signable, status: int = 200
) -> ResponseReturnValue:
    with runtime().reading() as own:
        inquiry = inquiries.get(own, current_actor(), inquiry_id)
    return render_template("hold/sign.html", inquiry=inquiry, form=form, signable=signable,
                           decision=Decision(form.decision.data)), status


@requires(Permission.INQUIRY_HOLD_DECIDE)
def sign(inquiry_id: str) -> ResponseReturnValue:
    """Sign the finding; the signature is the first thing in this unit of work, for a refusal rolls it back."""
    form = SignFindingForm()
    valid = form.validate_on_submit()
    finding = FindingForm(formdata=request.form, meta={"csrf": False})
    if not finding.validate():
        return _finding_page(inquiry_id, finding, UNPROCESSABLE)
    if not valid:
        return _again(inquiry_id, form, finding, UNPROCESSABLE)
    typed = Components(form.ticket.data, form.email.data, form.password.data)
    try:
        hold.decide(db_session(), current_actor(), loaded(inquiry_id), finding.said(), typed)
    except (SignatureRefused, Locked) as refusal:
        form.form_errors.append(refusal.message)
        return _again(inquiry_id, form, finding, refusal.status)
    words = {Decision.RELEASE: "The hold is released.", Decision.CLOSE: "The inquiry is closed as solicited."}
    return back_to(inquiry_id, f"Signed. {words[finding.said().decision]}", anchor="screens")


def _again(inquiry_id: str, form: SignFindingForm, finding: FindingForm, status: int) -> ResponseReturnValue:
    """A ticket is good for one try, so the next try gets another, in a unit of work of its own."""
    actor = current_actor()
    with runtime().transaction() as own:
        signable, ticket = hold.prepare(own, actor, inquiries.get(own, actor, inquiry_id), finding.said())
    form.ticket.data, form.finding.data = ticket, finding.said().plain_text
    return _sign_page(inquiry_id, form, signable, status)


blueprint.add_url_rule("", view_func=show)
blueprint.add_url_rule("/prepare", view_func=prepare, methods=["POST"])
blueprint.add_url_rule("/sign", view_func=sign, methods=["POST"])
