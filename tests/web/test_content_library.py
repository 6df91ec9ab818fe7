"""The content library: what its list tells, how it is narrowed, and who may see and change it."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine

from config import Config
from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import ContentState, Role
from inquiry_service.services.runtime import Runtime
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf
from tests.web.content_shelf import CLOSING, PREVENTION, line_of, release, row, shelf, version

READERS = [role for role in Role if Permission.CONTENT_READ in ROLE_PERMISSIONS[role]]
OTHERS = [role for role in Role if role is not Role.SYSTEM and role not in READERS]


@pytest.fixture
def folder(config: Config, tmp_path: Path) -> Path:
    """A content folder of one block and one standard response."""
    return shelf(config, tmp_path)


@pytest.fixture
def owner(browser_of: BrowserOf) -> Browser:
    """A content owner's browser."""
    return browser_of(Role.CONTENT_OWNER)


def test_the_library_tells_state_reader_topics_label_owner_dates_and_use(
    runtime: Runtime, owner: Browser, folder: Path
) -> None:
    release(runtime, folder)
    with time_machine.travel("2026-11-22T10:00:00Z", tick=True):
        page = owner.get("content.library").text
    line = line_of(page, "Sumatriptan tablets for the short-term prevention of menstrual migraine")
    for words in ("Effective</span>", "Health professional, US", "Sumatriptan tablets", "Efficacy, Dosing",
                  "2026-03", "Medical Information, content", "Review in 11 months", "Expires in 23 months", ">0</td>"):
        assert words in line
    assert page.index("Standard responses</h2>") < page.index("Locked parts</h2>") < page.index("closing-hcp/v1")
    assert "/products" in page


@pytest.mark.parametrize(("day", "sign", "words"), [
    ("2027-11-03", "Review due", "Review was due yesterday"), ("2028-09-01", "Expires soon", "Expires in 61 days"),
    ("2028-11-03", "Expired", "Expired 2 days ago"), ("2026-11-01", "Not yet effective", "Review in 12 months"),
])
def test_a_standing_is_said_in_a_word_with_a_shape(
    runtime: Runtime, browser_of: BrowserOf, folder: Path, day: str, sign: str, words: str
) -> None:
    version(folder, CLOSING, 1, meta=lambda text: text.replace("review_due = 2027-11-02", "review_due = 2028-11-01")
            if sign == "Expires soon" else text)
    release(runtime, folder)
    with time_machine.travel(f"{day}T10:00:00Z", tick=True):
        line = line_of(browser_of(Role.CONTENT_OWNER).get("content.library").text, "Closing")
    assert f"</svg> {sign}</span>" in line
    assert words in line


def test_filters_narrow_and_stay_chosen(runtime: Runtime, owner: Browser, folder: Path) -> None:
    version(folder, CLOSING, 2, meta=lambda text: text.replace("First version", "Second version"))
    release(runtime, folder)
    assert "closing-hcp/v1" not in owner.get("content.library").text
    superseded = owner.get("content.library", state="superseded", kind="block").text
    assert "closing-hcp/v1" in superseded
    assert "closing-hcp/v2" not in superseded
    assert '<option value="block" selected>' in superseded
    assert 'href="/documents?state=effective&amp;kind=block"' in superseded
    nothing = owner.get("content.library", lane="patient").text
    assert "No text fits" in nothing
    assert "Nothing is suspended" in owner.get("content.library", state="suspended").text
    assert "closing-hcp/v2" in owner.get("content.library", state="no-such-state", lane="'").text


def test_an_empty_library_says_so(owner: Browser) -> None:
    assert "The library is empty" in owner.get("content.library").text


def test_content_whose_label_was_replaced_is_marked(runtime: Runtime, owner: Browser, folder: Path) -> None:
    version(folder, PREVENTION, 1, meta=lambda text: text.replace('"2026-03"', '"2025-06"'))
    release(runtime, folder)
    page = owner.get("content.library", state="attention").text
    assert "</svg> Label replaced</span>" in line_of(page, "menstrual migraine")
    assert "Closing" not in page
    shown = owner.get("content.show", version_id=row(runtime, PREVENTION).id).text
    assert "Written for label version 2025-06; version 2026-03 is in force." in shown


@pytest.mark.parametrize("role", READERS, ids=str)
def test_those_who_may_read_content_read_it_and_only_its_owner_changes_it(
    runtime: Runtime, browser_of: BrowserOf, folder: Path, role: Role
) -> None:
    release(runtime, folder)
    found, browser = row(runtime, CLOSING).id, browser_of(role)
    browser.get("content.library")
    page = browser.get("content.show", version_id=found).text
    manages = Permission.CONTENT_MANAGE in ROLE_PERMISSIONS[role]
    assert (f"/documents/{found}/suspend" in page) is manages
    browser.get("content.suspend", version_id=found, expect=200 if manages else 403)
    browser.post("content.retire", {"reason": "Mine"}, version_id=found, expect=303 if manages else 403)
    assert (row(runtime, CLOSING).state is ContentState.RETIRED) is manages


@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_everybody_else_is_refused(runtime: Runtime, browser_of: BrowserOf, folder: Path, role: Role) -> None:
    release(runtime, folder)
    found, browser = row(runtime, CLOSING).id, browser_of(role)
    pages = [browser.get("content.library", expect=403), browser.get("content.show", version_id=found, expect=403),
             browser.post("content.suspend", {"reason": "Mine"}, version_id=found, expect=403)]
    assert not any("Closing" in page.text for page in pages)
    assert row(runtime, CLOSING).state is ContentState.EFFECTIVE


def test_what_does_not_exist_is_not_found(owner: Browser) -> None:
    owner.get("content.show", version_id="nothing", expect=404)
    owner.get("content.retire", version_id="nothing", expect=404)
    owner.post("content.suspend", {"reason": "x"}, version_id="nothing", expect=404)
