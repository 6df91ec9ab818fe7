"""Accounts and their roles, for administrators."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import InvalidInput
from inquiry_service.services import accounts
from inquiry_service.services.passwords import temporary_password
from inquiry_service.store import people
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.admin import NewAccountForm, ReasonForm, RoleForm
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@requires(Permission.USERS_MANAGE)
def users() -> ResponseReturnValue:
    """List the accounts."""
    words, after = request.args.get("q", ""), request.args.get("after", "")
    page = people.page(db_session(), current_actor(), words=words, after=after)
    return render_template("admin/users.html", page=page, words=words, after=after)


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
    return _user_page(user_id, RoleForm(formdata=None), ReasonForm(formdata=None))


def _user_page(
    user_id: str, role_form: RoleForm, reason_form: ReasonForm, status: int = 200
) -> ResponseReturnValue:
    found = people.account(db_session(), current_actor(), user_id)
    body = render_template("admin/user.html", user=found, role_form=role_form, reason_form=reason_form)
    return body, status


@requires(Permission.USERS_MANAGE)
def change_role(user_id: str) -> ResponseReturnValue:
    """Give or take one role."""
    people.account(db_session(), current_actor(), user_id)
    form = RoleForm()
    if not form.validate_on_submit():
        return _user_page(user_id, form, ReasonForm(formdata=None), 422)
    change = accounts.grant_role if form.act.data == "grant" else accounts.revoke_role
    try:
        change(db_session(), current_actor(), user_id, Role(form.role.data), reason=form.reason.data)
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return _user_page(user_id, form, ReasonForm(formdata=None), 422)
    flash("The roles were changed; the person signs in again.", "success")
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
        return _user_page(user_id, RoleForm(formdata=None), form, 422)
    act(db_session(), current_actor(), user_id, reason=form.reason.data)
    flash(done, "success")
    return redirect(url_for("admin.user", user_id=user_id), 303)


@requires(Permission.USERS_MANAGE)
def reset_password(user_id: str) -> ResponseReturnValue:
    """Set a temporary password and show it once."""
    found = people.account(db_session(), current_actor(), user_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _user_page(user_id, RoleForm(formdata=None), form, 422)
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
blueprint.add_url_rule("/users/<user_id>/disable", view_func=disable, methods=["POST"])
blueprint.add_url_rule("/users/<user_id>/enable", view_func=enable, methods=["POST"])
blueprint.add_url_rule("/users/<user_id>/password", view_func=reset_password, methods=["POST"])
