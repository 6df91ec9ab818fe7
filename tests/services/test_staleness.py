"""A change after signing stops the letter and sends it back to review, its signatures void (R55, R64, R69, R89)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from inquiry_service.clock import now
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import DeliveryMethod, DeliveryState, RecordStatus, State
from inquiry_service.errors import Refused
from inquiry_service.services import content, delivery, handover, labels, staleness
from inquiry_service.services.mail import FileOutbox
from inquiry_service.store import audit as audit_store
from inquiry_service.store import content as content_store
from inquiry_service.store import literature, products
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.answers import Desk

SENDER = "questions@firm.example"


def release(desk: Desk) -> str:
    """Release the letter as the author; return the delivery."""
    with desk.runtime.transaction() as session:
        return delivery.send(session, desk.author, desk.inquiry(session), DeliveryMethod.FILE, SENDER).id


def state(desk: Desk) -> State:
    """Return the state of the inquiry as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def label_replaced(desk: Desk) -> None:
    """Bring in a newer label."""
    with desk.runtime.transaction() as session:
        old = desk.version(session).label
        labels.add_label_version(session, desk.owner, old.product, labels.LabelData(
            market="US", language="en-US", version="2026-11", title=old.title, authority=old.authority,
            effective_date=date(2026, 11, 1),
            sections=[labels.SectionData(part.code, part.title, part.text) for part in old.sections]))


def label_retired(desk: Desk) -> None:
    """Retire the label without a successor."""
    with desk.runtime.transaction() as session:
        found = products.current_label(session, desk.inquiry(session).product_id, "US")
        assert found is not None
        labels.retire(session, desk.owner, found.id, "Withdrawn")


def template_suspended(desk: Desk) -> None:
    """Suspend the standard response."""
    with desk.runtime.transaction() as session:
        content.suspend(session, desk.owner, desk.version(session).content_version_id, "A study was retracted")


def template_expired(desk: Desk) -> None:
    """Let the standard response expire."""
    with desk.runtime.transaction() as session:
        desk.version(session).content_version.expires = now().date() - timedelta(days=1)
        factories.user(session)


def closing_retired(desk: Desk) -> None:
    """Take the text behind a locked part out of use."""
    with desk.runtime.transaction() as session:
        block = content_store.block(session, "closing-hcp")
        assert block is not None
        content.retire(session, desk.owner, block.id, "Replaced")


def reference_retracted(desk: Desk) -> None:
    """Mark the first reference as retracted."""
    with desk.runtime.transaction() as session:
        entry = desk.version(session).snapshot["references"][0]
        literature.record(session, entry["record_id"]).status = RecordStatus.RETRACTED
        factories.user(session)


def recipient_renamed(desk: Desk) -> None:
    """Correct the name to which the letter is addressed."""
    with desk.runtime.transaction() as session:
        desk.inquiry(session).requester.family_name = "Somebody"
        factories.user(session)


CHANGES = {
    "a newer label": (label_replaced, "label_changed"),
    "a retired label": (label_retired, "label_retired"),
    "a suspended template": (template_suspended, "content_not_effective"),
    "an expired template": (template_expired, "content_not_effective"),
    "a withdrawn locked text": (closing_retired, "locked_content_changed"),
    "a retracted reference": (reference_retracted, "reference_changed"),
    "another recipient": (recipient_renamed, "recipient_changed"),
}


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES)
def test_a_change_after_signing_stops_the_letter_and_sends_it_back_to_review_with_void_signatures(
    ready: Desk, change: Callable[[Desk], None], code: str
) -> None:
    change(ready)
    with pytest.raises(Refused) as refusal:
        release(ready)
    assert code in {condition.code for condition in refusal.value.unmet}
    with ready.runtime.reading() as reading:
        assert staleness.sweep(ready.runtime.sessions, reading) == 1
    assert state(ready) is State.IN_REVIEW
    with ready.runtime.reading() as session:
        assert not any(s.is_valid for s in store.signatures_of_inquiry(session, ready.inquiry_id))
        (entry,) = audit_store.page(session, AuditFilter(action=Event.REVIEW_BOUNCED.value), limit=5)
    assert code in entry.data["changes"]["sources"]["new"]
    assert entry.data["reason"]["code"] == "source_changed"


def test_nothing_goes_back_to_review_while_nothing_changed(ready: Desk) -> None:
    with ready.runtime.reading() as reading:
        assert staleness.sweep(ready.runtime.sessions, reading) == 0
    with ready.runtime.transaction() as session:
        assert staleness.bounce_if_stale(session, ready.inquiry(session)) == ()
    assert state(ready) is State.READY


def test_a_label_that_changes_between_release_and_sending_still_stops_the_letter(ready: Desk) -> None:
    delivery_id = release(ready)
    label_replaced(ready)
    folder = ready.runtime.config.mail_outbox_dir
    handover.hand_over(ready.runtime.sessions, ready.runtime.blobs, FileOutbox(folder), delivery_id, SENDER)
    assert not folder.exists()
    with ready.runtime.reading() as session:
        assert store.deliveries(session, ready.inquiry_id)[-1].state is DeliveryState.FAILED
    assert state(ready) is State.DELIVERY_FAILED


def test_a_document_that_was_changed_on_the_disk_is_not_sent(ready: Desk) -> None:
    delivery_id = release(ready)
    with ready.runtime.reading() as session:
        sha256 = store.deliveries(session, ready.inquiry_id)[-1].document.sha256
    file = ready.runtime.config.blobs_dir / sha256[:2] / sha256
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b"%")
    folder = ready.runtime.config.mail_outbox_dir
    handover.hand_over(ready.runtime.sessions, ready.runtime.blobs, FileOutbox(folder), delivery_id, SENDER)
    assert not folder.exists()
    assert state(ready) is State.DELIVERY_FAILED
