"""The library's pages: search and record; what they show, to whom, and at what cost."""

from __future__ import annotations

import pytest

from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as store
from tests.database import CountQueries
from tests.services.literature_files import indexed, load, numbered, pmid_record, table
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

HOSTILE = '<script>alert("x")</script> & "sumatriptan" <img src=x>'
READERS = [role for role in Role if Permission.LITERATURE_SEARCH in ROLE_PERMISSIONS[role]]
OTHERS = [role for role in Role if role is not Role.SYSTEM and role not in READERS]


@pytest.fixture
def reader(browser_of: BrowserOf) -> Browser:
    """An MI specialist's browser."""
    return browser_of(Role.MI_SPECIALIST)


def record_id(runtime: Runtime, pmid: int) -> str:
    with runtime.reading() as session:
        return store.by_citation(session, [f"pmid{pmid}"])[f"pmid{pmid}"].id


def test_a_search_shows_how_it_was_read_what_was_dropped_and_the_marked_words(
    runtime: Runtime, reader: Browser
) -> None:
    indexed(runtime, table([{"pmid": 1, "title": "Sumatriptan in menstrual migraine.", "abstract": "Twenty women."}]))
    page = reader.get("literature.search", q="menstrual since year:1990..2004").text
    assert '<span class="eh-term">menstrual</span>' in page
    assert '<span class="eh-op">AND</span> <span class="eh-term">year 1990 to 2004</span>' in page
    assert "Too common to search: since." in page
    assert "Sumatriptan in <mark>menstrual</mark> migraine</a>" in page
    assert "Newman. 1998. PMID 1" in page
    assert "[@newman1998]" in page
    assert "Newman L. Sumatriptan in menstrual migraine. 1998. PMID: 1" in page
    assert "1 record</h2>" in page


def test_a_hostile_title_is_shown_as_text_everywhere(runtime: Runtime, reader: Browser) -> None:
    report = indexed(runtime, table([{"pmid": 1, "title": HOSTILE, "abstract": HOSTILE, "authors": HOSTILE}]))
    pages = [
        reader.get("literature.search", q="sumatriptan").text,
        reader.get("literature.search", q=HOSTILE.replace('"', "").replace("(", "").replace(")", "")).text,
        reader.get("literature.record", record_id=record_id(runtime, 1)).text,
        reader.get("literature_imports.show", run_id=report.run_id).text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
    assert "&lt;script&gt;alert(" in pages[2]


def test_a_search_that_is_not_understood_points_at_the_place(reader: Browser) -> None:
    page = reader.get("literature.search", expect=422, q="migraine AND <b>(").text
    assert "The search was not understood" in page
    assert "migraine AND &lt;b&gt;<mark>(</mark>" in page
    assert 'href="#q"' in page
    assert "No search was run" in page


@pytest.mark.parametrize(("args", "words"), [
    ({"from": "98"}, "“98” is not a year"), ({"to": "19x8"}, "is not a year"),
    ({"from": "2004", "to": "1998"}, "later than the last"),
])
def test_a_year_that_is_none_is_refused_with_its_field(reader: Browser, args: dict[str, str], words: str) -> None:
    page = reader.get("literature.search", expect=422, q="migraine", **args).text
    assert words in page
    assert f'href="#{next(iter(args))}"' in page


def test_filters_narrow_and_stay_chosen_and_counted(runtime: Runtime, reader: Browser) -> None:
    indexed(runtime, numbered(3, year=1996))
    indexed(runtime, pmid_record(50, "Sumatriptan retracted", "PT  - Retracted Publication").encode(), "a.nbib")
    page = reader.get("literature.search", q="sumatriptan", status="retracted").text
    assert "1 record</h2>" in page
    assert 'value="retracted"' in page.partition(" checked>")[0].rpartition("<input")[2]
    assert "Retracted</span>" in page
    assert "4 records</h2>" in reader.get("literature.search", q="sumatriptan").text
    assert "3 records</h2>" in reader.get("literature.search", q="sumatriptan", to="1996").text
    assert "0 records</h2>" in reader.get("literature.search", q="sumatriptan", product="nothing").text


@pytest.mark.parametrize(("lines", "words"), [
    (("PT  - Retracted Publication",), "Retracted"), (("ECI - Headache. PMID: 9",), "Expression of concern"),
    (("EIN - Headache. PMID: 9",), "Corrected"), (("PT  - Retraction of Publication",), "Notice"),
])
def test_a_standing_is_said_in_a_word_with_a_shape(
    runtime: Runtime, reader: Browser, lines: tuple[str, ...], words: str
) -> None:
    indexed(runtime, pmid_record(5, "Sumatriptan study", *lines).encode(), "a.nbib")
    page = reader.get("literature.search", q="sumatriptan").text
    hit = page.partition('<ol class="eh-hits">')[2].partition("</ol>")[0]
    assert f"</svg> {words}</span>" in hit


def test_results_are_paged_and_keep_the_search(runtime: Runtime, reader: Browser) -> None:
    indexed(runtime, numbered(45))
    first = reader.get("literature.search", q="sumatriptan study", status="current").text
    assert "1–20 of 45" in first
    assert "q=sumatriptan+study&amp;status=current&amp;offset=20" in first
    last = reader.get("literature.search", q="sumatriptan study", offset=40).text
    assert "41–45 of 45" in last
    assert last.partition('<ol class="eh-hits">')[2].partition("</ol>")[0].count("<h2><a href") == 5
    assert "1–20 of 45" in reader.get("literature.search", q="sumatriptan study", offset="-3").text


def test_an_offset_beyond_reason_is_refused(runtime: Runtime, reader: Browser) -> None:
    assert "narrow the search" in reader.get("literature.search", expect=422, q="x", offset="999999").text


def test_finding_nothing_says_how_the_search_was_read(runtime: Runtime, reader: Browser) -> None:
    indexed(runtime, numbered(1))
    page = reader.get("literature.search", q="frovatriptan").text
    assert "Nothing found" in page
    assert "The search was read as: frovatriptan" in page


def test_an_empty_library_and_one_not_indexed_say_what_to_do(
    runtime: Runtime, reader: Browser
) -> None:
    assert "The library is empty" in reader.get("literature.search").text
    load(runtime.engine, numbered(2))
    assert "not indexed yet" in reader.get("literature.search", q="sumatriptan").text


def test_hits_that_the_library_does_not_hold_are_told_of(runtime: Runtime, reader: Browser) -> None:
    from inquiry_service.search.port import IndexDocument

    indexed(runtime, numbered(1))
    runtime.index.apply([IndexDocument("ghost", 1, "Sumatriptan elsewhere")])
    page = reader.get("literature.search", q="sumatriptan").text
    assert "1 of the records found is not in the library" in page
    assert "elsewhere" not in page


def test_a_record_shows_everything_known_of_it(runtime: Runtime, reader: Browser) -> None:
    lines = ("JT  - Headache", "VI  - 38", "IP  - 4", "PG  - 307-9", "AB  - Twenty women took it.", "MH  - Sumatriptan",
             "PT  - Clinical Trial", "AID - 10.1046/j.1 [doi]", "RIN - Headache. PMID: 99")
    indexed(runtime, pmid_record(9674831, "A pilot study.", *lines).encode(), "a.nbib")
    page = reader.get("literature.record", record_id=record_id(runtime, 9674831)).text
    for words in ("A pilot study</h2>", "Twenty women took it.", "Newman LC", "38(4)", "307-9", "Clinical Trial",
                  "https://pubmed.ncbi.nlm.nih.gov/9674831/", "https://doi.org/10.1046/j.1", "[@newman1998]",
                  "It can be read, not kept as evidence", "No letter cites it.", "[Retracted]"):
        assert words in page, words


def test_a_record_that_does_not_exist_is_not_found(reader: Browser) -> None:
    reader.get("literature.record", expect=404, record_id="nothing")


@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.value)
def test_roles_without_the_right_reach_no_page_of_the_library(
    runtime: Runtime, browser_of: BrowserOf, role: Role
) -> None:
    indexed(runtime, numbered(1))
    browser = browser_of(role)
    one = {"record_id": record_id(runtime, 1)}
    for endpoint, values in (("search", {}), ("record", one), ("similar", one)):
        page = browser.get(f"literature.{endpoint}", expect=403, **values).text
        assert "Sumatriptan" not in page


def test_pages_ask_the_database_as_often_for_many_rows_as_for_few(
    runtime: Runtime, reader: Browser, count_queries: CountQueries
) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for name, values in (("search", {"q": "sumatriptan"}), ("record", {"record_id": record_id(runtime, 1)})):
            with count_queries() as queries:
                reader.get(f"literature.{name}", **values)
            found[name] = len(queries)
        return found

    indexed(runtime, numbered(2))
    few = counts()
    for first in (10, 100, 200):
        indexed(runtime, numbered(30, first=first))
    assert counts() == few
    assert max(few.values()) <= 20


def test_a_status_filter_takes_known_words_only(runtime: Runtime, reader: Browser) -> None:
    indexed(runtime, numbered(1))
    page = reader.get("literature.search", q="sumatriptan", status="nonsense").text
    assert "1 record</h2>" in page
    assert page.count('name="status"') == 1, "the one that a record has; an unknown one is not offered"
