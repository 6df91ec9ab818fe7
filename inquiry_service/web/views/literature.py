"""The library: search, one record, imports and their reports. For medical staff only (R24)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ImportOutcome
from inquiry_service.errors import InvalidInput
from inquiry_service.services import evidence
from inquiry_service.services import literature as imports
from inquiry_service.store import evidence as evidence_store
from inquiry_service.store import literature as store
from inquiry_service.store import products as product_store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature import ImportForm, SearchArgs
from inquiry_service.web.logging import request_id
from inquiry_service.web.presenters import literature as presenter
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("literature", __name__, url_prefix="/literature")

IMPORTS_PAGE = 50
ITEMS_PAGE = 100


@requires(Permission.LITERATURE_SEARCH)
def search() -> ResponseReturnValue:
    """Search the library; without words, every record, the newest first."""
    session = db_session()
    size, products = store.count(session), product_store.products(session)
    asked = SearchArgs.from_args(request.args)
    try:
        asked = asked.checked(request.args.get("offset", ""))
        result = evidence.search(
            runtime().index, current_actor(), asked.text, asked.filters, limit=asked.limit, offset=asked.offset)
    except InvalidInput as problem:
        page = presenter.unreadable(asked, problem, size)
        return render_template("literature/search.html", page=page, products=products), 422
    rows = store.records(session, [hit.record_id for hit in result.hits])
    page = presenter.results(asked, result, rows, size)
    return render_template("literature/search.html", page=page, products=products)


@requires(Permission.LITERATURE_SEARCH)
def record(record_id: str) -> ResponseReturnValue:
    """Show one record with where it is used."""
    session = db_session()
    row = store.record(session, record_id)
    page = presenter.record(
        row, store.versions(session, record_id), evidence_store.letters_citing(session, current_actor(), record_id),
        evidence_store.verdicts_on(session, record_id), product_store.products(session))
    return render_template("literature/record.html", record=page)


@requires(Permission.LITERATURE_SEARCH)
def import_list() -> ResponseReturnValue:
    """List the imports, with the form for another one."""
    return _imports_page(_import_form())


def _import_form() -> ImportForm:
    form = ImportForm()
    # A session of its own: the import needs the database's write lock, which this request's session would hold.
    with runtime().reading() as own:
        form.offer(product_store.products(own))
    return form


def _imports_page(form: ImportForm, status: int = 200) -> ResponseReturnValue:
    offset = request.args.get("offset", 0, type=int)
    with runtime().reading() as own:
        runs = store.import_runs(own, offset=max(0, offset), limit=IMPORTS_PAGE + 1)
    lines = [presenter.import_line(run) for run in runs[:IMPORTS_PAGE]]
    more = offset + IMPORTS_PAGE if len(runs) > IMPORTS_PAGE else None
    body = render_template("literature/imports.html", form=form, imports=lines, offset=offset, more=more)
    return body, status


@requires(Permission.LITERATURE_IMPORT)
def upload() -> ResponseReturnValue:
    """Import an uploaded file; its report stays."""
    form = _import_form()
    if not form.validate_on_submit():
        return _imports_page(form, 422)
    sent = form.file.data
    try:
        report = imports.import_file(
            runtime().sessions, current_actor(), sent.filename or "upload", sent.stream,
            products=[form.product.data] if form.product.data else [], request_id=request_id())
    except InvalidInput as refusal:
        form.take_errors(refusal.fields or {"file": refusal.message})
        return _imports_page(form, 422)
    flash(f"{report.read:,} records read: {report.created:,} created, {report.duplicate:,} duplicates, "
          f"{report.rejected:,} rejected.", "success")
    return redirect(url_for("literature.import_report", run_id=report.run_id), 303)


@requires(Permission.LITERATURE_SEARCH)
def import_report(run_id: str) -> ResponseReturnValue:
    """Show what became of each record of one import."""
    session = db_session()
    run = store.import_run(session, run_id)
    wanted = request.args.get("outcome", "")
    outcome = ImportOutcome(wanted) if wanted in set(ImportOutcome) else None
    offset = max(0, request.args.get("offset", 0, type=int))
    items = store.import_items(session, run_id, outcome=outcome, offset=offset, limit=ITEMS_PAGE)
    report = presenter.import_report(run, items, outcome=outcome, offset=offset, limit=ITEMS_PAGE)
    return render_template("literature/import_report.html", report=report)


blueprint.add_url_rule("", view_func=search)
blueprint.add_url_rule("/imports", view_func=import_list)
blueprint.add_url_rule("/imports", view_func=upload, methods=["POST"])
blueprint.add_url_rule("/imports/<run_id>", view_func=import_report)
blueprint.add_url_rule("/<record_id>", view_func=record)
