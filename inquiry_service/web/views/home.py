"""``/``: what to do next, what is due, what waits for this person; for others, the page where their work is."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.permissions import Permission
from inquiry_service.store import queue as store
from inquiry_service.store import saved_searches
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.doubted_lines import doubted_lines
from inquiry_service.web.navigation import rooms_of
from inquiry_service.web.presenters import home as show
from inquiry_service.web.presenters import inbox
from inquiry_service.web.presenters import saved_searches as searches
from inquiry_service.web.session import db_session

blueprint = Blueprint("home", __name__)

_LIST = 5
_MEASURED = timedelta(days=30)


@requires(Permission.ACCOUNT_OWN)
def start() -> ResponseReturnValue:
    """Show the day's work; who reads no inquiries goes to the first room that they may enter."""
    if not current_actor().may(Permission.INQUIRY_READ):
        return redirect(url_for(_first_room()), 303)
    actor, moment = current_actor(), now()
    lists = {
        name: inbox.lines(store.rows(db_session(), actor, filters, limit=_LIST), moment)
        for name, filters in show.lists_of(actor).items()
    }
    counts = store.counts(db_session(), actor, show.counted(actor, moment))
    measured = store.answered_in_time(db_session(), actor, moment - _MEASURED)
    safety = show.hand_overs(store.safety_to_hand_over(db_session(), actor, limit=_LIST), moment)
    lead = show.lead(lists)
    return render_template(
        "home/overview.html", moment=moment, lists=lists, lead=lead, counts=counts, safety=safety,
        tiles=show.tiles(actor, counts, measured), hand_over=show.first_hand_over(actor, safety, lead),
        doubted=doubted_lines(), found=searches.waiting(saved_searches.unseen_of(db_session(), actor.user_id)),
    )


def _first_room() -> str:
    return next((entry.endpoint for entry in rooms_of(current_actor())), "account.overview")


blueprint.add_url_rule("/", view_func=start)
