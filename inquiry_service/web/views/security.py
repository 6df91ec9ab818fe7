"""Alerts about possible misuse of credentials, for administrators and auditors (R77; 21 CFR 11.300(d))."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from inquiry_service.clock import now
from inquiry_service.domain.audit_events import ALERTS
from inquiry_service.domain.permissions import Permission
from inquiry_service.store import audit as store
from inquiry_service.web.access import current_actor, requires
from inquiry_service.web.presenters import security as show
from inquiry_service.web.session import db_session

blueprint = Blueprint("security", __name__, url_prefix="/admin/alerts")


@requires(Permission.SECURITY_READ)
def alerts() -> ResponseReturnValue:
    """List locked accounts and refused signatures, the newest first."""
    since = now() - show.PERIOD
    rows = store.newest(db_session(), ALERTS, since=since, limit=show.MOST)
    found = show.alerts_of(rows, current_actor(), current_app.view_functions)
    total = store.count_of(db_session(), ALERTS, since=since)
    return render_template("admin/alerts.html", alerts=found, total=total, days=show.PERIOD.days)


blueprint.add_url_rule("", view_func=alerts)
