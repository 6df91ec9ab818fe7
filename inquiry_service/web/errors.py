"""One place where what went wrong becomes a page: the same words, status and request id for everybody."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, InternalServerError

from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import EvenhandError, Forbidden, Locked, Refused
from inquiry_service.services import audit
from inquiry_service.services.runtime import is_database_trouble
from inquiry_service.web.access import actor_or_none
from inquiry_service.web.logging import log, request_id
from inquiry_service.web.session import discard, runtime

_OUR_FAULT = 500
_AUDITED = {Forbidden: Event.ACCESS_REFUSED, Refused: Event.STEP_REFUSED}
_UNAVAILABLE = "The database cannot be reached at the moment. Nothing was saved; try again in a minute."
_OLD_FORM = "The form was too old or did not come from this site. Reload the page and try again."


def _typed(error: EvenhandError) -> Response:
    discard()
    _audit(error)
    if error.status >= _OUR_FAULT:
        log.error("failure", error=error.code, exc_info=error)
    response = _page(error.status, error.message, reasons=getattr(error, "unmet", ()), code=error.code)
    if isinstance(error, Locked):
        response.headers["Retry-After"] = str(error.data.get("retry_after", 60))
    return response


def _http(error: HTTPException) -> Response:
    discard()
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    message = _OLD_FORM if isinstance(error, CSRFError) else _words_of(error)
    response = _page(error.code, message)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    discard()
    cause = error.original_exception if isinstance(error, InternalServerError) else error
    log.error("failure", error=type(cause).__name__, exc_info=cause)
    if cause is not None and is_database_trouble(cause):
        response = _page(503, _UNAVAILABLE)
        response.headers["Retry-After"] = "10"
        return response
    return _page(_OUR_FAULT, "")


def _words_of(error: HTTPException) -> str:
    """Werkzeug's texts speak of servers and URLs; the pages by status have better ones."""
    own = type(error).description
    return error.description if error.description and error.description != own else ""


def _audit(error: EvenhandError) -> None:
    """Record a refused attempt in its own transaction; a log that cannot be written does not hide the refusal."""
    event, actor = _AUDITED.get(type(error)), actor_or_none()
    if event is None or actor is None:
        return
    route = request.url_rule.rule if request.url_rule else ""
    about = error.data.get("about") or ObjectRef("page", route, label=f"{request.method} {route}")
    asked_for = ", ".join(str(value) for value in (request.view_args or {}).values())
    changes: dict[str, Any] = {
        "unmet": (None, [reason.code for reason in getattr(error, "unmet", ())]), "asked_for": (None, asked_for),
    }
    try:
        audit.record_refusal(
            runtime().sessions, actor, event, about, changes=changes, request_id=request_id())
    except Exception as failure:  # noqa: BLE001 - the person still gets the answer; operators see the line
        log.error("refusal not audited", error=type(failure).__name__, exc_info=failure)


def _page(status: int, message: str, *, reasons: Any = (), code: str = "") -> Response:
    g.in_error_page = True
    context = {"status": status, "message": message, "reasons": reasons, "code": code, "request_id": request_id()}
    try:
        body = render_template(_template_for(status), **context)
    except Exception as failure:  # noqa: BLE001 - the page about a failure must not fail
        log.error("error page failed", error=type(failure).__name__, exc_info=failure)
        response = make_response(f"{status}. {message} Request {request_id()}.\n")
        response.content_type = "text/plain; charset=utf-8"
    else:
        response = make_response(body)
    response.status_code = status
    return response


def _template_for(status: int) -> str:
    if request.headers.get("HX-Request"):
        return "errors/fragment.html"
    name = f"errors/{status}.html"
    try:
        current_app.jinja_env.get_template(name)
    except TemplateNotFound:
        return "errors/error.html"
    return name


def install(app: Flask) -> None:
    """Catch everything, the most specific first."""
    app.register_error_handler(EvenhandError, _typed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _unexpected)
    app.register_error_handler(Exception, _unexpected)


