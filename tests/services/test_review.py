"""Review: duties kept apart, the checklist before every signature, depth by risk, nothing half done (R27, R78-R80)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import (
    Action,
    Complexity,
    LabelStatus,
    Lane,
    ReturnReason,
    Role,
    State,
    Topic,
)
from inquiry_service.errors import Forbidden, InvalidInput, Refused, StaleVersion
from inquiry_service.services import preview, review, triage
from inquiry_service.services.review import CHECKLIST, Seen
from inquiry_service.services.triage import ClassificationData
from inquiry_service.store import audit as audit_store
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import answers, factories
from tests.answers import CONFIRMED, Desk


def state(desk: Desk) -> State:
    """Return the state of the inquiry as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def seen(desk: Desk) -> Seen:
    """Return what a page shows now."""
    with desk.runtime.reading() as session:
        version = desk.version(session)
        return Seen(version.id, version.digest)


def codes(desk: Desk, actor: Any, action: Action, answers_given: Any = CONFIRMED) -> set[str]:
    """Return what stands in the way of a signed step; none of it may leave a ticket or a signature behind."""
    with pytest.raises(Refused) as refusal, desk.runtime.transaction() as session:
        review.prepare(session, actor, desk.inquiry(session), action, seen(desk), answers_given)
    return {condition.code for condition in refusal.value.unmet}


@pytest.fixture
def in_review(desk: Desk) -> Desk:
    """An unchanged standard response in review: one approval is enough."""
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    return desk


@pytest.fixture
def edited_in_review(desk: Desk) -> Desk:
    """An edited off-label answer in review: two have to sign."""
    answers.save_edited(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    return desk


def with_review_right(actor: Any) -> Any:
    """The same person, with the reviewer's role beside the own one."""
    return replace(actor, roles=actor.roles | {Role.MEDICAL_REVIEWER})


def test_a_reviewer_approves_and_the_letter_waits_for_its_document(in_review: Desk) -> None:
    answers.sign(in_review, in_review.reviewer, Action.APPROVE)
    assert state(in_review) is State.APPROVED


def test_the_author_cannot_approve_the_own_draft(in_review: Desk) -> None:
    assert codes(in_review, with_review_right(in_review.author), Action.APPROVE) == {"author_signs_own_draft"}
    assert state(in_review) is State.IN_REVIEW


def test_an_earlier_author_cannot_approve_a_version_that_somebody_else_saved_last(desk: Desk) -> None:
    with desk.runtime.transaction() as session:
        other = replace(factories.actor(session, Role.MI_SPECIALIST), session_id=answers.SESSION)
    answers.save(desk)
    answers.save(desk, actor=other, base=1)
    answers.sign(desk, other, Action.SUBMIT)
    assert "author_signs_own_draft" in codes(desk, with_review_right(desk.author), Action.APPROVE)


def test_whoever_submitted_the_question_cannot_approve_its_answer(in_review: Desk) -> None:
    assert codes(in_review, with_review_right(in_review.intake), Action.APPROVE) == {"submitter_reviews"}


def test_only_an_author_signs_authorship(desk: Desk) -> None:
    with desk.runtime.transaction() as session:
        other = factories.actor(session, Role.MI_SPECIALIST)
    answers.save(desk)
    assert codes(desk, other, Action.SUBMIT) == {"not_an_author"}


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REQUEST_SECOND_REVIEW, Action.RETURN])
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MEDICAL_REVIEWER, Role.SYSTEM)])
def test_nobody_but_a_reviewer_decides(in_review: Desk, role: Role, action: Action) -> None:
    with in_review.runtime.transaction() as session:
        other = factories.actor(session, role)
    with pytest.raises(Forbidden), in_review.runtime.transaction() as session:
        review.prepare(session, other, in_review.inquiry(session), action, seen(in_review), CONFIRMED)


@pytest.mark.parametrize("item", CHECKLIST)
def test_one_open_item_of_the_checklist_stops_the_approval(in_review: Desk, item: str) -> None:
    assert codes(in_review, in_review.reviewer, Action.APPROVE, {**CONFIRMED, item: False}) == {"checklist_incomplete"}


def test_items_that_the_checklist_does_not_have_do_not_count(in_review: Desk) -> None:
    made_up = {f"item{number}": True for number in range(len(CHECKLIST))}
    assert codes(in_review, in_review.reviewer, Action.APPROVE, made_up) == {"checklist_incomplete"}


def test_the_answered_checklist_and_the_warnings_stand_in_the_audit(in_review: Desk) -> None:
    answers.sign(in_review, in_review.reviewer, Action.APPROVE, comment="Checked against the abstracts.")
    with in_review.runtime.reading() as session:
        (row,) = audit_store.page(session, AuditFilter(action=Event.REVIEW_APPROVED.value), limit=5)
        (decision,) = store.decisions(session, in_review.inquiry_id)
    changes = row.data["changes"]
    assert changes["checklist"]["new"] == dict.fromkeys(CHECKLIST, True)
    assert changes["digest"]["new"] == seen(in_review).digest
    assert changes["signature"]["new"].startswith("ES-")
    assert "warnings" in changes
    assert decision.comment == "Checked against the abstracts."


def test_an_edited_off_label_answer_needs_a_second_approver_who_is_a_third_person(edited_in_review: Desk) -> None:
    desk = edited_in_review
    assert codes(desk, desk.reviewer, Action.APPROVE) == {"second_review_needed"}
    answers.sign(desk, desk.reviewer, Action.REQUEST_SECOND_REVIEW)
    assert state(desk) is State.SECOND_REVIEW
    assert codes(desk, desk.reviewer, Action.APPROVE) == {"first_reviewer_approves"}
    assert codes(desk, with_review_right(desk.author), Action.APPROVE) == {"author_signs_own_draft"}
    answers.sign(desk, desk.second, Action.APPROVE)
    assert state(desk) is State.APPROVED


def test_an_unchanged_off_label_standard_response_is_not_passed_on(in_review: Desk) -> None:
    assert codes(in_review, in_review.reviewer, Action.REQUEST_SECOND_REVIEW) == {"second_review_not_needed"}


def test_the_second_approval_needs_the_first_signature_to_stand(edited_in_review: Desk) -> None:
    desk = edited_in_review
    answers.sign(desk, desk.reviewer, Action.REQUEST_SECOND_REVIEW)
    with desk.runtime.transaction() as session:
        review.signatures.void_all(session, desk.second, store.SIGNED_VERSION, seen(desk).version_id, "test",
                                   desk.inquiry_id)
    assert "first_review_missing" in codes(desk, desk.second, Action.APPROVE)


def reclassified(desk: Desk, **changes: Any) -> None:
    """Classify the question anew, as triage would."""
    with desk.runtime.transaction() as session:
        inquiry = desk.inquiry(session)
        question = inquiry.questions[0]
        found = question.classification
        assert found is not None
        known: dict[str, Any] = {
            "label_status": found.label_status, "rationale": "Looked at again.", "lane": question.lane,
            "topics": [Topic(topic) for topic in question.topics], "restated": question.restated,
            "off_label_subtype": found.off_label_subtype, "label_version_id": found.label_version_id,
            "reason": review.Reason("reclassified", "A second look.")}
        triage.classify(session, desk.author, inquiry, question, ClassificationData(**(known | changes)))


@pytest.mark.parametrize(("changes", "two"), [
    ({"label_status": LabelStatus.ON_LABEL, "off_label_subtype": None}, False),
    ({"label_status": LabelStatus.INVESTIGATIONAL, "off_label_subtype": None}, True),
    ({"topics": [Topic.COMPARATIVE]}, True),
    ({"lane": Lane.PATIENT}, True),
    ({}, False),
], ids=["on label", "investigational", "comparative", "patient", "off label unchanged"])
def test_the_depth_of_review_follows_the_risk(desk: Desk, changes: dict[str, Any], two: bool) -> None:
    answers.save(desk)
    reclassified(desk, **changes)
    with desk.runtime.reading() as session:
        facts = review.gather(session, desk.inquiry(session, lock=False))
    assert facts.needs_second_review is two


def test_an_unchanged_standard_response_of_level_one_is_released_without_review(desk: Desk) -> None:
    answers.save(desk)
    assert "fast_path_closed" in codes(desk, desk.author, Action.RELEASE)
    with desk.runtime.transaction() as session:
        inquiry = desk.inquiry(session)
        triage.set_level(session, desk.author, inquiry, Complexity.LEVEL_1, inquiry.urgency)
    answers.sign(desk, desk.author, Action.RELEASE)
    assert state(desk) is State.APPROVED


def test_one_changed_word_closes_the_fast_path(desk: Desk) -> None:
    with desk.runtime.transaction() as session:
        inquiry = desk.inquiry(session)
        triage.set_level(session, desk.author, inquiry, Complexity.LEVEL_1, inquiry.urgency)
    answers.save_edited(desk)
    assert codes(desk, desk.author, Action.RELEASE) == {"fast_path_closed"}


def test_a_returned_draft_carries_reason_and_comment_and_its_signatures_are_void(in_review: Desk) -> None:
    answers.give_back(in_review, comment="Give the number of patients.")
    assert state(in_review) is State.RETURNED
    with in_review.runtime.reading() as session:
        (decision,) = store.decisions(session, in_review.inquiry_id)
        assert (decision.reason, decision.comment) == (ReturnReason.INACCURATE, "Give the number of patients.")
        assert not any(row.is_valid for row in store.signatures_of_inquiry(session, in_review.inquiry_id))
        (row,) = audit_store.page(session, AuditFilter(action=Event.REVIEW_RETURNED.value), limit=5)
    assert row.data["reason"] == {"code": "inaccurate", "text": "Give the number of patients."}


@pytest.mark.parametrize(("reason", "comment", "field"), [
    (None, "Something is wrong.", "reason"), (ReturnReason.TONE, "  ", "comment"),
])
def test_a_return_needs_a_reason_and_a_comment(
    in_review: Desk, reason: ReturnReason | None, comment: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal, in_review.runtime.transaction() as session:
        review.give_back(session, in_review.reviewer, in_review.inquiry(session), seen(in_review), reason, comment)
    assert set(refusal.value.fields) == {field}
    assert state(in_review) is State.IN_REVIEW


def test_the_author_cannot_return_the_own_draft(in_review: Desk) -> None:
    with pytest.raises(Refused) as refusal:
        answers.give_back(in_review, actor=with_review_right(in_review.author))
    assert [condition.code for condition in refusal.value.unmet] == ["author_signs_own_draft"]
    assert state(in_review) is State.IN_REVIEW


def test_a_comment_of_a_reviewer_never_enters_the_letter(in_review: Desk) -> None:
    answers.give_back(in_review, comment="Secret remark of the reviewer.")
    answers.save_edited(in_review, base=1)
    with in_review.runtime.reading() as session:
        version = in_review.version(session)
        made = preview.of_version(session, in_review.inquiry(session, lock=False), version).html
    assert "Secret remark" not in str(version.snapshot)
    assert "Secret remark" not in made


@pytest.mark.parametrize("field", ["version_id", "digest"])
def test_a_signature_on_something_else_than_was_on_screen_is_refused(in_review: Desk, field: str) -> None:
    stale = replace(seen(in_review), **{field: "0" * 64})
    with pytest.raises(StaleVersion), in_review.runtime.transaction() as session:
        review.prepare(session, in_review.reviewer, in_review.inquiry(session), Action.APPROVE, stale, CONFIRMED)


def test_a_draft_that_changed_between_dialog_and_signature_is_not_signed(desk: Desk) -> None:
    answers.save(desk)
    shown = seen(desk)
    with desk.runtime.transaction() as session:
        _, ticket = review.prepare(session, desk.author, desk.inquiry(session), Action.SUBMIT, shown, {})
    answers.save_edited(desk, base=1)
    with pytest.raises(StaleVersion), desk.runtime.transaction() as session:
        review.sign_step(session, desk.author, desk.inquiry(session), Action.SUBMIT, shown, {},
                         answers.components(session, desk.author, ticket))
    assert state(desk) is State.DRAFTING


def test_a_step_that_is_not_signed_cannot_be_taken_through_the_sign_dialog(desk: Desk) -> None:
    answers.save(desk)
    with pytest.raises(Refused), desk.runtime.transaction() as session:
        review.prepare(session, desk.author, desk.inquiry(session), Action.WITHDRAW, seen(desk), CONFIRMED)
