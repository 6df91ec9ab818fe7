"""``/literature/searches``: searches that are kept, and what they found new since."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Filters
from inquiry_service.services import saved_searches
from inquiry_service.services.evidence import stored_filters
from inquiry_service.store import literature
from inquiry_service.store import saved_searches as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.library_search import SearchArgs
from inquiry_service.web.forms.saved_searches import SavedSearchForm
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.presenters import saved_searches as presenter
from inquiry_service.web.presenters.evidence import filter_words
from inquiry_service.web.presenters.search_rerun import visible
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("searches", __name__, url_prefix="/literature/searches")


@requires(Permission.LITERATURE_SEARCH)
def overview() -> ResponseReturnValue:
    """List one's own searches, those that watch over answers, and those that others share."""
    ended = "ended" in request.args
    rows = store.listed(db_session(), current_actor(), ended=ended)
    alerts = store.alerts_of(db_session(), [search.id for search, _ in rows], only_unseen=True)
    return render_template("searches/overview.html", groups=presenter.lists(rows, alerts, current_actor()), ended=ended)


@requires(Permission.LITERATURE_SEARCH)
def new() -> ResponseReturnValue:
    """Offer to keep the search that the address holds, as the library's page writes it."""
    asked = SearchArgs.from_args(request.args)
    form = SavedSearchForm(formdata=None, data={"q": asked.text, "synonyms": not asked.as_typed})
    return _form_page(form, _filters())


@requires(Permission.LITERATURE_SEARCH)
def create() -> ResponseReturnValue:
    """Keep a search."""
    form, filters = SavedSearchForm(), _filters()
    if form.validate_on_submit():
        try:
            saved = saved_searches.save(db_session(), runtime().index, current_actor(), form.data_of(filters))
        except InvalidInput as refusal:
            form.take_errors(refusal.fields)
        else:
            flash(f"“{saved.name}” was saved. You are told when the library has something new for it.", "success")
            return redirect(url_for(".show", search_id=saved.id), 303)
    return _form_page(form, filters, status=422)


@requires(Permission.LITERATURE_SEARCH)
def show(search_id: str) -> ResponseReturnValue:
    """Show one search with what it found new."""
    search = store.one(db_session(), current_actor(), search_id)
    alerts = store.alerts_of(db_session(), [search.id])
    keys = {key for alert in alerts for key in alert.record_ids}
    rows = visible(literature.records(db_session(), keys), current_actor())
    line = presenter.line(search, store.owner_name(db_session(), search), current_actor())
    return render_template("searches/show.html", search=line, news=presenter.news(alerts, rows))


@requires(Permission.LITERATURE_SEARCH)
def edit(search_id: str) -> ResponseReturnValue:
    """Change one's own search; somebody else's can only be looked at."""
    search = store.one(db_session(), current_actor(), search_id, lock=request.method == "POST")
    filters = stored_filters(search.filters)
    if request.method == "GET":
        if search.ended_at or not saved_searches.may_change(current_actor(), search):
            return redirect(url_for(".show", search_id=search_id), 303)
        data = {"name": search.name, "q": search.query, "synonyms": search.synonyms, "shared": search.shared}
        return _form_page(SavedSearchForm(formdata=None, data=data), filters, search)
    form = SavedSearchForm()
    if form.validate_on_submit():
        try:
            saved_searches.change(db_session(), runtime().index, current_actor(), search, form.data_of(filters))
        except InvalidInput as refusal:
            form.take_errors(refusal.fields)
        else:
            return redirect(url_for(".show", search_id=search_id), 303)
    return _form_page(form, filters, search, status=422)


@requires(Permission.LITERATURE_SEARCH)
def end(search_id: str) -> ResponseReturnValue:
    """End a search; what it found stays."""
    search = store.one(db_session(), current_actor(), search_id, lock=True)
    if StrictForm().validate_on_submit():
        saved_searches.end(db_session(), current_actor(), search)
        flash(f"“{search.name}” has ended; nobody is told of anything new any more.", "success")
    return redirect(url_for(".show", search_id=search_id), 303)


@requires(Permission.LITERATURE_SEARCH)
def seen(search_id: str) -> ResponseReturnValue:
    """Note that the owner looked at what is new."""
    search = store.one(db_session(), current_actor(), search_id, lock=True)
    if StrictForm().validate_on_submit():
        saved_searches.mark_seen(db_session(), current_actor(), search)
    return redirect(url_for(".show", search_id=search_id), 303)


def _filters() -> Filters:
    """The filters of the address; a year that cannot be read narrows nothing."""
    asked = SearchArgs.from_args(request.args)
    try:
        return asked.checked("").filters
    except InvalidInput:
        return asked.filters


def _form_page(form: SavedSearchForm, filters: Filters, search: Any = None, status: int = 200) -> ResponseReturnValue:
    words = filter_words(asdict(filters))
    args = presenter.address_of("", filters, as_typed=False)
    body = render_template("searches/form.html", form=form, filters=words, args=args, search=search)
    return body, status


blueprint.add_url_rule("", view_func=overview)
blueprint.add_url_rule("", view_func=create, methods=["POST"])
blueprint.add_url_rule("/new", view_func=new)
blueprint.add_url_rule("/<search_id>", view_func=show)
blueprint.add_url_rule("/<search_id>/edit", view_func=edit, methods=["GET", "POST"])
blueprint.add_url_rule("/<search_id>/end", view_func=end, methods=["POST"])
blueprint.add_url_rule("/<search_id>/seen", view_func=seen, methods=["POST"])
