"""The evidence of an inquiry: searches run and recorded, and a decision on each hit (R52)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import EvidenceVerdict
from inquiry_service.errors import InvalidInput
from inquiry_service.services import evidence, saved_searches, search_comparison
from inquiry_service.store import evidence as store
from inquiry_service.store import inquiries
from inquiry_service.store import saved_searches as store_saved
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.evidence_page import Deciding, page_of, search_form
from inquiry_service.web.forms.evidence import DecisionForm
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.presenters import evidence as presenter
from inquiry_service.web.presenters import search_rerun
from inquiry_service.web.presenters.literature import place_of
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("evidence", __name__, url_prefix="/inquiries/<inquiry_id>/evidence")


@requires(Permission.LITERATURE_SEARCH)
def workbench(inquiry_id: str) -> ResponseReturnValue:
    """Show the recorded searches, the hits of one of them, and what was decided."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    return render_template("evidence/page.html", **page_of(inquiry))


@requires(Permission.EVIDENCE_DECIDE)
def run_search(inquiry_id: str) -> ResponseReturnValue:
    """Run a search for the inquiry and keep it."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id, lock=True)
    form, text = search_form(), request.form.get("q", "")
    try:
        if not form.validate_on_submit():
            raise InvalidInput("The search was not run.", fields={n: str(m[0]) for n, m in form.errors.items()})
        run = evidence.record_search(db_session(), runtime().index, current_actor(), inquiry, text, form.filters(),
                                     synonyms=form.synonyms.data, question_seq=form.question_seq)
    except InvalidInput as refusal:
        problem = {"problem": [{"message": words, "href": f"#{name}"} for name, words in refusal.fields.items()],
                   "place": place_of(text, refusal)}
        return render_template("evidence/page.html", **page_of(inquiry, form=form), refused=problem), 422
    flash(presenter.recorded(run), "success")
    return redirect(url_for(".workbench", inquiry_id=inquiry_id, run=run.id), 303)


@requires(Permission.EVIDENCE_DECIDE)
def choose(inquiry_id: str, record_id: str) -> ResponseReturnValue:
    """Open the form that keeps or rejects a hit; with script only this hit is exchanged."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    verdict = request.args.get("verdict", "")
    opened = None
    if verdict in set(EvidenceVerdict):
        before = store.decision(db_session(), inquiry.id, record_id)
        opened = Deciding(record_id, DecisionForm(formdata=None, data=presenter.stored_choice(before, verdict)))
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
    return _with_hit(inquiry, record_id, Deciding(record_id, form), status=422)


def _decided(inquiry: Any, record_id: str, form: DecisionForm) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return _with_hit(inquiry, record_id, None)
    return redirect(url_for(".workbench", inquiry_id=inquiry.id, run=form.run.data or None,
                            show=form.show.data or None, _anchor=f"hit-{record_id}"), 303)


def _with_hit(inquiry: Any, record_id: str, opened: Deciding | None, status: int = 200) -> ResponseReturnValue:
    page = page_of(inquiry, opened=opened)
    if not request.headers.get("HX-Request"):
        return render_template("evidence/page.html", **page), status
    one = next((found for found in page["every_hit"] if found["id"] == record_id), None)
    return render_template("evidence/hit_update.html", hit=one, **page), status


@requires(Permission.LITERATURE_SEARCH)
def rerun(inquiry_id: str, run_id: str) -> ResponseReturnValue:
    """Run a recorded search again, at any later time, and say what changed since."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    run = store.search(db_session(), inquiry.id, run_id)
    comparison = search_comparison.compare(db_session(), runtime().index, current_actor(), run)
    watched = search_rerun.watched(store_saved.watching(db_session(), inquiry.id), run)
    page = search_rerun.page(inquiry, comparison, current_actor())
    return render_template("evidence/rerun.html", page=page, watched=watched,
                           may_watch=current_actor().may(Permission.EVIDENCE_DECIDE))


@requires(Permission.EVIDENCE_DECIDE)
def watch(inquiry_id: str, run_id: str) -> ResponseReturnValue:
    """Let a recorded search watch over the answer."""
    inquiry = inquiries.get(db_session(), current_actor(), inquiry_id)
    run = store.search(db_session(), inquiry.id, run_id)
    if StrictForm().validate_on_submit():
        saved = saved_searches.watch(db_session(), current_actor(), inquiry, run)
        flash("The search watches over this answer: you are told when the library has something new.", "success")
        return redirect(url_for("searches.show", search_id=saved.id), 303)
    return redirect(url_for(".rerun", inquiry_id=inquiry_id, run_id=run_id), 303)


blueprint.add_url_rule("", view_func=workbench)
blueprint.add_url_rule("/searches", view_func=run_search, methods=["POST"])
blueprint.add_url_rule("/searches/<run_id>", view_func=rerun)
blueprint.add_url_rule("/searches/<run_id>/watch", view_func=watch, methods=["POST"])
blueprint.add_url_rule("/decisions/<record_id>", view_func=choose)
blueprint.add_url_rule("/decisions/<record_id>", view_func=decide, methods=["POST"])
