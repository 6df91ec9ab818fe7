"""Letters: the archived document, sending it after everything was read back, what became of it, its signatures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import ConfigurationError, InvalidInput
from inquiry_service.services import delivery, documents, render_trouble, sending, signature_record, staleness, workflow
from inquiry_service.services.signatures import manifestation
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.answer_watch import watch_of
from inquiry_service.web.doubted_lines import doubted_lines
from inquiry_service.web.forms.letters import AgainForm, BounceForm, ResolveForm, SendForm
from inquiry_service.web.presenters import letters as presenter
from inquiry_service.web.presenters.reasons import inquiry_path, reasons
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("letters", __name__)


@requires(Permission.DRAFT_READ)
def show(inquiry_id: str) -> ResponseReturnValue:
    """Show the documents and deliveries of an inquiry, with what can be done about them."""
    return _page(_inquiry(inquiry_id))


@requires(Permission.DRAFT_READ)
def progress(inquiry_id: str) -> ResponseReturnValue:
    """Tell a page that waits for the worker to load itself anew once the inquiry has moved on, or cannot."""
    inquiry = _inquiry(inquiry_id)
    moved = inquiry.state.value != request.args.get("state", "") or render_trouble.of(db_session(), inquiry)
    return ("", 200, {"HX-Refresh": "true"}) if moved else ("", 204)


@requires(Permission.RESPONSE_SEND)
def confirm(inquiry_id: str) -> ResponseReturnValue:
    """Read back to whom the letter goes, where, how, and which document; nothing is sent without it."""
    return _confirmation(_inquiry(inquiry_id))


@requires(Permission.RESPONSE_SEND)
def send(inquiry_id: str) -> ResponseReturnValue:
    """Release the letter that was read back; if a source changed since signing, it goes back to review instead."""
    inquiry, form = _inquiry(inquiry_id, lock=True), SendForm()
    form.validate_on_submit()
    changed = staleness.bounce_if_stale(db_session(), inquiry)
    if changed:
        flash(f"Nothing was sent. {inquiry.number} went back to review: "
              + " ".join(change.message for change in changed), "error")
        return redirect(inquiry_path(inquiry.id), 303)
    document = _newest(inquiry)
    if document is None or document.sha256 != form.sha256.data:
        flash("Nothing was sent: this is not the document that you were shown. Read it back once more.", "warning")
        return redirect(url_for(".confirm", inquiry_id=inquiry_id), 303)
    config = runtime().config
    delivery.send(db_session(), current_actor(), inquiry, sending.method_of(config), sending.sender_of(config))
    flash(f"{document.number} was released for sending.", "success")
    return redirect(url_for(".show", inquiry_id=inquiry_id), 303)


@requires(Permission.RESPONSE_SEND)
def prepare_again(inquiry_id: str) -> ResponseReturnValue:
    """Make a letter that could not be delivered ready for another attempt."""
    inquiry, form = _inquiry(inquiry_id, lock=True), AgainForm()
    try:
        if not form.validate_on_submit():
            raise InvalidInput("The letter was not prepared again.")
        delivery.prepare_again(db_session(), current_actor(), inquiry, form.coded, form.words.data or "")
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _page(inquiry, again=form), 422
    flash(f"{inquiry.number} is ready to be sent again.", "success")
    return redirect(url_for(".show", inquiry_id=inquiry_id), 303)


@requires(Permission.RESPONSE_SEND)
def report_bounce(inquiry_id: str) -> ResponseReturnValue:
    """Record that a sent letter came back."""
    inquiry, form = _inquiry(inquiry_id, lock=True), BounceForm()
    try:
        if not form.validate_on_submit():
            raise InvalidInput("Nothing was recorded.")
        delivery.report_bounce(db_session(), current_actor(), inquiry, form.words.data or "")
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _page(inquiry, bounced=form), 422
    flash("The failed delivery was recorded.", "success")
    return redirect(url_for(".show", inquiry_id=inquiry_id), 303)


@requires(Permission.RESPONSE_SEND)
def resolve(inquiry_id: str, delivery_id: str) -> ResponseReturnValue:
    """Decide what became of a delivery that nobody could confirm."""
    inquiry, form = _inquiry(inquiry_id, lock=True), ResolveForm()
    try:
        if not form.validate_on_submit():
            raise InvalidInput("Nothing was recorded.")
        delivery.resolve(db_session(), current_actor(), _delivery_of(inquiry, delivery_id),
                         arrived=form.arrived.data == "yes", words=form.words.data or "")
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _page(inquiry, resolving=form), 422
    flash("Your decision was recorded.", "success")
    return redirect(url_for(".show", inquiry_id=inquiry_id), 303)


@requires(Permission.DRAFT_READ)
def pdf(document_id: str) -> ResponseReturnValue:
    """Hand out a document exactly as archived, and record it; its name says the letter's number and nothing else."""
    with runtime().transaction() as own:
        document, data = documents.download(own, runtime().blobs, current_actor(), document_id)
        name = f"{document.number}.pdf"
    kind = "attachment" if "download" in request.args else "inline"
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f'{kind}; filename="{name}"'})


@requires(Permission.DRAFT_READ)
def signature(signature_id: str) -> ResponseReturnValue:
    """Show one signature in full, proven against what is stored now."""
    found = signature_record.of(db_session(), current_actor(), signature_id)
    facts = presenter.manifest(found.signature, manifestation(found.signature), found.sound)
    return render_template("letters/signature.html", found=found, facts=facts, path=inquiry_path)


def _inquiry(inquiry_id: str, *, lock: bool = False) -> Any:
    return inquiries.get(db_session(), current_actor(), inquiry_id, lock=lock)


def _newest(inquiry: Any) -> Any:
    version = store.latest_version(db_session(), inquiry.id)
    return store.document_of_version(db_session(), version.id) if version else None


def _delivery_of(inquiry: Any, delivery_id: str) -> str:
    """A delivery of another inquiry does not exist here."""
    known = {row.id for row in store.deliveries(db_session(), inquiry.id)}
    return delivery_id if delivery_id in known else ""


def _confirmation(inquiry: Any) -> ResponseReturnValue:
    session, config, document = db_session(), runtime().config, _newest(inquiry)
    option = next((option for option in workflow.options(session, current_actor(), inquiry)
                   if option.transition.action.value == "send"), None)
    problem, facts = "", []
    try:
        facts = presenter.read_back(inquiry, document, sending.method_of(config), sending.sender_of(config)) \
            if document else []
    except ConfigurationError as error:
        problem = error.message
    unmet = reasons(option.unmet, inquiry.id) if option else ()
    return render_template(
        "letters/confirm.html", inquiry=inquiry, path=inquiry_path(inquiry.id), document=document, facts=facts,
        unmet=unmet, possible=option is not None, problem=problem, form=SendForm(formdata=None))


def _page(inquiry: Any, **forms: Any) -> str:
    session = db_session()
    shown = {"again": AgainForm(formdata=None), "bounced": BounceForm(formdata=None),
             "resolving": ResolveForm(formdata=None), **forms}
    return render_template(
        "letters/page.html", inquiry=inquiry, path=inquiry_path(inquiry.id),
        trouble=render_trouble.of(session, inquiry), watch=watch_of(inquiry.id), doubted=doubted_lines(inquiry.id),
        documents=presenter.document_cards(store.documents(session, inquiry.id)),
        deliveries=presenter.delivery_cards(store.deliveries(session, inquiry.id)),
        signatures=signature_record.lines(session, inquiry),
        gateway=presenter.gateway(workflow.options(session, current_actor(), inquiry), inquiry.id), **shown)


blueprint.add_url_rule("/inquiries/<inquiry_id>/letter", view_func=show)
blueprint.add_url_rule("/inquiries/<inquiry_id>/letter/progress", view_func=progress)
blueprint.add_url_rule("/inquiries/<inquiry_id>/send", view_func=confirm)
blueprint.add_url_rule("/inquiries/<inquiry_id>/send", view_func=send, methods=["POST"])
blueprint.add_url_rule("/inquiries/<inquiry_id>/letter/again", view_func=prepare_again, methods=["POST"])
blueprint.add_url_rule("/inquiries/<inquiry_id>/letter/bounced", view_func=report_bounce, methods=["POST"])
blueprint.add_url_rule("/inquiries/<inquiry_id>/letter/deliveries/<delivery_id>", view_func=resolve, methods=["POST"])
blueprint.add_url_rule("/letters/<document_id>/pdf", view_func=pdf)
blueprint.add_url_rule("/signatures/<signature_id>", view_func=signature)
