"""The evidence of an inquiry: searches run and recorded, and a decision on each hit (R52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import EvidenceVerdict
from inquiry_service.errors import InvalidInput
from inquiry_service.services import evidence
from inquiry_service.store import evidence as store
from inquiry_service.store import inquiries, literature
from inquiry_service.store import products as product_store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.evidence import DecisionForm, RecordedSearchForm
from inquiry_service.web.presenters import evidence as presenter
from inquiry_service.web.presenters.literature import place_of
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("evidence", __name__, url_prefix="/inquiries/<inquiry_id>/evidence")


@dataclass(frozen=True)
class _Deciding:
    """The hit whose decision form is open."""

    record_id: str
    form: DecisionForm


@requires(Permission.LITERATURE_SEARCH)
def workbench(inquiry_id: str) -> ResponseReturnValue:
    """Show the recorded searches, the hits of one of them, and what was decided."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    return render_template("evidence/page.html", **_page(inquiry))


@requires(Permission.EVIDENCE_DECIDE)
def run_search(inquiry_id: str) -> ResponseReturnValue:
    """Run a search for the inquiry and keep it."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id, lock=True)
    form, text = _with_products(RecordedSearchForm()), request.form.get("q", "")
    try:
        if not form.validate_on_submit():
            raise InvalidInput("The search was not run.", fields={n: str(m[0]) for n, m in form.errors.items()})
        run = evidence.record_search(db_session(), runtime().index, current_actor(), inquiry, text, form.filters())
    except InvalidInput as refusal:
        problem = {"problem": [{"message": words, "href": f"#{name}"} for name, words in refusal.fields.items()],
                   "place": place_of(text, refusal)}
        return render_template("evidence/page.html", **_page(inquiry, form=form), refused=problem), 422
    flash(f"The search was recorded with {len(run.hits)} of {run.total:,} records found.", "success")
    return redirect(url_for(".workbench", inquiry_id=inquiry_id, run=run.id), 303)


@requires(Permission.EVIDENCE_DECIDE)
def choose(inquiry_id: str, record_id: str) -> ResponseReturnValue:
    """Open the form that keeps or rejects a hit; with script only this hit is exchanged."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    verdict = request.args.get("verdict", "")
    opened = None
    if verdict in set(EvidenceVerdict):
        before = store.decision(db_session(), inquiry.id, record_id)
        opened = _Deciding(record_id, DecisionForm(formdata=None, data=presenter.stored_choice(before, verdict)))
    return _with_hit(inquiry, record_id, opened)


@requires(Permission.EVIDENCE_DECIDE)
def decide(inquiry_id: str, record_id: str) -> ResponseReturnValue:
    """Keep or reject a hit."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id, lock=True)
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            evidence.decide(db_session(), current_actor(), inquiry, record_id, form.data_of())
        except InvalidInput as refusal:
            form.take_errors(refusal.fields)
        else:
            return _decided(inquiry, record_id, form)
    return _with_hit(inquiry, record_id, _Deciding(record_id, form), status=422)


def _decided(inquiry: Any, record_id: str, form: DecisionForm) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return _with_hit(inquiry, record_id, None)
    return redirect(url_for(".workbench", inquiry_id=inquiry.id, run=form.run.data or None,
                            show=form.show.data or None, _anchor=f"hit-{record_id}"), 303)


def _with_hit(inquiry: Any, record_id: str, opened: _Deciding | None, status: int = 200) -> ResponseReturnValue:
    page = _page(inquiry, opened=opened)
    if not request.headers.get("HX-Request"):
        return render_template("evidence/page.html", **page), status
    one = next((found for found in page["every_hit"] if found["id"] == record_id), None)
    return render_template("evidence/hit_update.html", hit=one, **page), status


def _with_products(form: RecordedSearchForm) -> RecordedSearchForm:
    form.offer(product_store.products(db_session()))
    return form


def _page(
    inquiry: Any, *, form: RecordedSearchForm | None = None, opened: _Deciding | None = None
) -> dict[str, Any]:
    session, actor = db_session(), current_actor()
    runs = store.searches(session, inquiry.id)[::-1]
    rows = store.decisions(session, inquiry.id)
    wanted = request.values.get("run", "")
    run = next((run for run in runs if run.id == wanted), runs[0] if runs else None)
    show = request.values.get("show", "")
    # Never filled from the request here: another form of this page may have been sent.
    form = form or _with_products(RecordedSearchForm(formdata=None, data=presenter.search_start(inquiry, run)))
    return {
        "inquiry": presenter.inquiry_facts(inquiry), "form": form, "opened": opened,
        "may_decide": actor.may(Permission.EVIDENCE_DECIDE) and evidence.is_open(inquiry),
        "show": show if show in presenter.SHOWN else "",
        "runs": [presenter.run_line(one, run) for one in runs],
        "evidence": presenter.panel(inquiry, rows, may_decide=actor.may(Permission.EVIDENCE_DECIDE)),
        **_run_parts(run, presenter.by_record(rows)),
    }


def _run_parts(run: Any, decisions: Mapping[str, Any]) -> dict[str, Any]:
    if run is None:
        return {"record": None, "every_hit": [], "lists": []}
    result = evidence.again(runtime().index, current_actor(), run)
    records = literature.records(db_session(), [hit.record_id for hit in run.hits])
    record = presenter.search_record(run, decisions, result)
    return {"record": record, "every_hit": presenter.hits(run, records, decisions, result),
            "lists": presenter.lists(record)}


blueprint.add_url_rule("", view_func=workbench)
blueprint.add_url_rule("/searches", view_func=run_search, methods=["POST"])
blueprint.add_url_rule("/decisions/<record_id>", view_func=choose)
blueprint.add_url_rule("/decisions/<record_id>", view_func=decide, methods=["POST"])
