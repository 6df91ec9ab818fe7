"""``/literature/pairs`` and what is done with two records: merge, different works, link, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import LinkKind
from inquiry_service.errors import InvalidInput, NotFound
from inquiry_service.services import literature_merge as service
from inquiry_service.services import literature_pairs
from inquiry_service.store import literature
from inquiry_service.store import literature_pairs as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.forms.literature_merge import ApartForm, FindForm, LinkForm, MergeForm, UndoForm
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.inquiry_pages import saved, status_of
from inquiry_service.web.presenters import literature_merge as presenter
from inquiry_service.web.presenters.literature import summary
from inquiry_service.web.session import db_session

blueprint = Blueprint("literature_merge", __name__, url_prefix="/literature")

PAIRS_PAGE = 25


@requires(Permission.LITERATURE_SEARCH)
def pairs() -> ResponseReturnValue:
    """List the pairs of records that may be one work."""
    session, offset = db_session(), max(0, request.args.get("offset", 0, type=int))
    found, total = store.open_pairs(session, offset=offset, limit=PAIRS_PAGE), store.open_count(session)
    return render_template(
        "literature/pairs.html", pairs=[presenter.pair_line(one, current_actor()) for one in found], total=total,
        words=f"{offset + 1:,}–{offset + len(found):,} of {total:,}" if found else "",
        previous=max(0, offset - PAIRS_PAGE) if offset else None,
        next=offset + len(found) if offset + len(found) < total else None)


@requires(Permission.LITERATURE_MANAGE)
def compare(record_id: str) -> ResponseReturnValue:
    """Show a record beside another one, or ask for that other one."""
    return _page(record_id, request.args.get("other", ""))


def _page(record_id: str, other: str, form: StrictForm | None = None) -> ResponseReturnValue:
    session = db_session()
    kept = literature.record(session, record_id, current_actor())
    find = FindForm(request.args)
    try:
        gone = literature_pairs.find(session, other, besides=kept) if other.strip() else None
    except InvalidInput as problem:
        gone = None
        find.take_errors(problem.fields)
    if gone is None:
        page = render_template("literature/merge_find.html", record=summary(kept), form=find)
        return page, 422 if find.errors else 200
    given: dict[type[StrictForm] | None, Any] = {type(form) if form else None: form}
    chosen = form.choices if isinstance(form, MergeForm) else {}
    page = render_template(
        "literature/merge.html", both=presenter.side_by_side(kept, gone, chosen), form=form,
        merge=given.get(MergeForm) or MergeForm(formdata=None, other=gone.id, seen_kept=kept.version,
                                                seen_gone=gone.version),
        apart=given.get(ApartForm) or ApartForm(formdata=None, other=gone.id),
        link=(given.get(LinkForm) or LinkForm(formdata=None, other=gone.id)).name(kept.citation_key, gone.citation_key))
    return page, status_of(form) if form else 200


@requires(Permission.LITERATURE_MANAGE)
def merge(record_id: str) -> ResponseReturnValue:
    """Make two records one."""
    session, form, done = db_session(), MergeForm(), list[Any]()
    if saved(form, lambda: done.append(service.merge(
            session, current_actor(), record_id, form.other.data, form.choices, form.reason.data,
            seen=(form.seen_kept.data, form.seen_gone.data)))):
        flash("The two records are one now. Letters that cite either of them are unchanged.", "success")
        return redirect(url_for(".merged", merge_id=done[0].id), 303)
    return _page(record_id, _other(form), form)


@requires(Permission.LITERATURE_MANAGE)
def apart(record_id: str) -> ResponseReturnValue:
    """Say that two records are different works."""
    session, form = db_session(), ApartForm()
    if saved(form, lambda: literature_pairs.decide_apart(
            session, current_actor(), record_id, form.other.data, form.reason.data)):
        return _next("They are kept as different works and will not be proposed again.")
    return _page(record_id, _other(form), form)


@requires(Permission.LITERATURE_MANAGE)
def link(record_id: str) -> ResponseReturnValue:
    """Say how one of two works stands to the other."""
    session, form = db_session(), LinkForm()
    if saved(form, lambda: literature_pairs.link(
            session, current_actor(), *form.ends(record_id, form.other.data), LinkKind(form.kind.data),
            form.reason.data)):
        return _next("The two works are linked and kept apart.")
    return _page(record_id, _other(form), form)


def _other(form: Any) -> str:
    """The other record of a form that was refused.

    Raises:
        NotFound: the form names none, so it was not made by the page.
    """
    if not form.other.data:
        raise NotFound("There is no such record in the library.")
    return str(form.other.data)


def _next(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".pairs"), 303)


@requires(Permission.LITERATURE_SEARCH)
def merged(merge_id: str) -> ResponseReturnValue:
    """Show what became of a merge."""
    return _merged(merge_id, UndoForm(formdata=None))


def _merged(merge_id: str, form: UndoForm) -> ResponseReturnValue:
    session = db_session()
    row = store.merge(session, merge_id)
    kept, gone = (literature.record(session, one, current_actor()) for one in (row.kept_id, row.gone_id))
    page = presenter.merged(row, kept, gone)
    return render_template("literature/merged.html", merge=page, form=form), status_of(form)


@requires(Permission.LITERATURE_MANAGE)
def undo(merge_id: str) -> ResponseReturnValue:
    """Take a merge back."""
    session, form = db_session(), UndoForm()
    if saved(form, lambda: service.undo(session, current_actor(), merge_id, form.reason.data)):
        flash("Both records stand again as they were.", "success")
        return redirect(url_for(".merged", merge_id=merge_id), 303)
    return _merged(merge_id, form)


blueprint.add_url_rule("/pairs", view_func=pairs)
blueprint.add_url_rule("/<record_id>/merge", view_func=compare)
blueprint.add_url_rule("/<record_id>/merge", view_func=merge, methods=["POST"])
blueprint.add_url_rule("/<record_id>/apart", view_func=apart, methods=["POST"])
blueprint.add_url_rule("/<record_id>/link", view_func=link, methods=["POST"])
blueprint.add_url_rule("/merges/<merge_id>", view_func=merged)
blueprint.add_url_rule("/merges/<merge_id>/undo", view_func=undo, methods=["POST"])
