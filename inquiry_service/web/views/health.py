"""Whether the process is alive, whether it is ready, and the same for people who mend it."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import Permission
from inquiry_service.services import health
from inquiry_service.web.access import public, requires
from inquiry_service.web.session import runtime

blueprint = Blueprint("health", __name__)


@public
def alive() -> ResponseReturnValue:
    """Answer as long as the process can answer at all; nothing else is asked."""
    return jsonify(status="alive")


@public
def ready() -> ResponseReturnValue:
    """Answer 503 with the names of what fails; details are for the operator only."""
    failed = [check.name for check in health.examine(runtime()) if not check.passed]
    return jsonify(status="not ready" if failed else "ready", failed=failed), 503 if failed else 200


@requires(Permission.SYSTEM_HEALTH)
def report() -> ResponseReturnValue:
    """Show every condition with its detail."""
    return render_template("admin/health.html", checks=health.examine(runtime()))


blueprint.add_url_rule("/healthz", view_func=alive)
blueprint.add_url_rule("/readyz", view_func=ready)
blueprint.add_url_rule("/admin/health", view_func=report)
