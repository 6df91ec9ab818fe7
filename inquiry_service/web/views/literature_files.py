"""Files of records: adding one, its text page by page, taking it out, those without text (R70, R84)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.services import literature_full_text
from inquiry_service.store import literature as store
from inquiry_service.store import literature_holdings as holdings
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_records import FullTextForm, ReasonForm
from inquiry_service.web.presenters import literature_record as presenter
from inquiry_service.web.record_page import Act, act_page
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("literature_files", __name__, url_prefix="/literature")

PAGES = 20
"""Pages of a file that are shown at once."""

_ADD = Act("Add a file", "The file is kept as it is; its text is taken out page by page and becomes searchable. "
           "Keeping a file is no right to send it.", "Add the file", enctype="multipart/form-data")
_REMOVE = Act("Remove this file", "The file and its text leave the record and the search. Who added and removed it "
              "stays on record.", "Remove the file", kind="danger")


@requires(Permission.LITERATURE_MANAGE)
def add(record_id: str) -> ResponseReturnValue:
    """Add a file to a record."""
    row = store.record(db_session(), record_id, current_actor())
    here = url_for("literature.record", record_id=row.id)
    form = FullTextForm()
    if form.validate_on_submit():
        sent = form.file.data
        try:
            literature_full_text.attach(
                db_session(), current_actor(), runtime().blobs, record_id, sent.filename or "file", sent.read())
        except (InvalidInput, Refused) as refusal:
            form.take_errors({"file": refusal.message})
        else:
            flash("The file is kept; its text is being taken out.", "success")
            return redirect(here, 303)
    return act_page(_ADD, form, ("file",), here, row)


@requires(Permission.DRAFT_READ)
def download(file_id: str) -> ResponseReturnValue:
    """Hand out a held file; who took it is on record."""
    with runtime().transaction() as own:
        found = literature_full_text.download(own, current_actor(), runtime().blobs, file_id)
    response = Response(found.data, mimetype=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@requires(Permission.LITERATURE_SEARCH)
def text(file_id: str) -> ResponseReturnValue:
    """Show the text of a file as it is searched, some pages at a time."""
    file = holdings.file(db_session(), file_id)
    row = store.record(db_session(), file.record_id, current_actor())
    first = min(max(1, request.args.get("page", 1, type=int)), max(1, file.page_count))
    pages = holdings.pages_of(db_session(), file_id, first=first, most=PAGES)
    page = presenter.text_page(row, file, pages, first=first, most=PAGES)
    return render_template("literature/text.html", page=page)


@requires(Permission.LITERATURE_SEARCH)
def without_text() -> ResponseReturnValue:
    """List the files that no text, or not all of it, could be taken out of."""
    offset = max(0, request.args.get("offset", 0, type=int))
    rows = holdings.files_without_text(db_session(), offset=offset)
    lines = [presenter.file_line(file, row, current_actor()) for file, row in rows]
    total = holdings.count_without_text(db_session())
    more = offset + len(lines) if offset + len(lines) < total else None
    return render_template("literature/without_text.html", files=lines, total=total, offset=offset, more=more)


@requires(Permission.LITERATURE_MANAGE)
def retry(file_id: str) -> ResponseReturnValue:
    """Have the text of a file taken out once more."""
    file = literature_full_text.retry(db_session(), current_actor(), file_id)
    flash("The file waits for its text to be taken out.", "success")
    return redirect(url_for("literature.record", record_id=file.record_id), 303)


@requires(Permission.LITERATURE_MANAGE)
def remove(file_id: str) -> ResponseReturnValue:
    """Take a file away from its record."""
    file = holdings.file(db_session(), file_id)
    row = store.record(db_session(), file.record_id, current_actor())
    here = url_for("literature.record", record_id=row.id)
    form = ReasonForm()
    if form.validate_on_submit():
        literature_full_text.remove(db_session(), current_actor(), file_id, form.reason.data)
        flash("The file was removed.", "success")
        return redirect(here, 303)
    return act_page(_REMOVE, form, ("reason",), here, row)


blueprint.add_url_rule("/files", view_func=without_text)
blueprint.add_url_rule("/<record_id>/files", view_func=add, methods=["GET", "POST"])
blueprint.add_url_rule("/files/<file_id>", view_func=download)
blueprint.add_url_rule("/files/<file_id>/text", view_func=text)
blueprint.add_url_rule("/files/<file_id>/retry", view_func=retry, methods=["POST"])
blueprint.add_url_rule("/files/<file_id>/remove", view_func=remove, methods=["GET", "POST"])
