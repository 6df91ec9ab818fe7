"""``/inquiries/<id>``: one inquiry with all that belongs to it, and its whole record."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.services.inquiry_file import file_of
from inquiry_service.store import audit, inquiries
from inquiry_service.store.audit import AuditFilter
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.answer_watch import watch_of
from inquiry_service.web.doubted_lines import doubted_lines
from inquiry_service.web.inquiry_pages import address_of
from inquiry_service.web.presenters.inquiry import page_of
from inquiry_service.web.presenters.timeline import happenings
from inquiry_service.web.session import db_session

blueprint = Blueprint("inquiries", __name__, url_prefix="/inquiries")

EVENTS = 100
_DIGITS = 15


@requires(Permission.INQUIRY_READ)
def show(inquiry_id: str) -> ResponseReturnValue:
    """Show one inquiry."""
    actor = current_actor()
    file = file_of(db_session(), actor, inquiry_id)
    page = page_of(file, actor, now(), address_of)
    return render_template(
        "inquiry/page.html", page=page, file=file, address=address_of, watch=watch_of(inquiry_id),
        doubted=doubted_lines(inquiry_id))


@requires(Permission.INQUIRY_READ)
def timeline(inquiry_id: str) -> ResponseReturnValue:
    """Show everything that happened to it, a page at a time, newest first."""
    actor = current_actor()
    inquiry = inquiries.get(db_session(), actor, inquiry_id)
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS else None
    rows = audit.page(db_session(), AuditFilter(inquiry_id=inquiry_id), before=before, limit=EVENTS + 1)
    older = rows[EVENTS - 1].seq if len(rows) > EVENTS else None
    return render_template("inquiry/timeline.html", inquiry=inquiry, events=happenings(rows[:EVENTS], actor),
                           older=older, before=before)


blueprint.add_url_rule("/<inquiry_id>", view_func=show)
blueprint.add_url_rule("/<inquiry_id>/timeline", view_func=timeline)
