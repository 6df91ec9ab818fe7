"""Who may open which page: each view carries a tag, an untagged one stops the start (R24, R31).

Whether *this* inquiry exists for *this* person is the store's question, and whether a step is possible
now is the workflow's. Here stand only sign-in, the right of the route, and where a request came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.errors import ConfigurationError, NotSignedIn
from inquiry_service.services import access, sign_in, user_sessions
from inquiry_service.services.user_sessions import Limits
from inquiry_service.web.addresses import own_path
from inquiry_service.web.session import SAFE_METHODS, runtime

View = TypeVar("View", bound=Callable[..., Any])

_TAG = "evenhand_access"
_ALLOWED_ORIGINS = frozenset({"same-origin", "none"})


@dataclass(frozen=True)
class Tag:
    """What a route asks for. ``permission`` None: nothing, everybody may open it."""

    permission: Permission | None
    before_password_change: bool = False


def requires(permission: Permission, *, before_password_change: bool = False) -> Callable[[View], View]:
    """Open a view to people whose roles carry ``permission``.

    Args:
        permission: the right asked for.
        before_password_change: also while the password is a temporary one.
    """
    return _tagged(Tag(permission, before_password_change))


def public(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    return _tagged(Tag(None, before_password_change=True))(view)


def _tagged(tag: Tag) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        setattr(view, _TAG, tag)
        return view

    return decorate


def tag_of(app: Flask, endpoint: str) -> Tag | None:
    """Return the tag of an endpoint, None for an untagged one."""
    tag: Tag | None = getattr(app.view_functions[endpoint], _TAG, None)
    return tag


def refuse_untagged(app: Flask) -> None:
    """Stop the start when any route lacks its tag.

    Raises:
        ConfigurationError: names the endpoints.
    """
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    untagged = sorted(endpoint for endpoint in endpoints if tag_of(app, endpoint) is None)
    if untagged:
        raise ConfigurationError(f"these endpoints carry neither @requires nor @public: {', '.join(untagged)}")


def current_actor() -> Actor:
    """Return who is signed in.

    Raises:
        NotSignedIn: nobody is.
    """
    actor = actor_or_none()
    if actor is None:
        raise NotSignedIn("Please sign in.")
    return actor


def actor_or_none() -> Actor | None:
    """Return who is signed in, or None."""
    actor: Actor | None = g.get("actor")
    return actor


def remember(response: Response, secret: str) -> Response:
    """Hand the cookie of a new session to the browser."""
    config = current_app.config
    response.set_cookie(
        config["LOGIN_COOKIE"], secret, httponly=True, secure=config["SESSION_COOKIE_SECURE"],
        samesite="Lax", path="/",
    )
    # The form tokens of before belong to whoever used this browser then.
    session.clear()
    return response


def forget(response: Response) -> Response:
    """Take the cookie away and forget the form tokens."""
    config = current_app.config
    response.delete_cookie(
        config["LOGIN_COOKIE"], httponly=True, secure=config["SESSION_COOKIE_SECURE"], samesite="Lax", path="/")
    session.clear()
    return response


def login_secret() -> str:
    """Return the secret of the login cookie; empty without one."""
    return request.cookies.get(current_app.config["LOGIN_COOKIE"], "")


def _check_origin() -> None:
    """Refuse an unsafe request that another site caused, before any token is looked at (P39)."""
    if request.method in SAFE_METHODS:
        return
    if request.mimetype == "application/x-www-form-urlencoded":
        # Such a body is read as a whole, and it holds typed text only: files come as multipart.
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in _ALLOWED_ORIGINS or (origin is not None and urlsplit(origin).netloc != request.host):
        raise BadRequest("This request came from another site.")


def _check_text() -> None:
    """Refuse U+0000 in any field: PostgreSQL cannot store it, and no keyboard types it."""
    values = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if "\x00" in request.path or any("\x00" in name or "\x00" in value for name, value in values):
        raise BadRequest("The request holds a character that cannot be stored.")


def _identify() -> None:
    secret = login_secret()
    if not secret:
        return
    limits = Limits.from_config(runtime().config)
    with runtime().reading() as own:
        try:
            user, browser = user_sessions.resolve_session(own, secret, limits)
        except NotSignedIn:
            return
    g.actor, g.user, g.user_id = sign_in.actor_for(user, browser.id), user, user.id
    user_sessions.touch(runtime(), browser)


def _guard() -> ResponseReturnValue | None:
    """Deny by default: no tag, no page; no person, the sign-in page; no right, a refusal."""
    if request.endpoint is None:
        _identify()
        return None
    _check_text()
    _identify()
    tag = tag_of(current_app, request.endpoint)
    if tag is None:
        raise ConfigurationError(f"endpoint {request.endpoint} has no access tag")
    if tag.permission is None:
        return None
    if actor_or_none() is None:
        return _to_sign_in()
    access.require(current_actor(), tag.permission)
    if g.user.must_change_password and not tag.before_password_change:
        flash("Choose your own password first: the present one is known to an administrator.", "warning")
        return redirect(url_for("account.overview"), 303)
    return None


def _to_sign_in() -> ResponseReturnValue:
    here = own_path(request.full_path.rstrip("?")) if request.method == "GET" else ""
    target = url_for("sign_in.login", next=here or None)
    if request.headers.get("HX-Request"):
        # A fragment of the sign-in page inside another page helps nobody.
        return Response(status=401, headers={"HX-Redirect": url_for("sign_in.login")})
    return redirect(target, 303)


def install(app: Flask) -> None:
    """Put the checks in front of every view; must stand after the CSRF protection."""
    app.before_request(_guard)


def install_origin_check(app: Flask) -> None:
    """Put the check of the request's origin in front of everything else."""
    app.before_request(_check_origin)
