"""The main pages under axe-core, in both themes, with real data in them; WCAG 2.0 to 2.2, A and AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"

PAGES = {
    "mi": ("/", "/inbox", "/inbox?view=all", "/inquiries/new", "/literature?q=sumatriptan+menstrual", "/safety",
           "/complaints", "/documents", "/account"),
    "librarian": (
        "/literature?q=sumatriptan+children", "/literature?q=sumatripan", "/literature?q=(sumatriptan+AND",
        "/literature/imports", "/literature/pairs", "/literature/new", "/literature/retractions", "/literature/files",
        "/literature/searches", "/literature/searches/new?q=sumatriptan"),
    "reviewer": ("/review",),
    "auditor": ("/audit",),
    "admin": ("/admin/users", "/admin/roles"),
    "sales": ("/field", "/field/new"),
}
RECORD = ("", "/similar", "/versions", "/describe", "/standing", "/rights", "/files", "/merge")
"""Pages of one record, opened from the first hit of a search."""
INSIDE = ("", "/evidence", "/draft", "/letter")
"""Pages of one inquiry, opened from the first row of a queue."""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page as it stands, a line for each rule and place.

    The source is evaluated, not added as a script: the Content-Security-Policy would rightly stop that.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(RUN, RULES)
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("account", list(PAGES))
def test_the_main_pages_have_no_axe_violation(sign_in: SignIn, account: str, scheme: str) -> None:
    """Each page of a role's day, as it opens."""
    page = sign_in(account, scheme=scheme)
    found: dict[str, list[str]] = {}
    for address in PAGES[account]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok or answer.status == 422, f"{address} answered {answer.status}"
        found |= {address: lines} if (lines := violations(page)) else {}
    assert not found


def test_the_pages_of_an_inquiry_have_no_axe_violation(sign_in: SignIn) -> None:
    """An inquiry that has an adverse event, evidence, a draft."""
    page = sign_in("mi")
    page.goto("/inbox?view=mine")
    address = page.locator("tr[data-row] a").first.get_attribute("href")
    found: dict[str, list[str]] = {}
    for tail in INSIDE:
        page.goto(f"{address}{tail}")
        found |= {tail: lines} if (lines := violations(page)) else {}
    assert not found


def test_the_pages_of_a_record_and_of_an_import_have_no_axe_violation(sign_in: SignIn) -> None:
    """What a librarian opens from a search and from the list of imports."""
    page = sign_in("librarian")
    page.goto("/literature?q=menstrual")
    address = page.locator(".eh-hits h2 a").first.get_attribute("href")
    page.goto("/literature/imports")
    report = page.locator("tbody th a").last.get_attribute("href")
    found: dict[str, list[str]] = {}
    for place in (*(f"{address}{tail}" for tail in RECORD), f"{report}"):
        answer = page.goto(place)
        assert answer is not None
        assert answer.ok, f"{place} answered {answer.status}"
        found |= {place: lines} if (lines := violations(page)) else {}
    assert not found


def test_axe_is_awake_and_finds_a_nameless_button(sign_in: SignIn) -> None:
    """The negative control: the same check on a page that was broken on purpose."""
    page = sign_in("mi")
    page.goto("/inbox")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(line.startswith("button-name") for line in violations(page))
