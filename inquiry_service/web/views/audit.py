"""The audit log for those who watch over the others: filters, one entry, verification, export."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import BinaryIO, TypeVar, cast

from flask import Blueprint, Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import IntegrityBroken, NotFound
from inquiry_service.services import audit_proof
from inquiry_service.services.audit_export import Manifest, export_zip
from inquiry_service.services.audit_verify import verify_and_record
from inquiry_service.services.runtime import Session
from inquiry_service.store import audit as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.audit import ExportForm, FilterForm
from inquiry_service.web.logging import request_id
from inquiry_service.web.presenters import audit as show
from inquiry_service.web.presenters.audit_page import PAGE, cursor, page_of
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

AnyForm = TypeVar("AnyForm", FilterForm, ExportForm)
_LARGEST_NUMBER = 2**62


@requires(Permission.AUDIT_READ)
def explorer() -> ResponseReturnValue:
    """Show the entries that the filters in the address ask for, the newest first."""
    form = _offered(FilterForm(request.args), db_session())
    if not form.check(request.args):
        return render_template("audit/explorer.html", form=form, page=None, last=_last_check()), 422
    page = page_of(db_session(), form.filters(), cursor(request.args), current_actor(), current_app.view_functions)
    return render_template("audit/explorer.html", form=form, page=page, last=_last_check(), size=PAGE, moment=now())


def _offered(form: AnyForm, session: Session) -> AnyForm:
    form.offer(store.actors(session), store.object_types(session))
    return form


def _last_check() -> show.LastCheck | None:
    session = db_session()
    row = store.latest(session, Event.AUDIT_VERIFIED, Event.AUDIT_VERIFICATION_FAILED)
    return show.last_check(row, store.head(session), current_actor(), current_app.view_functions)


@requires(Permission.AUDIT_READ)
def entry(seq: int) -> ResponseReturnValue:
    """Show one entry with its exact bytes, and on demand the proof that it stands in the log."""
    row = store.entry(db_session(), seq) if seq < _LARGEST_NUMBER else None
    if row is None:
        raise NotFound("The log has no entry with this number.")
    line = show.line_of(row, current_actor(), current_app.view_functions)
    proof, unproved = None, ""
    if request.args.get("proof"):
        try:
            proof = audit_proof.prove_inclusion(db_session(), seq)
        except IntegrityBroken as problem:
            unproved = problem.message
    return render_template(
        "audit/entry.html", line=line, text=show.text_of(row), proof=proof, unproved=unproved,
        head=store.head(db_session()))


@requires(Permission.AUDIT_READ)
def verify() -> ResponseReturnValue:
    """Recompute the whole log, record that, and show how it ended."""
    actor, report, finding = current_actor(), None, None
    try:
        report = verify_and_record(runtime().sessions, actor, request_id=request_id())
    except IntegrityBroken as problem:
        finding = show.finding_of(problem)
    return render_template("audit/verified.html", report=report, finding=finding)


@requires(Permission.AUDIT_EXPORT)
def export_check() -> ResponseReturnValue:
    """Say what an export of these filters would hold."""
    form = _offered(FilterForm(request.args), db_session())
    if not form.check(request.args):
        return render_template("audit/export.html", form=form, entries=None), 422
    return _export_page(form)


def _export_page(form: FilterForm) -> ResponseReturnValue:
    entries, head = store.count(db_session(), form.filters()), store.head(db_session())
    return render_template("audit/export.html", form=form, entries=entries, head=head, complete=not form.query())


@requires(Permission.AUDIT_EXPORT)
def export() -> ResponseReturnValue:
    """Make the bundle in a file of its own and hand it out; the file is gone with the answer."""
    # A session of its own: recording the export needs the write lock, which this request's session would hold.
    with runtime().reading() as own:
        form = _offered(ExportForm(), own)
    if not (form.validate_on_submit() and form.check_period()):
        return render_template("audit/export.html", form=form, entries=None), 422
    file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - closed with the answer
    try:
        manifest = export_zip(runtime().sessions, file, filters=form.filters(), exporter=current_actor(),
                              request_id=request_id())
        return _download(file, manifest)
    except BaseException:
        file.close()
        raise


def _download(file: BinaryIO, manifest: Manifest) -> Response:
    length = file.tell()
    file.seek(0)
    name = show.file_name(now(), manifest.entries, manifest.tree["size"], complete=manifest.complete)
    response = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
    response.content_length = length
    response.call_on_close(file.close)
    return response


blueprint.add_url_rule("", view_func=explorer)
blueprint.add_url_rule("/<int:seq>", view_func=entry)
blueprint.add_url_rule("/verify", view_func=verify, methods=["POST"])
blueprint.add_url_rule("/export", view_func=export_check)
blueprint.add_url_rule("/export", view_func=export, methods=["POST"])
