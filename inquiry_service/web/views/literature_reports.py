"""The final report of an import: as JSON and CSV for keeping elsewhere, and the signature on it (R72-R78)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import Locked, NotFound, Refused, SignatureRefused
from inquiry_service.services import literature_import_report as reports
from inquiry_service.services import signatures
from inquiry_service.services.signatures import Signable
from inquiry_service.store import literature_imports as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_imports import SignReportForm
from inquiry_service.web.presenters import literature_imports as presenter
from inquiry_service.web.session import db_session, discard, runtime

blueprint = Blueprint("literature_reports", __name__, url_prefix="/literature/imports/<run_id>")


@requires(Permission.LITERATURE_SEARCH)
def as_json(run_id: str) -> ResponseReturnValue:
    """Download the report as canonical JSON with its digest and signatures."""
    return _download(run_id, "json", "application/json")


@requires(Permission.LITERATURE_SEARCH)
def as_csv(run_id: str) -> ResponseReturnValue:
    """Download the report as a table for spreadsheets."""
    return _download(run_id, "csv", "text/csv; charset=utf-8")


def _download(run_id: str, kind: str, mimetype: str) -> Response:
    run = store.run(db_session(), run_id)
    if not current_actor().may(Permission.LITERATURE_CONFIDENTIAL) and store.has_confidential(db_session(), run_id):
        # The report is signed as a whole: nothing can be left out of it.
        raise NotFound("The report names confidential records; only those who may see them can download it.")
    if not reports.has_ended(run):
        raise Refused("The report can be downloaded once the import has ended.")
    headers = {"Content-Disposition": f'attachment; filename="import-report-{run_id}.{kind}"'}
    return Response(stream_with_context(_pieces(run_id, kind)), content_type=mimetype, headers=headers)


def _pieces(run_id: str, kind: str) -> Iterator[bytes]:
    # A session of its own: the answer is still being sent when that of the request is closed.
    with runtime().reading() as own:
        run = store.run(own, run_id)
        if kind == "json":
            yield from reports.json_pieces(own, run)
        else:
            yield from (line.encode() for line in reports.csv_lines(own, run))


@requires(Permission.LITERATURE_IMPORT)
def prepare(run_id: str) -> ResponseReturnValue:
    """Show what will be signed, with a ticket for one signature."""
    session = db_session()
    signable, ticket = reports.prepare_signing(session, current_actor(), store.run(session, run_id))
    return _sign_page(run_id, SignReportForm(formdata=None, data={"ticket": ticket}), signable)


@requires(Permission.LITERATURE_IMPORT)
def sign(run_id: str) -> ResponseReturnValue:
    """Sign the report; the signature is the first thing in this unit of work, for a refusal rolls it back."""
    form, session = SignReportForm(), db_session()
    if not form.validate_on_submit():
        return _again(run_id, form, 422)
    try:
        given = reports.sign(session, current_actor(), store.run(session, run_id), form.components)
    except (SignatureRefused, Locked) as refusal:
        form.form_errors.append(refusal.message)
        return _again(run_id, form, refusal.status)
    flash(f"Signed: {signatures.manifestation(given)}", "success")
    return redirect(url_for("literature_imports.show", run_id=run_id), 303)


def _again(run_id: str, form: SignReportForm, status: int) -> ResponseReturnValue:
    """A ticket is good for one try, so the next try gets another, in a unit of work of its own."""
    discard()
    with runtime().transaction() as own:
        signable, form.ticket.data = reports.prepare_signing(own, current_actor(), store.run(own, run_id))
    return _sign_page(run_id, form, signable), status


def _sign_page(run_id: str, form: SignReportForm, signable: Signable) -> str:
    with runtime().reading() as own:
        page: dict[str, Any] = presenter.line(store.run(own, run_id))
    return render_template("literature/import_sign.html", run=page, form=form, signable=signable)


blueprint.add_url_rule("/report.json", view_func=as_json)
blueprint.add_url_rule("/report.csv", view_func=as_csv)
blueprint.add_url_rule("/signing", view_func=prepare, methods=["POST"])
blueprint.add_url_rule("/signature", view_func=sign, methods=["POST"])
