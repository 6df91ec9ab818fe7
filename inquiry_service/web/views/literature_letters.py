"""``/literature/letters``: sent letters that cite work which was retracted or doubted since (R69)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.services import doubted_work
from inquiry_service.store.cited_work import MOST_SENT
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.presenters import doubted_work as presenter
from inquiry_service.web.session import db_session

blueprint = Blueprint("literature_letters", __name__, url_prefix="/literature")


@requires(Permission.LITERATURE_MANAGE)
def sent() -> ResponseReturnValue:
    """List the letters, the newest first."""
    found = doubted_work.in_sent_letters(db_session(), current_actor())
    letters = presenter.sent(found, current_actor())
    return render_template("literature/letters.html", letters=letters, full=len(letters) >= MOST_SENT)


blueprint.add_url_rule("/letters", view_func=sent)
