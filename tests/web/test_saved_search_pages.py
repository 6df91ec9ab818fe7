"""Pages of saved searches and of a recorded search run again."""

from __future__ import annotations

from typing import Any

import pytest

from inquiry_service.domain.vocabulary import Role
from inquiry_service.search.port import Filters
from inquiry_service.services import evidence, search_alerts
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.sign_in import actor_for
from tests import factories
from tests.services.literature_files import indexed, table
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf

FROM_1990: dict[str, Any] = {"from": "1990"}
MIGRAINE = {"name": "Menstrual migraine", "q": "migraine", "synonyms": "y"}


@pytest.fixture
def library(runtime: Runtime) -> Runtime:
    """A library of one record."""
    indexed(runtime, table([{"pmid": 1, "title": "Tryptanol in menstrual migraine"}]))
    return runtime


@pytest.fixture
def browser(library: Runtime, browser_of: BrowserOf) -> Browser:
    """The browser of somebody who searches."""
    return browser_of(Role.MI_SPECIALIST)


def saved(browser: Browser, **address: Any) -> str:
    """Save a search and return the address of its page."""
    return str(browser.post("searches.create", MIGRAINE, **address).location)


def test_a_search_is_saved_with_the_filters_of_the_library_page_and_listed(browser: Browser) -> None:
    form = browser.get("searches.new", q="migraine", status="current", **FROM_1990).text
    assert 'value="migraine"' in form
    assert "years 1990 to …, status current" in form
    page = browser.get(saved(browser, status="current")).text
    assert "status current" in page
    assert "Nothing yet." in page
    listed = browser.get("searches.overview").text
    assert "Menstrual migraine" in listed
    assert "No search has ended" in browser.get("searches.overview", ended=1).text


@pytest.mark.parametrize(("data", "words"), [
    ({"name": "", "q": "migraine"}, "Give the search a name."),
    ({"name": "Name", "q": ""}, "Enter what to search for."),
    ({"name": "Name", "q": "kept AND ("}, "“(”"),
])
def test_what_cannot_be_saved_comes_back_as_it_was_typed(browser: Browser, data: dict[str, str], words: str) -> None:
    page = browser.post("searches.create", data, expect=422).text
    assert words in page
    assert f'value="{data["q"]}"' in page


def test_what_is_new_stands_on_home_and_on_the_page_until_it_was_seen(browser: Browser, library: Runtime) -> None:
    place = saved(browser)
    assert "New in the literature" not in browser.get("home.start").text
    indexed(library, table([{"pmid": 2, "title": "Another migraine study"}]), name="2.csv")
    assert search_alerts.check(library) == 1
    assert "New in the literature" in browser.get("home.start").text
    page = browser.get(place).text
    assert "Another migraine study" in page
    search_id = place.rpartition("/")[2]
    browser.post("searches.seen", {}, search_id=search_id)
    assert "New in the literature" not in browser.get("home.start").text
    assert "Mark as seen" not in browser.get(place).text


def test_a_search_is_changed_and_ended_by_its_owner_and_only_read_by_others(
    browser: Browser, browser_of: BrowserOf
) -> None:
    search_id = saved(browser).rpartition("/")[2]
    browser.post("searches.edit", MIGRAINE | {"name": "Renamed", "shared": "y"}, search_id=search_id)
    other = browser_of(Role.MEDICAL_REVIEWER)
    assert "Renamed" in other.get("searches.show", search_id=search_id).text
    assert other.get("searches.edit", expect=303, search_id=search_id).location.endswith(search_id)
    other.post("searches.end", {}, expect=409, search_id=search_id)
    browser.post("searches.end", {}, search_id=search_id)
    assert "Renamed" in browser.get("searches.overview", ended=1).text


def test_a_recorded_search_is_run_again_and_made_to_watch_over_the_answer(
    library: Runtime, account_of: AccountOf, browser_of: BrowserOf
) -> None:
    person = account_of(Role.MI_SPECIALIST)
    with library.transaction() as session:
        actor = actor_for(person)
        inquiry = factories.inquiry(session, actor, factories.product(session), library.blobs)
        run = evidence.record_search(session, library.index, actor, inquiry, "migraine", Filters())
    browser = browser_of(user=person)
    names: dict[str, Any] = {"inquiry_id": inquiry.id, "run_id": run.id}
    assert "finds the same 1 records" in browser.get("evidence.rerun", **names).text
    indexed(library, table([{"pmid": 2, "title": "Another migraine study"}]), name="2.csv")
    page = browser.get("evidence.rerun", **names).text
    assert "Added to the library on" in page
    assert "The library grew from 1 to 2 records." in page
    browser.post("evidence.watch", {}, **names)
    assert "Watched: " in browser.get("evidence.rerun", **names).text
    assert "0 new since the search was saved" in browser.get("inquiries.show", inquiry_id=inquiry.id).text
    browser.post("evidence.watch", {}, expect=409, **names)


def test_a_term_is_put_into_the_search_without_script(
    library: Runtime, account_of: AccountOf, browser_of: BrowserOf
) -> None:
    person = account_of(Role.MI_SPECIALIST)
    with library.transaction() as session:
        inquiry = factories.inquiry(session, actor_for(person), factories.product(session), library.blobs, questions=(
            "Hello, can tryptanol be used in menstrual migraine? Thanks!", "What is the half-life?"))
    browser = browser_of(user=person)
    page = browser.get("evidence.workbench", inquiry_id=inquiry.id, compose=1, term=["tryptanol", "migraine"],
                       more='"double blind"').text
    assert 'value="tryptanol migraine &#34;double blind&#34;"' in page
    second = browser.get("evidence.workbench", inquiry_id=inquiry.id, question=2).text
    assert 'value="half-life"' in second
    assert 'aria-current="true"' in second
