"""What happens to an answer when its inquiry changes after it was saved or signed (R16, R26, R74, R79, R89)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config import Config
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.vocabulary import Action, Channel, LabelStatus, ReasonCode, Role, Topic
from inquiry_service.errors import Refused
from inquiry_service.services import facts, requesters, signatures, triage
from inquiry_service.services.triage import ClassificationData
from inquiry_service.services.workflow import option
from inquiry_service.store import responses as store
from tests import answers, factories
from tests.answers import Desk


@pytest.fixture
def desk(config: Config, database_url: str) -> Iterator[Desk]:
    assert config.database_url == database_url
    made = answers.open_desk(config)
    yield made
    made.runtime.close()


def reclassify(desk: Desk, status: LabelStatus) -> None:
    with desk.runtime.transaction() as session:
        inquiry = desk.inquiry(session)
        question = inquiry.questions[0]
        known = question.classification
        assert known is not None
        assert question.lane is not None
        triage.classify(session, desk.author, inquiry, question, ClassificationData(
            status, known.rationale, question.lane, [Topic.EFFICACY], question.restated,
            known.off_label_subtype, known.label_version_id,
            Reason(ReasonCode.RECLASSIFIED.value, "Looked again.")))


def changes(desk: Desk) -> list[str]:
    with desk.runtime.reading() as session:
        return [change.code for change in facts.gather(session, desk.inquiry(session, lock=False)).source_changes]


def test_a_question_that_is_reclassified_after_saving_stops_approval_until_the_draft_is_saved_again(
    desk: Desk,
) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    assert changes(desk) == []
    reclassify(desk, LabelStatus.OFF_LABEL)
    assert changes(desk) == ["classification_changed"]
    with pytest.raises(Refused) as refusal:
        answers.sign(desk, desk.reviewer, Action.APPROVE)
    assert "classification_changed" in [condition.code for condition in refusal.value.unmet]


def test_another_name_of_the_requester_after_saving_is_a_change_and_another_address_is_not(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.transaction() as session:
        moved = factories.person_data(email="new@clinic.example")
        requesters.complete(session, desk.author, desk.inquiry(session), moved)
    assert changes(desk) == []
    with desk.runtime.transaction() as session:
        requesters.complete(session, desk.author, desk.inquiry(session), factories.person_data(family_name="Other"))
    assert changes(desk) == ["recipient_changed"]


def test_a_field_persons_address_stops_sending_whoever_it_belongs_to(desk: Desk) -> None:
    answers.approved(desk)
    with desk.runtime.transaction() as session:
        sales = factories.user(session, Role.FIELD_SALES)
        desk.inquiry(session).requester.email = sales.email
        triage.log_contact_attempt(session, desk.author, desk.inquiry(session), Channel.PHONE, "audited")
    with desk.runtime.reading() as session:
        known = facts.gather(session, desk.inquiry(session, lock=False))
    assert known.recipient_in_field


def test_without_a_standing_first_review_there_is_no_second_approval(desk: Desk) -> None:
    answers.save_edited(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    answers.sign(desk, desk.reviewer, Action.REQUEST_SECOND_REVIEW)
    with desk.runtime.transaction() as session:
        version = desk.version(session)
        signatures.void_all(session, desk.owner, store.SIGNED_VERSION, version.id, "for this test", desk.inquiry_id)
    with desk.runtime.reading() as session:
        step = option(session, desk.second, desk.inquiry(session, lock=False), Action.APPROVE)
    assert "first_review_missing" in [condition.code for condition in step.unmet]
    with pytest.raises(Refused):
        answers.sign(desk, desk.second, Action.APPROVE)
