"""The search page of the library: filters with counts, order, synonyms, JSON, similar records, confidential ones."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import update

from inquiry_service.domain.vocabulary import Population, RecordKind, Role, StudyDesign
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.result import Expansion
from inquiry_service.services import library_index
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature as store
from inquiry_service.web.presenters.library_search import expansions
from tests.database import CountQueries
from tests.services.literature_files import indexed, numbered, table
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

TITLES = ("Sumatriptan for menstrual migraine", "Sumatriptan nasal spray in children", "Sumatriptan and pregnancy")


@pytest.fixture
def reader(browser_of: BrowserOf) -> Browser:
    """An MI specialist's browser."""
    return browser_of(Role.MI_SPECIALIST)


def shelf(runtime: Runtime, titles: Iterable[str] = TITLES) -> None:
    """Put records with these titles into the library, published 1998, 1999, ..."""
    indexed(runtime, table([
        {"pmid": number, "title": title, "abstract": f"{title} was studied in a trial.", "year": 1997 + number}
        for number, title in enumerate(titles, start=1)]))


def describe(runtime: Runtime, pmid: int, **fields: object) -> str:
    """Change fields of a stored record directly and bring it into the index; returns its id."""
    with runtime.sessions() as session:
        session.execute(update(LiteratureRecord).where(LiteratureRecord.pmid == str(pmid)).values(**fields))
        session.commit()
    with runtime.reading() as session:
        row = store.by_citation(session, [f"pmid{pmid}"])[f"pmid{pmid}"]
        library_index.update(session, runtime.index, [row.id])
        return row.id


def hits_of(page: str) -> str:
    return page.partition('<ol class="eh-hits">')[2].partition("</ol>")[0]


def test_every_filter_is_offered_with_its_count_and_narrows(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime)
    describe(runtime, 2, kind=RecordKind.DATA_ON_FILE, design=StudyDesign.RCT, populations=[Population.CHILDREN.value])
    page = reader.get("literature.search", q="sumatriptan").text
    for legend in ("Status", "Kind of source", "Study design", "Population", "Came from"):
        assert f"<legend>{legend}</legend>" in page
    for name, value in (("kind", "data_on_file"), ("design", "rct"), ("population", "children")):
        narrowed = reader.get("literature.search", q="sumatriptan", **{name: value}).text
        assert "1 record</h2>" in narrowed
        assert "nasal spray" in hits_of(narrowed)


def test_results_stand_in_the_order_that_was_asked_for(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime)
    newest = hits_of(reader.get("literature.search", q="sumatriptan", sort="newest").text)
    oldest = hits_of(reader.get("literature.search", q="sumatriptan", sort="oldest").text)
    assert newest.index("pregnancy</a>") < newest.index("children</a>") < newest.index("migraine</a>")
    assert oldest.index("migraine</a>") < oldest.index("children</a>") < oldest.index("pregnancy</a>")


def test_six_synonyms_of_a_word_stand_in_the_line_and_the_others_open_on_demand() -> None:
    many = Expansion("headache", ("Cephalgia", "CEPHALGIA", *(f"synonym {number}" for number in range(8))), "MeSH")
    (shown,) = expansions([many])
    assert shown["few"] == ["Cephalgia", *(f"synonym {number}" for number in range(5))]
    assert shown["rest"] == ["synonym 5", "synonym 6", "synonym 7"]
    (short,) = expansions([Expansion("stroke", ("apoplexy",), "everyday words")])
    assert (short["few"], short["rest"]) == (["apoplexy"], [])


def test_a_filter_is_named_after_its_value_so_that_the_focus_finds_it_again(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime)
    page = reader.get("literature.search", q="sumatriptan").text
    assert 'id="status-current"' in page
    assert "[form=&#39;search-form&#39;]" in page or "[form='search-form']" in page


def test_only_values_that_a_record_has_are_offered_and_a_chosen_one_stays(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime)
    assert 'id="status-retracted"' not in reader.get("literature.search", q="sumatriptan").text
    narrowed = reader.get("literature.search", q="sumatriptan", status="retracted").text
    assert 'id="status-retracted"' in narrowed
    assert "0 records</h2>" in narrowed


def test_every_room_of_the_library_is_reached_from_its_first_page(
    runtime: Runtime, browser_of: BrowserOf
) -> None:
    shelf(runtime)
    page = browser_of(Role.CONTENT_OWNER).get("literature.search", q="sumatriptan").text
    for place in ("searches", "imports", "new", "pairs", "retractions", "files"):
        assert f'href="/literature/{place}"' in page
    assert 'href="/literature/searches/new?q=sumatriptan"' in page
    assert 'href="/literature/new"' not in browser_of(Role.AUDITOR).get("literature.search", q="sumatriptan").text


def test_an_unknown_order_falls_back_to_the_best_match(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime)
    assert '<option value="relevance" selected>' in reader.get("literature.search", q="migraine", sort="random").text


def test_the_search_as_json_tells_what_the_page_tells(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime)
    found = reader.get("literature.search_data", q="menstrual since", status="current").get_json()
    assert found["read_as"] == "menstrual"
    assert found["dropped"] == ["Too common to search: since."]
    assert found["total"] == 1
    assert found["hits"][0]["title"] == TITLES[0]
    assert found["hits"][0]["reference"].startswith("Newman L. Sumatriptan for menstrual migraine.")
    assert found["facets"]["statuses"] == [["current", 1]]
    assert len(found["index"]["digest"]) == 64


def test_a_json_search_that_is_not_understood_names_the_place(reader: Browser) -> None:
    refused = reader.get("literature.search_data", expect=422, q="migraine AND (").get_json()
    assert refused["position"] == 13
    assert "never closed" in refused["error"] or "missing" in refused["error"]


def test_similar_records_share_the_subject_and_leave_out_the_record_itself(runtime: Runtime, reader: Browser) -> None:
    shelf(runtime, (*TITLES, "Menstrual migraine: frequency and burden", "Nasal polyps after surgery"))
    with runtime.reading() as session:
        record = store.by_citation(session, ["pmid1"])["pmid1"]
    page = hits_of(reader.get("literature.similar", record_id=record.id).text)
    assert "frequency and burden" in page
    assert f"/literature/{record.id}\"" not in page


def test_a_confidential_record_is_found_by_medical_staff_only(runtime: Runtime, browser_of: BrowserOf) -> None:
    shelf(runtime)
    hidden = describe(runtime, 2, medical_only=True)
    assert "nasal spray" in browser_of(Role.MI_SPECIALIST).get("literature.search", q="sumatriptan").text
    outside = browser_of(Role.COMPLIANCE)
    page = outside.get("literature.search", q="sumatriptan").text
    assert "2 records</h2>" in page
    assert "nasal spray" not in page
    found = outside.get("literature.search_data", q="sumatriptan").get_json()
    assert [hit["pmid"] for hit in found["hits"] if hit["record_id"] == hidden] == []


def test_an_index_that_lags_behind_shows_nothing_confidential(runtime: Runtime, browser_of: BrowserOf) -> None:
    shelf(runtime)
    with runtime.sessions() as session:
        session.execute(update(LiteratureRecord).where(LiteratureRecord.pmid == "2").values(medical_only=True))
        session.commit()
    page = browser_of(Role.COMPLIANCE).get("literature.search", q="sumatriptan").text
    assert "nasal spray" not in page
    assert "nasal spray" in browser_of(Role.MI_SPECIALIST).get("literature.search", q="sumatriptan").text


def test_the_page_takes_as_many_queries_for_forty_records_as_for_four(
    runtime: Runtime, reader: Browser, count_queries: CountQueries
) -> None:
    indexed(runtime, numbered(4))
    reader.get("literature.search", q="sumatriptan")
    with count_queries() as few:
        reader.get("literature.search", q="sumatriptan")
    indexed(runtime, numbered(40))
    with count_queries() as many:
        reader.get("literature.search", q="sumatriptan")
    assert len(many) == len(few)


def test_an_index_that_cannot_be_used_is_told_in_one_sentence_that_says_what_happens(
    runtime: Runtime, reader: Browser
) -> None:
    shelf(runtime)
    (runtime.config.index_dir / "CURRENT").write_text("../../etc", encoding="ascii")
    page = reader.get("literature.search", expect=503, q="sumatriptan").text
    assert "The worker builds it anew within the hour" in page
    assert "/etc" not in page


@pytest.mark.parametrize("value", ["x" * 199, "a\x1fb", "' OR 1=1 --"])
def test_a_filter_value_that_nobody_has_finds_nothing(runtime: Runtime, reader: Browser, value: str) -> None:
    shelf(runtime)
    for name in ("product", "type", "source"):
        assert "0 records</h2>" in reader.get("literature.search", q="sumatriptan", **{name: value}).text
