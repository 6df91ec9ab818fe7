"""Reading the log: filters, pages and counts agree with each other and with the entries themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import session_factory
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests.services.audit_log import fill

NOTHING = AuditFilter()
Entry = dict[str, Any]
YESTERDAY = now() - timedelta(days=1)
FILTERS: dict[str, tuple[AuditFilter, Callable[[Entry], bool]]] = {
    "person": (AuditFilter(actor_id="u-rev"), lambda e: e["actor"]["id"] == "u-rev"),
    "role": (AuditFilter(role="content_owner"), lambda e: "content_owner" in e["actor"]["role"]),
    "part of a role": (AuditFilter(role="owner"), lambda e: False),
    "event": (AuditFilter(action="signature:given"), lambda e: e["action"] == "signature:given"),
    "subject": (AuditFilter(action="inquiry"), lambda e: e["action"].startswith("inquiry:")),
    "type": (AuditFilter(object_type="question"), lambda e: e["object"]["type"] == "question"),
    "number": (AuditFilter(object="MI-2026-000003"), lambda e: e["object"]["inquiry"] == "i3"),
    "object": (AuditFilter(object="q2"), lambda e: e["object"]["id"] == "q2"),
    "inquiry by id": (AuditFilter(object="i3"), lambda e: e["object"]["inquiry"] == "i3"),
    "nobody signed in": (AuditFilter(actor_id=store.NO_ACCOUNT), lambda e: e["actor"]["id"] == ""),
    "inquiry": (AuditFilter(inquiry_id="i1"), lambda e: e["object"]["inquiry"] == "i1"),
    "reason": (AuditFilter(reason_code="other"), lambda e: e["reason"]["code"] == "other"),
    "request": (AuditFilter(request_id="r30"), lambda e: e["request_id"] == "r30"),
    "before yesterday": (AuditFilter(until=YESTERDAY), lambda e: False),
    "two": (AuditFilter(since=YESTERDAY, actor_id="u-mi"), lambda e: e["actor"]["id"] == "u-mi"),
}


@pytest.fixture
def log(engine: Engine) -> Engine:
    """A log of thirty entries."""
    fill(session_factory(engine), 30)
    return engine


def test_filters_pages_and_counts_agree(log: Engine) -> None:
    empty = set()
    with session_factory(log)() as session:
        everything = [row.data for row in store.in_order(session, NOTHING, 30)]
        for name, (filters, expected) in FILTERS.items():
            wanted = [entry["seq"] for entry in everything if expected(entry)]
            assert [row.seq for row in store.in_order(session, filters, 30)] == wanted, name
            assert store.count(session, filters) == len(wanted), name
            first = [row.seq for row in store.page(session, filters, limit=3)]
            rest = [row.seq for row in store.page(session, filters, before=first[-1], limit=99)] if first else []
            assert first + rest == wanted[::-1], name
            empty |= {name} if not wanted else set()
    assert empty == {"part of a role", "before yesterday"}


def test_every_account_that_acted_is_listed_once_and_so_is_every_kind_of_object(log: Engine) -> None:
    with session_factory(log)() as session:
        assert store.actors(session) == [("u-mi", "MI specialist 1"), ("u-rev", "Reviewer 1")]
        assert store.object_types(session) == ["inquiry", "question"]


def test_an_empty_log_offers_nobody_and_nothing_to_choose_from(session: Session) -> None:
    assert store.actors(session) == store.object_types(session) == []
    assert store.latest(session, "audit:verified") is None


def test_pages_lead_back_to_where_they_came_from(log: Engine) -> None:
    with session_factory(log)() as session:
        older = store.page(session, NOTHING, before=20, limit=5)
        assert [row.seq for row in older] == [19, 18, 17, 16, 15]
        assert [row.seq for row in store.page(session, NOTHING, after=older[0].seq, limit=5)] == [24, 23, 22, 21, 20]
        assert store.count(session, NOTHING, newer_than=older[0].seq) == 10


def test_the_newest_entry_of_several_events_is_found(log: Engine) -> None:
    with session_factory(log)() as session:
        found = store.latest(session, "inquiry:received", "draft:saved")
        wanted = max(row.seq for name in ("inquiry:received", "draft:saved")
                     for row in store.page(session, AuditFilter(action=name), limit=99))
        assert found is not None
        assert found.seq == wanted
        assert store.entry(session, found.seq) == found
        assert store.entry(session, 30) is None
