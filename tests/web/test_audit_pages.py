"""The auditor's pages: what filters show, what is never shown, and that they open on a damaged log too."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from inquiry_service.db import session_factory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef, Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import Role
from inquiry_service.services import audit
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from inquiry_service.web.presenters.audit_page import PAGE
from inquiry_service.web.presenters.audit_places import PLACES
from tests.database import CountQueries
from tests.services.audit_log import SPECIALIST, disarm, fill, inquiry
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

HOSTILE = "<script>alert('x')</script>\"><img src=x>{{ 7*7 }}"


@pytest.fixture
def auditor(runtime: Runtime, browser_of: BrowserOf) -> Browser:
    """An auditor's browser on a log that holds some hundred entries."""
    fill(runtime.sessions, 130)
    return browser_of(Role.AUDITOR)


def shown(page: str) -> list[int]:
    """Return the numbers of the entries on a page, from top to bottom."""
    return [int(number) for number in re.findall(r'id="twist-(\d+)"', page)]


def _matching(runtime: Runtime, filters: AuditFilter) -> list[int]:
    with runtime.reading() as session:
        return [row.seq for row in store.page(session, filters, limit=10_000)]


FILTERS = {
    "object": ({"object": "MI-2026-000003"}, AuditFilter(object="MI-2026-000003")),
    "id": ({"object": "q2"}, AuditFilter(object="q2")),
    "person": ({"actor": "u-mi"}, AuditFilter(actor_id="u-mi")),
    "nobody": ({"actor": "none"}, AuditFilter(actor_id="none")),
    "role": ({"role": "content_owner"}, AuditFilter(role="content_owner")),
    "event": ({"action": "draft:saved"}, AuditFilter(action="draft:saved")),
    "subject": ({"action": "signature"}, AuditFilter(action="signature")),
    "type": ({"type": "question"}, AuditFilter(object_type="question")),
    "reason": ({"reason": "other"}, AuditFilter(reason_code="other")),
    "request": ({"request": "r130"}, AuditFilter(request_id="r130")),
    "two": ({"type": "question", "actor": "u-mi"}, AuditFilter(object_type="question", actor_id="u-mi")),
}


def test_each_filter_in_the_address_shows_what_it_says_and_nothing_else(auditor: Browser, runtime: Runtime) -> None:
    for name, (asked, filters) in FILTERS.items():
        wanted = _matching(runtime, filters)
        page = auditor.get("audit.explorer", **asked).text
        assert shown(page) == wanted[:PAGE] != [], name
        assert f"of {len(wanted)}</span>" in page, name
        assert f"Export {len(wanted)} entr" in page, name


def test_a_period_includes_its_beginning_and_not_its_end(auditor: Browser, runtime: Runtime) -> None:
    with runtime.reading() as session:
        rows = {row.seq: row.data["at"] for row in store.page(session, AuditFilter(), limit=10_000)}
    since, until = rows[20], rows[30]
    wanted = [seq for seq, at in rows.items() if since <= at < until]
    assert shown(auditor.get("audit.explorer", since=since, until=until).text) == wanted
    assert 20 in wanted
    assert 30 not in wanted


def test_paging_meets_every_entry_once_forth_and_back(auditor: Browser, runtime: Runtime) -> None:
    everything, met, pages = _matching(runtime, AuditFilter()), [], []
    page = auditor.get("audit.explorer").text
    while True:
        met += shown(page)
        pages.append(shown(page))
        older = re.search(r'href="([^"]+)" rel="next"', page)
        if older is None:
            break
        page = auditor.get(html.unescape(older[1])).text
    assert met == everything
    for wanted in pages[-2::-1]:
        newer = re.search(r'href="([^"]+)" rel="prev"', page)
        assert newer
        page = auditor.get(html.unescape(newer[1])).text
        assert shown(page) == wanted
    assert 'rel="prev"' not in page


UNREADABLE: tuple[dict[str, str], ...] = (
    {"since": "yesterday"}, {"until": "2026-13-40"}, {"action": "no:such"}, {"actor": "no-such-id"}, {"reason": "="},
    {"since": "2026-11-24", "until": "2026-11-23"}, {"acton": "signature"}, {"object": "x" * 201},
)


def test_a_filter_that_cannot_be_read_shows_nothing_rather_than_too_much(auditor: Browser) -> None:
    for asked in UNREADABLE:
        page = auditor.get("audit.explorer", expect=422, **asked).text
        assert shown(page) == [], asked
        assert "error-summary" in page, asked
        assert "Nothing was exported." in auditor.get("audit.export_check", expect=422, **asked).text, asked


def test_a_place_that_does_not_exist_is_no_failure(auditor: Browser) -> None:
    for place in ("9" * 30, "-1", "x", "0"):
        for name in ("before", "after", "open"):
            assert "Audit entries" in auditor.get("audit.explorer", **{name: place}).text or place == "0"


def test_hostile_text_stays_text_wherever_it_is_shown(runtime: Runtime, browser_of: BrowserOf) -> None:
    actor = Actor("u-x", HOSTILE, frozenset({Role.MI_SPECIALIST}), HOSTILE)
    about = ObjectRef("inquiry", HOSTILE, 1, HOSTILE, None)
    with runtime.transaction() as session:
        session.info["request_id"] = HOSTILE
        audit.record(session, actor, Event.INQUIRY_PRIORITISED, about, reason=Reason(HOSTILE, HOSTILE), changes={
            "priority": (HOSTILE, HOSTILE + "!"), HOSTILE: (None, [HOSTILE, {"k": HOSTILE}])})
    browser = browser_of(Role.AUDITOR)
    [seq] = _matching(runtime, AuditFilter(actor_id="u-x"))
    pages = [
        browser.get("audit.explorer", open="all").text, browser.get("audit.entry", seq=seq, proof=1).text,
        browser.get("audit.explorer", object=HOSTILE, open=seq).text,
        browser.get("audit.export_check", object=HOSTILE).text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "img src=x&gt;49" not in page
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page


def test_personal_values_are_not_in_any_page_but_plain_ones_are(runtime: Runtime, browser_of: BrowserOf) -> None:
    with runtime.transaction() as session:
        audit.record(session, SPECIALIST, Event.INQUIRY_CHANGED, inquiry(7), changes={
            "email": (Personal("ann@example.org", "p1"), Personal("bea@example.org", "p1")), "market": ("US", "DE")})
    browser = browser_of(Role.AUDITOR)
    [seq] = _matching(runtime, AuditFilter(object="i7"))
    for page in (browser.get("audit.explorer", open=seq).text, browser.get("audit.entry", seq=seq).text):
        assert "example.org" not in page
        assert page.count("personal value, kept apart (commitment ") == 2
        assert "<del>US</del>" in page
        assert "<ins>DE</ins>" in page


@pytest.mark.parametrize(
    ("role", "may"), [(Role.AUDITOR, True), (Role.COMPLIANCE, False), (Role.PRIVACY_OFFICER, False)])
def test_compliance_and_privacy_read_and_verify_and_only_auditors_export(
    browser_of: BrowserOf, role: Role, may: bool
) -> None:
    browser = browser_of(role)
    page = browser.get("audit.explorer").text
    assert ("/audit/export" in page) is may
    assert "The log is intact" in browser.post("audit.verify", expect=200).text
    browser.get("audit.export_check", expect=200 if may else 403)
    browser.post("audit.export", expect=200 if may else 403).close()


def test_who_may_not_read_the_log_finds_no_door_to_it(browser_of: BrowserOf) -> None:
    for role in (Role.MI_SPECIALIST, Role.FIELD_SALES, Role.ADMINISTRATOR):
        browser = browser_of(role)
        for endpoint, values in (("audit.explorer", {}), ("audit.entry", {"seq": 0})):
            browser.get(endpoint, expect=403, **values)
        browser.post("audit.verify", expect=403)


def test_the_number_of_queries_does_not_grow_with_the_log(
    auditor: Browser, runtime: Runtime, count_queries: CountQueries
) -> None:
    counts = []
    for _ in range(2):
        for asked in ({}, {"object": "MI-2026-000002", "before": "100"}, {"open": "all", "actor": "u-mi"}):
            with count_queries() as queries:
                auditor.get("audit.explorer", **asked)
            counts.append(len(queries))
        fill(runtime.sessions, 500, seed=2)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 22


def test_an_entry_is_shown_with_its_exact_bytes_and_proved_on_demand(auditor: Browser, runtime: Runtime) -> None:
    with runtime.reading() as session:
        row, head = store.entry(session, 17), store.head(session)
    assert row
    page = auditor.get("audit.entry", seq=17).text
    [kept] = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert html.unescape(kept).encode() == row.entry
    assert row.leaf_hash in page
    assert head.root in page
    assert "Prove that it stands there" in page
    assert "<strong>Proved:</strong>" in auditor.get("audit.entry", seq=17, proof=1).text


def test_entries_that_do_not_exist_are_not_found(auditor: Browser) -> None:
    for number in ("100000", "9" * 40):
        auditor.get(f"/audit/{number}", expect=404)


def test_every_page_that_objects_lead_to_exists_and_takes_their_id(app: Flask) -> None:
    arguments = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for place in PLACES.values():
        assert arguments.get(place.endpoint) == {place.parameter}


def test_objects_are_links_only_for_those_who_may_follow_them(runtime: Runtime, browser_of: BrowserOf) -> None:
    with runtime.transaction() as session:
        audit.record(session, SPECIALIST, Event.SAFETY_CASE_OPENED, ObjectRef("safety_case", "s-1", label="SR-1"))
    assert 'href="/safety/s-1"' in browser_of(Role.AUDITOR).get("audit.explorer").text
    assert 'href="/safety/s-1"' not in browser_of(Role.PRIVACY_OFFICER).get("audit.explorer").text


def _break(engine: Engine, statement: str) -> None:
    disarm(engine)
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_changed_byte_is_named_by_the_verification_and_stays_on_record(
    auditor: Browser, engine: Engine, runtime: Runtime
) -> None:
    assert "Not verified yet" in auditor.get("audit.explorer").text
    assert re.search(r"\d+ entries intact, head [0-9a-f]{8}…", auditor.post("audit.verify", expect=200).text)
    assert "entries intact" in auditor.get("audit.explorer").text
    _break(engine, "UPDATE audit_entry SET actor_name = 'Somebody else' WHERE seq = 42")
    page = auditor.post("audit.verify", expect=200).text
    assert "First wrong entry: 42" in page
    assert "column actor_name" in page
    assert "Somebody else" in page
    after = auditor.get("audit.explorer").text
    assert "The log did not verify" in after
    assert "First wrong entry 42: column actor_name" in after
    with transaction(session_factory(engine)) as session:
        newest = store.page(session, AuditFilter(), limit=1)[0].data
    assert newest["action"] == "audit:verification_failed"
    assert newest["request_id"]


@pytest.mark.parametrize(("change", "words"), [
    ("entry = 'not JSON at all'", "cannot be read: entry is not as expected"),
    ("leaf_hash = substr(entry_id || entry_id, 1, 64)", "does not fit its hash"),
])
def test_the_explorer_opens_on_a_damaged_entry_and_says_so(
    auditor: Browser, engine: Engine, change: str, words: str
) -> None:
    if engine.dialect.name == "postgresql":
        change = change.replace("'not JSON at all'", "'not JSON at all'::bytea")
    assert words not in auditor.get("audit.explorer", open="all", before="60").text
    _break(engine, f"UPDATE audit_entry SET {change} WHERE seq = 50")
    page = auditor.get("audit.explorer", open="all", before="60").text
    assert words in page
    assert 50 in shown(page)
    assert words in auditor.get("audit.entry", seq=50, proof=1).text
    assert "First wrong entry: 50" in auditor.post("audit.verify", expect=200).text
    auditor.post("audit.export", expect=500)


def test_a_damaged_head_is_reported_though_nothing_can_be_recorded(auditor: Browser, engine: Engine) -> None:
    _break(engine, "UPDATE audit_head SET frontier = 'zz'")
    assert "frontier of the head" in auditor.post("audit.verify", expect=200).text


def test_changes_of_an_unknown_shape_are_shown_as_damage_not_as_a_crash(auditor: Browser, engine: Engine) -> None:
    with engine.connect() as connection:
        entry = bytes(connection.execute(text("SELECT entry FROM audit_entry WHERE seq = 3")).scalar_one())
    data = json.loads(entry) | {"changes": {"state": "x"}}
    forged = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    disarm(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET entry = :entry WHERE seq = 3"), {"entry": forged})
    assert "cannot be read: field state" in auditor.get("audit.entry", seq=3).text
