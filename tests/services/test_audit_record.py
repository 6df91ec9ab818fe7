"""Recording: in the business transaction, last, gapless, and not at all when the work is undone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from inquiry_service.db import AUDITED, commit, rollback, session_factory, transaction
from inquiry_service.domain.audit_entry import ObjectRef, Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import RequesterType
from inquiry_service.errors import IntegrityBroken
from inquiry_service.models.inquiries import Person
from inquiry_service.services import audit
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests.services.audit_log import SPECIALIST, check, fill, inquiry, record_one, scalar


def _entries(session: Session) -> list[dict[str, Any]]:
    return [row.data for row in store.in_order(session, AuditFilter(), store.head(session).size)]


def test_an_entry_is_written_at_the_commit_with_everything_it_needs(session: Session) -> None:
    session.info["request_id"] = "req-1"
    record_one(session, 7, changes={"state": (None, "received")}, reason=Reason("other", "late"))
    assert store.head(session).size == 0
    commit(session)
    [entry] = _entries(session)
    assert entry["action"] == "inquiry:received"
    assert entry["actor"] == {"id": "u-mi", "name": "MI specialist 1", "role": "mi_specialist", "session": "s-1"}
    assert entry["changes"] == {"state": {"new": "received", "old": None}}
    assert (entry["seq"], entry["obj_prev"], entry["request_id"]) == (0, None, "req-1")
    assert entry["reason"] == {"code": "other", "text": "late"}


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(session: Session) -> None:
    record_one(session, 1)
    rollback(session)
    record_one(session, 2)
    commit(session)
    assert [entry["object"]["id"] for entry in _entries(session)] == ["i2"]


def test_a_savepoint_takes_its_own_entries_with_it(session: Session) -> None:
    record_one(session, 1)
    undone = session.begin_nested()
    record_one(session, 2)
    undone.rollback()
    with session.begin_nested():
        record_one(session, 3)
    commit(session)
    assert [entry["object"]["id"] for entry in _entries(session)] == ["i1", "i3"]


def test_closing_a_session_forgets_what_was_not_committed(engine: Engine) -> None:
    session = session_factory(engine)()
    record_one(session, 1)
    session.close()
    record_one(session, 2)
    commit(session)
    assert [entry["object"]["id"] for entry in _entries(session)] == ["i2"]
    session.close()


def test_a_plain_commit_writes_the_entries_too(session: Session) -> None:
    record_one(session)
    session.commit()
    assert store.head(session).size == 1


def test_each_entry_names_the_previous_one_of_its_object(session: Session) -> None:
    for numbers in ((1, 2, 1), (2,), (1, 1)):
        for number in numbers:
            record_one(session, number)
        commit(session)
    assert [entry["obj_prev"] for entry in _entries(session)] == [None, None, 0, 1, 2, 4]


def test_an_event_outside_the_list_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="inquiry:lost"):
        audit.record(session, SPECIALIST, "inquiry:lost", inquiry(1))


def _person(**values: Any) -> Person:
    return Person(type=RequesterType.PHYSICIAN, country="US", **values)


def test_a_change_without_an_entry_is_not_committed(session: Session) -> None:
    session.add(_person(family_name="Doe"))
    with pytest.raises(IntegrityBroken, match="person without an audit entry"):
        commit(session)
    assert session.query(Person).count() == 0


def test_an_entry_undone_by_a_savepoint_does_not_cover_a_change(session: Session) -> None:
    session.add(_person(family_name="Doe"))
    nested = session.begin_nested()
    record_one(session)
    nested.rollback()
    with pytest.raises(IntegrityBroken):
        commit(session)


def test_no_log_no_effect(session: Session, engine: Engine) -> None:
    fill(session_factory(engine), 3)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE audit_head RENAME COLUMN frontier TO {'frontier_'}"))
    session.add(_person(family_name="Doe"))
    record_one(session)
    with pytest.raises(Exception, match="frontier"):
        commit(session)
    rollback(session)
    assert session.query(Person).count() == 0


def test_a_row_gives_its_reference_and_its_state_hash(session: Session) -> None:
    person = _person(family_name="Doe")
    session.add(person)
    audit.record(session, SPECIALIST, Event.PERSON_ADDED, person, inquiry_id="i9", label="the requester")
    commit(session)
    person.family_name = "Dow"
    audit.record(session, SPECIALIST, Event.PERSON_CHANGED, person)
    commit(session)
    audit.record(session, SPECIALIST, Event.PERSON_VIEWED, person)
    commit(session)
    added, changed, viewed = _entries(session)
    assert added["object"] == {
        "type": "person", "id": person.id, "version": None, "label": "the requester", "inquiry": "i9",
    }
    assert len(added["after_hash"]) == 64
    assert added["after_hash"] != changed["after_hash"] == viewed["after_hash"]
    session.expire_all()
    audit.record(session, SPECIALIST, Event.PERSON_VIEWED, session.get_one(Person, person.id))
    commit(session)
    assert _entries(session)[-1]["after_hash"] == changed["after_hash"]


def test_personal_values_stay_out_of_the_entry_and_can_be_erased(session: Session, engine: Engine) -> None:
    person = _person(family_name="Doe")
    session.add(person)
    session.flush()
    audit.record(session, SPECIALIST, Event.PERSON_ADDED, person, changes={
        "family_name": ("", "Doe"), "type": (None, person.type), "address": (None, None),
    })
    record_one(session, changes={"reporter": (None, Personal("Doe", person.id))})
    commit(session)
    added, other = _entries(session)
    assert "Doe" not in json.dumps([added, other])
    assert other["changes"]["reporter"]["new"].keys() == {"$c"}
    assert added["changes"]["type"]["new"] == "physician"
    assert added["changes"]["address"] == {"old": None, "new": None}
    assert added["changes"]["family_name"]["old"] == ""
    assert added["changes"]["family_name"]["new"].keys() == {"$c"}
    subject = person.id
    session.rollback()
    kept = scalar(engine, "SELECT count(*) FROM audit_personal WHERE subject = :id", id=subject)
    assert (kept, check(engine).size) == (2, 2)
    session.execute(text("DELETE FROM audit_personal WHERE subject = :id"), {"id": subject})
    session.commit()
    assert check(engine).size == 2


def test_equal_personal_values_do_not_look_equal(session: Session) -> None:
    for _ in range(2):
        record_one(session, changes={"reporter": (None, Personal("Doe", "p1"))})
    commit(session)
    first, second = (entry["changes"]["reporter"]["new"]["$c"] for entry in _entries(session))
    assert first != second


def test_a_refused_attempt_is_recorded_on_its_own(engine: Engine) -> None:
    factory = session_factory(engine)
    audit.record_refusal(factory, SPECIALIST, Event.ACCESS_REFUSED, ObjectRef("page", "audit"), request_id="r1")
    with factory() as session:
        [entry] = _entries(session)
    assert (entry["action"], entry["request_id"]) == ("access:refused", "r1")


def test_the_audited_mark_does_not_outlive_its_transaction(session: Session) -> None:
    record_one(session)
    session.rollback()
    assert not session.info.get(AUDITED)


def test_concurrent_writers_leave_no_gap(engine: Engine) -> None:
    factory = session_factory(engine)

    def work(worker: int) -> int:
        done = 0
        for turn in range(15):
            try:
                with transaction(factory) as session:
                    for number in range(turn % 3 + 1):
                        record_one(session, worker * 10 + number)
                    if turn % 5 == 4:
                        raise ZeroDivisionError
                    done += turn % 3 + 1
            except ZeroDivisionError:
                continue
        return done

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(work, range(4)))
    assert check(engine).size == written == 4 * 24
    assert scalar(engine, "SELECT count(*) FROM audit_entry") == written
