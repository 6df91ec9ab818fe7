"""One record of the library: adding one by hand, describing it, deciding on its standing, its versions (R69, R71)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.errors import InvalidInput, Refused, StaleVersion
from inquiry_service.services import literature_records, literature_standing
from inquiry_service.store import literature as store
from inquiry_service.store import products as product_store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_records import SourceForm, StandingForm
from inquiry_service.web.presenters import literature_record as presenter
from inquiry_service.web.record_page import Act, act_page, description_form, number_of
from inquiry_service.web.session import db_session

blueprint = Blueprint("literature_records", __name__, url_prefix="/literature")


@requires(Permission.LITERATURE_MANAGE)
def add() -> ResponseReturnValue:
    """Add a source that comes in no export."""
    form = SourceForm()
    form.offer(product_store.products(db_session()))
    if form.validate_on_submit():
        try:
            row = literature_records.add_source(db_session(), current_actor(), form.data_of())
        except InvalidInput as refusal:
            form.take_errors({"issue" if name == "number" else name: said for name, said in refusal.fields.items()})
        except Refused as refusal:
            form.take_errors({"title": refusal.message})
        else:
            flash(f"{row.citation_key} was added.", "success")
            return redirect(url_for("literature.record", record_id=row.id), 303)
    page = {"form": form, "back": url_for("literature.search"), "back_words": "Literature"}
    return render_template("literature/add.html", **page), 422 if form.is_submitted() else 200


@requires(Permission.LITERATURE_MANAGE)
def describe(record_id: str) -> ResponseReturnValue:
    """Change what is recorded of a source."""
    row = store.record(db_session(), record_id, current_actor())
    form = description_form(db_session(), row)
    here = url_for("literature.record", record_id=record_id)
    if form.validate_on_submit():
        try:
            literature_records.describe(
                db_session(), current_actor(), record_id, form.changes(), number_of(form.version.data))
        except InvalidInput as refusal:
            form.take_errors(refusal.fields)
        except StaleVersion as stale:
            form.take_errors({"": stale.message})
            form.version.data = str(stale.data["current"])
        else:
            flash(f"{row.citation_key} was saved.", "success")
            return redirect(here, 303)
    body = render_template("literature/describe.html", form=form, record=presenter.heading(row), back=here)
    return body, 422 if form.is_submitted() else 200


@requires(Permission.LITERATURE_MANAGE)
def decide_standing(record_id: str) -> ResponseReturnValue:
    """Decide where a record stands, against or without what notices and lists say."""
    row = store.record(db_session(), record_id, current_actor())
    form = StandingForm(status=row.status.value, version=row.version)
    here = url_for("literature.record", record_id=record_id)
    if form.validate_on_submit():
        try:
            literature_standing.decide(db_session(), current_actor(), record_id, RecordStatus(form.status.data),
                                       form.reason.data, number_of(form.version.data))
        except (InvalidInput, StaleVersion) as refusal:
            form.take_errors(getattr(refusal, "fields", None) or {"": refusal.message})
            form.version.data = str(refusal.data.get("current", form.version.data))
        else:
            flash(f"{row.citation_key}: {row.status.label.lower()}, as you decided.", "success")
            return redirect(here, 303)
    act = Act("Decide on the standing", "Your decision holds until a notice or a list says something new. Letters that "
              "cite the record are compared with it before they are approved and sent.", "Decide")
    return act_page(act, form, ("status", "reason"), here, row)


@requires(Permission.LITERATURE_SEARCH)
def versions(record_id: str) -> ResponseReturnValue:
    """Show every version of a record with what changed in it, field by field."""
    row = store.record(db_session(), record_id, current_actor())
    steps = presenter.steps(store.versions(db_session(), record_id))
    return render_template("literature/versions.html", record=presenter.heading(row), steps=steps)


blueprint.add_url_rule("/new", view_func=add, methods=["GET", "POST"])
blueprint.add_url_rule("/<record_id>/describe", view_func=describe, methods=["GET", "POST"])
blueprint.add_url_rule("/<record_id>/standing", view_func=decide_standing, methods=["GET", "POST"])
blueprint.add_url_rule("/<record_id>/versions", view_func=versions)
