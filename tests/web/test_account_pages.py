"""One's own account, and the administration of accounts, in the browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from inquiry_service.clock import now
from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.store import people
from inquiry_service.web.navigation import ENTRIES
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf

CHOSEN = "three green umbrellas"
NEW = {"email": "Reviewer@Tests.example", "printed_name": "Rita Reviewer", "title": "MD", "reason": "joins the team",
       "roles": "medical_reviewer"}


def _temporary_password(page: TestResponse) -> str:
    found = re.search(r'id="temporary-password">([^<]+)<', page.text)
    assert found
    return found[1]


def test_a_changed_password_signs_other_browsers_out_and_keeps_this_one(
    app: Flask, account_of: AccountOf, browser_of: BrowserOf
) -> None:
    person = account_of(Role.MI_SPECIALIST)
    here, there = browser_of(user=person), browser_of(user=person)
    before = here.cookie
    here.post("account.change_password", {"current": PASSWORD, "new": CHOSEN, "again": CHOSEN})
    assert here.cookie not in {"", before}
    assert "Your password was changed" in here.get("account.overview").text
    there.get("account.overview", expect=303)
    anew = Browser(app)
    anew.post("sign_in.login", {"email": person.email, "password": CHOSEN})


@pytest.mark.parametrize(("changed", "message"), [
    ({"current": "not my password"}, "This is not your present password."),
    ({"again": "something else"}, "The two are not the same."),
    ({"new": "short", "again": "short"}, "Use at least 12 characters"),
    ({"new": PASSWORD, "again": PASSWORD}, "This is your present password"),
    ({"new": "", "again": ""}, "Enter a new password."),
])
def test_what_is_wrong_with_a_new_password_stands_beside_the_field(
    browser_of: BrowserOf, changed: dict[str, str], message: str
) -> None:
    form = {"current": PASSWORD, "new": CHOSEN, "again": CHOSEN} | changed
    page = browser_of(Role.MI_SPECIALIST).post("account.change_password", form, expect=422).text
    assert message in page
    assert PASSWORD not in page
    assert CHOSEN not in page


def test_the_theme_and_the_keys_are_remembered_and_the_page_comes_back(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMINISTRATOR)
    answer = browser.post("account.set_theme", {"theme": "dark", "next": "/admin/users?q=x"})
    assert answer.headers["Location"] == "/admin/users?q=x"
    assert 'data-bs-theme="dark"' in browser.get("admin.users").text
    browser.post("account.set_shortcuts", {"shortcuts": "off"})
    assert 'data-keys="off"' in browser.get("admin.users").text
    browser.post("account.set_theme", {"theme": "pink"}, expect=422)
    answer = browser.post("account.set_theme", {"theme": "auto", "next": "//evil.example"})
    assert answer.headers["Location"] == "/account"


def test_one_sees_where_one_is_signed_in_and_ends_another_browser(account_of: AccountOf, browser_of: BrowserOf) -> None:
    person = account_of(Role.MI_SPECIALIST)
    here, there = browser_of(user=person), browser_of(user=person)
    page = here.get("account.overview").text
    ends = re.findall(r'action="(/account/sessions/[^"]+/end)"', page)
    assert len(ends) == 2
    assert page.count("(this one)") == 1
    for path in ends:
        here.post(path)
        if here.cookie == "":
            break
    there.get("account.overview", expect=303)


def test_an_account_is_made_with_a_temporary_password_shown_once(app: Flask, browser_of: BrowserOf) -> None:
    admin = browser_of(Role.ADMINISTRATOR)
    made = admin.post("admin.new_user", NEW, expect=200)
    password = _temporary_password(made)
    assert "reviewer@tests.example" in admin.get("admin.users").text
    person = Browser(app)
    answer = person.post("sign_in.login", {"email": "reviewer@tests.example", "password": password})
    assert answer.headers["Location"] == "/account"


def test_bad_input_for_an_account_is_kept_and_explained(account_of: AccountOf, browser_of: BrowserOf) -> None:
    taken = account_of(Role.MI_SPECIALIST)
    admin = browser_of(Role.ADMINISTRATOR)
    page = admin.post("admin.new_user", NEW | {"email": taken.email}, expect=422).text
    assert "never reused" in page
    assert 'value="Rita Reviewer"' in page
    page = admin.post("admin.new_user", NEW | {"roles": ["administrator", "auditor"]}, expect=422).text
    assert "may not hold" in page


def test_roles_are_given_and_taken_with_a_reason(account_of: AccountOf, browser_of: BrowserOf) -> None:
    person, admin = account_of(Role.INTAKE_AGENT), browser_of(Role.ADMINISTRATOR)
    grant = {"act": "grant", "role": "mi_specialist", "reason": "trained"}
    admin.post("admin.change_role", grant, user_id=person.id)
    assert "trained" in admin.get("admin.user", user_id=person.id).text
    assert "already" in admin.post("admin.change_role", grant, user_id=person.id, expect=422).text
    admin.post("admin.change_role", grant | {"reason": ""}, user_id=person.id, expect=422)
    sales = {"act": "grant", "role": "field_sales", "reason": "helps out"}
    assert "may not hold" in admin.post("admin.change_role", sales, user_id=person.id, expect=422).text
    with admin.runtime.reading() as session:
        assert people.by_id(session, person.id).roles == {Role.INTAKE_AGENT, Role.MI_SPECIALIST}


def test_training_is_recorded_and_said_in_words(browser_of: BrowserOf) -> None:
    admin = browser_of(Role.ADMINISTRATOR)
    admin.post("admin.new_user", NEW | {"trained_until": f"{now():%Y-%m-%d}"}, expect=200)
    with admin.runtime.reading() as session:
        made = people.by_email(session, NEW["email"])
        assert made is not None
    assert "today is the last day" in admin.get("admin.user", user_id=made.id).text
    past = now() - timedelta(days=30)
    form = {"trained_until": f"{past:%Y-%m-%d}", "reason": "was entered with the wrong year"}
    admin.post("admin.set_training", form, user_id=made.id)
    page = admin.get("admin.user", user_id=made.id).text
    assert f"Expired: was valid until {past:%Y-%m-%d}, 30 days ago" in page
    assert "No current training" in page
    assert "Expired" in admin.get("admin.users", q="reviewer@tests").text
    admin.post("admin.set_training", {"trained_until": "", "reason": "withdrawn"}, user_id=made.id)
    assert "None recorded; no answer can be assigned" in admin.get("admin.user", user_id=made.id).text


@pytest.mark.parametrize(("changed", "message"), [
    ({"trained_until": "soon"}, "Not a valid date"), ({"reason": ""}, "Say why"),
    ({"trained_until": "9999-01-01"}, "check the year"),
])
def test_bad_input_for_training_is_explained_and_changes_nothing(
    account_of: AccountOf, browser_of: BrowserOf, changed: dict[str, str], message: str
) -> None:
    person, admin = account_of(Role.MI_SPECIALIST), browser_of(Role.ADMINISTRATOR)
    form = {"trained_until": "2020-01-01", "reason": "a course"} | changed
    assert message in admin.post("admin.set_training", form, user_id=person.id, expect=422).text
    with admin.runtime.reading() as session:
        assert people.by_id(session, person.id).trained_until == person.trained_until


def test_a_disabled_person_is_out_at_once_and_can_come_back(account_of: AccountOf, browser_of: BrowserOf) -> None:
    person, admin = account_of(Role.MI_SPECIALIST), browser_of(Role.ADMINISTRATOR)
    theirs = browser_of(user=person)
    theirs.get("account.overview")
    admin.post("admin.disable", {"reason": "left"}, user_id=person.id)
    theirs.get("account.overview", expect=303)
    theirs.post("sign_in.login", {"email": person.email, "password": PASSWORD}, expect=401)
    admin.post("admin.enable", {"reason": "is back"}, user_id=person.id)
    theirs.post("sign_in.login", {"email": person.email, "password": PASSWORD})


def test_a_reset_password_works_once_and_must_be_replaced(
    app: Flask, account_of: AccountOf, browser_of: BrowserOf
) -> None:
    person, admin = account_of(Role.MI_SPECIALIST), browser_of(Role.ADMINISTRATOR)
    password = _temporary_password(
        admin.post("admin.reset_password", {"reason": "forgotten"}, user_id=person.id, expect=200))
    theirs = Browser(app)
    theirs.post("sign_in.login", {"email": person.email, "password": PASSWORD}, expect=401)
    theirs.post("sign_in.login", {"email": person.email, "password": password})
    theirs.post("account.set_shortcuts", {"shortcuts": "off"})
    assert theirs.get("home.start", expect=303).headers["Location"] == "/account"


def test_the_table_of_roles_says_what_the_program_does(browser_of: BrowserOf) -> None:
    page = browser_of(Role.ADMINISTRATOR).get("roles.matrix").text
    granted = sum(len(permissions) for role, permissions in ROLE_PERMISSIONS.items() if role is not Role.SYSTEM)
    assert page.count('aria-label="yes"') == granted
    assert all(permission.value in page for permission in Permission)


def test_the_rail_shows_exactly_the_rooms_of_the_person(browser_of: BrowserOf) -> None:
    for role in (Role.ADMINISTRATOR, Role.FIELD_SALES, Role.MI_SPECIALIST):
        page = browser_of(role).get("account.overview").text
        shown = set(re.findall(r'class="eh-item" href="[^"]*".*?<span>([^<]+)</span>', page, re.DOTALL))
        assert shown == {entry.label for entry in ENTRIES if entry.permission in ROLE_PERMISSIONS[role]}


def test_the_library_is_searched_from_the_top_bar_by_those_who_may(browser_of: BrowserOf) -> None:
    assert 'action="/literature"' in browser_of(Role.MI_SPECIALIST).get("account.overview").text
    for role in (Role.ADMINISTRATOR, Role.INTAKE_AGENT, Role.FIELD_MSL):
        page = browser_of(role).get("account.overview").text
        assert 'class="eh-find"' not in page
        assert "<kbd>/</kbd>" not in page


def test_the_number_of_queries_of_the_list_does_not_grow_with_the_accounts(
    account_of: AccountOf, browser_of: BrowserOf, count_queries: object
) -> None:
    admin = browser_of(Role.ADMINISTRATOR)
    counted = []
    for _ in range(2):
        admin.get("admin.users")
        with count_queries() as queries:  # type: ignore[operator]
            admin.get("admin.users")
        counted.append(len(queries))
        for _number in range(8):
            account_of(Role.MI_SPECIALIST)
    assert counted[0] == counted[1] <= 8
