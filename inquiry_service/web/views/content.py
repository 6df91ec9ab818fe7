"""The content library: what may be used in answers, one text with its versions, taking one out of use (R63-R68)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.rendering.diff import compare
from inquiry_service.services import content, content_preview
from inquiry_service.store import audit, content_usage
from inquiry_service.store import content as store
from inquiry_service.store import products as product_store
from inquiry_service.store.audit import AuditFilter
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.content import RetireForm, SuspendForm
from inquiry_service.web.presenters import content as lists
from inquiry_service.web.presenters import document as presenter
from inquiry_service.web.presenters import lifecycle
from inquiry_service.web.session import db_session

blueprint = Blueprint("content", __name__, url_prefix="/documents")

HISTORY = 20


@dataclass(frozen=True)
class _Act:
    """A way to take a version out of use."""

    endpoint: str
    flag: str
    title: str
    text: str
    submit: str
    done: str
    form: Callable[..., SuspendForm | RetireForm]
    do: Callable[..., Any]


_SUSPEND = _Act(
    ".suspend", "may_suspend", "Suspend this text", "No new draft can begin from it, and letters that use it can "
    "neither be signed nor sent. It becomes usable again with a new version only.",
    "Suspend", "is suspended; no new draft can begin from it.", SuspendForm, content.suspend)
_RETIRE = _Act(
    ".retire", "may_retire", "Retire this text", "It is out of use for good and stays readable. Letters that use it "
    "can neither be signed nor sent.", "Retire", "is retired; it stays readable.", RetireForm, content.retire)


@requires(Permission.CONTENT_READ)
def library() -> ResponseReturnValue:
    """List the texts with their standing and how many letters use them."""
    session, actor = db_session(), current_actor()
    around = lists.Surroundings.of(
        content_usage.content_counts(session, actor), product_store.products(session),
        product_store.current_labels(session, actor))
    page = lists.library(store.library(session, actor), around, lists.Chosen.from_args(request.args))
    return render_template("content/library.html", page=page)


@requires(Permission.CONTENT_READ)
def show(version_id: str) -> ResponseReturnValue:
    """Show one version: as it will look, its source, or its changes against another version."""
    found = _found(version_id)
    view = request.args.get("show", "")
    view = view if view in presenter.VIEWS else "preview"
    preview = presenter.preview(content_preview.of(db_session(), found.row, found.product, found.label))
    return render_template(
        "content/show.html", page=presenter.page(found), view=view, views=presenter.VIEWS, preview=preview,
        changes=_changes(found) if view == "changes" else None, acts=[_SUSPEND, _RETIRE],
        forms={act.endpoint: act.form(formdata=None) for act in (_SUSPEND, _RETIRE)},
        facts_before=presenter.suspension(found))


def _found(version_id: str) -> presenter.Found:
    session, actor = db_session(), current_actor()
    row = store.version(session, actor, version_id)
    product = product_store.by_key(session, row.product_key) if row.product_key else None
    written_for = product_store.label_version(session, product.id, row.market, row.label_version) if product else None
    rows = audit.page(session, AuditFilter(object=row.id, object_type="content_version"), limit=HISTORY)
    return presenter.Found(
        row=row, product=product, label=written_for,
        in_force=product_store.current_label(session, product.id, row.market) if product else None,
        versions=store.versions_of(session, row.item.key),
        letters=content_usage.letters_with_content(session, actor, row), history=lifecycle.history(rows))


def _changes(found: presenter.Found) -> dict[str, Any] | None:
    other = presenter.base_of(found.row, found.versions, request.args.get("against", ""))
    if other is None:
        return None
    old, new = sorted((other, found.row), key=lambda one: one.version)
    return presenter.changes(other, compare(old.source, new.source))


@requires(Permission.CONTENT_MANAGE)
def suspend(version_id: str) -> ResponseReturnValue:
    """Suspend a version, with a reason; without script this address asks for it."""
    return _take_out_of_use(version_id, _SUSPEND)


@requires(Permission.CONTENT_MANAGE)
def retire(version_id: str) -> ResponseReturnValue:
    """Retire a version, with a reason; without script this address asks for it."""
    return _take_out_of_use(version_id, _RETIRE)


def _take_out_of_use(version_id: str, act: _Act) -> ResponseReturnValue:
    found = _found(version_id)
    here = url_for(".show", version_id=version_id)
    form = act.form()
    if form.validate_on_submit():
        row = act.do(db_session(), current_actor(), version_id, form.reason.data)
        flash(f"{content.name_of(row)} {act.done}", "success")
        return redirect(here, 303)
    page = presenter.page(found)
    if not form.is_submitted() and not page[act.flag]:
        return redirect(here, 303)
    body = render_template(
        "content/withdraw.html", act=act, form=form, back=here, back_words=page["name"],
        facts_before=presenter.suspension(found), action=url_for(act.endpoint, version_id=version_id))
    return body, 422 if form.is_submitted() else 200


blueprint.add_url_rule("", view_func=library)
blueprint.add_url_rule("/<version_id>", view_func=show)
blueprint.add_url_rule("/<version_id>/suspend", view_func=suspend, methods=["GET", "POST"])
blueprint.add_url_rule("/<version_id>/retire", view_func=retire, methods=["GET", "POST"])
