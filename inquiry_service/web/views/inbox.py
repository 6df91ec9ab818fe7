"""``/inbox``: what there is to do, most urgent first, with a preview beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.services import triage, workflow
from inquiry_service.store import inquiries
from inquiry_service.store import queue as store
from inquiry_service.store.queue import Row
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.presenters import inbox as show
from inquiry_service.web.presenters.peek import Peek, peek_of
from inquiry_service.web.session import db_session

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

PAGE = 50
CLOSED = "none"
"""In place of a number in ``open``: the preview was closed and stays so."""
_LONGEST_WORDS = 200
_LAST_PAGE = 10_000


@requires(Permission.INQUIRY_READ)
def queue() -> ResponseReturnValue:
    """Show one view of the queue, a page of it, and the row that ``open`` names in the preview."""
    actor, moment = current_actor(), now()
    views = show.views_of(actor, moment)
    view = request.args.get("view", "")
    view = view if view in views else show.default_view(actor)
    words = request.args.get("q", "").strip()[:_LONGEST_WORDS]
    filters = replace(views[view], text=words)
    counts = store.counts(db_session(), actor, views | ({"shown": filters} if words else {}))
    counts.setdefault("shown", counts[view])
    pages = _pages(counts["shown"])
    rows = store.rows(db_session(), actor, filters, offset=(pages["page"] - 1) * PAGE, limit=PAGE)
    asked = request.args.get("open", "")
    return render_template(
        "inbox/queue.html", view=view, words=words, counts=counts, views=views, pages=pages, moment=moment, show=show,
        lines=show.lines(rows, moment), opened=_opened(asked, rows), closed=asked == CLOSED,
    )


def _pages(total: int) -> dict[str, int]:
    last = max((total + PAGE - 1) // PAGE, 1)
    asked = request.args.get("page", "")
    page = min(int(asked), last, _LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    return {"page": max(page, 1), "last": last, "total": total, "size": PAGE}


def _opened(asked: str, rows: Sequence[Row]) -> Peek | None:
    """The preview shows the row that the address names, else the first, unless it was closed."""
    if asked == CLOSED:
        return None
    row = store.row_of(db_session(), current_actor(), asked) if asked else next(iter(rows), None)
    return _peek(row.id) if row else None


def _peek(inquiry_id: str) -> Peek:
    session, actor = db_session(), current_actor()
    inquiry = inquiries.get(session, actor, inquiry_id)
    tags = store.tags_of(session, [inquiry_id])[inquiry_id]
    return peek_of(inquiry, tags, workflow.options(session, actor, inquiry), actor, now())


@requires(Permission.INQUIRY_READ)
def peek(inquiry_id: str) -> ResponseReturnValue:
    """Show the preview of one inquiry; without script this address leads to the inquiry itself."""
    shown = _peek(inquiry_id)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("inquiries.show", inquiry_id=shown.id), 303)
    return render_template("inbox/peek.html", peek=shown, view=request.args.get("view"))


@requires(Permission.INQUIRY_ASSIGN)
def take(inquiry_id: str) -> ResponseReturnValue:
    """Assign an inquiry to oneself."""
    session, actor = db_session(), current_actor()
    inquiry = inquiries.get(session, actor, inquiry_id, lock=True)
    triage.assign(session, actor, inquiry, actor.user_id)
    flash(f"{inquiry.number} is assigned to you.", "success")
    return redirect(url_for("inbox.queue", view="mine", open=inquiry.number), 303)


blueprint.add_url_rule("", view_func=queue)
blueprint.add_url_rule("/<inquiry_id>/peek", view_func=peek)
blueprint.add_url_rule("/<inquiry_id>/take", view_func=take, methods=["POST"])
