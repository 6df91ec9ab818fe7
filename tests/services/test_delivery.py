"""Sending: one document to one named person, never lost, never twice without a person (R26, R55, R88, R89, P58)."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy

import pytest

from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import (
    DeliveryMethod,
    DeliveryState,
    JobState,
    ReasonCode,
    Role,
    State,
)
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.jobs.handlers import PUT_ASIDE
from inquiry_service.models.documents import Delivery
from inquiry_service.services import delivery, handover, jobs, mail, outbox
from inquiry_service.services.handover import NotHandedOver
from inquiry_service.services.mail import FileOutbox, SmtpServer, Transport
from inquiry_service.store import audit as audit_store
from inquiry_service.store import jobs as jobs_store
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.answers import Desk
from tests.services.mail_server import Mailbox, serving

SENDER = "questions@firm.example"


def release(desk: Desk, method: DeliveryMethod = DeliveryMethod.EMAIL) -> str:
    """Release the letter as the author; return the delivery."""
    with desk.runtime.transaction() as session:
        return delivery.send(session, desk.author, desk.inquiry(session), method, SENDER).id


def hand_over(desk: Desk, transport: Transport, delivery_id: str) -> None:
    """Do what the worker does with the job."""
    handover.hand_over(desk.runtime.sessions, desk.runtime.blobs, transport, delivery_id, SENDER)


def row(desk: Desk) -> Delivery:
    """Return the newest delivery as stored."""
    with desk.runtime.reading() as session:
        return store.deliveries(session, desk.inquiry_id)[-1]


def state(desk: Desk) -> State:
    """Return the state of the inquiry as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def count(desk: Desk, event: Event) -> int:
    """Return how many audit entries of one kind there are."""
    with desk.runtime.reading() as session:
        return len(audit_store.page(session, AuditFilter(action=event.value), limit=50))


@contextmanager
def mailbox(**behaviour: object) -> Iterator[tuple[Mailbox, SmtpServer]]:
    """A mail server and the transport that leads to it."""
    box = Mailbox(**behaviour)  # type: ignore[arg-type]
    with serving(box) as url:
        yield box, SmtpServer(url)


def test_an_accepted_letter_is_sent_once_with_exactly_the_archived_document(ready: Desk) -> None:
    with mailbox() as (box, transport):
        hand_over(ready, transport, release(ready))
    (body,) = box.taken
    message = email.message_from_bytes(body, policy=policy.default)
    (attachment,) = list(message.iter_attachments())
    document = row(ready).document
    assert attachment.get_content() == ready.runtime.blobs.get(document.sha256)
    assert attachment.get_filename() == f"{document.number}.pdf"
    assert box.recipients == ["requester@clinic.example"]
    assert "requester@clinic.example" in str(message["To"])
    assert message["Message-ID"] == row(ready).message_id
    assert "migraine" not in str(message["Subject"]) + message.get_body().get_content()  # type: ignore[union-attr]
    assert (row(ready).state, state(ready)) == (DeliveryState.SENT, State.SENT)
    assert row(ready).attempts[-1].reply.startswith("250")


def test_a_second_run_of_the_same_job_sends_nothing_more(ready: Desk) -> None:
    with mailbox() as (box, transport):
        delivery_id = release(ready)
        hand_over(ready, transport, delivery_id)
        hand_over(ready, transport, delivery_id)
    assert len(box.taken) == 1


def test_a_server_that_asks_for_patience_is_tried_again_with_the_same_bytes(ready: Desk) -> None:
    delivery_id = release(ready)
    with mailbox(recipient_replies=["450 4.2.1 come again later"]) as (box, transport):
        with pytest.raises(NotHandedOver, match="come again later"):
            hand_over(ready, transport, delivery_id)
        first = row(ready).message_sha256
        assert (row(ready).state, state(ready)) == (DeliveryState.QUEUED, State.SENDING)
        hand_over(ready, transport, delivery_id)
    assert len(box.taken) == 1
    assert row(ready).message_sha256 == first
    assert [attempt.outcome for attempt in row(ready).attempts] == ["not_handed_over", "accepted"]
    assert state(ready) is State.SENT


def test_a_temporary_refusal_after_the_body_is_tried_again(ready: Desk) -> None:
    with mailbox(data_reply="451 4.3.0 disk is full") as (_, transport), pytest.raises(NotHandedOver):
        hand_over(ready, transport, release(ready))
    assert row(ready).state is DeliveryState.QUEUED


@pytest.mark.parametrize("behaviour", [
    {"recipient_replies": ["550 5.1.1 no such person here"]}, {"data_reply": "554 5.7.1 not wanted"},
], ids=["at RCPT", "after the body"])
def test_a_final_refusal_fails_the_delivery_and_waits_for_a_person(ready: Desk, behaviour: dict[str, object]) -> None:
    with mailbox(**behaviour) as (_, transport):
        hand_over(ready, transport, release(ready))
    assert (row(ready).state, state(ready)) == (DeliveryState.FAILED, State.DELIVERY_FAILED)
    assert row(ready).attempts[-1].reply.startswith("55")


def test_a_connection_cut_after_the_body_leaves_the_letter_in_doubt_and_no_machine_sends_it_again(ready: Desk) -> None:
    delivery_id = release(ready)
    with mailbox(hang_up=True) as (box, transport):
        hand_over(ready, transport, delivery_id)
        assert (row(ready).state, state(ready)) == (DeliveryState.UNCONFIRMED, State.SENDING)
        for _ in range(3):
            hand_over(ready, transport, delivery_id)
    assert len(box.taken) == 1


def test_a_server_that_cannot_be_reached_is_tried_again(ready: Desk) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(NotHandedOver):
            hand_over(ready, SmtpServer(url), release(ready))
    assert row(ready).state is DeliveryState.QUEUED


class CrashingTransport:
    """Takes the worker down in the middle of the hand-over."""

    def deliver(self, *_args: object) -> mail.Outcome:
        """Die."""
        raise SystemExit("killed")


def test_a_worker_that_dies_while_sending_leaves_the_letter_in_doubt(ready: Desk) -> None:
    delivery_id = release(ready)
    with pytest.raises(SystemExit):
        hand_over(ready, CrashingTransport(), delivery_id)
    assert row(ready).state is DeliveryState.SENDING
    with mailbox() as (box, transport):
        hand_over(ready, transport, delivery_id)
    assert box.taken == []
    assert (row(ready).state, state(ready)) == (DeliveryState.UNCONFIRMED, State.SENDING)


def test_without_that_rule_the_same_letter_would_go_out_a_second_time(ready: Desk) -> None:
    delivery_id = release(ready)
    with pytest.raises(SystemExit):
        hand_over(ready, CrashingTransport(), delivery_id)
    with ready.runtime.transaction() as session:
        # Files may be written twice, so the rule does not hold for them: what it prevents becomes visible.
        store.delivery(session, delivery_id).method = DeliveryMethod.FILE
        factories.user(session)
    with mailbox() as (box, transport):
        hand_over(ready, transport, delivery_id)
    assert len(box.taken) == 1


def test_the_file_outbox_keeps_one_file_however_often_it_is_asked(ready: Desk) -> None:
    folder = ready.runtime.config.mail_outbox_dir
    delivery_id = release(ready, DeliveryMethod.FILE)
    with pytest.raises(SystemExit):
        hand_over(ready, CrashingTransport(), delivery_id)
    hand_over(ready, FileOutbox(folder), delivery_id)
    hand_over(ready, FileOutbox(folder), delivery_id)
    (file,) = folder.iterdir()
    assert file.suffix == ".eml"
    assert (row(ready).state, state(ready)) == (DeliveryState.SENT, State.SENT)


@pytest.mark.parametrize(("arrived", "expected"), [(True, State.SENT), (False, State.DELIVERY_FAILED)])
def test_a_person_decides_on_a_letter_in_doubt_and_says_how_they_know(
    ready: Desk, arrived: bool, expected: State
) -> None:
    delivery_id = release(ready)
    with mailbox(hang_up=True) as (_, transport):
        hand_over(ready, transport, delivery_id)
    with pytest.raises(InvalidInput), ready.runtime.transaction() as session:
        delivery.resolve(session, ready.author, delivery_id, arrived=arrived, words=" ")
    with ready.runtime.transaction() as session:
        delivery.resolve(session, ready.author, delivery_id, arrived=arrived, words="Asked by telephone.")
    assert state(ready) is expected
    assert count(ready, Event.DELIVERY_RESOLVED) == 1
    with pytest.raises(Refused), ready.runtime.transaction() as session:
        delivery.resolve(session, ready.author, delivery_id, arrived=True, words="Once more.")


def test_an_answer_that_comes_after_a_person_decided_changes_nothing(ready: Desk) -> None:
    delivery_id = release(ready)

    class Slow:
        """Hands the letter over while a person already decides on it."""

        def deliver(self, *_args: object) -> mail.Outcome:
            """Answer late."""
            handover.hand_over(ready.runtime.sessions, ready.runtime.blobs, CrashingTransport(), delivery_id, SENDER)
            with ready.runtime.transaction() as session:
                delivery.resolve(session, ready.author, delivery_id, arrived=False, words="Not there.")
            return mail.Outcome(mail.Handover.ACCEPTED, "250 late")

    hand_over(ready, Slow(), delivery_id)
    assert (row(ready).state, state(ready)) == (DeliveryState.FAILED, State.DELIVERY_FAILED)
    assert count(ready, Event.DELIVERY_ANSWERED_LATE) == 1


def failed(desk: Desk) -> None:
    """Let the delivery fail for good."""
    with mailbox(recipient_replies=["550 no"]) as (_, transport):
        hand_over(desk, transport, release(desk))


def test_a_failed_letter_is_prepared_again_by_a_person_with_a_reason_and_then_sent(ready: Desk) -> None:
    failed(ready)
    with pytest.raises(InvalidInput), ready.runtime.transaction() as session:
        delivery.prepare_again(session, ready.author, ready.inquiry(session), None, "Address corrected.")
    with ready.runtime.transaction() as session:
        delivery.prepare_again(session, ready.author, ready.inquiry(session), ReasonCode.ADDRESS_CORRECTED, "By phone.")
    assert state(ready) is State.READY
    with mailbox() as (box, transport):
        hand_over(ready, transport, release(ready))
    assert (len(box.taken), state(ready)) == (1, State.SENT)


def test_a_letter_that_came_back_counts_as_failed(ready: Desk) -> None:
    with mailbox() as (_, transport):
        hand_over(ready, transport, release(ready))
    with ready.runtime.transaction() as session:
        delivery.report_bounce(session, ready.author, ready.inquiry(session), "Mailbox is full")
    assert (row(ready).state, state(ready)) == (DeliveryState.FAILED, State.DELIVERY_FAILED)
    with ready.runtime.reading() as session:
        assert ready.inquiry(session, lock=False).sent_at is None


def test_a_job_that_is_given_up_fails_the_delivery_so_that_a_person_can_act(
    ready: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = release(ready)
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", 1)
    with ready.runtime.transaction() as session:
        held = jobs.claim(session)
        assert held is not None
        assert held.kind == outbox.SEND_LETTER
        assert jobs.fail(session, held, "The mail server did not take the letter")
        PUT_ASIDE[held.kind](session, held.payload, "The mail server did not take the letter")
    assert (row(ready).id, row(ready).state) == (delivery_id, DeliveryState.FAILED)
    assert state(ready) is State.DELIVERY_FAILED
    with ready.runtime.reading() as session:
        assert len(jobs_store.in_state(session, JobState.DEAD)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MI_SPECIALIST, Role.SYSTEM)])
def test_nobody_but_an_mi_specialist_sends(ready: Desk, role: Role) -> None:
    with ready.runtime.transaction() as session:
        other = factories.actor(session, role)
    with pytest.raises(Forbidden), ready.runtime.transaction() as session:
        delivery.send(session, other, ready.inquiry(session), DeliveryMethod.EMAIL, SENDER)
    assert state(ready) is State.READY


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL])
def test_the_address_of_a_field_account_never_receives_a_letter(ready: Desk, role: Role) -> None:
    with ready.runtime.transaction() as session:
        factories.user(session, role, email="field@firm.example")
        ready.inquiry(session).requester.email = "Field@Firm.example"
    with pytest.raises(Refused) as refusal:
        release(ready)
    assert "recipient_in_field" in {condition.code for condition in refusal.value.unmet}
    assert state(ready) is State.READY


def test_a_delivery_that_does_not_exist_is_not_found(ready: Desk) -> None:
    with pytest.raises(NotFound), ready.runtime.transaction() as session:
        delivery.resolve(session, ready.author, "no-such-delivery", arrived=True, words="x")
