"""A retraction that became known is seen at each moment that matters: kept, cited, approved, sent (R69).

Each test has the notice lie in the library without having been held against the cited record, as after a record got
its identifier late; the same notice on another work changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.vocabulary import (
    Action,
    DeliveryMethod,
    DeliveryState,
    EvidenceVerdict,
    RecordStatus,
    Stance,
    State,
)
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.literature_holdings import ListedNotice
from inquiry_service.services import delivery, evidence, gate, handover
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.mail import FileOutbox
from inquiry_service.store import literature
from inquiry_service.store import responses as store
from tests import answers, factories
from tests.answers import Desk

SENDER = "questions@firm.example"
OTHER_WORK = "39999999"


def cited(session: Session, desk: Desk) -> LiteratureRecord:
    """The first record that the standard response cites."""
    key = citations_in(answers.draft_data(session, desk).source)[0]
    return literature.by_citation(session, [key])[key]


def a_notice_becomes_known(desk: Desk, *, of_another_work: bool = False) -> None:
    with desk.runtime.transaction() as session:
        row = cited(session, desk)
        session.add(ListedNotice(
            list_name="Test list", list_sha256="00", entry="1", status=RecordStatus.RETRACTED, nature="Retraction",
            pmid=OTHER_WORK if of_another_work else row.pmid, title=row.title, reasons="", added_at=now()))
        factories.user(session)


def keep(desk: Desk) -> None:
    with desk.runtime.transaction() as session:
        row = cited(session, desk)
        evidence.decide(session, desk.author, desk.inquiry(session), row.id,
                        DecisionData(EvidenceVerdict.KEPT, Stance.SUPPORTS))


def release(desk: Desk) -> str:
    with desk.runtime.transaction() as session:
        return delivery.send(session, desk.author, desk.inquiry(session), DeliveryMethod.FILE, SENDER).id


def rules_found(desk: Desk) -> set[str]:
    with desk.runtime.reading() as session:
        found = gate.findings_of_version(session, desk.inquiry(session, lock=False), desk.version(session))
    return {finding.rule for finding in found}


def test_a_record_that_is_kept_as_evidence_is_looked_at_first(desk: Desk) -> None:
    a_notice_becomes_known(desk)
    with pytest.raises(InvalidInput) as refusal:
        keep(desk)
    assert refusal.value.fields == {"verdict": "A retracted work cannot be kept as evidence; reject it as retracted."}


def test_a_draft_that_is_saved_has_its_references_looked_at_and_its_author_sees_what_became_known(desk: Desk) -> None:
    a_notice_becomes_known(desk)
    answers.save(desk)
    with desk.runtime.reading() as session:
        row = cited(session, desk)
        assert (row.status, row.status_checked_at is not None) == (RecordStatus.RETRACTED, True)
        assert "Retracted" in desk.version(session).snapshot["references"][0]["marks"]
    assert "retracted_work_cited" in rules_found(desk)


def test_an_approval_is_refused(desk: Desk) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    a_notice_becomes_known(desk)
    with pytest.raises(Refused) as refusal:
        answers.sign(desk, desk.reviewer, Action.APPROVE)
    assert "retracted_work_cited" in {condition.code for condition in refusal.value.unmet}


def test_a_letter_that_is_ready_is_not_released(ready: Desk) -> None:
    a_notice_becomes_known(ready)
    with pytest.raises(Refused) as refusal:
        release(ready)
    assert "reference_changed" in {condition.code for condition in refusal.value.unmet}


def test_a_letter_that_was_released_does_not_leave(ready: Desk) -> None:
    delivery_id = release(ready)
    a_notice_becomes_known(ready)
    folder = ready.runtime.config.mail_outbox_dir
    handover.hand_over(ready.runtime.sessions, ready.runtime.blobs, FileOutbox(folder), delivery_id, SENDER)
    assert not folder.exists()
    with ready.runtime.reading() as session:
        assert store.deliveries(session, ready.inquiry_id)[-1].state is DeliveryState.FAILED
        assert cited(session, ready).status is RecordStatus.RETRACTED


def saved(desk: Desk) -> None:
    answers.save(desk)
    assert "retracted_work_cited" not in rules_found(desk)


def approved(desk: Desk) -> None:
    answers.approved(desk)
    with desk.runtime.reading() as session:
        assert desk.inquiry(session, lock=False).state is State.APPROVED


@pytest.mark.parametrize("step", [keep, saved, approved])
def test_a_notice_of_another_work_stops_no_draft(desk: Desk, step: Callable[[Desk], None]) -> None:
    a_notice_becomes_known(desk, of_another_work=True)
    step(desk)
    with desk.runtime.reading() as session:
        assert cited(session, desk).status is RecordStatus.CURRENT


def test_a_notice_of_another_work_stops_no_letter(ready: Desk) -> None:
    a_notice_becomes_known(ready, of_another_work=True)
    delivery_id = release(ready)
    folder = ready.runtime.config.mail_outbox_dir
    handover.hand_over(ready.runtime.sessions, ready.runtime.blobs, FileOutbox(folder), delivery_id, SENDER)
    assert len(list(folder.iterdir())) == 1
