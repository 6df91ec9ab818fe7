"""One's own account: password, look, keys, signed-in browsers."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput
from inquiry_service.services import accounts, user_sessions
from inquiry_service.services.user_sessions import Limits
from inquiry_service.store import people
from inquiry_service.web import page_context
from inquiry_service.web.access import current_actor, forget, remember, requires
from inquiry_service.web.addresses import own_path
from inquiry_service.web.forms.account import EmptyForm, PasswordForm, ShortcutsForm, ThemeForm
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("account", __name__, url_prefix="/account")

_ONE_YEAR = 365 * 24 * 3600


@requires(Permission.ACCOUNT_OWN, before_password_change=True)
def overview() -> ResponseReturnValue:
    """Show the account."""
    return _page(PasswordForm())


@requires(Permission.ACCOUNT_OWN, before_password_change=True)
def change_password() -> ResponseReturnValue:
    """Set a new password; every browser is signed out and this one gets a new session."""
    form, actor = PasswordForm(), current_actor()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        user = accounts.change_own_password(
            db_session(), actor, current=form.current.data, new=form.new.data, passwords=runtime().passwords)
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _page(form, 422)
    secret, _ = user_sessions.open_session(
        db_session(), user, address=request.remote_addr or "", agent=request.user_agent.string)
    response = remember(make_response(redirect(url_for("account.overview"), 303)), secret)
    flash("Your password was changed. Other browsers were signed out.", "success")
    return response


@requires(Permission.ACCOUNT_OWN, before_password_change=True)
def set_theme() -> ResponseReturnValue:
    """Keep the theme in a cookie and go back to the page."""
    form = ThemeForm()
    target = own_path(form.next.data) or url_for("account.overview")
    if not form.validate_on_submit():
        raise InvalidInput("Choose light, dark or as the system.", fields={"theme": "Choose one."})
    return _with_preference(target, page_context.THEME_COOKIE, form.theme.data)


@requires(Permission.ACCOUNT_OWN)
def set_shortcuts() -> ResponseReturnValue:
    """Switch single-letter keys on or off."""
    form = ShortcutsForm()
    if not form.validate_on_submit():
        raise InvalidInput("Choose on or off.", fields={"shortcuts": "Choose one."})
    flash(f"Single-letter keys are {form.shortcuts.data}.", "success")
    return _with_preference(url_for("account.overview"), page_context.KEYS_COOKIE, form.shortcuts.data)


@requires(Permission.ACCOUNT_OWN)
def end_session(session_id: str) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    EmptyForm().validate_on_submit()
    actor = current_actor()
    user_sessions.revoke_own(db_session(), actor, session_id)
    if session_id == actor.session_id:
        return forget(make_response(redirect(url_for("sign_in.login"), 303)))
    flash("That browser was signed out.", "success")
    return redirect(url_for("account.overview"), 303)


def _page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    body = render_template(
        "account/overview.html", form=form, user=people.account(db_session(), actor, actor.user_id),
        shortcuts=ShortcutsForm(shortcuts="on" if page_context.shortcuts_on() else "off", formdata=None),
        sessions=user_sessions.own_sessions(db_session(), actor, Limits.from_config(runtime().config)),
        present=actor.session_id,
    )
    return body, status


def _with_preference(target: str, name: str, value: str) -> ResponseReturnValue:
    response = make_response(redirect(target, 303))
    response.set_cookie(
        name, value, max_age=_ONE_YEAR, httponly=True, secure=runtime().config.secure_cookies, samesite="Lax")
    return response


blueprint.add_url_rule("", view_func=overview)
blueprint.add_url_rule("/password", view_func=change_password, methods=["POST"])
blueprint.add_url_rule("/theme", view_func=set_theme, methods=["POST"])
blueprint.add_url_rule("/shortcuts", view_func=set_shortcuts, methods=["POST"])
blueprint.add_url_rule("/sessions/<session_id>/end", view_func=end_session, methods=["POST"])
