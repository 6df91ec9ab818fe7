"""Products and their labels, word for word; which letters rest on a label; retiring one (R53, R55)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.services import labels
from inquiry_service.store import audit, content_usage
from inquiry_service.store import products as store
from inquiry_service.store.audit import AuditFilter
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.content import RetireForm
from inquiry_service.web.presenters import labels as presenter
from inquiry_service.web.presenters import lifecycle
from inquiry_service.web.session import db_session

blueprint = Blueprint("labels", __name__)

HISTORY = 20


@dataclass(frozen=True)
class _Act:
    """What the dialog and the page that do it say."""

    endpoint: str = ".retire"
    title: str = "Retire this label version"
    text: str = ("It is withdrawn without a successor. Letters that rest on it can neither be signed nor sent; signed "
                 "ones go back to review. Until another version is added, no answer on the product can be completed.")
    submit: str = "Retire"


_RETIRE = _Act()


@requires(Permission.CONTENT_READ)
def products() -> ResponseReturnValue:
    """List the products with their label in force per market."""
    session, actor = db_session(), current_actor()
    rows = presenter.products(
        store.products(session), store.current_labels(session, actor), content_usage.label_counts(session, actor))
    return render_template("labels/products.html", products=rows)


@requires(Permission.CONTENT_READ)
def product(product_id: str) -> ResponseReturnValue:
    """List the label versions of one product."""
    session, actor = db_session(), current_actor()
    row, letters = store.product(session, product_id), content_usage.label_counts(session, actor)
    lines = [presenter.line(label, letters) for label in store.labels_of(session, actor, product_id)]
    return render_template("labels/product.html", product=row, lines=lines)


@requires(Permission.CONTENT_READ)
def show(label_id: str) -> ResponseReturnValue:
    """Show a label version word for word."""
    session, actor = db_session(), current_actor()
    row = store.label(session, actor, label_id)
    letters = content_usage.letters_on_label(session, actor, label_id)
    rows = audit.page(session, AuditFilter(object=label_id, object_type="label_version"), limit=HISTORY)
    return render_template(
        "labels/show.html", page=presenter.page(row, letters, lifecycle.history(rows)), act=_RETIRE,
        form=RetireForm(formdata=None), facts_before=presenter.retirement(row, letters))


@requires(Permission.CONTENT_MANAGE)
def retire(label_id: str) -> ResponseReturnValue:
    """Retire a label version, with a reason; without script this address asks for it."""
    session, actor = db_session(), current_actor()
    row, here = store.label(session, actor, label_id), url_for(".show", label_id=label_id)
    form = RetireForm()
    if form.validate_on_submit():
        labels.retire(session, actor, label_id, form.reason.data)
        flash(f"{labels.words_for(row)} is retired.", "success")
        return redirect(here, 303)
    if not form.is_submitted() and not presenter.may_retire(row):
        return redirect(here, 303)
    facts = presenter.retirement(row, content_usage.letters_on_label(session, actor, label_id))
    body = render_template(
        "content/withdraw.html", act=_RETIRE, form=form, back=here, back_words=labels.words_for(row),
        facts_before=facts, action=url_for(".retire", label_id=label_id))
    return body, 422 if form.is_submitted() else 200


blueprint.add_url_rule("/products", view_func=products)
blueprint.add_url_rule("/products/<product_id>", view_func=product)
blueprint.add_url_rule("/labels/<label_id>", view_func=show)
blueprint.add_url_rule("/labels/<label_id>/retire", view_func=retire, methods=["GET", "POST"])
