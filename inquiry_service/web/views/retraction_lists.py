"""Retraction lists: which are held and how old they are, importing one, the report of the last import (R69)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput
from inquiry_service.services import retraction_lists
from inquiry_service.store import audit, literature
from inquiry_service.store import literature_notices as store
from inquiry_service.store.audit import AuditFilter
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_records import RetractionListForm
from inquiry_service.web.presenters import retraction_lists as presenter
from inquiry_service.web.session import db_session

blueprint = Blueprint("retraction_lists", __name__, url_prefix="/literature")

HISTORY = 10


@requires(Permission.LITERATURE_SEARCH)
def overview() -> ResponseReturnValue:
    """Show the lists, the report of the last import, and the form for the next one."""
    return _page(RetractionListForm(formdata=None))


@requires(Permission.LITERATURE_MANAGE)
def upload() -> ResponseReturnValue:
    """Import a list; its report stays."""
    form = RetractionListForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        report = retraction_lists.import_list(db_session(), current_actor(), form.file.data.stream, name=form.name.data)
    except InvalidInput as refusal:
        form.take_errors(refusal.fields or {"file": refusal.message})
        return _page(form)
    flash(f"{report.name}: {report.read:,} lines read.", "success")
    return redirect(url_for(".overview"), 303)


def _page(form: RetractionListForm) -> ResponseReturnValue:
    entries = audit.page(db_session(), AuditFilter(action=Event.LITERATURE_LIST_IMPORTED.value), limit=HISTORY)
    page = presenter.page(store.lists(db_session()), entries)
    if page["last"]:
        page["last"]["lowered"] = literature.known_to(db_session(), current_actor(), page["last"]["lowered"])
    body = render_template("literature/retraction_lists.html", form=form, page=page)
    return body, 422 if form.is_submitted() else 200


blueprint.add_url_rule("/retractions", view_func=overview)
blueprint.add_url_rule("/retractions", view_func=upload, methods=["POST"])
