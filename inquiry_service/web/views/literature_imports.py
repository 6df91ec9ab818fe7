"""Importing literature: hand in a file, name its columns, look at what it holds, confirm, follow, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.table_columns import Table
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ImportFinding, ImportOutcome, ImportState
from inquiry_service.errors import IntegrityBroken, InvalidInput
from inquiry_service.services import literature_import_report as reports
from inquiry_service.services import literature_import_work as import_work
from inquiry_service.services import literature_imports as imports
from inquiry_service.services.literature_import_work import Work
from inquiry_service.services.runtime import Session
from inquiry_service.store import literature
from inquiry_service.store import literature_imports as store
from inquiry_service.store import products as product_store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_imports import (
    ChoicesForm,
    ChooseAllForm,
    ColumnsForm,
    UploadForm,
    columns_form,
)
from inquiry_service.web.logging import request_id
from inquiry_service.web.presenters import literature_imports as presenter
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("literature_imports", __name__, url_prefix="/literature/imports")

RUNS_PAGE = 50
ITEMS_PAGE = 100
CHECKED_AT_ONCE = 200_000
"""Bytes of a file that is checked within the request: the person need not wait for the worker."""
_UNPROCESSABLE = 422
_UNDER_WAY = (ImportState.CHECKING, ImportState.RUNNING)


@requires(Permission.LITERATURE_SEARCH)
def overview() -> ResponseReturnValue:
    """List the imports, with the form for another one."""
    return _overview(_upload_form())


def _upload_form() -> UploadForm:
    form = UploadForm()
    with runtime().reading() as own:
        form.offer(product_store.products(own))
    return form


def _overview(form: UploadForm, status: int = 200) -> ResponseReturnValue:
    offset = _offset()
    with runtime().reading() as own:
        runs = store.runs(own, offset=offset, limit=RUNS_PAGE + 1)
    body = render_template(
        "literature/imports.html", form=form, imports=[presenter.line(run) for run in runs[:RUNS_PAGE]],
        offset=offset, more=offset + RUNS_PAGE if len(runs) > RUNS_PAGE else None,
        most_mib=runtime().config.max_upload_mib, formats=formats.FORMATS)
    return body, status


@requires(Permission.LITERATURE_IMPORT)
def upload() -> ResponseReturnValue:
    """Keep an uploaded file and have it checked; a table is asked for its columns first."""
    form = _upload_form()
    if not form.validate_on_submit():
        return _overview(form, _UNPROCESSABLE)
    sent = form.file.data
    try:
        received = imports.receive(runtime().blobs, sent.filename or "upload", sent.stream)
        with runtime().transaction() as own:
            own.info["request_id"] = request_id()
            run_id = imports.stage(own, current_actor(), received, products=form.products.data or []).id
    except InvalidInput as refusal:
        form.take_errors(refusal.fields or {"file": refusal.message})
        return _overview(form, _UNPROCESSABLE)
    _check_small(run_id)
    return _to(run_id)


def _check_small(run_id: str) -> None:
    """Check a small file at once; what the worker finds in its queue later is done already."""
    with runtime().reading() as own:
        sha256 = store.run(own, run_id).file_sha256
    if runtime().blobs.size(sha256) <= CHECKED_AT_ONCE:
        work = Work(runtime().sessions, current_actor(), run_id, lambda: runtime().blobs.open(sha256), request_id())
        # What is wrong with the file is noted in the import, whose page says so.
        with suppress(InvalidInput), import_work.noting_failure(work):
            import_work.check(work)


def _to(run_id: str, finding: str | None = None, offset: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("literature_imports.show", run_id=run_id, finding=finding, offset=offset), 303)


@requires(Permission.LITERATURE_SEARCH)
def show(run_id: str) -> ResponseReturnValue:
    """Show an import where it stands: its columns, its progress, what the check found, or its report."""
    run = store.run(db_session(), run_id)
    if run.state is ImportState.MAPPING and current_actor().may(Permission.LITERATURE_IMPORT):
        return redirect(url_for("literature_imports.columns", run_id=run_id))
    if run.state in _UNDER_WAY or run.state is ImportState.MAPPING:
        return render_template("literature/import_working.html", run=presenter.progress(run, 0))
    if run.state is ImportState.CHECKED:
        return _checked_page(run_id)
    return _report_page(run_id)


def _checked_page(run_id: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    wanted = request.values.get("finding", "")
    finding = ImportFinding(wanted) if wanted in set(ImportFinding) else None
    with runtime().reading() as own:
        run, found = store.run(own, run_id), store.finding_counts(own, run_id)
        items = store.items(own, run_id, finding=finding, offset=_offset(), limit=ITEMS_PAGE)
        hidden = _hidden(own, items)
    page = presenter.checked(run, found, items, finding=finding, offset=_offset(), limit=ITEMS_PAGE, hidden=hidden)
    everyone = ChooseAllForm.for_finding(finding) if finding in imports.OFFERED and finding else None
    body = render_template("literature/import_checked.html", run=page, form=ChoicesForm(formdata=None),
                           everyone=everyone, problem=problem)
    return body, status


def _report_page(run_id: str) -> ResponseReturnValue:
    session, wanted = db_session(), request.args.get("outcome", "")
    run = store.run(session, run_id)
    outcome = ImportOutcome(wanted) if wanted in set(ImportOutcome) else None
    items = store.items(session, run_id, outcome=outcome, offset=_offset(), limit=ITEMS_PAGE)
    page = presenter.report(run, items, reports.signatures_on(session, run), outcome=outcome, offset=_offset(),
                            limit=ITEMS_PAGE, hidden=_hidden(session, items))
    return render_template("literature/import_report.html", run=page, ended=reports.has_ended(run),
                           damage=None if outcome or _offset() else _damage(run))


def _hidden(session: Session, items: Sequence[Any]) -> set[str]:
    """The records behind these lines that are not for the viewer."""
    return literature.hidden_from(session, current_actor(), {item.record_id for item in items if item.record_id})


def _damage(run: Any) -> IntegrityBroken | None:
    """What is wrong with a report that should be final; None when it verifies."""
    try:
        if reports.has_ended(run):
            reports.verify(db_session(), run)
    except IntegrityBroken as problem:
        return problem
    return None


@requires(Permission.LITERATURE_SEARCH)
def progress(run_id: str) -> ResponseReturnValue:
    """Tell a waiting page how far the import is; at the end the page stops asking."""
    said = request.args.get("said", 0, type=int)
    run = presenter.progress(store.run(db_session(), run_id), said)
    return render_template("literature/import_progress.html", run=run)


@requires(Permission.LITERATURE_IMPORT)
def columns(run_id: str) -> ResponseReturnValue:
    """Show the columns of a table with sample values and the fields that are proposed."""
    run, table = _table_of(run_id)
    if table is None:
        return _to(run_id)
    return _columns_page(run, columns_form(table, run.mapping), table)


@requires(Permission.LITERATURE_IMPORT)
def set_columns(run_id: str) -> ResponseReturnValue:
    """Take the columns over and have the table checked with them."""
    run, table = _table_of(run_id)
    if table is None:
        return _to(run_id)
    form = columns_form(table, run.mapping)
    if not form.validate_on_submit():
        return _columns_page(run, form, table, _UNPROCESSABLE)
    try:
        with runtime().transaction() as own:
            own.info["request_id"] = request_id()
            imports.set_mapping(own, current_actor(), run_id, table, form.mapping(table))
    except InvalidInput as refusal:
        form.take_errors({form.of(0).name: refusal.message})
        return _columns_page(run, form, table, _UNPROCESSABLE)
    _check_small(run_id)
    return _to(run_id)


def _table_of(run_id: str) -> tuple[Any, Table | None]:
    """The import and its table, None when there are no columns to be named (any more)."""
    with runtime().reading() as own:
        run = store.run(own, run_id)
    if run.confirmed_at is not None or run.finished_at is not None:
        return run, None
    with runtime().blobs.open(run.file_sha256) as stream:
        return run, formats.inspect(stream, run.file_name).table


def _columns_page(run: Any, form: ColumnsForm, table: Table, status: int = 200) -> ResponseReturnValue:
    return render_template("literature/import_columns.html", run=presenter.line(run), form=form, table=table), status


@requires(Permission.LITERATURE_IMPORT)
def choose(run_id: str) -> ResponseReturnValue:
    """Keep the choices of a page, then go on to another page or back to this one."""
    form = ChoicesForm()
    if not form.validate_on_submit():
        return _checked_page(run_id, "The form had expired. Look at your choices and save them again.", _UNPROCESSABLE)
    imports.choose(db_session(), current_actor(), run_id, form.choices)
    if request.headers.get("HX-Request"):
        return "", 204
    return _to(run_id, finding=form.finding.data or None, offset=form.go.data or None)


@requires(Permission.LITERATURE_IMPORT)
def choose_all(run_id: str) -> ResponseReturnValue:
    """Choose the same for every record with one finding."""
    form = ChooseAllForm()
    if not form.validate_on_submit() or form.finding.data not in set(ImportFinding):
        return _checked_page(run_id, "Say what shall be done with these records.", _UNPROCESSABLE)
    imports.choose_all(db_session(), current_actor(), run_id, ImportFinding(form.finding.data), form.chosen)
    return _to(run_id, finding=form.finding.data)


@requires(Permission.LITERATURE_IMPORT)
def confirm(run_id: str) -> ResponseReturnValue:
    """Keep the choices of the page and have the file imported."""
    form = ChoicesForm()
    if not form.validate_on_submit():
        return _checked_page(run_id, "The form had expired. Confirm once more.", _UNPROCESSABLE)
    imports.choose(db_session(), current_actor(), run_id, form.choices)
    imports.confirm(db_session(), current_actor(), run_id)
    return _to(run_id)


@requires(Permission.LITERATURE_IMPORT)
def cancel(run_id: str) -> ResponseReturnValue:
    """End an import before its end; what was stored stays."""
    imports.cancel(db_session(), current_actor(), run_id)
    return _to(run_id)


@requires(Permission.LITERATURE_IMPORT)
def try_again(run_id: str) -> ResponseReturnValue:
    """Go on with an import that an error stopped."""
    imports.try_again(db_session(), current_actor(), run_id)
    return _to(run_id)


def _offset() -> int:
    text = request.args.get("offset", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


blueprint.add_url_rule("", view_func=overview)
blueprint.add_url_rule("", view_func=upload, methods=["POST"])
blueprint.add_url_rule("/<run_id>", view_func=show)
blueprint.add_url_rule("/<run_id>/progress", view_func=progress)
blueprint.add_url_rule("/<run_id>/mapping", view_func=columns)
blueprint.add_url_rule("/<run_id>/mapping", view_func=set_columns, methods=["POST"])
blueprint.add_url_rule("/<run_id>/choices", view_func=choose, methods=["POST"])
blueprint.add_url_rule("/<run_id>/choices/all", view_func=choose_all, methods=["POST"])
blueprint.add_url_rule("/<run_id>/confirm", view_func=confirm, methods=["POST"])
blueprint.add_url_rule("/<run_id>/cancel", view_func=cancel, methods=["POST"])
blueprint.add_url_rule("/<run_id>/again", view_func=try_again, methods=["POST"])
