"""Every route × every role × other people's records (P45): generated, so a new route is covered at once.

What is expected is read from the route's own tag and from ROLE_PERMISSIONS; the pages are asked for
real. A new kind of record takes part by its path parameter in ``tests.web.records``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from inquiry_service import create_app
from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import ConfigurationError
from inquiry_service.models.people import User
from inquiry_service.web.access import refuse_untagged, requires, tag_of
from tests.answers import Desk
from tests.web.apps import app_for
from tests.web.browser import Browser
from tests.web.conftest import AccountOf
from tests.web.records import one_of_each, other_inquiry, person_of
from tests.web.routes import Route, every_route

PEOPLE = [role for role in Role if role is not Role.SYSTEM]
PERSONAL = {"account.end_session", "field.received"}
"""Pages about what belongs to one person: to everybody else it does not exist (404)."""
PASSING = {"closing", "screening", "triage"}
"""Rooms of steps that the workflow opens and closes: there a page may also say why it is closed (409)."""


@pytest.fixture
def app(request: pytest.FixtureRequest, ready: Desk) -> Iterator[Flask]:
    """The application on a database with an answer that is ready to be sent."""
    make = create_app if request.node.get_closest_marker("own_app") else app_for
    made = make(ready.runtime.config)
    yield made
    made.extensions["evenhand"].close()


@pytest.fixture
def objects(ready: Desk) -> dict[str, str]:
    """Path parameter to the id of a record that exists and was made by somebody else than the visitor."""
    return one_of_each(ready)


def _ask(app: Flask, route: Route, person: User | None) -> TestResponse:
    """Ask in a fresh browser, because a POST to one route may sign out or disable the person."""
    browser = Browser(app)
    if person is not None:
        browser.enter(person)
    if not route.is_unsafe:
        return browser.client.open(route.path, method=route.method)
    # Buffered: a download is read and its file closed, though nobody looks at it.
    sent = {"csrf_token": browser.token()}
    return browser.client.open(route.path, method=route.method, data=sent, buffered=True)


def _problem(app: Flask, route: Route, role: Role | None, response: TestResponse) -> str:
    """Return what is wrong with the answer for a visitor in ``role`` (None: not signed in); empty if nothing."""
    tag = tag_of(app, route.endpoint)
    if tag is None:
        return f"{route}: no tag"
    status, to_login = response.status_code, response.headers.get("Location", "").startswith("/login")
    who = role.value if role else "nobody"
    if tag.permission is None:
        return "" if status not in {401, 403} else f"{route}: public, but {status} for {who}"
    if role is None:
        return "" if status == 303 and to_login else f"{route}: {status} for nobody instead of the sign-in page"
    if tag.permission not in ROLE_PERMISSIONS[role]:
        return "" if status == 403 else f"{route}: {status} for {who} instead of 403"
    return _problem_when_allowed(app, route, who, response)


def _problem_when_allowed(app: Flask, route: Route, who: str, response: TestResponse) -> str:
    status = response.status_code
    if status >= 500 and route.endpoint != "health.ready":
        return f"{route}: {status} for {who}"
    if status in {401, 403}:
        return f"{route}: {status} for {who}, whose role carries the right"
    # One path may have an endpoint per method, each with parameters of its own.
    parameters = {name for rule in app.url_map.iter_rules(route.endpoint) for name in rule.arguments}
    if not parameters:
        return ""
    if not route.complete:
        return f"{route}: add one of {sorted(parameters)} to tests/web/records.py"
    if route.endpoint in PERSONAL:
        return "" if status == 404 else f"{route}: {status} for {who} on another person's record instead of 404"
    expected = {200, 303, 409} if route.endpoint.partition(".")[0] in PASSING else {200, 303}
    if not route.is_unsafe and status not in expected:
        return f"{route}: {status} for {who} on a record that exists"
    return ""


def problems(app: Flask, objects: dict[str, str], role: Role | None, person: User | None) -> Iterator[str]:
    """Yield what is wrong for one visitor on any route."""
    for route in every_route(app, objects):
        found = _problem(app, route, role, _ask(app, route, person))
        if found:
            yield found


@pytest.mark.parametrize("role", PEOPLE, ids=lambda role: role.value)
def test_each_role_opens_exactly_what_its_permissions_say(
    app: Flask, objects: dict[str, str], account_of: AccountOf, role: Role
) -> None:
    # A second administrator, so that the last one is never disabled by the walk itself.
    account_of(Role.ADMINISTRATOR)
    assert list(problems(app, objects, role, account_of(role))) == []


def test_what_does_not_exist_is_not_found(app: Flask, account_of: AccountOf) -> None:
    visitors = {role: account_of(role) for role in PEOPLE}
    asked = 0
    for route in every_route(app, {}):
        permission = getattr(tag_of(app, route.endpoint), "permission", None)
        if route.complete or permission is None:
            continue
        role = next(role for role in PEOPLE if permission in ROLE_PERMISSIONS[role])
        status = _ask(app, route, visitors[role]).status_code
        assert status in ({404, 422} if route.is_unsafe else {404}), f"{route}: {status} for {role.value}"
        asked += 1
    assert asked > 60


def test_what_is_hidden_from_others_opens_to_its_owner(app: Flask, objects: dict[str, str]) -> None:
    owners = {"account.end_session": "owner@tests.example", "field.received": "submitter@tests.example"}
    assert owners.keys() == PERSONAL
    for route in every_route(app, objects):
        if route.endpoint in owners:
            owner = person_of(app.extensions["evenhand"], owners[route.endpoint])
            assert _ask(app, route, owner).status_code in {200, 303}, str(route)


@pytest.mark.parametrize(("endpoint", "form"), [
    ("intake.attachment", None), ("screening.contact", None), ("screening.contact", {}),
    ("letters.resolve", {"arrived": "yes", "words": "The clinic called."}),
])
def test_a_record_is_not_found_under_another_inquiry(
    app: Flask, ready: Desk, objects: dict[str, str], account_of: AccountOf, endpoint: str, form: dict[str, str] | None
) -> None:
    room = endpoint.partition(".")[0]
    elsewhere = objects | {"inquiry_id": other_inquiry(ready.runtime)}
    elsewhere[f"{room}.inquiry_id"] = elsewhere["inquiry_id"]
    (path,) = {route.path for route in every_route(app, elsewhere) if route.endpoint == endpoint}
    browser = Browser(app)
    browser.enter(account_of(Role.MI_SPECIALIST))
    if form is None:
        browser.get(path, expect=404)
    else:
        browser.post(path, form, expect=404)


def test_without_signing_in_only_public_pages_open(app: Flask, objects: dict[str, str]) -> None:
    assert list(problems(app, objects, None, None)) == []


def test_the_public_pages_are_a_short_list_that_changes_on_purpose(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    open_to_all = {name for name in endpoints if (tag := tag_of(app, name)) is not None and tag.permission is None}
    assert open_to_all == {"static", "sign_in.login", "health.alive", "health.ready"}


@pytest.mark.own_app
def test_a_route_that_is_opened_too_far_would_be_found(
    app: Flask, objects: dict[str, str], account_of: AccountOf
) -> None:
    # The tag still says what should hold; nobody looks at it any more.
    guards = app.before_request_funcs[None]
    app.before_request_funcs[None] = [guard for guard in guards if guard.__name__ != "_guard"]
    app.view_functions["admin.users"] = requires(Permission.USERS_MANAGE)(lambda: "everybody's accounts")
    found = list(problems(app, objects, Role.FIELD_SALES, account_of(Role.FIELD_SALES)))
    assert any("admin.users" in problem and "instead of 403" in problem for problem in found)


@pytest.mark.own_app
def test_an_endpoint_without_a_tag_stops_the_start(app: Flask) -> None:
    refuse_untagged(app)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with pytest.raises(ConfigurationError, match="forgotten"):
        refuse_untagged(app)


@pytest.mark.own_app
def test_an_endpoint_without_a_tag_would_not_answer_either(app: Flask, account_of: AccountOf) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    browser = Browser(app)
    browser.enter(account_of(Role.ADMINISTRATOR))
    assert "secret" not in browser.get("/forgotten", expect=500).text
