"""A change after signing stops the letter and sends it back to review, its signatures void (R55, R64, R69, R89)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import DeliveryMethod, DeliveryState, RecordStatus, State
from inquiry_service.errors import Refused
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import (
    content,
    delivery,
    handover,
    labels,
    literature_full_text,
    literature_merge,
    literature_versions,
    staleness,
)
from inquiry_service.services.mail import FileOutbox
from inquiry_service.store import audit as audit_store
from inquiry_service.store import content as content_store
from inquiry_service.store import literature, products
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.answers import Desk
from tests.services.library import held, parsed

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


def cited(desk: Desk, session: Session) -> LiteratureRecord:
    """Return the record of the first reference."""
    return literature.record(session, desk.version(session).snapshot["references"][0]["record_id"], SYSTEM)


def rewritten(desk: Desk, changes: Mapping[str, Any]) -> None:
    """Give the first reference's record a new version with these values."""
    with desk.runtime.transaction() as session:
        literature_versions.add(session, cited(desk, session), changes)
        factories.user(session)


def reference_retracted(desk: Desk) -> None:
    """Mark the first reference as retracted."""
    rewritten(desk, {"status": RecordStatus.RETRACTED})


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


UNTOLD = {
    "a product tag": {"products": ["another-product"]}, "funding": {"funding": "A foundation"},
    "limits": {"limits": "Open label"}, "populations": {"populations": ["women"]},
    "MeSH headings": {"mesh": ["Migraine Disorders"]}, "an abstract": {"abstract": "Now with an abstract."},
    "a language": {"language": "ger"}, "nothing at all": {},
}
"""New versions of a cited record that print and stand as before."""
TOLD = {
    "title": {"title": "Another title"}, "year": {"year": 1901}, "DOI": {"doi": "10.1000/another"},
    "authors": {"authors": [{"family": "Other", "initials": "O"}]},
    "journal": {"journal": "Other Journal", "journal_abbrev": "Other J"},
    "now marked “Corrected”": {"status": RecordStatus.CORRECTED},
    "now known to be a notice": {"is_notice": True},
}
"""New versions of a cited record that print or stand otherwise, and what the reason says of them."""


@pytest.mark.parametrize("changes", UNTOLD.values(), ids=UNTOLD)
def test_a_new_version_of_a_cited_record_that_prints_and_stands_as_before_leaves_the_letter_signed(
    ready: Desk, changes: dict[str, Any]
) -> None:
    rewritten(ready, changes)
    with ready.runtime.reading() as reading:
        assert staleness.sweep(ready.runtime.sessions, reading) == 0
    assert state(ready) is State.READY
    with ready.runtime.reading() as session:
        assert any(s.is_valid for s in store.signatures_of_inquiry(session, ready.inquiry_id))


@pytest.mark.parametrize(("words", "changes"), TOLD.items(), ids=TOLD)
def test_a_cited_record_that_prints_or_stands_otherwise_sends_the_letter_back_and_the_reason_names_what_changed(
    ready: Desk, words: str, changes: dict[str, Any]
) -> None:
    rewritten(ready, changes)
    with ready.runtime.reading() as reading:
        assert staleness.sweep(ready.runtime.sessions, reading) == 1
    with ready.runtime.reading() as session:
        (entry,) = audit_store.page(session, AuditFilter(action=Event.REVIEW_BOUNCED.value), limit=5)
        assert not any(s.is_valid for s in store.signatures_of_inquiry(session, ready.inquiry_id))
        assert cited(ready, session).citation_key in entry.data["reason"]["text"]
    assert words in entry.data["reason"]["text"]


def test_a_file_with_the_full_text_of_a_cited_record_leaves_the_letter_signed(ready: Desk) -> None:
    with ready.runtime.transaction() as session:
        row = literature_full_text.attach(
            session, ready.owner, ready.runtime.blobs, cited(ready, session).id, "paper.txt", b"The whole paper.")
        file_id = row.id
    literature_full_text.extract(ready.runtime.sessions, ready.runtime.blobs, file_id)
    with ready.runtime.reading() as reading:
        assert staleness.sweep(ready.runtime.sessions, reading) == 0


@pytest.mark.parametrize(("title", "bounced"), [("", 0), ("Otherwise titled", 1)], ids=["the same", "otherwise"])
def test_a_cited_record_that_was_merged_is_judged_by_what_the_one_that_stands_for_it_prints(
    ready: Desk, title: str, bounced: int
) -> None:
    with ready.runtime.transaction() as session:
        old = cited(ready, session)
        content = {name: getattr(old, name) for name in ("abstract", "volume", "issue", "pages", "year", "journal",
                                                         "journal_abbrev")}
        new = held(session, parsed(title or old.title, **content), authors=old.authors, kind=old.kind)
        literature_merge.merge(session, ready.owner, new.id, old.id, {}, "One work")
        key = new.citation_key
    with ready.runtime.reading() as reading:
        assert staleness.sweep(ready.runtime.sessions, reading) == bounced
    if bounced:
        with ready.runtime.reading() as session:
            (entry,) = audit_store.page(session, AuditFilter(action=Event.REVIEW_BOUNCED.value), limit=5)
        assert f"was merged into {key}, which prints otherwise (title)" in entry.data["reason"]["text"]


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
