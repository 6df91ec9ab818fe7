"""The evidence page of an inquiry: search and record, keep or reject, with script and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import EvidenceVerdict, RejectReason, Role, Stance, State
from inquiry_service.search.port import Filters
from inquiry_service.services import evidence
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.sign_in import actor_for
from inquiry_service.store import evidence as store
from inquiry_service.store import inquiries, literature
from inquiry_service.web.evidence_panel import panel_of
from tests import factories
from tests.database import CountQueries
from tests.services.literature_files import indexed, numbered, table
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf

HTMX = {"HX-Request": "true"}
QUESTION = 'Is there "evidence" for oral tryptanol (25 mg) in menstrual migraine?'
RECORDS = table([
    {"pmid": 1, "title": "Tryptanol in menstrual migraine", "abstract": "Twenty women."},
    {"pmid": 2, "title": "<x>Menstrual</x> migraine & placebo", "year": 2001, "authors": "Mannix L"},
])
READERS = [role for role in Role if Permission.LITERATURE_SEARCH in ROLE_PERMISSIONS[role]]


@dataclass(frozen=True)
class Desk:
    """An inquiry on a desk: its id, the specialist's browser, the runtime."""

    inquiry_id: str
    browser: Browser
    runtime: Runtime

    def page(self, **values: Any) -> str:
        """The evidence page."""
        return self.browser.get("evidence.workbench", inquiry_id=self.inquiry_id, **values).text

    def run(self, query: str = "menstrual AND migraine", **more: Any) -> Any:
        """Run and record a search."""
        data = {"q": query, "year_from": "", "year_to": "", "product": ""} | more.pop("data", {})
        return self.browser.post("evidence.run_search", data, inquiry_id=self.inquiry_id, **more)

    def decide(self, pmid: int, data: dict[str, str], **more: Any) -> Any:
        """Send a decision form."""
        values = {"inquiry_id": self.inquiry_id, "record_id": self.record(pmid)}
        return self.browser.post("evidence.decide", data, **values, **more)

    def open_form(self, pmid: int, verdict: str = "kept", **more: Any) -> str:
        """Open the form that keeps or rejects a hit."""
        values = {"inquiry_id": self.inquiry_id, "record_id": self.record(pmid), "verdict": verdict}
        return self.browser.get("evidence.choose", **values, **more).text

    def record(self, pmid: int) -> str:
        """The id of a record."""
        with self.runtime.reading() as session:
            return literature.by_citation(session, [f"pmid{pmid}"])[f"pmid{pmid}"].id

    def decisions(self) -> list[Any]:
        """What is stored."""
        with self.runtime.reading() as session:
            return store.decisions(session, self.inquiry_id)


@pytest.fixture
def desk(runtime: Runtime, account_of: AccountOf, browser_of: BrowserOf) -> Desk:
    """An inquiry with one question, and a library of two records that are indexed."""
    indexed(runtime, RECORDS)
    person = account_of(Role.MI_SPECIALIST)
    with runtime.transaction() as session:
        product = factories.product(session)
        made = factories.inquiry(session, actor_for(person), product, runtime.blobs, questions=(QUESTION,))
    return Desk(made.id, browser_of(user=person), runtime)


KEEP = {"verdict": "kept", "stance": "supports", "design": "open_label", "participants": "20", "limits": "No control"}
REJECT = {"verdict": "rejected", "reject_reason": "other_question", "note": "Not about it"}


def test_the_search_field_starts_with_the_terms_of_the_question_in_the_search_language(desk: Desk) -> None:
    page = desk.page()
    assert 'value="evidence oral tryptanol 25 mg menstrual migraine"' in page
    assert "No search was recorded yet" in page
    assert desk.run("evidence oral tryptanol 25 mg menstrual migraine").status_code == 303


def test_a_search_is_run_and_recorded_with_its_filters(desk: Desk) -> None:
    answer = desk.run(data={"year_from": "1990", "year_to": "1999", "sound_only": "y"})
    page = desk.browser.get(answer.location).text
    assert "The search was recorded with 1 of 1 records found." in page
    assert "Tryptanol in <mark>menstrual</mark> <mark>migraine</mark>" in page
    assert "years 1990 to 1999, without retracted" in page
    assert "Mannix" not in page
    assert 'value="menstrual AND migraine"' in page, "the next search starts from the one that is shown"


@pytest.mark.parametrize(("query", "data", "words", "field"), [
    ("menstrual AND (", {}, "“(”", "q"), ("", {}, "Enter what to search for.", "q"),
    ("migraine", {"year_from": "98"}, "is not a year", "year_from"),
])
def test_a_search_that_cannot_be_run_keeps_what_was_typed_and_points_at_the_field(
    desk: Desk, query: str, data: dict[str, str], words: str, field: str
) -> None:
    page = desk.run(query, data=data, expect=422).text
    assert words in page
    assert f'href="#{field}"' in page
    assert f'value="{query}"' in page
    with desk.runtime.reading() as session:
        assert store.searches(session, desk.inquiry_id) == []


def test_without_script_a_hit_is_kept_through_a_page_with_its_form(desk: Desk) -> None:
    desk.run()
    form = desk.open_form(1)
    assert "<html" in form
    assert form.count('class="eh-decision"') == 1
    answer = desk.decide(1, KEEP)
    assert answer.location.endswith(f"#hit-{desk.record(1)}")
    page = desk.page()
    assert "1 kept" in page.replace("<b>", "").replace("</b><span>", " ")
    assert "Supports</span>" in page
    assert "Open-label or uncontrolled, n = 20" in page
    assert "[@newman1998]" in page


def test_with_script_only_the_hit_and_the_figures_are_exchanged(desk: Desk) -> None:
    desk.run()
    form = desk.open_form(1, headers=HTMX)
    assert "<html" not in form
    assert form.count("<li") == 1
    assert "data-focus" in form
    answer = desk.decide(1, KEEP, expect=200, headers=HTMX).text
    assert "<html" not in answer
    assert f'id="hit-{desk.record(1)}"' in answer
    assert 'data-announce="Kept, Supports. 1 kept, 0 rejected, 1 to decide."' in answer
    assert '<div id="evidence-summary" hx-swap-oob="true">' in answer
    assert '<div class="eh-bar" id="hit-lists" hx-swap-oob="true">' in answer


def test_a_decision_can_be_changed_and_the_form_starts_from_it(desk: Desk) -> None:
    desk.run()
    desk.decide(1, KEEP)
    form = desk.open_form(1)
    assert 'value="20"' in form
    assert 'value="No control"' in form
    desk.decide(1, REJECT)
    [row] = desk.decisions()
    assert (row.verdict, row.stance, row.reject_reason) == (
        EvidenceVerdict.REJECTED, None, RejectReason.OTHER_QUESTION)
    assert "Does not bear on the question" in desk.page()


@pytest.mark.parametrize(("data", "words"), [
    ({"verdict": "kept"}, "Choose one: supports"), ({"verdict": "rejected"}, "Choose why"),
    (KEEP | {"participants": "many"}, "Enter a whole number"), (KEEP | {"participants": "0"}, "from 1 to"),
    (KEEP | {"verdict": "perhaps"}, "Not a valid choice"), (KEEP | {"stance": "love"}, "Not a valid choice"),
])
def test_a_decision_that_is_incomplete_comes_back_with_its_reason(
    desk: Desk, data: dict[str, str], words: str
) -> None:
    desk.run()
    assert words in desk.decide(1, data, expect=422).text
    fragment = desk.decide(1, data, expect=422, headers=HTMX).text
    assert "<html" not in fragment
    assert words in fragment
    assert desk.decisions() == []


def test_the_lists_narrow_to_what_is_to_decide_kept_or_rejected(desk: Desk) -> None:
    desk.run()
    desk.decide(1, KEEP)
    titles = {show: "Mannix. 2001" in desk.page(show=show).partition('class="eh-hits"')[2].partition("</ol>")[0]
              for show in ("", "open", "kept", "rejected", "nonsense")}
    assert titles == {"": True, "open": True, "kept": False, "rejected": False, "nonsense": True}
    assert "None rejected" in desk.page(show="rejected")


def test_earlier_searches_stay_in_the_list_and_can_be_looked_at_again(desk: Desk) -> None:
    first = desk.run("tryptanol").location
    desk.run("frovatriptan")
    assert "This is on record as an evidence gap" in desk.page()
    page = desk.browser.get(first).text
    assert "<mark>Tryptanol</mark> in menstrual migraine" in page
    assert "frovatriptan" in page
    indexed(desk.runtime, numbered(1, first=900))
    assert "The library has changed since this search" in desk.browser.get(first).text


def test_a_hostile_title_stays_text_when_the_index_has_lost_the_record(desk: Desk) -> None:
    location = desk.run("placebo").location
    assert "&lt;x&gt;Menstrual&lt;/x&gt; migraine &amp; <mark>placebo</mark>" in desk.browser.get(location).text
    desk.runtime.index.rebuild([])
    page = desk.browser.get(location).text
    assert "&lt;x&gt;Menstrual&lt;/x&gt; migraine &amp; placebo" in page
    assert "<x>Menstrual" not in page


def test_once_the_draft_is_in_review_the_page_reads_and_does_not_write(desk: Desk) -> None:
    desk.run()
    desk.decide(1, KEEP)
    with desk.runtime.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE inquiry SET state = '{State.IN_REVIEW.value}'")
    page = desk.page()
    assert "Run and record" not in page
    assert "Keep…" not in page
    assert "Evidence is gathered until the draft goes to review" in page
    desk.run(expect=409)
    desk.decide(2, REJECT, expect=409)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM], ids=lambda role: role.value)
def test_who_may_read_and_who_may_decide(desk: Desk, browser_of: BrowserOf, role: Role) -> None:
    desk.run()
    browser = browser_of(role)
    reads, decides = role in READERS, Permission.EVIDENCE_DECIDE in ROLE_PERMISSIONS[role]
    page = browser.get("evidence.workbench", expect=200 if reads else 403, inquiry_id=desk.inquiry_id).text
    assert ("menstrual" in page) == reads
    assert ("Keep…" in page) == decides
    assert ("Run and record" in page) == decides
    if not decides:
        browser.post("evidence.decide", KEEP, expect=403, inquiry_id=desk.inquiry_id, record_id=desk.record(1))
        browser.post("evidence.run_search", {"q": "x"}, expect=403, inquiry_id=desk.inquiry_id)


def test_an_inquiry_that_does_not_exist_is_not_found(desk: Desk) -> None:
    desk.browser.get("evidence.workbench", expect=404, inquiry_id="nothing")
    desk.browser.post("evidence.run_search", {"q": "x"}, expect=404, inquiry_id="nothing")
    desk.browser.post("evidence.decide", KEEP, expect=404, inquiry_id=desk.inquiry_id, record_id="nothing")


def test_the_page_asks_the_database_as_often_for_many_hits_and_decisions_as_for_few(
    desk: Desk, count_queries: CountQueries, account_of: AccountOf
) -> None:
    def queries_of_the_page() -> int:
        with count_queries() as queries:
            desk.page()
        return len(queries)

    desk.run()
    desk.decide(1, KEEP)
    few = queries_of_the_page()
    indexed(desk.runtime, numbered(40, first=100, abstract="menstrual migraine"))
    specialist = actor_for(account_of(Role.MI_SPECIALIST))
    with desk.runtime.transaction() as session:
        inquiry = inquiries.get(session, specialist, desk.inquiry_id)
        for _ in range(3):
            run = evidence.record_search(
                session, desk.runtime.index, specialist, inquiry, "menstrual AND migraine", Filters())
        for hit in run.hits[:30]:
            evidence.decide(session, specialist, inquiry, hit.record_id,
                            DecisionData(EvidenceVerdict.KEPT, stance=Stance.MIXED))
    assert len(run.hits) == 42
    assert queries_of_the_page() == few
    assert few <= 20


def test_the_panel_is_plain_data_with_the_balance_and_the_number_in_the_letter(desk: Desk) -> None:
    desk.run()
    desk.decide(1, KEEP)
    desk.decide(2, REJECT)
    with desk.runtime.reading() as session:
        inquiry = inquiries.get(session, factories.SYSTEM, desk.inquiry_id)
        panel = panel_of(session, factories.SYSTEM, inquiry, store.decisions(session, desk.inquiry_id),
                         numbers={desk.record(1): 3}, may_decide=True, insertable=True)
    assert panel["counts"] == {"supports": 1, "mixed": 0, "against": 0, "neutral": 0}
    assert (panel["kept"], panel["rejected"], panel["may_decide"]) == (1, 1, True)
    [item] = panel["items"]
    assert (item["citation"], item["number"], item["study"], item["changed"]) == (
        "[@newman1998]", 3, "Open-label or uncontrolled, n = 20", "")
    with desk.browser.app.test_request_context():
        html = desk.browser.app.jinja_env.get_template("evidence/panel.html").render(evidence=panel)
    assert 'data-insert="[@newman1998]"' in html
    assert "cited [3]" in html
