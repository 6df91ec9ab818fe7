"""The path with a protection missing stops, with the right reason, before anything is signed (R34, R52-R55, R64)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.errors import Refused
from inquiry_service.services import content, labels, review
from inquiry_service.services.review import Seen
from inquiry_service.store import content as content_store
from tests import answers, factories
from tests.answers import CONFIRMED, Desk


def state(desk: Desk) -> State:
    """Return the state of the inquiry as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def codes(desk: Desk, actor: Actor, action: Action) -> set[str]:
    """Return what stands in the way of a signed step."""
    with desk.runtime.reading() as session:
        version = desk.version(session)
        seen = Seen(version.id, version.digest)
    with pytest.raises(Refused) as refusal, desk.runtime.transaction() as session:
        review.prepare(session, actor, desk.inquiry(session), action, seen, CONFIRMED)
    return {condition.code for condition in refusal.value.unmet}


@pytest.fixture
def in_review(desk: Desk) -> Desk:
    """An unchanged standard response in review."""
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    return desk


def without_screen(desk: Desk) -> None:
    """Take the safety decision of the only contact away, by hand."""
    with desk.runtime.transaction() as session:
        desk.inquiry(session).interactions[0].screened_at = None
        factories.user(session)


def with_retired_label(desk: Desk) -> None:
    """Retire the label without a successor."""
    with desk.runtime.transaction() as session:
        labels.retire(session, desk.owner, desk.version(session).label_version_id, "Withdrawn by the authority")


def with_suspended_template(desk: Desk) -> None:
    """Suspend the standard response."""
    with desk.runtime.transaction() as session:
        content.suspend(session, desk.owner, desk.version(session).content_version_id, "A study was retracted")


def with_expired_template(desk: Desk) -> None:
    """Let the standard response expire yesterday."""
    with desk.runtime.transaction() as session:
        row = desk.version(session).content_version
        row.expires = now().date()
        factories.user(session)


def with_altered_locked_part(desk: Desk) -> None:
    """Take the text behind the closing out of use: the letter has no closing any more."""
    with desk.runtime.transaction() as session:
        closing = content_store.block(session, "closing-hcp")
        assert closing is not None
        content.retire(session, desk.owner, closing.id, "Replaced")


@pytest.mark.parametrize(("missing", "code"), [
    (without_screen, "adverse_event_screen_missing"),
    (with_retired_label, "label_not_current"),
    (with_suspended_template, "template_not_effective"),
    (with_expired_template, "template_expired"),
    (with_altered_locked_part, "part_missing"),
], ids=["no adverse event decision", "retired label", "suspended template", "expired template", "missing locked block"])
def test_a_protection_that_is_missing_stops_submission_and_approval_with_its_reason(
    desk: Desk, missing: Callable[[Desk], None], code: str
) -> None:
    answers.save(desk)
    missing(desk)
    assert code in codes(desk, desk.author, Action.SUBMIT)
    assert state(desk) is State.DRAFTING


@pytest.mark.parametrize(("missing", "code"), [
    (without_screen, "adverse_event_screen_missing"), (with_retired_label, "label_not_current"),
    (with_expired_template, "template_expired"), (with_altered_locked_part, "part_missing"),
])
def test_a_protection_that_goes_missing_in_review_stops_the_approval(
    in_review: Desk, missing: Callable[[Desk], None], code: str
) -> None:
    missing(in_review)
    assert code in codes(in_review, in_review.reviewer, Action.APPROVE)


def test_without_the_section_on_contrary_evidence_nothing_is_submitted(desk: Desk) -> None:
    with desk.runtime.reading() as session:
        source = answers.edited(session)
    answers.save(desk, source=source.partition("## Conflicting")[0])
    assert "contrary_evidence_missing" in codes(desk, desk.author, Action.SUBMIT)


def test_with_every_protection_in_place_the_same_draft_is_submitted(desk: Desk) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    assert state(desk) is State.IN_REVIEW
