"""Work that stands worse since it was cited or kept: told to who works on it, listed for sent letters (R69)."""

from __future__ import annotations

import pytest

from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.vocabulary import DeliveryMethod, RecordStatus, Role
from inquiry_service.errors import Forbidden
from inquiry_service.services import delivery, doubted_work, handover, literature_merge, literature_versions
from inquiry_service.services.mail import FileOutbox
from inquiry_service.store import evidence as evidence_store
from inquiry_service.store import literature
from tests import factories
from tests.answers import Desk, another
from tests.database import CountQueries
from tests.services.library import held, parsed

SENDER = "questions@firm.example"


def first_cited(desk: Desk) -> str:
    """Return the id of the record of the letter's first reference."""
    with desk.runtime.reading() as session:
        return str(desk.version(session).snapshot["references"][0]["record_id"])


def first_kept(desk: Desk) -> str:
    """Return the id of a record that was kept for the inquiry."""
    with desk.runtime.reading() as session:
        return evidence_store.decisions(session, desk.inquiry_id)[0].record_id


def becomes(desk: Desk, record_id: str, status: RecordStatus) -> None:
    """Give a record another standing."""
    with desk.runtime.transaction() as session:
        literature_versions.add(session, literature.record(session, record_id, SYSTEM), {"status": status})
        factories.user(session)


def told(desk: Desk, viewer: Actor, inquiry_id: str = "") -> list[tuple[str, RecordStatus, bool]]:
    """Return what the viewer is told: record, standing, whether it is cited."""
    with desk.runtime.reading() as session:
        found = doubted_work.in_open_answers(session, viewer, inquiry_id=inquiry_id)
        return [(one.record.id, one.record.status, one.is_cited) for one in found]


def send(desk: Desk) -> None:
    """Send the letter."""
    with desk.runtime.transaction() as session:
        released = delivery.send(session, desk.author, desk.inquiry(session), DeliveryMethod.FILE, SENDER).id
    outbox = FileOutbox(desk.runtime.config.mail_outbox_dir)
    handover.hand_over(desk.runtime.sessions, desk.runtime.blobs, outbox, released, SENDER)


def test_author_and_reviewers_are_told_of_a_retraction_of_cited_work_and_nobody_else_is(ready: Desk) -> None:
    record_id = first_cited(ready)
    assert told(ready, ready.author) == []
    becomes(ready, record_id, RecordStatus.RETRACTED)
    expected = [(record_id, RecordStatus.RETRACTED, True)]
    assert told(ready, ready.author) == told(ready, ready.reviewer) == expected
    assert told(ready, ready.owner) == []
    assert told(ready, ready.intake, ready.inquiry_id) == []
    assert told(ready, ready.owner, ready.inquiry_id) == expected


def test_the_day_is_that_on_which_the_standing_became_known_not_that_of_a_later_version(ready: Desk) -> None:
    record_id = first_cited(ready)
    becomes(ready, record_id, RecordStatus.CORRECTED)
    becomes(ready, record_id, RecordStatus.RETRACTED)
    with ready.runtime.transaction() as session:
        row = literature.record(session, record_id, SYSTEM)
        known = literature.version(session, record_id, row.version).created_at
        literature_versions.add(session, row, {"funding": "A foundation"})
        factories.user(session)
    with ready.runtime.reading() as session:
        (one,) = doubted_work.in_open_answers(session, ready.author)
        assert one.since == known


def test_work_that_was_only_kept_is_told_to_the_author_while_nothing_is_written(desk: Desk) -> None:
    record_id = first_kept(desk)
    becomes(desk, record_id, RecordStatus.EXPRESSION_OF_CONCERN)
    assert told(desk, desk.author) == [(record_id, RecordStatus.EXPRESSION_OF_CONCERN, False)]
    assert told(desk, desk.reviewer) == []


def test_a_standing_that_was_known_when_the_work_was_kept_is_no_news_unless_it_is_retracted(desk: Desk) -> None:
    record_id = first_kept(desk)
    becomes(desk, record_id, RecordStatus.CORRECTED)
    with desk.runtime.transaction() as session:
        decision = evidence_store.decision(session, desk.inquiry_id, record_id)
        assert decision is not None
        decision.record_version = literature.record(session, record_id, SYSTEM).version
        factories.user(session)
    assert told(desk, desk.author) == []
    becomes(desk, record_id, RecordStatus.RETRACTED)
    assert [status for _, status, _ in told(desk, desk.author)] == [RecordStatus.RETRACTED]


def test_work_that_was_merged_is_told_with_the_standing_of_what_stands_for_it(ready: Desk) -> None:
    record_id = first_cited(ready)
    with ready.runtime.transaction() as session:
        old = literature.record(session, record_id, SYSTEM)
        new = held(session, parsed(old.title, year=old.year), kind=old.kind)
        literature_merge.merge(session, ready.owner, new.id, old.id, {}, "One work")
        new_id = new.id
    assert told(ready, ready.author) == []
    becomes(ready, new_id, RecordStatus.RETRACTED)
    assert told(ready, ready.author) == [(new_id, RecordStatus.RETRACTED, True)]


def test_the_number_of_queries_does_not_grow_with_answers_and_records(
    ready: Desk, count_queries: CountQueries
) -> None:
    for _ in range(3):
        another(ready)
    becomes(ready, first_cited(ready), RecordStatus.RETRACTED)
    with ready.runtime.reading() as session, count_queries() as few:
        assert len(doubted_work.in_open_answers(session, ready.author, inquiry_id=ready.inquiry_id)) == 1
    with ready.runtime.reading() as session, count_queries() as many:
        assert len(doubted_work.in_open_answers(session, ready.author)) == 4
    assert len(many) == len(few) <= 5


def test_a_sent_letter_is_listed_when_its_work_is_retracted_after_it_left(ready: Desk) -> None:
    record_id = first_cited(ready)
    send(ready)
    with ready.runtime.reading() as session:
        assert doubted_work.in_sent_letters(session, ready.owner) == ()
    becomes(ready, record_id, RecordStatus.RETRACTED)
    assert told(ready, ready.author) == []
    with ready.runtime.reading() as session:
        (one,) = doubted_work.in_sent_letters(session, ready.owner)
        inquiry = ready.inquiry(session, lock=False)
        assert (one.letter.inquiry_number, one.letter.record.id) == (inquiry.number, record_id)
        assert one.letter.recipient is (inquiry.recipient or inquiry.requester).type
        assert one.letter.sent_at < one.since
        (letter,) = evidence_store.letters_citing(session, ready.owner, [record_id])
        assert letter.sent_at == one.letter.sent_at


def test_a_letter_that_was_not_sent_is_not_listed(ready: Desk) -> None:
    becomes(ready, first_cited(ready), RecordStatus.RETRACTED)
    with ready.runtime.reading() as session:
        assert doubted_work.in_sent_letters(session, ready.owner) == ()


def test_a_correction_of_work_that_a_sent_letter_cites_is_not_listed(ready: Desk) -> None:
    record_id = first_cited(ready)
    send(ready)
    becomes(ready, record_id, RecordStatus.CORRECTED)
    with ready.runtime.reading() as session:
        assert doubted_work.in_sent_letters(session, ready.author) == ()


def test_sent_letters_are_listed_only_for_who_manages_the_library(ready: Desk) -> None:
    with ready.runtime.transaction() as session:
        compliance = factories.actor(session, Role.COMPLIANCE)
    with ready.runtime.reading() as session, pytest.raises(Forbidden):
        doubted_work.in_sent_letters(session, compliance)
