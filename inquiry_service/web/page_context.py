"""What every page may use: navigation, who is signed in, how the page shall look, whose installation it is."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, url_for

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.services import installation
from inquiry_service.web.access import actor_or_none
from inquiry_service.web.navigation import Entry, rooms_of
from inquiry_service.web.session import db_session, runtime

THEME_COOKIE, KEYS_COOKIE, DENSITY_COOKIE = "evenhand-theme", "evenhand-keys", "evenhand-density"
THEMES = ("light", "dark", "auto")
DENSITIES = ("compact", "comfortable")


def shortcuts_on() -> bool:
    """Say whether this browser wants single-letter keys."""
    return request.cookies.get(KEYS_COOKIE, "on") != "off"


def _context() -> dict[str, Any]:
    if "page_context" not in g:
        g.page_context = _build()
    found: dict[str, Any] = g.page_context
    return found


def _build() -> dict[str, Any]:
    actor = actor_or_none()
    return {
        "demo": runtime().config.demo,
        "theme": _cookie(THEME_COOKIE, THEMES, "auto"),
        "density": _cookie(DENSITY_COOKIE, DENSITIES, "compact"),
        "shortcuts_on": shortcuts_on(),
        "organisation": "" if _may_not_ask() else installation.organisation_name(db_session()),
        "viewer": _viewer(actor) if actor else None,
        "navigation": _navigation(actor) if actor else [],
        "links": _links(actor),
    }


def _may_not_ask() -> bool:
    """A page about a failure must not need the database; a fragment shows neither rail nor top bar."""
    return "in_error_page" in g or bool(request.headers.get("HX-Request"))


def _cookie(name: str, allowed: tuple[str, ...], otherwise: str) -> str:
    value = request.cookies.get(name, otherwise)
    return value if value in allowed else otherwise


def _viewer(actor: Actor) -> dict[str, Any]:
    words = actor.name.split()
    return {
        "id": actor.user_id,
        "printed_name": actor.name,
        "roles": sorted(role.label for role in actor.roles),
        "initials": "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
        "may": actor.may,
    }


def _navigation(actor: Actor) -> list[dict[str, Any]]:
    here = (request.endpoint or "").partition(".")[0]
    return [_item(actor, entry, here) for entry in rooms_of(actor)]


def _item(actor: Actor, entry: Entry, here: str) -> dict[str, Any]:
    asked = entry.tally is not None and not _may_not_ask()
    return {
        "label": entry.label, "icon": entry.icon, "key": entry.key, "href": url_for(entry.endpoint),
        "current": entry.holds(here), "urgent": entry.urgent, "foot": entry.foot,
        "count": entry.tally(db_session(), actor) if asked and entry.tally else None,
    }


def _links(actor: Actor | None) -> dict[str, str]:
    links = {
        "home": url_for("home.start"), "account": url_for("account.overview"),
        "preferences": url_for("account.set_theme"), "sign_out": url_for("sign_in.logout"),
    }
    if actor and actor.may(Permission.LITERATURE_SEARCH):
        links["search"] = url_for("literature.search")
    if actor and actor.may(Permission.INQUIRY_RECORD):
        links["new_inquiry"] = url_for("intake.new")
    return links


def install(app: Flask) -> None:
    """Give the context to every template."""
    app.context_processor(_context)
    app.jinja_env.globals["Permission"] = Permission
