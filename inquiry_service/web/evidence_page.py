"""What the evidence page is made of: the question, the search form, the search that is shown, its hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from inquiry_service.domain.permissions import Permission
from inquiry_service.services import evidence, search_comparison, search_proposal
from inquiry_service.store import evidence as store
from inquiry_service.store import literature
from inquiry_service.store import products as product_store
from inquiry_service.store.literature_pairs import now_standing_for
from inquiry_service.web.access import current_actor
from inquiry_service.web.evidence_panel import panel_of
from inquiry_service.web.forms.evidence import DecisionForm, RecordedSearchForm
from inquiry_service.web.presenters import evidence as presenter
from inquiry_service.web.presenters import search_desk, search_rerun
from inquiry_service.web.session import db_session, runtime

_MOST_TERMS = 100
_LONGEST_TERM = 200
_LONGEST_QUERY = 8_000
ORDERS = ("", "newest")
"""Orders of the hits on record: best match first, newest first."""


@dataclass(frozen=True)
class Deciding:
    """The hit whose decision form is open."""

    record_id: str
    form: DecisionForm


def search_form() -> RecordedSearchForm:
    """Return the form of a search as it was sent."""
    form = RecordedSearchForm()
    form.offer(product_store.products(db_session()))
    return form


def page_of(inquiry: Any, *, form: RecordedSearchForm | None = None,
            opened: Deciding | None = None) -> dict[str, Any]:
    """Return everything that the evidence page shows.

    Args:
        form: a search that was refused; its values stay. opened: the decision form that is open.
    """
    session, actor = db_session(), current_actor()
    runs = store.searches(session, inquiry.id)[::-1]
    rows = store.decisions(session, inquiry.id)
    wanted, asked = request.values.get("run", ""), _asked()
    run = next((run for run in runs if run.id == wanted), runs[0] if runs else None)
    may_decide = actor.may(Permission.EVIDENCE_DECIDE) and evidence.is_open(inquiry)
    parts = _run_parts(run, presenter.by_record(rows))
    typed = form.q.data if form else asked
    products = product_store.products(session)
    desk = _desk(inquiry, products, run, typed)
    if form is None:
        form = _started(desk, run, asked)
        form.offer(products, parts["facets"])
    show = request.values.get("show", "")
    return {
        "inquiry": presenter.inquiry_facts(inquiry), "form": form, "opened": opened, "desk": desk,
        "may_decide": may_decide, "show": show if show in presenter.SHOWN else "",
        "runs": [presenter.run_line(one, run) for one in runs],
        "evidence": panel_of(session, actor, inquiry, rows, may_decide=actor.may(Permission.EVIDENCE_DECIDE)), **parts,
    }


def _asked() -> str | None:
    """Return the search that the address asks to be put into the field: as a whole, or as terms; else None."""
    if "compose" in request.args:
        terms = [term[:_LONGEST_TERM] for term in request.args.getlist("term")[:_MOST_TERMS]]
        return search_desk.composed(terms, request.args.get("more", "")[:_LONGEST_TERM])
    text = request.args.get("q")
    return None if text is None else text[:_LONGEST_QUERY]


def _desk(inquiry: Any, products: Sequence[Any], run: Any | None, typed: str | None) -> dict[str, Any] | None:
    chosen = request.values.get("question", "")
    seq = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 4 else None
    if seq is None and run is not None:
        seq, typed = run.question_seq, run.query if typed is None else typed
    proposals = search_proposal.proposals(db_session(), runtime().index, current_actor(), inquiry, products)
    return search_desk.desk(proposals, seq, typed)


def _started(desk: dict[str, Any] | None, run: Any | None, asked: str | None) -> RecordedSearchForm:
    """The form as it starts: the search that is shown, another question's proposal, or what the address asks for.

    ``plain`` in the address leaves the filters of the search that is shown.
    """
    anew = "question" in request.args or "plain" in request.args
    values = search_desk.search_start(desk, None if anew else run)
    if asked is not None:
        values["q"] = asked
    # Never filled from the request: another form of this page may have been sent.
    return RecordedSearchForm(formdata=None, data=values)


def _run_parts(run: Any, decisions: Mapping[str, Any]) -> dict[str, Any]:
    if run is None:
        return {"record": None, "every_hit": [], "lists": [], "facets": None, "since": None, "order": ""}
    actor = current_actor()
    comparison = search_comparison.compare(db_session(), runtime().index, actor, run)
    rows = search_rerun.visible(literature.records(db_session(), [hit.record_id for hit in run.hits]), actor)
    record = presenter.search_record(run, decisions, comparison.result)
    order = request.values.get("order", "")
    hits = presenter.hits(run, rows, decisions, comparison.result)
    standing = now_standing_for(db_session(), rows)
    for hit in hits:
        hit["into"] = presenter.into(rows[hit["id"]], standing[hit["id"]], actor)
    if order == "newest":
        hits.sort(key=lambda hit: (-hit["year"], hit["rank"]))
    return {
        "record": record, "every_hit": hits, "lists": presenter.lists(record),
        "facets": comparison.result.facets if comparison.result else None,
        "since": search_rerun.since(comparison), "order": order if order in ORDERS else "",
    }
