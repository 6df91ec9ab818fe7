"""Headers on every answer, and what people see when something is refused or fails (P38, P51)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask, request
from sqlalchemy import Engine, select, text

from config import Config
from inquiry_service import create_app
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import IntegrityBroken, Refused, StaleVersion, Unmet
from inquiry_service.models.audit import AuditEntry
from inquiry_service.services import installation
from inquiry_service.web.access import public
from inquiry_service.web.headers import ALWAYS
from tests.web.browser import FORBIDDEN_IN_HTML, Browser
from tests.web.conftest import BrowserOf
from tests.web.routes import every_route

ROLES = (Role.ADMINISTRATOR, Role.MI_SPECIALIST, Role.MEDICAL_REVIEWER, Role.FIELD_SALES, Role.AUDITOR)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

pytestmark = pytest.mark.own_app  # these tests add pages that fail


def _missing_headers(response_headers: dict[str, str]) -> list[str]:
    return [name for name, value in ALWAYS.items() if response_headers.get(name) != value]


def test_every_route_sends_every_header_whatever_its_status(app: Flask, browser_of: BrowserOf) -> None:
    assert ALWAYS["Content-Security-Policy"] == POLICY
    for browser in (Browser(app), *(browser_of(role) for role in ROLES)):
        for route in every_route(app, {}):
            if route.endpoint == "sign_in.logout":
                continue
            response = browser.client.open(route.path, method=route.method)
            assert _missing_headers(dict(response.headers)) == [], route
            assert response.headers["Cache-Control"] == "no-store", route
            assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-Id"]), route
            if response.mimetype == "text/html":
                assert FORBIDDEN_IN_HTML.search(response.text) is None, route


@pytest.mark.parametrize(("path", "method", "status"), [
    ("/no-such-page", "GET", 404), ("/login", "PUT", 405), ("/login", "DELETE", 405), ("/crash", "GET", 500),
    ("/static/nothing.css", "GET", 404), ("/login?q=%00", "GET", 400),
])
def test_error_pages_have_the_headers_too(app: Flask, path: str, method: str, status: int) -> None:
    @public
    def crash() -> str:
        raise RuntimeError("a secret of the inside")

    app.add_url_rule("/crash", view_func=crash)
    response = app.test_client().open(path, method=method)
    assert response.status_code == status
    assert _missing_headers(dict(response.headers)) == []
    assert "secret of the inside" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["X-Request-Id"] in response.text


def test_the_header_check_would_notice_a_missing_one() -> None:
    assert _missing_headers({name: value for name, value in ALWAYS.items() if name != "X-Content-Type-Options"}) == [
        "X-Content-Type-Options"
    ]


@pytest.mark.parametrize("html", [
    "<p style='x'>", "<div onclick=go()>", "<script>alert(1)</script>", "<style>p{}</style>", '<a href="javascript:x">',
])
def test_the_page_check_would_notice_inline_code(html: str) -> None:
    assert FORBIDDEN_IN_HTML.search(html)


def test_static_files_are_kept_for_ever_under_an_address_with_their_digest(stranger: Browser) -> None:
    page = stranger.get("sign_in.login").text
    paths = re.findall(r'(?:href|src)="(/static/[^"#]+)"', page)
    assert len(paths) > 5
    for path in paths:
        with stranger.client.get(path) as response:
            assert response.status_code == 200, path
            assert re.match(r"/static/[0-9a-f]{12}/", path)
            assert "immutable" in response.headers["Cache-Control"]
            assert _missing_headers(dict(response.headers)) == [], path


def _raising(app: Flask, error: Exception) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/fail", view_func=public(fail), methods=["GET"])


def test_a_refusal_shows_every_unmet_condition_and_is_recorded(app: Flask, browser_of: BrowserOf) -> None:
    _raising(app, Refused("It cannot be sent yet.", [
        Unmet("ae_missing", "The adverse event screen is not answered."), Unmet("no_draft", "There is no draft."),
    ]))
    browser = browser_of(Role.MI_SPECIALIST)
    page = browser.get("/fail", expect=409).text
    assert "It cannot be sent yet." in page
    assert "The adverse event screen is not answered." in page
    assert "There is no draft." in page
    with browser.runtime.reading() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert newest.action == "step:refused"
    assert b"ae_missing" in newest.entry


def test_a_page_without_the_right_is_refused_by_name_and_recorded(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.FIELD_SALES)
    assert "users:manage" in browser.get("admin.users", expect=403).text
    with browser.runtime.reading() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (newest.action, newest.object_label) == ("access:refused", "GET /admin/users")


def test_a_partial_update_gets_a_fragment_and_not_a_page(app: Flask, browser_of: BrowserOf) -> None:
    _raising(app, StaleVersion("Somebody saved a newer version."))
    fragment = browser_of(Role.MI_SPECIALIST).get("/fail", expect=409, headers={"HX-Request": "true"}).text
    assert "Somebody saved a newer version." in fragment
    assert "<html" not in fragment
    assert 'role="alert"' in fragment


def test_broken_evidence_is_a_failure_with_its_words(app: Flask, browser_of: BrowserOf) -> None:
    _raising(app, IntegrityBroken("expected one digest, got another"))
    assert "expected one digest" in browser_of(Role.MI_SPECIALIST).get("/fail", expect=500).text


def test_a_broken_database_is_a_failure_without_details_and_comes_back_to_life(
    engine: Engine, browser_of: BrowserOf
) -> None:
    browser = browser_of(Role.MI_SPECIALIST)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE user_session RENAME TO gone"))
    answer = browser.client.get("/account")
    assert answer.status_code in {500, 503}
    assert "Traceback" not in answer.text
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO user_session"))
    browser.get("account.overview")


def test_an_unreachable_database_is_503_with_a_time_to_come_back(config: Config) -> None:
    app = create_app(replace(config, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none", log_level="CRITICAL"))
    answer = app.test_client().get("/login")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions["evenhand"].close()


def test_a_forged_host_is_refused(config: Config, engine: Engine) -> None:
    app = create_app(replace(config, base_url="http://evenhand.example", log_level="ERROR"))
    with app.extensions["evenhand"].transaction() as session:
        installation.begin(session, demo=False)
    client = app.test_client()
    assert client.get("/login", headers={"Host": "evenhand.example"}).status_code == 200
    forged = client.get("/login", headers={"Host": "evil.example"})
    assert forged.status_code == 400
    assert _missing_headers(dict(forged.headers)) == []
    app.extensions["evenhand"].close()


def test_proxy_headers_count_only_as_far_as_proxies_are_configured(config: Config, engine: Engine) -> None:
    seen: list[str] = []

    def whoami() -> str:
        seen.append(request.remote_addr or "")
        return ""

    for proxies in (0, 1):
        app = create_app(replace(config, trusted_proxies=proxies, log_level="ERROR"))
        app.add_url_rule("/whoami", view_func=public(whoami))
        app.test_client().get("/whoami", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
        app.extensions["evenhand"].close()
    assert seen == ["127.0.0.1", "198.51.100.7"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.MI_SPECIALIST)
    browser.post("account.set_theme", {"theme": "x" * (3 * 1024 * 1024)}, expect=413)


def test_a_field_that_the_form_does_not_have_is_refused(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.MI_SPECIALIST)
    browser.post("account.set_theme", {"theme": "dark", "is_admin": "1"}, expect=400)
    browser.post("account.set_theme", {"theme": ["dark", "light"]}, expect=400)
