"""Accounts and their roles, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import InvalidInput
from inquiry_service.services import accounts
from inquiry_service.services.passwords import temporary_password
from inquiry_service.store import people
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.admin import NewAccountForm, ReasonForm, RoleForm, TrainingForm
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.presenters import training
from inquiry_service.web.session import db_session, runtime

_FORMS = (RoleForm, TrainingForm, ReasonForm)
"""The forms of the page about one account."""

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@requires(Permission.USERS_MANAGE)
def users() -> ResponseReturnValue:
    """List the accounts."""
    words, after = request.args.get("q", ""), request.args.get("after", "")
    page = people.page(db_session(), current_actor(), words=words, after=after)
    return render_template("admin/users.html", page=page, words=words, after=after, standing=_standing)


@requires(Permission.USERS_MANAGE)
def new_user() -> ResponseReturnValue:
    """Make an account; its temporary password is shown once and stored nowhere in clear."""
    form = NewAccountForm()
    if not form.validate_on_submit():
        return _new_page(form)
    password = temporary_password()
    try:
        user = accounts.create_account(
            db_session(), current_actor(), email=form.email.data, printed_name=form.printed_name.data,
            title=form.title.data or "", roles=[Role(value) for value in form.roles.data],
            reason=form.reason.data, password=password, passwords=runtime().passwords,
            trained_until=form.trained_until.data,
        )
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _new_page(form)
    return render_template("admin/password_once.html", user=user, password=password, made=True)


def _new_page(form: NewAccountForm) -> ResponseReturnValue:
    return render_template("admin/new_user.html", form=form), 422 if form.is_submitted() else 200


@requires(Permission.USERS_MANAGE)
def user(user_id: str) -> ResponseReturnValue:
    """Show one account."""
    return _user_page(user_id)


def _user_page(user_id: str, refused: StrictForm | None = None) -> ResponseReturnValue:
    """Show the account with its forms, empty except for the one that was ``refused``."""
    found = people.account(db_session(), current_actor(), user_id)
    forms = {kind: refused if isinstance(refused, kind) else kind(formdata=None, obj=found) for kind in _FORMS}
    body = render_template(
        "admin/user.html", user=found, standing=_standing(found.trained_until), role_form=forms[RoleForm],
        training_form=forms[TrainingForm], reason_form=forms[ReasonForm])
    return body, 422 if refused else 200


def _standing(trained_until: date | None) -> training.Standing:
    return training.standing(trained_until, now().date())


@requires(Permission.USERS_MANAGE)
def change_role(user_id: str) -> ResponseReturnValue:
    """Give or take one role."""
    people.account(db_session(), current_actor(), user_id)
    form = RoleForm()
    if not form.validate_on_submit():
        return _user_page(user_id, form)
    change = accounts.grant_role if form.act.data == "grant" else accounts.revoke_role
    try:
        change(db_session(), current_actor(), user_id, Role(form.role.data), reason=form.reason.data)
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _user_page(user_id, form)
    flash("The roles were changed; the person signs in again.", "success")
    return redirect(url_for("admin.user", user_id=user_id), 303)


@requires(Permission.USERS_MANAGE)
def set_training(user_id: str) -> ResponseReturnValue:
    """Record until when the training is current."""
    people.account(db_session(), current_actor(), user_id)
    form = TrainingForm()
    if not form.validate_on_submit():
        return _user_page(user_id, form)
    try:
        accounts.set_training(
            db_session(), current_actor(), user_id, form.trained_until.data, reason=form.reason.data)
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _user_page(user_id, form)
    flash("The training was recorded.", "success")
    return redirect(url_for("admin.user", user_id=user_id), 303)


@requires(Permission.USERS_MANAGE)
def disable(user_id: str) -> ResponseReturnValue:
    """Close an account."""
    return _with_reason(user_id, accounts.disable_account, "The account was disabled and signed out everywhere.")


@requires(Permission.USERS_MANAGE)
def enable(user_id: str) -> ResponseReturnValue:
    """Open a closed account again."""
    return _with_reason(user_id, accounts.enable_account, "The account is open again.")


def _with_reason(user_id: str, act: Callable[..., None], done: str) -> ResponseReturnValue:
    people.account(db_session(), current_actor(), user_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _user_page(user_id, form)
    act(db_session(), current_actor(), user_id, reason=form.reason.data)
    flash(done, "success")
    return redirect(url_for("admin.user", user_id=user_id), 303)


@requires(Permission.USERS_MANAGE)
def reset_password(user_id: str) -> ResponseReturnValue:
    """Set a temporary password and show it once."""
    found = people.account(db_session(), current_actor(), user_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _user_page(user_id, form)
    password = temporary_password()
    accounts.reset_password(
        db_session(), current_actor(), user_id, password=password, reason=form.reason.data,
        passwords=runtime().passwords,
    )
    return render_template("admin/password_once.html", user=found, password=password, made=False)


blueprint.add_url_rule("/users", view_func=users)
blueprint.add_url_rule("/users/new", view_func=new_user, methods=["GET", "POST"])
blueprint.add_url_rule("/users/<user_id>", view_func=user)
blueprint.add_url_rule("/users/<user_id>/roles", view_func=change_role, methods=["POST"])
blueprint.add_url_rule("/users/<user_id>/training", view_func=set_training, methods=["POST"])
blueprint.add_url_rule("/users/<user_id>/disable", view_func=disable, methods=["POST"])
blueprint.add_url_rule("/users/<user_id>/enable", view_func=enable, methods=["POST"])
blueprint.add_url_rule("/users/<user_id>/password", view_func=reset_password, methods=["POST"])
