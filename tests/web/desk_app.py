"""The application on a prepared inquiry (``tests.prepared``), and what its pages hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.store import people
from tests.answers import Desk
from tests.web.apps import app_for
from tests.web.browser import Browser

_FIELD = re.compile(r'<(?:input|button)[^>]*\bname="(?P<name>[^"]+)"[^>]*\bvalue="(?P<value>[^"]*)"')
_AREA = re.compile(r'<textarea[^>]*\bname="(?P<name>[^"]+)"[^>]*>\r?\n?(?P<value>.*?)</textarea>', re.DOTALL)
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


@contextmanager
def browsers(desk: Desk, **settings: Any) -> Iterator[Browser]:
    """Run the application on the desk's database; yields a browser in which nobody is signed in.

    Args:
        settings: of the configuration, where they differ from the desk's.
    """
    app = app_for(replace(desk.runtime.config, **settings))
    try:
        yield Browser(app)
    finally:
        app.extensions["evenhand"].close()


def enter(browser: Browser, actor: Actor) -> Browser:
    """Sign a person of the desk in and return a browser of their own."""
    own = Browser(browser.app)
    with own.runtime.reading() as session:
        person = people.by_id(session, actor.user_id)
    own.enter(person)
    return own


def form_of(page: str, action: str) -> dict[str, str]:
    """Return what the first form whose address ends in ``action`` would send, as a browser would."""
    form = next(found for found in _FORM.findall(page) if f'{action}"' in found.partition(">")[0])
    sent = {match["name"]: unescape(match["value"]) for match in _FIELD.finditer(form)}
    sent |= {match["name"]: unescape(match["value"]) for match in _AREA.finditer(form)}
    sent.pop("csrf_token", None)
    return sent
