"""The import's pages: upload, columns, what was found, choices, progress, report, signature."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import text

from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import ImportState, Role
from inquiry_service.jobs import worker
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as library
from inquiry_service.store import literature_imports as store
from tests import factories
from tests.database import CountQueries
from tests.services.literature_files import article, load, numbered, ris
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

ABSTRACT = "Twenty women took sumatriptan for menstrual migraine and most had relief within two hours."
READERS = [role for role in Role if Permission.LITERATURE_SEARCH in ROLE_PERMISSIONS[role]]
OTHERS = [role for role in Role if role is not Role.SYSTEM and role not in READERS]


@pytest.fixture
def librarian(browser_of: BrowserOf) -> Browser:
    """A content owner's browser."""
    return browser_of(Role.CONTENT_OWNER)


def upload(browser: Browser, data: bytes, name: str = "records.ris", **more: Any) -> Any:
    """Hand a file in."""
    sent = {"file": (BytesIO(data), name), **({"products": more.pop("products")} if "products" in more else {})}
    return browser.post("literature_imports.upload", sent, **more)


def run_of(answer: Any) -> str:
    """The import that an answer leads to."""
    return str(re.search(r"/imports/([0-9a-f-]{36})", answer.location)[1])  # type: ignore[index]


def state(runtime: Runtime, run_id: str) -> ImportState:
    with runtime.reading() as session:
        return store.run(session, run_id).state


def ended(runtime: Runtime, browser: Browser, data: bytes) -> str:
    """Hand a file in, confirm, and let the worker do it."""
    run_id = run_of(upload(browser, data))
    browser.post("literature_imports.confirm", {}, run_id=run_id)
    worker.run(runtime, once=True)
    return run_id


def test_a_file_goes_from_upload_over_check_and_confirmation_to_its_report(
    runtime: Runtime, librarian: Browser
) -> None:
    with runtime.transaction() as session:
        products = [factories.product(session, key=key, name=key).key for key in ("tryptanol", "cardivex")]
    answer = upload(librarian, ris(article("First of all", DO="10.1000/1"), article("First of all", DO="10.1000/1"),
                                   [("AU", "Nobody")]), products=products)
    page = librarian.get(answer.location).text
    assert "3 records in the file" in page
    assert "Nothing is stored yet" in page
    assert "Same DOI as record 1 of this file" in page
    assert "The record has no title." in page
    run_id = run_of(answer)
    librarian.post("literature_imports.confirm", {}, run_id=run_id)
    assert "You can leave this page" in librarian.get("literature_imports.show", run_id=run_id).text
    worker.run(runtime, once=True)
    report = librarian.get("literature_imports.show", run_id=run_id).text
    assert "3 records read = 1 created + 0 updated + 1 duplicate + 1 rejected" in report
    assert "The report is unchanged" in report
    only = librarian.get("literature_imports.show", run_id=run_id, outcome="rejected").text
    assert "The record has no title." in only
    assert "First of all" not in only
    with runtime.reading() as session:
        [row] = next(iter(library.every(session)))
        assert row.products == products


def test_choices_are_kept_and_carried_out(runtime: Runtime, librarian: Browser) -> None:
    load(runtime.engine, ris(article("Of one title", DO="10.1000/3"), article("Short", DO="10.1000/4")))
    run_id = run_of(upload(librarian, ris(article("Hospital costs in winter", DO="10.1000/3"),
                                          article("Short", DO="10.1000/4", AB=ABSTRACT))))
    page = librarian.get("literature_imports.show", run_id=run_id, finding="conflict").text
    assert "Hospital costs in winter" in page
    assert "In the library" in page
    assert "For all" not in page, "one record needs no choice for all"
    librarian.post("literature_imports.choose", {"choice-2": "skip", "finding": "", "go": "0"}, run_id=run_id)
    librarian.post("literature_imports.choose_all", {"finding": "conflict", "choice": "separate"}, run_id=run_id)
    librarian.post("literature_imports.confirm", {}, run_id=run_id)
    worker.run(runtime, once=True)
    report = librarian.get("literature_imports.show", run_id=run_id).text
    assert "2 records read = 1 created + 0 updated + 1 duplicate + 0 rejected" in report
    assert "Chosen: make a separate record" in report


def test_a_choice_that_is_not_offered_is_refused(librarian: Browser) -> None:
    run_id = run_of(upload(librarian, ris(article("Fresh", DO="10.1000/3"))))
    librarian.post("literature_imports.choose", {"choice-1": "skip"}, run_id=run_id, expect=422)
    librarian.post("literature_imports.choose", {"choice-1": "nonsense"}, run_id=run_id, expect=400)
    librarian.post("literature_imports.choose_all", {"finding": "new", "choice": "skip"}, run_id=run_id, expect=422)


def test_a_table_is_asked_for_its_columns_and_says_when_the_title_is_missing(
    runtime: Runtime, librarian: Browser
) -> None:
    answer = upload(librarian, "Titel;Verfasser;Jahr\nEine Studie;Müller A;2011\n".encode(), "tabelle.csv")
    run_id = run_of(answer)
    page = librarian.get("literature_imports.columns", run_id=run_id).text
    for words in ("Titel", "Eine Studie", "Müller A", "Not taken over"):
        assert words in page
    chosen = {"column_0": "", "column_1": "authors", "column_2": "date"}
    refused = librarian.post("literature_imports.set_columns", chosen, run_id=run_id, expect=422).text
    assert "say which column holds the title" in refused
    assert '<option selected value="authors">' in refused, "nothing that was chosen is lost"
    librarian.post("literature_imports.set_columns", {**chosen, "column_0": "title"}, run_id=run_id)
    assert state(runtime, run_id) is ImportState.CHECKED
    assert "Change the columns" in librarian.get("literature_imports.show", run_id=run_id).text


def test_a_large_file_is_checked_by_the_worker_while_the_page_asks_how_far_it_is(
    runtime: Runtime, librarian: Browser
) -> None:
    data = ris(*(article(f"Trial number {n}", DO=f"10.1000/{n}", AB=ABSTRACT * 20) for n in range(150)))
    run_id = run_of(upload(librarian, data))
    assert state(runtime, run_id) is ImportState.CHECKING
    waiting = librarian.get("literature_imports.progress", run_id=run_id).text
    assert "hx-get" in waiting
    assert "0 records looked at so far" in waiting
    worker.run(runtime, once=True)
    done = librarian.get("literature_imports.progress", run_id=run_id).text
    assert "hx-get" not in done, "the page stops asking"
    assert 'data-announce="Waiting for confirmation"' in done


def test_an_import_can_be_cancelled_and_says_what_was_stored(runtime: Runtime, librarian: Browser) -> None:
    run_id = run_of(upload(librarian, ris(article("Fresh", DO="10.1000/3"))))
    librarian.post("literature_imports.cancel", {}, run_id=run_id)
    page = librarian.get("literature_imports.show", run_id=run_id).text
    assert "This import was cancelled." in page
    assert "Nothing was stored in the library." in page
    librarian.post("literature_imports.confirm", {}, run_id=run_id, expect=409)


def test_a_stopped_import_says_why_and_can_be_tried_again(runtime: Runtime, librarian: Browser) -> None:
    run_id = run_of(upload(librarian, ris(article("Fresh", DO="10.1000/3"))))
    librarian.post("literature_imports.confirm", {}, run_id=run_id)
    with runtime.engine.begin() as connection:
        connection.execute(text("UPDATE import_run SET state = 'failed', failure = 'The disk was full.'"))
    page = librarian.get("literature_imports.show", run_id=run_id).text
    assert "This import stopped half way." in page
    assert "The disk was full." in page
    librarian.post("literature_imports.try_again", {}, run_id=run_id)
    worker.run(runtime, once=True)
    assert state(runtime, run_id) is ImportState.FINISHED


@pytest.mark.parametrize(("data", "name", "words"), [
    (b"", "empty.ris", "is empty"), (b"PK\x03\x04", "x.zip", "x.zip"), (bytes(range(256)), "x.bin", "x.bin")])
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    librarian: Browser, data: bytes, name: str, words: str
) -> None:
    page = upload(librarian, data, name, expect=422).text
    assert words in page
    assert 'href="#file"' in page
    assert "Nothing was imported." in page


def test_a_forgotten_file_and_an_unknown_product_are_refused(librarian: Browser) -> None:
    assert "Choose a file." in librarian.post("literature_imports.upload", {}, expect=422).text
    assert "There is no product “nothing”" in upload(librarian, numbered(1), products="nothing", expect=422).text


def test_the_report_can_be_downloaded_and_is_signed_with_both_components(
    runtime: Runtime, browser_of: BrowserOf
) -> None:
    with runtime.transaction() as session:
        owner = factories.user(session, Role.CONTENT_OWNER, email="owner@tests.example", name="Content Owner")
    librarian = browser_of(user=owner)
    run_id = ended(runtime, librarian, ris(article("Fresh", DO="10.1000/3")))
    page = librarian.post("literature_reports.prepare", {}, run_id=run_id, expect=200).text
    assert "Literature import checked" in page

    def signing(password: str, shown: str) -> dict[str, str]:
        ticket = re.search(r'name="ticket"[^>]*value="([^"]+)"', shown)
        return {"ticket": ticket[1] if ticket else "", "email": owner.email, "password": password, "comment": ""}

    again = librarian.post("literature_reports.sign", signing("wrong password", page), run_id=run_id, expect=403).text
    librarian.post("literature_reports.sign", signing(factories.PASSWORD, again), run_id=run_id)
    words = "Checked by Content Owner"
    assert words in librarian.get("literature_imports.show", run_id=run_id).text
    given = json.loads(librarian.get("literature_reports.as_json", run_id=run_id).data)
    assert given["signatures"][0]["words"].startswith(words)
    assert given["signatures"][0]["digest"] == given["report_sha256"]
    assert words in librarian.get("literature_reports.as_csv", run_id=run_id).text
    librarian.post("literature_reports.prepare", {}, run_id=run_id, expect=409)


def test_a_report_that_was_changed_says_so_and_cannot_be_signed(runtime: Runtime, librarian: Browser) -> None:
    run_id = ended(runtime, librarian, ris(article("Fresh", DO="10.1000/3")))
    with runtime.engine.begin() as connection:
        connection.execute(text("UPDATE import_item SET reason = 'all is well'"))
    page = librarian.get("literature_imports.show", run_id=run_id).text
    assert "This report was changed after it was recorded" in page
    assert "Sign the report" not in page


def test_only_who_may_import_finds_the_form(browser_of: BrowserOf) -> None:
    for role in READERS:
        page = browser_of(role).get("literature_imports.overview").text
        assert ("Import a file</h2>" in page) == (Permission.LITERATURE_IMPORT in ROLE_PERMISSIONS[role])


@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.value)
def test_roles_without_the_right_reach_no_import(runtime: Runtime, browser_of: BrowserOf, role: Role) -> None:
    report = load(runtime.engine, numbered(1))
    browser = browser_of(role)
    browser.get("literature_imports.overview", expect=403)
    for endpoint in ("literature_imports.show", "literature_imports.progress", "literature_reports.as_json"):
        assert "Sumatriptan" not in browser.get(endpoint, expect=403, run_id=report.run_id).text
    upload(browser, numbered(1), expect=403)


def test_long_lists_are_paged_and_cost_the_same_number_of_queries(
    runtime: Runtime, librarian: Browser, count_queries: CountQueries
) -> None:
    few, many = load(runtime.engine, numbered(2)), load(runtime.engine, numbered(101, first=100))
    page = librarian.get("literature_imports.show", run_id=many.run_id).text
    assert "1–100 of 101" in page
    assert "101–101 of 101" in librarian.get("literature_imports.show", run_id=many.run_id, offset=100).text
    asked = []
    for report in (few, many):
        with count_queries() as queries:
            librarian.get("literature_imports.show", run_id=report.run_id)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[1] <= 12
