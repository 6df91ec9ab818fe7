"""The two halves of a signed step, for every page that has one: the dialog with its ticket, and the signing.

Asking for the dialog issues a ticket and therefore is a POST. A refused signature says nothing of which part was
wrong, counts, is audited, and leaves the person with the same dialog and a new ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.signing import POLICY, moment_words, short
from inquiry_service.domain.vocabulary import Action
from inquiry_service.errors import EvenhandError, Locked, SignatureRefused
from inquiry_service.services import review, signatures
from inquiry_service.services.review import Step
from inquiry_service.services.runtime import Session
from inquiry_service.store import inquiries, people
from inquiry_service.web.access import current_actor
from inquiry_service.web.forms.signing import SignForm, StepForm
from inquiry_service.web.session import db_session, discard, runtime


@dataclass(frozen=True)
class Signing:
    """A signed step of one inquiry.

    Attributes:
        sign_url: where the dialog is posted. back: the page to return to when one does not sign.
        done: where the person goes after signing.
    """

    inquiry_id: str
    action: Action
    sign_url: str
    back: str
    done: str


def dialog(signing: Signing, form: StepForm) -> ResponseReturnValue:
    """Check the step and show what will be signed, by whom, with which meaning.

    Raises:
        Refused, StaleVersion, Forbidden: the step is not possible; nothing was issued.
    """
    form.validate_on_submit()
    step, ticket = _prepare(db_session(), signing, form)
    return _dialog(signing, step, ticket, form, _blank(form))


def sign(signing: Signing) -> ResponseReturnValue:
    """Sign and take the step, or show the dialog again.

    Raises:
        Refused, StaleVersion, Forbidden: the step is not possible any more.
    """
    form, session, actor = SignForm(), db_session(), current_actor()
    if not form.validate_on_submit():
        return _again(signing, form, "", 422)
    inquiry = inquiries.get(session, actor, signing.inquiry_id, lock=True)
    try:
        given = review.sign_step(session, actor, inquiry, signing.action, form.seen, form.answers, form.components)
    except (SignatureRefused, Locked) as refusal:
        return _again(signing, form, refusal.message, refusal.status, refusal)
    flash(f"Signed: {signatures.manifestation(given)}", "success")
    return redirect(signing.done, 303)


def _prepare(session: Session, signing: Signing, form: StepForm) -> tuple[Step, str]:
    actor = current_actor()
    inquiry = inquiries.get(session, actor, signing.inquiry_id, lock=True)
    return review.prepare(session, actor, inquiry, signing.action, form.seen, form.answers)


def _again(
    signing: Signing, form: SignForm, message: str, status: int, refusal: EvenhandError | None = None
) -> ResponseReturnValue:
    # The refused unit of work is gone, and an answer that refuses does not commit: the new ticket needs its own.
    discard()
    with runtime().transaction() as own:
        step, ticket = _prepare(own, signing, form)
    response = make_response(_dialog(signing, step, ticket, form, form, message), status)
    if isinstance(refusal, Locked):
        response.headers["Retry-After"] = str(refusal.data.get("retry_after", 60))
    return response


def _blank(form: StepForm) -> SignForm:
    """The sign form of a dialog that nobody has filled in yet, with what was on screen."""
    return SignForm(formdata=None, data={
        "version_id": form.version_id.data, "digest": form.digest.data, "checklist": form.checklist.data})


def _dialog(
    signing: Signing, step: Step, ticket: str, shown: StepForm, form: SignForm, message: str = ""
) -> str:
    template = "signing/dialog.html" if request.headers.get("HX-Request") else "signing/page.html"
    return render_template(
        template, form=form, signing=signing, ticket=ticket, message=message, policy=POLICY,
        title=f"Sign: {step.meaning.label.lower()}", submit=signing.action.label, facts=_facts(step),
        seen=shown.seen, checklist=[item for item, confirmed in shown.answers.items() if confirmed],
    )


def _facts(step: Step) -> list[tuple[str, Any]]:
    actor = current_actor()
    user = people.account(db_session(), actor, actor.user_id)
    roles = ", ".join(sorted(role.label for role in actor.roles))
    return [
        ("You are", ", ".join(dict.fromkeys(part for part in (user.printed_name, user.title, roles) if part))),
        ("You sign", f"Response letter {step.version.response.number}, version {step.version.version}"),
        ("Meaning", step.meaning.label),
        ("Content hash", f"{short(step.version.digest)} …"),
        ("Time", f"{moment_words(now())} (server clock)"),
    ]
