"""The inbox and the home page: who finds what there, in which order, at a cost that does not grow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Action, Channel, RequesterType, Role, ScreenAnswer, SolicitationSituation
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.people import User
from inquiry_service.models.products import Product
from inquiry_service.services import screening, triage, workflow
from inquiry_service.services.runtime import Runtime, Session
from inquiry_service.services.safety import CaseData, ComplaintData
from inquiry_service.services.sign_in import actor_for
from inquiry_service.store import inquiries
from tests import factories
from tests.database import CountQueries
from tests.web.browser import Browser
from tests.web.conftest import AccountOf, BrowserOf
from tests.web.routes import NOWHERE
from tests.web.triaged import classified

READERS = [role for role in Role if Permission.INQUIRY_READ in ROLE_PERMISSIONS[role]]
OTHERS = [role for role in Role if role is not Role.SYSTEM and role not in READERS]
_ROW = re.compile(r"<tr data-row.*?</tr>", re.DOTALL)
_COUNTS = re.compile(r'<a href="/inbox\?view=(\w+)[^"]*"[^>]*>[^<]*<span class="eh-n[^"]*">(\d+)</span>')

Record = Callable[..., Inquiry]


@pytest.fixture
def product(runtime: Runtime) -> Product:
    with runtime.transaction() as session:
        return factories.product_with_label(session, name="Tryptanol")


@pytest.fixture
def agent(account_of: AccountOf) -> Actor:
    return actor_for(account_of(Role.INTAKE_AGENT))


@pytest.fixture
def specialist(account_of: AccountOf) -> User:
    return account_of(Role.MI_SPECIALIST)


@pytest.fixture
def mi(browser_of: BrowserOf, specialist: User) -> Browser:
    return browser_of(user=specialist)


@pytest.fixture
def record(runtime: Runtime, product: Product, agent: Actor) -> Record:
    """Record an inquiry and commit it: ``record("Question?", hours=3)`` ago."""

    def make(*questions: str, hours: float = 1, **more: object) -> Inquiry:
        with runtime.transaction() as session:
            return factories.inquiry(
                session, agent, product, runtime.blobs, questions=questions or ("Can it be split?",),
                received_at=now() - timedelta(hours=hours), **more)

    return make


def screened(session: Session, agent: Actor, inquiry: Inquiry, *, adverse: bool = False, fault: bool = False) -> None:
    yes, none = ScreenAnswer.YES, ScreenAnswer.NONE
    screening.screen_contact(session, agent, inquiry, inquiry.interactions[0].id, screening.ContactScreen(
        yes if adverse else none, none, yes if fault else none,
        CaseData(True, reaction="rash") if adverse else None,
        ComplaintData("Tryptanol 50 mg", "crumbles") if fault else None))
    screening.answer_solicitation(session, agent, inquiry, dict.fromkeys(SolicitationSituation, False))
    screening.finish(session, agent, inquiry)


def assigned(runtime: Runtime, agent: Actor, by: User, made: Inquiry) -> None:
    """Take a recorded inquiry to its assignment to ``by``."""
    with runtime.transaction() as session:
        inquiry, actor = inquiries.get(session, agent, made.id), actor_for(by)
        screened(session, agent, inquiry)
        classified(session, actor, inquiry)
        triage.assign(session, actor, inquiry, by.id)


def rows(page: str) -> list[str]:
    """Return the human numbers of the rows, in order."""
    return [found[0] for row in _ROW.findall(page) if (found := re.findall(r"MI-\d{4}-\d{6}", row))]


def counts(page: str) -> dict[str, int]:
    return {view: int(count) for view, count in _COUNTS.findall(page)}


def test_the_most_urgent_comes_first_and_the_paused_last(
    runtime: Runtime, mi: Browser, agent: Actor, specialist: User, record: Record
) -> None:
    young, old, paused = record(hours=1), record(hours=100), record(hours=300)
    with runtime.transaction() as session:
        inquiry = inquiries.get(session, agent, paused.id)
        screened(session, agent, inquiry)
        classified(session, actor_for(specialist), inquiry)
        triage.log_contact_attempt(session, actor_for(specialist), inquiry, Channel.PHONE, "Nobody answered.")
        workflow.perform(session, actor_for(specialist), inquiry, Action.ASK_REQUESTER,
                         reason=Reason("overbroad", "Which strength?"))
    page = mi.get("inbox.queue", view="all").text
    assert rows(page) == [old.number, young.number, paused.number]
    assert "Paused" in page
    assert rows(mi.get("inbox.queue", view="waiting").text) == [paused.number]
    assert paused.number not in rows(mi.get("inbox.queue", view="due").text)


def test_each_view_shows_its_own_and_the_tabs_count_them(
    runtime: Runtime, mi: Browser, agent: Actor, specialist: User, record: Record
) -> None:
    mine, free, unsafe = record("Mine?"), record("Free?"), record("Unsafe?")
    assigned(runtime, agent, specialist, mine)
    with runtime.transaction() as session:
        screened(session, agent, inquiries.get(session, agent, unsafe.id), adverse=True, fault=True)
    shown = {view: rows(mi.get("inbox.queue", view=view).text) for view in (
        "mine", "unassigned", "possible_ae", "in_review", "waiting")}
    assert shown == {"mine": [mine.number], "unassigned": [free.number, unsafe.number],
                     "possible_ae": [unsafe.number], "in_review": [], "waiting": []}
    page = mi.get("inbox.queue").text
    assert rows(page) == [mine.number]
    assert counts(page) == {"mine": 1, "unassigned": 2, "due": counts(page)["due"], "possible_ae": 1, "waiting": 0,
                            "in_review": 0, "all": 3}
    line = _ROW.findall(mi.get("inbox.queue", view="possible_ae").text)[0]
    assert "AE?" in line
    assert "Complaint" in line


def test_a_row_shows_the_restated_question_its_product_and_no_name(
    runtime: Runtime, mi: Browser, agent: Actor, specialist: User, record: Record
) -> None:
    made = record("Verbatim words?", "Second?", requester=factories.person_data(type=RequesterType.NURSE, country="CA"))
    assert "Verbatim words?" in mi.get("inbox.queue", view="all").text
    assigned(runtime, agent, specialist, made)
    row = _ROW.findall(mi.get("inbox.queue").text)[0]
    for words in ("Restated question", "+1", "Tryptanol", "Nurse, CA", "Off-label", "Assigned"):
        assert words in row, words
    for words in ("Verbatim", "Requester@", "Family", "Requester</"):
        assert words not in row, words


def test_words_and_numbers_are_found_and_signs_of_a_pattern_are_not_one(mi: Browser, record: Record) -> None:
    first, second = record("What of 100% pure_water?"), record("Another thing?")
    assert rows(mi.get("inbox.queue", view="all", q="PURE_WATER").text) == [first.number]
    assert rows(mi.get("inbox.queue", view="all", q=second.number[-4:]).text) == [second.number]
    assert rows(mi.get("inbox.queue", view="all", q="100%").text) == [first.number]
    assert rows(mi.get("inbox.queue", view="all", q="1_0").text) == []
    assert "No match in this view" in mi.get("inbox.queue", view="all", q="%%%%").text


def test_a_page_has_fifty_rows_and_leads_to_the_next(
    runtime: Runtime, mi: Browser, product: Product, agent: Actor
) -> None:
    with runtime.transaction() as session:
        for _ in range(53):
            factories.inquiry(session, agent, product, runtime.blobs)
    first = mi.get("inbox.queue", view="all").text
    assert len(rows(first)) == 50
    assert "1–50 of 53" in first
    assert 'rel="next"' in first
    second = mi.get("inbox.queue", view="all", page=2).text
    assert len(rows(second)) == 3
    assert not set(rows(first)) & set(rows(second))
    for page in ("0", "-1", "x", "99999999999", "²"):
        assert rows(mi.get("inbox.queue", view="all", page=page).text)


def test_an_empty_view_says_so_and_what_to_do(mi: Browser) -> None:
    page = mi.get("inbox.queue").text
    assert "Nothing in your queue" in page
    assert "No inquiry yet" in mi.get("inbox.queue", view="all").text
    assert "Record an inquiry" in mi.get("inbox.queue", view="all").text
    assert "Nothing in your queue" in mi.get("inbox.queue", view="no-such-view").text


def test_the_preview_shows_the_words_the_next_step_and_facts(mi: Browser, record: Record) -> None:
    made = record("Word for\nword?")
    part = mi.get("inbox.peek", inquiry_id=made.id, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    for words in ("Word for\nword?", "Next: finish screening", "Physician, US", "Nobody yet", "Not classified"):
        assert words in part, words
    assert "requester@clinic.example" not in part
    assert mi.get("inbox.peek", inquiry_id=made.id, expect=303).headers["Location"].endswith(made.id)
    mi.get("inbox.peek", inquiry_id=NOWHERE, expect=404)


def test_the_address_keeps_the_preview_and_it_can_be_closed(mi: Browser, record: Record) -> None:
    first, second = record("First?", hours=9), record("Second?")
    assert f'tabindex="-1">{first.number}</h2>' in mi.get("inbox.queue", view="all").text
    assert f'tabindex="-1">{second.number}</h2>' in mi.get("inbox.queue", view="all", open=second.number).text
    closed = mi.get("inbox.queue", view="all", open="none").text
    assert 'tabindex="-1">MI-' not in closed
    assert "open=none" in closed
    assert 'tabindex="-1">MI-' not in mi.get("inbox.queue", view="all", open="MI-1999-000001").text


def test_an_inquiry_can_be_taken_and_not_by_who_submitted_it(
    runtime: Runtime, mi: Browser, browser_of: BrowserOf, agent: Actor, specialist: User, record: Record
) -> None:
    made = record()
    mi.post("inbox.take", inquiry_id=made.id, expect=409)
    with runtime.transaction() as session:
        inquiry = inquiries.get(session, agent, made.id)
        screened(session, agent, inquiry)
        classified(session, actor_for(specialist), inquiry)
    assert "Assign to me" in mi.get("inbox.queue", view="all").text
    mi.post("inbox.take", inquiry_id=made.id)
    assert rows(mi.get("inbox.queue").text) == [made.number]
    assert "Assign to me" not in mi.get("inbox.queue").text
    browser_of(Role.AUDITOR).post("inbox.take", inquiry_id=made.id, expect=403)


@pytest.mark.parametrize("role", READERS)
def test_every_reader_gets_inbox_and_home_for_their_own_work(browser_of: BrowserOf, record: Record, role: Role) -> None:
    made = record("Hello?")
    browser = browser_of(role)
    assert made.number in browser.get("inbox.queue", view="all").text
    assert "<h1" in browser.get("home.start").text


@pytest.mark.parametrize("role", OTHERS)
def test_who_reads_no_inquiries_finds_neither(browser_of: BrowserOf, record: Record, role: Role) -> None:
    made = record("Hello?")
    browser = browser_of(role)
    browser.get("inbox.queue", expect=403)
    browser.get("inbox.peek", inquiry_id=made.id, expect=403)
    assert browser.get("home.start", expect=303).headers["Location"] in ("/field", "/admin/users")


def test_home_leads_to_the_most_urgent_work_and_counts_it(
    runtime: Runtime, mi: Browser, agent: Actor, specialist: User, record: Record
) -> None:
    assert "Nothing waits for you" in mi.get("home.start").text
    mine = record("Mine?", hours=200)
    assigned(runtime, agent, specialist, mine)
    with runtime.transaction() as session:
        screened(session, agent, inquiries.get(session, agent, record("Unsafe?").id), adverse=True)
    page = mi.get("home.start").text
    lead = page[page.index("eh-lead"):page.index("eh-tiles")]
    assert mine.number in lead
    assert "Continue" in lead
    assert re.search(r"Overdue</span><span class=\"eh-val\">1<", page)
    assert "of 1 in my queue" in page
    assert re.search(r"SR-\d{4}-000001, adverse event", page)


def test_the_cost_of_inbox_and_home_does_not_grow_with_the_queue(
    runtime: Runtime, mi: Browser, agent: Actor, product: Product, count_queries: CountQueries
) -> None:
    def cost(many: int) -> tuple[int, int, int]:
        with runtime.transaction() as session:
            for number in range(many):
                made = factories.inquiry(session, agent, product, runtime.blobs, questions=["One?", "Two?"])
                if number % 2:
                    screened(session, agent, made, adverse=True, fault=True)
        found = []
        for where, values in (("inbox.queue", {"view": "all"}), ("inbox.queue", {"view": "all", "open": "none"}),
                              ("home.start", {})):
            with count_queries() as queries:
                mi.get(where, **values)
            found.append(len(queries))
        return found[0], found[1], found[2]

    few = cost(5)
    assert cost(55) == few
    assert few[1] <= 20


def test_a_safety_record_that_is_due_goes_before_everything_else(
    runtime: Runtime, browser_of: BrowserOf, agent: Actor, record: Record
) -> None:
    contact = browser_of(Role.SAFETY_CONTACT)
    assert "Nothing waits for you" in contact.get("home.start").text
    made = record("Unsafe?", hours=200)
    with runtime.transaction() as session:
        screened(session, agent, inquiries.get(session, agent, made.id), adverse=True)
    page = contact.get("home.start").text
    lead = page[page.index("eh-lead"):page.index("eh-tiles")]
    assert "Hand over SR-" in lead
    assert made.number in lead
    assert "Hand over SR-" not in browser_of(Role.AUDITOR).get("home.start").text
