"""``/``: to each person the page where the day's work is."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.navigation import rooms_of

blueprint = Blueprint("home", __name__)


@requires(Permission.ACCOUNT_OWN)
def start() -> ResponseReturnValue:
    """Lead to the first room of the rail that the person may enter."""
    rooms = (entry.endpoint for entry in rooms_of(current_actor()))
    endpoint = next((room for room in rooms if room in current_app.view_functions), "account.overview")
    return redirect(url_for(endpoint), 303)


blueprint.add_url_rule("/", view_func=start)
