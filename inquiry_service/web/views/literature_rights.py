"""Rights to use copies of a work: recording one, ending one (R70)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.services import literature_rights
from inquiry_service.store import literature as store
from inquiry_service.store import literature_holdings as holdings
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_records import ReasonForm, RightForm
from inquiry_service.web.record_page import Act, act_page
from inquiry_service.web.session import db_session

blueprint = Blueprint("literature_rights", __name__, url_prefix="/literature")

_RECORD = Act("Record a right", "Without a recorded right only the citation and a link leave the house. That a work "
              "can be read online for free is no right to send it.", "Record the right")
_END = Act("End this right", "Nothing more is sent under it. What was sent stays on record.", "End the right",
           kind="danger")


@requires(Permission.LITERATURE_MANAGE)
def record(record_id: str) -> ResponseReturnValue:
    """Record a right; an open licence that the record names is filled in for a person to look at."""
    row = store.record(db_session(), record_id, current_actor())
    here = url_for("literature.record", record_id=row.id)
    content = store.version(db_session(), record_id, row.version).content
    offered = literature_rights.proposed(literature_rights.other_of(content)) if "proposed" in request.args else None
    form = RightForm(data={name: getattr(offered, name) for name in ("kind", "scope", "holder", "proof")}
                     if offered else None)
    if form.validate_on_submit():
        try:
            literature_rights.record(db_session(), current_actor(), record_id, form.data_of())
        except (InvalidInput, Refused) as refusal:
            form.take_errors(getattr(refusal, "fields", None) or {"": refusal.message})
        else:
            flash("The right is recorded.", "success")
            return redirect(here, 303)
    return act_page(_RECORD, form, ("kind", "scope", "holder", "proof", "copies", "expires_on"), here, row)


@requires(Permission.LITERATURE_MANAGE)
def end(right_id: str) -> ResponseReturnValue:
    """End a right before its time."""
    right = holdings.right(db_session(), right_id)
    row = store.record(db_session(), right.record_id, current_actor())
    here = url_for("literature.record", record_id=row.id)
    form = ReasonForm()
    if form.validate_on_submit():
        literature_rights.end(db_session(), current_actor(), right_id, form.reason.data)
        flash("The right has ended.", "success")
        return redirect(here, 303)
    return act_page(_END, form, ("reason",), here, row)


blueprint.add_url_rule("/<record_id>/rights", view_func=record, methods=["GET", "POST"])
blueprint.add_url_rule("/rights/<right_id>/end", view_func=end, methods=["GET", "POST"])
