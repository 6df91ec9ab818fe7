"""``/login`` and ``/logout``."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import Locked, NotSignedIn
from inquiry_service.services import sign_in
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.sign_in import Attempt
from inquiry_service.store import people
from inquiry_service.web.access import (
    actor_or_none,
    current_actor,
    forget,
    login_secret,
    public,
    remember,
    requires,
)
from inquiry_service.web.addresses import own_path
from inquiry_service.web.forms.sign_in import SignInForm
from inquiry_service.web.logging import request_id
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("sign_in", __name__)


@public
def login() -> ResponseReturnValue:
    """Show the form, or sign in and lead to where the person wanted to go."""
    form = SignInForm()
    after = own_path(request.args.get("next")) or url_for("home.start")
    if request.method == "GET" and actor_or_none() is not None:
        return redirect(after, 303)
    if not form.validate_on_submit():
        return _page(form, 200 if request.method == "GET" else 422)
    try:
        signed_in = sign_in.sign_in(runtime(), _attempt(form))
    except (NotSignedIn, Locked) as refusal:
        form.form_errors.append(refusal.message)
        response = make_response(_page(form, refusal.status))
        if isinstance(refusal, Locked):
            response.headers["Retry-After"] = str(refusal.data["retry_after"])
        return response
    target = url_for("account.overview") if signed_in.must_change_password else after
    return remember(make_response(redirect(target, 303)), signed_in.secret)


def _attempt(form: SignInForm) -> Attempt:
    return Attempt(
        email=form.email.data or "", password=form.password.data or "", address=request.remote_addr or "",
        agent=request.user_agent.string, replaces=login_secret(), request_id=request_id(),
    )


def _page(form: SignInForm, status: int) -> ResponseReturnValue:
    # The POST opens no session of its own before this point, so reading here takes no lock elsewhere.
    demo_logins = people.demo_logins(db_session()) if runtime().config.demo else []
    body = render_template(
        "sign_in/login.html", form=form, demo_logins=demo_logins, demo_password=DEMO_PASSWORD)
    return body, status


@requires(Permission.ACCOUNT_OWN, before_password_change=True)
def logout() -> ResponseReturnValue:
    """End the session on the server, then take the cookie away."""
    sign_in.sign_out(db_session(), current_actor())
    return forget(make_response(redirect(url_for("sign_in.login"), 303)))


blueprint.add_url_rule("/login", view_func=login, methods=["GET", "POST"])
blueprint.add_url_rule("/logout", view_func=logout, methods=["POST"])
