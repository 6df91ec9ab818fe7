"""The library: search and one record. For medical staff only (R24)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import InvalidInput
from inquiry_service.services import library_search
from inquiry_service.store import literature as store
from inquiry_service.store import products as product_store
from inquiry_service.web import record_page
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.library_search import SearchArgs
from inquiry_service.web.presenters import library_search as search_presenter
from inquiry_service.web.presenters import literature as presenter
from inquiry_service.web.session import db_session, runtime

blueprint = Blueprint("literature", __name__, url_prefix="/literature")


@requires(Permission.LITERATURE_SEARCH)
def search() -> ResponseReturnValue:
    """Search the library; without words, every record, the newest first."""
    session = db_session()
    size, products = store.count(session), product_store.products(session)
    asked = SearchArgs.from_args(request.args)
    try:
        asked = asked.checked(request.args.get("offset", ""))
        found = library_search.find(session, runtime().index, current_actor(), asked.query())
    except InvalidInput as problem:
        page = search_presenter.unreadable(asked, problem, products, size)
        return render_template("literature/search.html", page=page), 422
    page = search_presenter.results(asked, found, products, size)
    return render_template("literature/search.html", page=page)


@requires(Permission.LITERATURE_SEARCH)
def search_data() -> ResponseReturnValue:
    """Answer a search as JSON: the arguments of the page, and what ``evenhand literature search --json`` prints."""
    asked = SearchArgs.from_args(request.args)
    try:
        query = asked.checked(request.args.get("offset", "")).query()
        found = library_search.find(db_session(), runtime().index, current_actor(), query)
    except InvalidInput as problem:
        return {"error": problem.message, "fields": problem.fields, "position": problem.data.get("position")}, 422
    return library_search.as_data(query, found)


@requires(Permission.LITERATURE_SEARCH)
def similar(record_id: str) -> ResponseReturnValue:
    """Show the records that speak of the same as one record."""
    session = db_session()
    row = store.record(session, record_id, current_actor())
    found = library_search.similar(session, runtime().index, current_actor(), row)
    hits = [search_presenter.hit(one, other) for one, other in found]
    return render_template("literature/similar.html", record=presenter.summary(row), hits=hits)


@requires(Permission.LITERATURE_SEARCH)
def record(record_id: str) -> ResponseReturnValue:
    """Show one record with where it is used."""
    return render_template("literature/record.html", record=record_page.shown(record_id))


blueprint.add_url_rule("", view_func=search)
blueprint.add_url_rule("/search.json", view_func=search_data)
blueprint.add_url_rule("/<record_id>/similar", view_func=similar)
blueprint.add_url_rule("/<record_id>", view_func=record)
