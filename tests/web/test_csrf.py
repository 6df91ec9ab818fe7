"""No other site can make a browser change anything here (P39): generated from the URL map."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from inquiry_service.domain.audit_entry import LOG
from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.audit import AuditEntry, AuditHead
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.user_sessions import Limits, resolve_session
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf
from tests.web.routes import Route, every_route

READINGS = {"viewed", "downloaded", "refused", "verified", "exported"}
"""What audit events of reading end in; a refusal is recorded whatever the method."""
ROLES = (Role.ADMINISTRATOR, Role.MI_SPECIALIST, Role.MEDICAL_REVIEWER, Role.FIELD_MSL)


def _size(runtime: Runtime) -> int:
    with runtime.reading() as session:
        return session.scalars(select(AuditHead.size).where(AuditHead.log == LOG)).one()


def _unsafe(app: Flask) -> list[Route]:
    return [route for route in every_route(app, {}) if route.is_unsafe]


def _accepted(browser: Browser, data: dict[str, str], headers: dict[str, str]) -> Iterator[str]:
    """Yield the routes that do not refuse the request as foreign."""
    for route in _unsafe(browser.app):
        response = browser.client.open(route.path, method=route.method, data=data, headers=headers)
        if response.status_code != 400:
            yield f"{route}: {response.status_code}"


def _check_nothing_happened(browser: Browser, size_before: int) -> None:
    assert _size(browser.runtime) == size_before
    with browser.runtime.reading() as session:
        resolve_session(session, browser.cookie, Limits.from_config(browser.runtime.config))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_without_a_token_every_unsafe_route_refuses_and_nothing_is_written(browser_of: BrowserOf, role: Role) -> None:
    browser = browser_of(role)
    size = _size(browser.runtime)
    assert len(_unsafe(browser.app)) >= 10
    assert list(_accepted(browser, {}, {})) == []
    _check_nothing_happened(browser, size)


def test_a_token_of_another_browser_is_refused(browser_of: BrowserOf, stranger: Browser) -> None:
    browser = browser_of(Role.ADMINISTRATOR)
    browser.token()
    size = _size(browser.runtime)
    assert list(_accepted(browser, {"csrf_token": stranger.token()}, {})) == []
    _check_nothing_happened(browser, size)


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
    {"Origin": "null"}, {"Origin": "http://localhost.evil.example"},
], ids=str)
def test_a_request_from_another_site_is_refused_even_with_a_good_token(
    browser_of: BrowserOf, headers: dict[str, str]
) -> None:
    browser = browser_of(Role.ADMINISTRATOR)
    size = _size(browser.runtime)
    assert list(_accepted(browser, {"csrf_token": browser.token()}, headers)) == []
    _check_nothing_happened(browser, size)


def test_our_own_forms_are_accepted(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.MI_SPECIALIST)
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    browser.post("account.set_theme", {"theme": "dark"}, headers=own)
    browser.post("account.set_theme", {"theme": "light"})


def test_without_the_protection_the_check_would_find_routes(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMINISTRATOR)
    browser.app.config["WTF_CSRF_ENABLED"] = False
    assert list(_accepted(browser, {}, {}))


def test_the_sign_in_form_has_a_token_of_its_own_that_ends_with_the_sign_in(
    account_of: AccountOf, stranger: Browser
) -> None:
    before = stranger.token()
    person = account_of(Role.MI_SPECIALIST)
    stranger.post("sign_in.login", {"email": person.email, "password": PASSWORD}, token=before)
    stranger.post("account.set_theme", {"theme": "dark"}, token=before, expect=400)


def test_get_leaves_at_most_the_trace_that_something_was_read(app: Flask, browser_of: BrowserOf) -> None:
    for role in ROLES:
        browser = browser_of(role)
        size = _size(browser.runtime)
        for route in every_route(app, {}):
            if not route.is_unsafe:
                browser.client.get(route.path)
        assert {action.partition(":")[2] for action in _actions_since(browser.runtime, size)} <= READINGS
        with browser.runtime.reading() as session:
            resolve_session(session, browser.cookie, Limits.from_config(browser.runtime.config))


def _actions_since(runtime: Runtime, size: int) -> list[str]:
    with runtime.reading() as session:
        return list(session.scalars(select(AuditEntry.action).where(AuditEntry.seq >= size)))
