"""A line in the log for each request, tied together by the request id.

Never in a log: what people wrote, who asked, query strings, passwords, cookies. The address is given
as the pattern of the route, so an id in it cannot leak into a log either.
"""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("evenhand.web")


def request_id() -> str:
    """Return the id of this request: ours, never one that the client sent."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
    found: str = g.request_id
    return found


def _begin() -> None:
    request_id()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    rule = request.url_rule.rule if request.url_rule else "(no such page)"
    log.info(
        "request", method=request.method, route=rule, status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1), user=g.get("user_id", ""),
    )
    return response


def install(app: Flask) -> None:
    """Give each request its id and one line in the log."""
    app.before_request(_begin)
    app.after_request(_end)
