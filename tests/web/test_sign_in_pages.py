"""Signing in and out in the browser (P40, P48)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, url_for
from sqlalchemy import Engine

from config import Config
from inquiry_service import create_app
from inquiry_service.domain.vocabulary import Role
from inquiry_service.services import accounts, installation, throttle
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.sign_in import REFUSED
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _sign_in(browser: Browser, email: str, password: str = PASSWORD, *, expect: int = 303, path: str = "/login") -> str:
    response = browser.post(path, {"email": email, "password": password}, expect=expect)
    return response.headers.get("Location", "") or response.text


def test_a_page_that_needs_sign_in_is_reached_after_it(account_of: AccountOf, stranger: Browser) -> None:
    person = account_of(Role.ADMINISTRATOR)
    sent_to = stranger.get("/admin/users?q=mi", expect=303).headers["Location"]
    assert sent_to == "/login?next=/admin/users?q%3Dmi"
    assert _sign_in(stranger, person.email, path=sent_to) == "/admin/users?q=mi"
    stranger.get("admin.users")


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(account_of: AccountOf, stranger: Browser) -> None:
    person = account_of(Role.MI_SPECIALIST)
    answer = stranger.post("sign_in.login", {"email": person.email, "password": PASSWORD})
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("evenhand=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(config: Config, engine: Engine) -> None:
    app = create_app(replace(config, secure_cookies=True, log_level="ERROR"))
    page = app.test_client().get("/login", base_url="https://localhost")
    cookies = page.headers.getlist("Set-Cookie")
    assert app.config["LOGIN_COOKIE"].startswith("__Host-")
    assert cookies
    assert all(line.startswith("__Host-") and "Secure" in line and "Path=/" in line for line in cookies)
    assert "max-age=63072000" in page.headers["Strict-Transport-Security"]
    app.extensions["evenhand"].close()


def test_a_cookie_planted_before_the_sign_in_is_worth_nothing_after_it(
    app: Flask, account_of: AccountOf, stranger: Browser
) -> None:
    person = account_of(Role.MI_SPECIALIST)
    stranger.client.set_cookie(app.config["LOGIN_COOKIE"], "planted-by-an-attacker")
    _sign_in(stranger, person.email)
    assert stranger.cookie not in {"", "planted-by-an-attacker"}
    attacker = Browser(app)
    attacker.client.set_cookie(app.config["LOGIN_COOKIE"], "planted-by-an-attacker")
    attacker.get("account.overview", expect=303)


def test_a_second_sign_in_makes_the_first_cookie_worthless(
    app: Flask, account_of: AccountOf, stranger: Browser
) -> None:
    person = account_of(Role.MI_SPECIALIST)
    _sign_in(stranger, person.email)
    first = stranger.cookie
    _sign_in(stranger, person.email)
    thief = Browser(app)
    thief.client.set_cookie(app.config["LOGIN_COOKIE"], first)
    thief.get("account.overview", expect=303)
    stranger.get("account.overview")


def test_a_cookie_copied_before_signing_out_cannot_be_replayed(app: Flask, browser_of: BrowserOf) -> None:
    browser = browser_of(Role.MI_SPECIALIST)
    copied = browser.cookie
    browser.get("account.overview")
    browser.post("sign_in.logout")
    assert browser.cookie == ""
    thief = Browser(app)
    thief.client.set_cookie(app.config["LOGIN_COOKIE"], copied)
    thief.get("account.overview", expect=303)


def test_the_idle_limit_signs_out_and_each_page_starts_it_anew(browser_of: BrowserOf, config: Config) -> None:
    idle = timedelta(minutes=config.session_idle_minutes)
    with time_machine.travel(NOON, tick=False) as clock:
        browser = browser_of(Role.MI_SPECIALIST)
        for _ in range(3):
            clock.shift(idle - timedelta(seconds=1))
            browser.get("account.overview")
        clock.shift(idle)
        browser.get("account.overview", expect=303)


def test_the_absolute_limit_signs_out_whoever_keeps_clicking(browser_of: BrowserOf, config: Config) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = browser_of(Role.MI_SPECIALIST)
        for _ in range(4 * config.session_absolute_hours - 1):
            clock.shift(timedelta(minutes=15))
            browser.get("account.overview")
        clock.shift(timedelta(minutes=15))
        browser.get("account.overview", expect=303)


def test_known_and_unknown_names_get_the_same_page(account_of: AccountOf, stranger: Browser) -> None:
    person = account_of(Role.MI_SPECIALIST)
    known = _sign_in(stranger, person.email, "wrong guess number", expect=401)
    unknown = _sign_in(stranger, "nobody@tests.example", "wrong guess number", expect=401)
    assert REFUSED in known
    assert REFUSED in unknown


def test_too_many_failures_are_answered_with_the_time_to_wait(account_of: AccountOf, stranger: Browser) -> None:
    person = account_of(Role.MI_SPECIALIST)
    for _ in range(throttle.ACCOUNT.free + 1):
        _sign_in(stranger, person.email, "wrong guess number", expect=401)
    answer = stranger.post("sign_in.login", {"email": person.email, "password": PASSWORD}, expect=429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 16
    assert "Too many failed attempts" in answer.text
    assert stranger.cookie == ""


def test_empty_fields_are_named(stranger: Browser) -> None:
    assert "Enter your password." in _sign_in(stranger, "someone@tests.example", "", expect=422)


@pytest.mark.parametrize("target", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/%0d%0aSet-Cookie:x=1\r\nX: y", " //evil.example",
    "http:evil.example", "evil.example", "",
    "https:///evil.example", "/login\x00", "/päth", "/" + "x" * 5000,
])
def test_after_signing_in_nobody_is_led_to_another_site(
    account_of: AccountOf, stranger: Browser, target: str
) -> None:
    person = account_of(Role.MI_SPECIALIST)
    with stranger.app.test_request_context():
        path = url_for("sign_in.login", next=target)
    if "\x00" in target:
        stranger.post(path, {"email": person.email, "password": PASSWORD}, expect=400)
        return
    assert _sign_in(stranger, person.email, path=path) == "/"


def test_a_temporary_password_opens_nothing_but_the_page_to_replace_it(
    app: Flask, account_of: AccountOf, stranger: Browser
) -> None:
    admin, person = account_of(Role.ADMINISTRATOR), account_of(Role.ADMINISTRATOR)
    with stranger.runtime.transaction() as session:
        accounts.reset_password(session, OPERATOR, person.id, password="eleven paper boats", reason="forgotten",
                                passwords=stranger.runtime.passwords)
    assert _sign_in(stranger, person.email, "eleven paper boats") == "/account"
    assert stranger.get("admin.users", expect=303).headers["Location"] == "/account"
    stranger.get("account.overview")
    before = stranger.cookie
    chosen = "three green umbrellas"
    stranger.post("account.change_password", {"current": "eleven paper boats", "new": chosen, "again": chosen})
    assert stranger.cookie not in {"", before}
    assert admin.email in stranger.get("admin.users").text


def test_the_demonstration_shows_its_logins_and_says_what_it_is(config: Config, engine: Engine) -> None:
    app = create_app(replace(config, demo=True, log_level="ERROR"))
    runtime = app.extensions["evenhand"]
    with runtime.transaction() as session:
        installation.begin(session, demo=True)
        accounts.create_account(session, OPERATOR, email="mi@demo.example", printed_name="Demo MI specialist",
                                password=DEMO_PASSWORD, roles=[Role.MI_SPECIALIST], reason="demonstration",
                                passwords=runtime.passwords, is_demo=True, must_change_password=False)
    browser = Browser(app)
    page = browser.get("sign_in.login").text
    assert "mi@demo.example" in page
    assert DEMO_PASSWORD in page
    _sign_in(browser, "mi@demo.example", DEMO_PASSWORD)
    assert "Demonstration data" in browser.get("account.overview").text
    browser.get("styleguide.show")
    runtime.close()


def test_outside_the_demonstration_neither_logins_nor_the_style_guide_are_shown(
    account_of: AccountOf, browser_of: BrowserOf, stranger: Browser
) -> None:
    assert DEMO_PASSWORD not in stranger.get("sign_in.login").text
    browser_of(Role.MI_SPECIALIST).get("/styleguide", expect=404)


def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_to_the_sign_in(stranger: Browser) -> None:
    answer = stranger.get("account.overview", expect=401, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/login"
