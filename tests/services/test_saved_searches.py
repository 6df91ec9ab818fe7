"""Saved searches: kept, shared, changed, ended; told of what is new, once, and of retractions under an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session

from config import Config
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import EvidenceVerdict, RecordStatus, Role, Stance
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.jobs import worker
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.saved_searches import SavedSearch
from inquiry_service.search.port import Filters
from inquiry_service.services import evidence, library_index, literature_standing, saved_searches, search_alerts
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.saved_searches import SearchData
from inquiry_service.store import audit as audit_store
from inquiry_service.store import literature
from inquiry_service.store import saved_searches as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.database import CountQueries
from tests.services.literature_files import LIBRARIAN, indexed, numbered, table

MIGRAINE = SearchData("Migraine", "migraine")


@pytest.fixture
def runtime(config: Config, database_url: str) -> Iterator[Runtime]:
    """A runtime whose library of one record is indexed."""
    opened = Runtime.open(replace(config, database_url=database_url))
    indexed(opened, table([{"pmid": 1, "title": "Sumatriptan in menstrual migraine"}]))
    yield opened
    opened.close()


@pytest.fixture
def owner(runtime: Runtime) -> Actor:
    """Who keeps searches."""
    with runtime.transaction() as session:
        return factories.actor(session, Role.MI_SPECIALIST, name="MI specialist 1")


@pytest.fixture
def colleague(runtime: Runtime) -> Actor:
    """Somebody else who searches the library, and does not look after it."""
    with runtime.transaction() as session:
        return factories.actor(session, Role.MEDICAL_REVIEWER, name="Reviewer 1")


def saved(runtime: Runtime, owner: Actor, data: SearchData = MIGRAINE) -> str:
    with runtime.transaction() as session:
        return saved_searches.save(session, runtime.index, owner, data).id


def added(runtime: Runtime, pmid: int, title: str = "Another migraine study", **more: object) -> str:
    indexed(runtime, table([{"pmid": pmid, "title": f"{title} {pmid}", **more}]), name=f"{pmid}.csv")
    with runtime.reading() as session:
        return literature.by_citation(session, [f"pmid{pmid}"])[f"pmid{pmid}"].id


def alerts(runtime: Runtime, search_id: str) -> list[list[str]]:
    with runtime.reading() as session:
        return [alert.record_ids for alert in store.alerts_of(session, [search_id])][::-1]


def actions(session: Session) -> list[str]:
    rows = audit_store.in_order(session, AuditFilter(), audit_store.head(session).size)
    return [row.data["action"] for row in rows if row.data["action"].startswith("search:")]


def test_a_saved_search_tells_of_new_records_once_and_of_none_that_were_there(runtime: Runtime, owner: Actor) -> None:
    search_id = saved(runtime, owner)
    assert search_alerts.check(runtime) == 0
    new = added(runtime, 2)
    added(runtime, 3, "Headache of another sort")
    assert search_alerts.check(runtime) == 1
    assert search_alerts.check(runtime) == 0, "told once"
    later = added(runtime, 4)
    assert search_alerts.check(runtime) == 1
    assert alerts(runtime, search_id) == [[new], [later]]
    with runtime.reading() as session:
        assert actions(session) == ["search:saved", "search:alerted", "search:alerted"]


def test_a_record_that_reached_the_index_after_a_check_is_told_of_later(runtime: Runtime, owner: Actor) -> None:
    search_id = saved(runtime, owner)
    before = runtime.index.generation()
    new = added(runtime, 2)
    runtime.index.apply([], [new])
    assert runtime.index.generation().digest == before.digest
    assert search_alerts.check(runtime) == 0
    with runtime.reading() as session:
        library_index.update(session, runtime.index, [new])
    assert search_alerts.check(runtime) == 1
    assert alerts(runtime, search_id) == [[new]]


def test_filters_and_the_end_of_a_search_are_respected(runtime: Runtime, owner: Actor) -> None:
    narrow = saved(runtime, owner, replace(MIGRAINE, name="Old", filters=Filters(year_to=2000)))
    ended = saved(runtime, owner, replace(MIGRAINE, name="Ended"))
    with runtime.transaction() as session:
        saved_searches.end(session, owner, store.one(session, owner, ended, lock=True))
    added(runtime, 2, year=2020)
    old = added(runtime, 3, year=1999)
    search_alerts.check(runtime)
    assert (alerts(runtime, narrow), alerts(runtime, ended)) == ([[old]], [])


def test_alerts_are_seen_by_their_owner_alone(runtime: Runtime, owner: Actor, colleague: Actor) -> None:
    search_id = saved(runtime, owner, replace(MIGRAINE, shared=True))
    added(runtime, 2)
    search_alerts.check(runtime)
    with runtime.reading() as session:
        assert [row[0].id for row in store.unseen_of(session, owner.user_id)] == [search_id]
        assert store.unseen_of(session, colleague.user_id) == []
        with pytest.raises(Refused, match="somebody else"):
            saved_searches.mark_seen(session, colleague, store.one(session, colleague, search_id))
    with runtime.transaction() as session:
        assert saved_searches.mark_seen(session, owner, store.one(session, owner, search_id, lock=True)) == 1
    with runtime.transaction() as session:
        assert store.unseen_of(session, owner.user_id) == []
        assert saved_searches.mark_seen(session, owner, store.one(session, owner, search_id, lock=True)) == 0
        assert actions(session) == ["search:saved", "search:alerted", "search:alert_seen"]


def test_a_private_search_does_not_exist_for_others_and_a_shared_one_can_be_looked_at(
    runtime: Runtime, owner: Actor, colleague: Actor
) -> None:
    private, shared = saved(runtime, owner), saved(runtime, owner, replace(MIGRAINE, name="Ours", shared=True))
    with runtime.reading() as session:
        assert [(row.name, name) for row, name in store.listed(session, colleague)] == [("Ours", "MI specialist 1")]
        with pytest.raises(NotFound):
            store.one(session, colleague, private)
        seen = store.one(session, colleague, shared)
        with pytest.raises(Refused, match="somebody else"):
            saved_searches.change(session, runtime.index, colleague, seen, MIGRAINE)
        with pytest.raises(Refused, match="somebody else"):
            saved_searches.end(session, colleague, seen)
    with runtime.transaction() as session:
        saved_searches.end(session, LIBRARIAN, store.one(session, LIBRARIAN, shared, lock=True))


@pytest.mark.parametrize(("data", "field"), [
    (SearchData("", "migraine"), "name"), (SearchData("x" * 121, "migraine"), "name"),
    (SearchData("Name", "  "), "q"), (SearchData("Name", "migraine AND ("), "q"),
])
def test_a_search_without_name_or_sense_is_not_saved(
    runtime: Runtime, owner: Actor, data: SearchData, field: str
) -> None:
    with runtime.reading() as session, pytest.raises(InvalidInput) as refusal:
        saved_searches.save(session, runtime.index, owner, data)
    assert field in refusal.value.fields


def test_a_change_says_what_was_before_and_an_ended_search_stays_as_it_is(runtime: Runtime, owner: Actor) -> None:
    search_id = saved(runtime, owner)
    with runtime.transaction() as session:
        search = store.one(session, owner, search_id, lock=True)
        saved_searches.change(session, runtime.index, owner, search, replace(MIGRAINE, query="menstrual migraine"))
    with runtime.transaction() as session:
        rows = list(audit_store.in_order(session, AuditFilter(), audit_store.head(session).size))
        assert rows[-1].data["changes"] == {"query": {"old": "migraine", "new": "menstrual migraine"}}
        search = store.one(session, owner, search_id, lock=True)
        saved_searches.change(session, runtime.index, owner, search, replace(MIGRAINE, query="menstrual migraine"))
        saved_searches.end(session, owner, search)
        assert len(actions(session)) == 2, "a change of nothing is no event"
        for step in (saved_searches.end, lambda *more: saved_searches.change(
                more[0], runtime.index, more[1], more[2], MIGRAINE)):
            with pytest.raises(Refused, match="has ended"):
                step(session, owner, search)


def test_field_roles_keep_no_searches(runtime: Runtime) -> None:
    other = Actor("u-field", "Field", frozenset({Role.FIELD_MSL}))
    with runtime.reading() as session:
        with pytest.raises(Forbidden):
            saved_searches.save(session, runtime.index, other, MIGRAINE)
        assert store.listed(session, other) == []


@pytest.fixture
def inquiry_id(runtime: Runtime, owner: Actor, tmp_path: Path) -> str:
    """An inquiry for which the one record of the library was kept, watched by its search."""
    with runtime.transaction() as session:
        inquiry: Inquiry = factories.inquiry(
            session, owner, factories.product(session), factories.blob_store(tmp_path))
        run = evidence.record_search(session, runtime.index, owner, inquiry, "menstrual AND migraine", Filters())
        evidence.decide(session, owner, inquiry, run.hits[0].record_id,
                        DecisionData(EvidenceVerdict.KEPT, stance=Stance.SUPPORTS))
        saved_searches.watch(session, owner, inquiry, run)
        with pytest.raises(Refused, match="already"):
            saved_searches.watch(session, owner, inquiry, run)
    return inquiry.id


def test_a_search_that_watches_over_an_answer_tells_of_a_retraction_of_what_was_kept(
    runtime: Runtime, inquiry_id: str
) -> None:
    with runtime.transaction() as session:
        [search] = store.watching(session, inquiry_id)
        record = literature.by_citation(session, ["pmid1"])["pmid1"]
        literature_standing.lower(session, LIBRARIAN, record, RecordStatus.RETRACTED, "the journal")
    # Not even in the index: what was kept is looked up in the library itself.
    runtime.index.apply([], [record.id])
    assert search_alerts.check(runtime) == 1
    assert alerts(runtime, search.id) == [[record.id]]


def test_a_record_kept_and_only_corrected_in_its_words_is_no_retraction(runtime: Runtime, inquiry_id: str) -> None:
    new = added(runtime, 7, "Menstrual migraine")
    search_alerts.check(runtime)
    with runtime.reading() as session:
        [search] = store.watching(session, inquiry_id)
    assert alerts(runtime, search.id) == [[new]]


def test_the_worker_checks_after_the_index_changed_and_once_a_day(runtime: Runtime, owner: Actor) -> None:
    search_id = saved(runtime, owner)
    worker.run(runtime, once=True)
    added(runtime, 2)
    worker.run(runtime, once=True)
    assert alerts(runtime, search_id) == [], "changes of a window are looked at together, after it"
    with time_machine.travel(now() + 2 * search_alerts.WINDOW, tick=True):
        worker.run(runtime, once=True)
    assert len(alerts(runtime, search_id)) == 1


def test_the_daily_round_is_asked_for_once_a_day(runtime: Runtime, owner: Actor, count_queries: CountQueries) -> None:
    search_alerts.ask_for_check(runtime, daily=True)
    assert _waiting(runtime) == 0, "nothing is saved"
    saved(runtime, owner)
    for _ in range(3):
        search_alerts.ask_for_check(runtime, daily=True)
    assert _waiting(runtime) == 1
    with time_machine.travel(now() + timedelta(days=1)):
        search_alerts.ask_for_check(runtime, daily=True)
    assert _waiting(runtime) == 2


def _waiting(runtime: Runtime) -> int:
    with runtime.engine.connect() as connection:
        return int(connection.exec_driver_sql(
            "SELECT count(*) FROM outbox_job WHERE kind = 'check_searches'").scalar_one())


def test_many_searches_and_records_need_a_constant_number_of_queries_to_look(
    runtime: Runtime, owner: Actor, count_queries: CountQueries
) -> None:
    saved(runtime, owner)
    added(runtime, 2)

    def looked() -> int:
        with runtime.reading() as session, count_queries() as queries:
            assert search_alerts.look(session, runtime.index)
        return len(queries)

    few = looked()
    with runtime.transaction() as session:
        moment = now() - timedelta(hours=1)
        for number in range(30):
            session.add(SavedSearch(name=f"Search {number}", query=f"sumatriptan study {number}", filters={},
                                    synonyms=False, owner_id=owner.user_id, created_at=moment, checked_at=moment))
        saved_searches.save(session, runtime.index, owner, MIGRAINE)
    indexed(runtime, numbered(50, first=100), name="more.csv")
    assert looked() == few
    assert few <= 4
