"""Letters: the archived bytes, reading back before sending, what became of it, signatures in full."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import DeliveryState, Role, State
from inquiry_service.services import handover, labels
from inquiry_service.services.mail import Handover, Outcome
from inquiry_service.store import audit as audit_store
from inquiry_service.store import products
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.answers import Desk
from tests.web.browser import Browser
from tests.web.desk_app import browsers, enter, form_of


@pytest.fixture
def author(ready: Desk) -> Iterator[Browser]:
    """The browser of the MI specialist; letters leave by a mail server."""
    with browsers(ready, smtp_url="smtp://127.0.0.1:1") as browser:
        yield enter(browser, ready.author)


def state(desk: Desk) -> State:
    """Return the state as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def document_id(desk: Desk) -> str:
    """Return the archived document."""
    with desk.runtime.reading() as session:
        return store.documents(session, desk.inquiry_id)[-1].id


def test_the_pdf_is_handed_out_as_archived_with_a_safe_name_and_an_audit_entry(author: Browser, ready: Desk) -> None:
    with ready.runtime.reading() as session:
        row = store.documents(session, ready.inquiry_id)[-1]
    response = author.get("letters.pdf", document_id=row.id)
    assert hashlib.sha256(response.data).hexdigest() == row.sha256
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{row.number}.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    download = author.get("letters.pdf", document_id=row.id, download=1)
    assert download.headers["Content-Disposition"].startswith("attachment")
    with ready.runtime.reading() as session:
        entries = audit_store.page(session, AuditFilter(action=Event.DOCUMENT_DOWNLOADED.value), limit=5)
    assert [entry.data["actor"]["id"] for entry in entries] == [ready.author.user_id] * 2


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR, Role.SAFETY_CONTACT])
def test_the_pdf_is_not_for_who_may_not_read_letters(author: Browser, ready: Desk, role: Role) -> None:
    with ready.runtime.transaction() as session:
        other = factories.actor(session, role)
    enter(author, other).get("letters.pdf", document_id=document_id(ready), expect=403)


def test_a_tampered_document_is_not_handed_out(author: Browser, ready: Desk) -> None:
    with ready.runtime.reading() as session:
        sha256 = store.documents(session, ready.inquiry_id)[-1].sha256
    file = ready.runtime.config.blobs_dir / sha256[:2] / sha256
    file.chmod(0o600)
    file.write_bytes(b"%PDF-1.7 something else")
    author.get("letters.pdf", document_id=document_id(ready), expect=500)


def test_everything_is_read_back_before_a_letter_leaves(author: Browser, ready: Desk) -> None:
    page = author.get("letters.confirm", inquiry_id=ready.inquiry_id).text
    with ready.runtime.reading() as session:
        row = store.documents(session, ready.inquiry_id)[-1]
    for words in ("Dr Test Requester, MD", "requester@clinic.example", "E-mail, from questions@firm.example",
                  row.number, row.sha256, "prescribing information", f"<dd>{row.pages}</dd>"):
        assert words in page
    assert state(ready) is State.READY


def test_a_confirmed_letter_is_released_once(author: Browser, ready: Desk) -> None:
    page = author.get("letters.confirm", inquiry_id=ready.inquiry_id).text
    sent = form_of_confirmation(page)
    author.post("letters.send", sent, inquiry_id=ready.inquiry_id)
    assert state(ready) is State.SENDING
    author.post("letters.send", sent, expect=409, inquiry_id=ready.inquiry_id)
    with ready.runtime.reading() as session:
        assert len(store.deliveries(session, ready.inquiry_id)) == 1


def form_of_confirmation(page: str) -> dict[str, str]:
    """Return the hidden value that names the document which was read back."""
    return {"sha256": page.partition('name="sha256" value="')[2].partition('"')[0]}


@pytest.mark.parametrize("sent", [{}, {"sha256": ""}, {"sha256": "0" * 64}])
def test_without_the_very_document_that_was_shown_nothing_is_sent(
    author: Browser, ready: Desk, sent: dict[str, str]
) -> None:
    author.post("letters.send", sent, inquiry_id=ready.inquiry_id)
    assert state(ready) is State.READY
    assert "not the document that you were shown" in author.get("letters.confirm", inquiry_id=ready.inquiry_id).text


def test_a_label_that_changed_sends_the_letter_back_to_review_instead_of_out(author: Browser, ready: Desk) -> None:
    sent = form_of_confirmation(author.get("letters.confirm", inquiry_id=ready.inquiry_id).text)
    with ready.runtime.transaction() as session:
        found = products.current_label(session, ready.inquiry(session).product_id, "US")
        assert found is not None
        labels.retire(session, ready.owner, found.id, "Withdrawn")
    assert "was retired" in author.get("letters.confirm", inquiry_id=ready.inquiry_id).text
    author.post("letters.send", sent, inquiry_id=ready.inquiry_id)
    assert state(ready) is State.IN_REVIEW
    page = author.get("letters.show", inquiry_id=ready.inquiry_id).text
    assert "Nothing was sent." in page
    assert "Void: A source changed after signing" in page


class Saying:
    """A way out that always answers the same."""

    def __init__(self, outcome: Handover) -> None:
        self.outcome = outcome

    def deliver(self, *_args: object) -> Outcome:
        """Answer."""
        return Outcome(self.outcome, "the words of the server")


def handed_over(author: Browser, ready: Desk, outcome: Handover) -> str:
    """Send the letter through the pages and let the hand-over end like this; return the delivery."""
    sent = form_of_confirmation(author.get("letters.confirm", inquiry_id=ready.inquiry_id).text)
    author.post("letters.send", sent, inquiry_id=ready.inquiry_id)
    with ready.runtime.reading() as session:
        delivery_id = store.deliveries(session, ready.inquiry_id)[-1].id
    handover.hand_over(ready.runtime.sessions, ready.runtime.blobs, Saying(outcome), delivery_id, "q@firm.example")
    return delivery_id


def test_a_failed_letter_is_prepared_again_with_a_reason(author: Browser, ready: Desk) -> None:
    handed_over(author, ready, Handover.REFUSED)
    page = author.get("letters.show", inquiry_id=ready.inquiry_id).text
    assert "the words of the server" in page
    page = author.post("letters.prepare_again", form_of(page, "/again") | {"words": "Called the clinic."},
                       expect=422, inquiry_id=ready.inquiry_id).text
    assert "Called the clinic." in page
    author.post("letters.prepare_again", {"reason": "address_corrected", "words": "Called the clinic."},
                inquiry_id=ready.inquiry_id)
    assert state(ready) is State.READY


@pytest.mark.parametrize(("arrived", "expected"), [("yes", DeliveryState.SENT), ("no", DeliveryState.FAILED)])
def test_a_letter_in_doubt_asks_a_person_and_takes_the_answer(
    author: Browser, ready: Desk, arrived: str, expected: DeliveryState
) -> None:
    delivery_id = handed_over(author, ready, Handover.UNKNOWN)
    assert "Did the letter arrive?" in author.get("letters.show", inquiry_id=ready.inquiry_id).text
    author.post("letters.resolve", {"arrived": arrived, "words": ""}, expect=422, inquiry_id=ready.inquiry_id,
                delivery_id=delivery_id)
    author.post("letters.resolve", {"arrived": arrived, "words": "Asked by telephone."}, inquiry_id=ready.inquiry_id,
                delivery_id=delivery_id)
    with ready.runtime.reading() as session:
        assert store.deliveries(session, ready.inquiry_id)[-1].state is expected


def test_a_delivery_of_another_inquiry_is_not_found(author: Browser, ready: Desk) -> None:
    author.post("letters.resolve", {"arrived": "yes", "words": "x"}, expect=404, inquiry_id=ready.inquiry_id,
                delivery_id="00000000-0000-7000-8000-000000000000")


def test_a_letter_that_came_back_is_recorded_as_failed(author: Browser, ready: Desk) -> None:
    handed_over(author, ready, Handover.ACCEPTED)
    author.post("letters.report_bounce", {"words": " "}, expect=422, inquiry_id=ready.inquiry_id)
    author.post("letters.report_bounce", {"words": "Mailbox is full."}, inquiry_id=ready.inquiry_id)
    assert state(ready) is State.DELIVERY_FAILED


def test_a_signature_is_shown_in_full_and_proven_and_a_moved_one_is_called_so(author: Browser, ready: Desk) -> None:
    with ready.runtime.reading() as session:
        given = store.signatures_of_inquiry(session, ready.inquiry_id)[-1]
    page = author.get("letters.signature", signature_id=given.id).text
    for words in (given.printed_name, "Medical approval", "user id and password", given.digest, "UTC", given.number,
                  "Valid, and proven against the stored content just now"):
        assert words in page
    with ready.runtime.transaction() as session:
        store.signature(session, ready.author, given.id).digest = "f" * 64
        factories.user(session)
    page = author.get("letters.signature", signature_id=given.id).text
    assert "The content that is stored is not what was signed." in page


def test_without_a_mail_server_the_page_says_what_to_configure(ready: Desk) -> None:
    with browsers(ready) as browser:
        page = enter(browser, ready.author).get("letters.confirm", inquiry_id=ready.inquiry_id).text
    assert "EVENHAND_SMTP_URL" in page
    assert "Send to this one person" not in page


def test_a_page_that_waits_for_the_worker_is_told_when_to_load_itself_anew(author: Browser, ready: Desk) -> None:
    author.get("letters.progress", inquiry_id=ready.inquiry_id, state="ready", expect=204)
    moved = author.get("letters.progress", inquiry_id=ready.inquiry_id, state="approved")
    assert moved.headers["HX-Refresh"] == "true"
