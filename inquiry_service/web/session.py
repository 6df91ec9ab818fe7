"""One request, one database session: committed after a successful change, never after a read."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue

from inquiry_service import db
from inquiry_service.services.runtime import Runtime, Session
from inquiry_service.web.logging import request_id

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST_FAILURE = 400


def runtime() -> Runtime:
    """Return the objects that this process shares between requests."""
    found: Runtime = current_app.extensions["evenhand"]
    return found


def db_session() -> Session:
    """Return this request's session; it is opened at the first use.

    For GET it takes no write lock and what is changed in it is thrown away: a view that must leave a
    trace of a reading opens ``runtime().transaction()``.
    """
    if "db_session" not in g:
        g.db_closing = ExitStack()
        context = runtime().reading() if request.method in SAFE_METHODS else runtime().sessions()
        g.db_session = g.db_closing.enter_context(context)
        g.db_session.info["request_id"] = request_id()
    session: Session = g.db_session
    return session


def discard() -> None:
    """Undo this request's uncommitted changes and give the connection back; what follows starts anew."""
    session = g.pop("db_session", None)
    if session is not None:
        db.rollback(session)
        g.pop("db_closing").close()


class TransactionalFlask(Flask):
    """Flask whose views commit: before the answer leaves, so nobody is told of a success that is not stored.

    The commit stands inside the dispatch, and not in ``after_request``, because what it raises must
    reach the same error pages as what a view raises.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, then commit what an unsafe request changed, unless the view answered with a refusal."""
        response = self.make_response(super().dispatch_request())
        _commit(response)
        return response


def _commit(response: Response) -> None:
    session = g.get("db_session")
    if session is None or request.method in SAFE_METHODS:
        return
    if response.status_code < _FIRST_FAILURE:
        db.commit(session)
    else:
        db.rollback(session)


def install(app: Flask) -> None:
    """Give the connection back at the end of every request, whatever became of it."""
    app.teardown_request(lambda _error: discard())
