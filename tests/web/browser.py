"""The test client: follows what a browser does, and checks each page for what no page may hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask import Flask, url_for
from werkzeug.test import TestResponse

from inquiry_service.models.people import User
from inquiry_service.services import user_sessions
from inquiry_service.services.runtime import Runtime

FORBIDDEN_IN_HTML = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)
"""What the Content-Security-Policy would stop: inline style, inline script, event attributes."""

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class _Headings(HTMLParser):
    """Collects the level of each heading and every id."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids += [value for name, value in attrs if name == "id" and value]


class Browser:
    """One browser with its cookies.

    ``get`` and ``post`` expect a status and say what came instead. Pages are named by endpoint, or by
    path where the path itself matters.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    @property
    def runtime(self) -> Runtime:
        """The application's runtime."""
        found: Runtime = self.app.extensions["evenhand"]
        return found

    @property
    def cookie(self) -> str:
        """The secret of the login session; empty without one."""
        found = self.client.get_cookie(self.app.config["LOGIN_COOKIE"])
        return found.value if found else ""

    def enter(self, person: User) -> None:
        """Sign ``person`` in without the form: the session is opened by the service itself."""
        with self.runtime.transaction() as session:
            secret, _ = user_sessions.open_session(session, person, address="127.0.0.1", agent="tests")
        self.client.set_cookie(self.app.config["LOGIN_COOKIE"], secret)

    def get(
        self, where: str, *, expect: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> TestResponse:
        """Fetch a page and check it."""
        response = self.client.get(self._path(where, values), headers=headers)
        return self._checked(response, expect)

    def post(
        self, where: str, data: dict[str, Any] | None = None, *, expect: int = 303, token: str | None = None,
        headers: dict[str, str] | None = None, **values: Any,
    ) -> TestResponse:
        """Send a form with its token (or with ``token``; empty for none) and check the answer."""
        sent = dict(data or {})
        given = self.token() if token is None else token
        if given:
            sent["csrf_token"] = given
        response = self.client.post(self._path(where, values), data=sent, headers=headers)
        return self._checked(response, expect)

    def token(self) -> str:
        """Return a form token of this browser, as the pages hold it."""
        page = self.client.get("/no-such-page")
        found = _TOKEN.search(page.text)
        assert found, "the page holds no form token"
        return found[1]

    def _path(self, where: str, values: dict[str, Any]) -> str:
        if where.startswith("/"):
            return where
        with self.app.test_request_context():
            return url_for(where, **values)

    def _checked(self, response: TestResponse, expect: int) -> TestResponse:
        assert response.status_code == expect, f"{response.status_code} instead of {expect}: {response.text[:2000]}"
        if response.mimetype == "text/html" and response.text:
            check_html(response.text)
        return response


def check_html(text: str) -> None:
    """Assert what holds for every page and fragment."""
    found = FORBIDDEN_IN_HTML.search(text)
    assert found is None, f"inline script or style: …{text[max(found.start() - 60, 0):found.end() + 60]}…"
    page = _Headings()
    page.feed(text)
    assert len(page.ids) == len(set(page.ids)), f"an id is used twice: {sorted(page.ids)}"
    if "<html" in text and "http-equiv" not in text and "<main" in text:
        assert page.levels.count(1) <= 1, "a page has one h1"
