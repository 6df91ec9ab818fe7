"""Who asked and who receives: contact details (looking leaves a trace), verification, attempts, recipient."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Channel, Verification
from inquiry_service.services import recipients, requesters, triage
from inquiry_service.store import inquiries as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.account import EmptyForm
from inquiry_service.web.forms.requesters import PersonDetailsForm, RecipientForm, VerificationForm
from inquiry_service.web.forms.triage import AttemptForm
from inquiry_service.web.inquiry_pages import back_to, loaded, saved, status_of
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("requesters", __name__, url_prefix="/inquiries/<inquiry_id>/requester")

_DETAILS = ("type", "title", "given_name", "family_name", "qualification", "affiliation", "address", "email", "phone",
            "country", "details_refused_reason")


@requires(Permission.INQUIRY_SCREEN)
def show(inquiry_id: str) -> ResponseReturnValue:
    """Show name and address, and write down that they were looked at (R81)."""
    actor = current_actor()
    with runtime().transaction() as own:
        requesters.contact_details(own, actor, store.get(own, actor, inquiry_id))
    return _page(inquiry_id)


def _page(inquiry_id: str, *sent: Any) -> ResponseReturnValue:
    """The page with its three forms; ``sent`` is the one that was refused, if any."""
    inquiry = loaded(inquiry_id)
    forms = {type(form): form for form in sent}
    page = render_template(
        "requester/page.html", inquiry=inquiry, attempts=store.contact_attempts(db_session(), inquiry_id),
        details=forms.get(PersonDetailsForm) or PersonDetailsForm(formdata=None, data=_known(inquiry.requester)),
        verification=forms.get(VerificationForm) or VerificationForm(formdata=None, data={
            "status": inquiry.requester.verification.value,
            "verification_method": inquiry.requester.verification_method}),
        attempt=forms.get(AttemptForm) or AttemptForm(formdata=None), refused=sent[0] if sent else None,
    )
    return page, status_of(sent[0]) if sent else 200


def _known(person: Any) -> dict[str, Any]:
    known = {name: getattr(person, name) for name in _DETAILS}
    return known | {"type": person.type.value}


def _done(inquiry_id: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".show", inquiry_id=inquiry_id), 303)


@requires(Permission.INQUIRY_SCREEN)
def change(inquiry_id: str) -> ResponseReturnValue:
    """Complete or correct what is known of the requester."""
    inquiry, form = loaded(inquiry_id), PersonDetailsForm()
    if saved(form, lambda: requesters.complete(db_session(), current_actor(), inquiry, form.person())):
        return _done(inquiry_id, "The details are saved.")
    return _page(inquiry_id, form)


@requires(Permission.INQUIRY_TRIAGE)
def verify(inquiry_id: str) -> ResponseReturnValue:
    """Record how far the identity is established."""
    inquiry, form = loaded(inquiry_id), VerificationForm()
    done = saved(form, lambda: triage.verify_requester(
        db_session(), current_actor(), inquiry, inquiry.requester, Verification(form.status.data),
        form.verification_method.data or ""))
    return _done(inquiry_id, "The verification is recorded.") if done else _page(inquiry_id, form)


@requires(Permission.INQUIRY_TRIAGE)
def attempt(inquiry_id: str) -> ResponseReturnValue:
    """Log one try to reach the requester."""
    inquiry, form = loaded(inquiry_id), AttemptForm()
    done = saved(form, lambda: triage.log_contact_attempt(
        db_session(), current_actor(), inquiry, Channel(form.channel.data), form.note.data))
    return _done(inquiry_id, "The attempt is logged.") if done else _page(inquiry_id, form)


@requires(Permission.INQUIRY_TRIAGE)
def recipient(inquiry_id: str) -> ResponseReturnValue:
    """Name another recipient, with the reason."""
    inquiry = loaded(inquiry_id)
    known = _known(inquiry.recipient) if inquiry.recipient else {}
    form = RecipientForm(data=known | {"recipient_reason": inquiry.recipient_reason})
    done = saved(form, lambda: recipients.change(
        db_session(), current_actor(), inquiry, form.person(), form.recipient_reason.data))
    if done:
        return back_to(inquiry_id, "The answer goes to another person than the requester.", anchor="requester")
    return render_template("requester/recipient.html", inquiry=inquiry, form=form), status_of(form)


@requires(Permission.INQUIRY_TRIAGE)
def answer_requester(inquiry_id: str) -> ResponseReturnValue:
    """Let the answer go to the requester again."""
    inquiry = loaded(inquiry_id)
    saved(EmptyForm(), lambda: recipients.change(db_session(), current_actor(), inquiry, None, ""))
    return back_to(inquiry_id, "The answer goes to the requester.", anchor="requester")


blueprint.add_url_rule("", view_func=show)
blueprint.add_url_rule("/details", view_func=change, methods=["POST"])
blueprint.add_url_rule("/verification", view_func=verify, methods=["POST"])
blueprint.add_url_rule("/attempts", view_func=attempt, methods=["POST"])
blueprint.add_url_rule("/recipient", view_func=recipient, methods=["GET", "POST"])
blueprint.add_url_rule("/recipient/requester", view_func=answer_requester, methods=["POST"])
