"""Rights to send copies: what covers a recipient, what is used up, expired or ended (R70)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import RightKind, RightScope, Role
from inquiry_service.errors import Forbidden, InvalidInput, Refused
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.literature_holdings import LiteratureRight
from inquiry_service.services import literature_rights
from inquiry_service.services.literature_rights import RightData
from tests.services.literature_files import LIBRARIAN, load, numbered
from tests.services.test_literature import entries

TODAY = now().date()
PROFESSIONAL, ANYONE = RightScope.SEND_TO_PROFESSIONALS, RightScope.SEND_TO_ANYONE
REPRINTS = RightData(RightKind.PURCHASED_REPRINTS, PROFESSIONAL, "Publisher", "Order 4711", copies=2)


@pytest.fixture
def record_id(engine: Engine, session: Session) -> str:
    """A record without any right."""
    load(engine, numbered(1))
    return session.scalars(select(LiteratureRecord.id)).one()


def test_without_a_right_nothing_is_sent_but_citation_and_link(session: Session, record_id: str) -> None:
    answer = literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY)
    assert (answer.right, answer.words) == (None, "No right to send a copy is recorded. Send citation and link.")


def test_a_right_covers_only_whom_it_reaches(session: Session, record_id: str) -> None:
    right = literature_rights.record(session, LIBRARIAN, record_id, REPRINTS)
    assert literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY).right is right
    assert literature_rights.may_send(session, record_id, ANYONE, TODAY).words == (
        "The recorded right does not cover sending to anyone on request. Send citation and link.")


def test_reading_inside_the_company_is_no_right_to_send(session: Session, record_id: str) -> None:
    literature_rights.record(session, LIBRARIAN, record_id, RightData(
        RightKind.ANNUAL_LICENCE, RightScope.INTERNAL, proof="Licence 7", expires_on=TODAY))
    assert literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY).right is None
    assert literature_rights.may_send(session, record_id, RightScope.INTERNAL, TODAY).right is not None


def test_copies_are_counted_down_and_the_last_one_is_the_last(session: Session, record_id: str) -> None:
    right = literature_rights.record(session, LIBRARIAN, record_id, REPRINTS)
    for left in (1, 0):
        literature_rights.use_copy(session, LIBRARIAN, right.id, PROFESSIONAL)
        assert right.copies_used == 2 - left
    with pytest.raises(Refused, match="is used up: 2 of 2 copies"):
        literature_rights.use_copy(session, LIBRARIAN, right.id, PROFESSIONAL)
    assert "used up: 2 of 2 copies" in literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY).words
    db.commit(session)
    assert [entry["action"] for entry in entries(session)].count("literature:copy_used") == 2


def test_the_last_copy_is_not_used_again_by_who_looked_before_it_went(session: Session, record_id: str) -> None:
    right = literature_rights.record(session, LIBRARIAN, record_id, REPRINTS)
    assert literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY).right is right
    # As another transaction does it: what this one has read before is out of date.
    session.execute(update(LiteratureRight).values(copies_used=2).execution_options(synchronize_session=False))
    assert right.copies_used == 0
    with pytest.raises(Refused, match="is used up: 2 of 2 copies"):
        literature_rights.use_copy(session, LIBRARIAN, right.id, PROFESSIONAL)


def test_a_right_holds_through_its_last_day_and_not_after_it(session: Session, record_id: str) -> None:
    literature_rights.record(session, LIBRARIAN, record_id, RightData(
        RightKind.ANNUAL_LICENCE, PROFESSIONAL, proof="Licence 7", expires_on=date(2026, 12, 31)))
    last_day = date(2026, 12, 31)
    assert literature_rights.may_send(session, record_id, PROFESSIONAL, last_day).right is not None
    after = literature_rights.may_send(session, record_id, PROFESSIONAL, last_day + timedelta(days=1))
    assert (after.right, "expired on 2026-12-31" in after.words) == (None, True)


def test_an_ended_right_covers_nothing_and_cannot_end_twice(session: Session, record_id: str) -> None:
    right = literature_rights.record(session, LIBRARIAN, record_id, REPRINTS)
    literature_rights.end(session, LIBRARIAN, right.id, "The publisher withdrew it")
    assert literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY).right is None
    with pytest.raises(Refused, match="ended already"):
        literature_rights.end(session, LIBRARIAN, right.id, "Again")


def test_a_right_without_a_count_is_used_before_one_that_is_counted(session: Session, record_id: str) -> None:
    literature_rights.record(session, LIBRARIAN, record_id, REPRINTS)
    free = literature_rights.record(session, LIBRARIAN, record_id, RightData(
        RightKind.OPEN_LICENCE, ANYONE, proof="https://creativecommons.org/licenses/by/4.0/"))
    assert literature_rights.may_send(session, record_id, PROFESSIONAL, TODAY).right is free


@pytest.mark.parametrize(("data", "field"), [
    (RightData(RightKind.OPEN_LICENCE, ANYONE), "proof"),
    (RightData(RightKind.PURCHASED_REPRINTS, ANYONE, proof="Order"), "copies"),
    (RightData(RightKind.ANNUAL_LICENCE, ANYONE, proof="Contract"), "expires_on"),
    (RightData(RightKind.OPEN_LICENCE, ANYONE, proof="x", copies=0), "copies"),
])
def test_a_right_that_says_too_little_is_not_recorded(
    session: Session, record_id: str, data: RightData, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        literature_rights.record(session, LIBRARIAN, record_id, data)
    assert list(refusal.value.fields) == [field]


def test_only_who_manages_the_library_records_a_right(session: Session, record_id: str) -> None:
    reviewer = Actor("u-rev", "Reviewer 1", frozenset({Role.MEDICAL_REVIEWER}), "s-rev")
    with pytest.raises(Forbidden):
        literature_rights.record(session, reviewer, record_id, REPRINTS)


@pytest.mark.parametrize(("text", "offered"), [
    ("http://creativecommons.org/licenses/by/4.0/", True), ("CC BY-SA 3.0", True), ("CC0", True),
    ("https://creativecommons.org/licenses/by-nc/4.0/", False),
    ("https://www.elsevier.com/tdm/userlicense/1.0/", False), ("success by chance", False),
])
def test_an_open_licence_is_proposed_and_one_that_excludes_commercial_use_is_not(text: str, *, offered: bool) -> None:
    assert (literature_rights.proposed([("license", text)]) is not None) == offered
