"""Alerts about possible misuse of credentials: visible at once, to administrators and auditors (R77)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import SignatureRefused
from inquiry_service.models.people import User
from inquiry_service.services import sign_in
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import people
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf

LETTER = ObjectRef("response_version", "some-version", label="MI-2026-000007, version 2")
WATCHING = (Role.ADMINISTRATOR, Role.AUDITOR)
LATER = datetime(2027, 3, 1, 12, tzinfo=UTC)


def _sign(runtime: Runtime, person: User, password: str) -> None:
    with runtime.transaction() as session:
        sign_in.verify_password(session, people.by_id(session, person.id), password, about=LETTER)


def _refuse(runtime: Runtime, person: User) -> None:
    with pytest.raises(SignatureRefused):
        _sign(runtime, person, "not the password")


def _lock(app: Flask, person: User) -> None:
    for _ in range(3):
        Browser(app).post("sign_in.login", {"email": person.email, "password": "not the password"}, expect=401)


def _counted(page: str) -> int:
    """Return the number beside Alerts in the rail; 0 for none."""
    found = re.search(r'<span>Alerts</span><span class="eh-tally eh-tally-bad">(\d+)', page)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("role", WATCHING)
def test_a_locked_account_is_an_alert_at_once(
    app: Flask, account_of: AccountOf, browser_of: BrowserOf, role: Role
) -> None:
    person, watcher = account_of(Role.MI_SPECIALIST), browser_of(role)
    assert "No account was locked" in watcher.get("security.alerts").text
    _lock(app, person)
    page = watcher.get("security.alerts").text
    assert "Account locked after wrong passwords" in page
    assert person.email in page
    assert _counted(watcher.get("account.overview").text) == 1


@pytest.mark.parametrize("role", WATCHING)
def test_refused_signatures_are_counted_for_each_person(
    runtime: Runtime, account_of: AccountOf, browser_of: BrowserOf, role: Role
) -> None:
    twice, once = account_of(Role.MEDICAL_REVIEWER), account_of(Role.MEDICAL_REVIEWER)
    for person in (twice, once, twice):
        _refuse(runtime, person)
    page = browser_of(role).get("security.alerts").text
    assert page.count("Signature refused</span>") == 3
    assert page.count("2 times in 30 days") == 1
    assert twice.printed_name in page
    assert once.printed_name in page


def test_a_good_signature_is_no_alert(runtime: Runtime, account_of: AccountOf, browser_of: BrowserOf) -> None:
    _sign(runtime, account_of(Role.MEDICAL_REVIEWER), PASSWORD)
    watcher = browser_of(Role.ADMINISTRATOR)
    assert "No account was locked" in watcher.get("security.alerts").text
    assert _counted(watcher.get("admin.users").text) == 0


def test_an_administrator_is_not_told_what_was_to_be_signed(
    runtime: Runtime, account_of: AccountOf, browser_of: BrowserOf
) -> None:
    _refuse(runtime, account_of(Role.MEDICAL_REVIEWER))
    assert LETTER.label not in browser_of(Role.ADMINISTRATOR).get("security.alerts").text
    auditor = browser_of(Role.AUDITOR).get("security.alerts").text
    assert LETTER.label in auditor
    assert "/audit/" in auditor


@pytest.mark.parametrize(("passed", "counted", "listed"), [
    (timedelta(hours=70), 1, True), (timedelta(days=20), 0, True), (timedelta(days=31), 0, False)])
def test_an_alert_is_counted_for_three_days_and_listed_for_thirty(
    runtime: Runtime, account_of: AccountOf, browser_of: BrowserOf, passed: timedelta, counted: int, listed: bool
) -> None:
    with time_machine.travel(LATER - passed, tick=False):
        _refuse(runtime, account_of(Role.MEDICAL_REVIEWER))
    with time_machine.travel(LATER, tick=False):
        page = browser_of(Role.ADMINISTRATOR).get("security.alerts").text
    assert _counted(page) == counted
    assert ("Signature refused</span>" in page) is listed
