"""Recording a contact: word for word, once, with people, times and sources; every objection at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.attestation import TEXT, Attestation
from inquiry_service.domain.vocabulary import Channel, RequesterType, Role, State
from inquiry_service.errors import Forbidden, InvalidInput, NotFound
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.inquiries import Inquiry, Person, Question
from inquiry_service.models.products import Product
from inquiry_service.services import intake, screening
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.intake_data import IntakeData
from tests import factories

NAUGHTY = Path(__file__).parents[1] / "data" / "naughty_strings" / "blns.json"


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return factories.blob_store(tmp_path)


@pytest.fixture
def specialist(session: Session) -> Actor:
    return factories.actor(session, Role.MI_SPECIALIST)


@pytest.fixture
def product(session: Session) -> Product:
    return factories.product_with_label(session)


@pytest.fixture
def call(product: Product) -> IntakeData:
    return factories.intake_data(product)


def refusal(session: Session, actor: Actor, blobs: BlobStore, data: IntakeData) -> dict[str, str]:
    """Return the objections to ``data``; the test fails if there are none."""
    with pytest.raises(InvalidInput) as refused:
        intake.record(session, actor, blobs, data)
    return refused.value.fields


def entries(session: Session) -> list[dict[str, Any]]:
    """Return the audit entries as written, in order."""
    return [json.loads(row) for row in session.scalars(select(AuditEntry.entry).order_by(AuditEntry.seq))]


def test_questions_are_kept_byte_for_byte_whatever_they_hold(
    session: Session, engine: Engine, specialist: Actor, product: Product, blobs: BlobStore
) -> None:
    asked = [entry for entry in json.loads(NAUGHTY.read_text(encoding="utf-8")) if entry.strip()]
    made = factories.inquiry(session, specialist, product, blobs, questions=asked)
    db.commit(session)
    with db.session_factory(engine)() as other:
        kept = other.scalars(
            select(Question.verbatim).where(Question.inquiry_id == made.id).order_by(Question.seq)).all()
    assert [words.encode() for words in kept] == [words.encode() for words in asked]
    assert len(kept) > 480


@pytest.mark.parametrize("words", [
    "two\r\nlines\n and a tab\t", "  spaces at both ends  ", "\u202eright to left", "🩺" * 5])
def test_white_space_and_marks_of_a_question_stay(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore, words: str
) -> None:
    made = factories.inquiry(session, specialist, product, blobs, questions=[words])
    db.commit(session)
    session.expire_all()
    assert made.questions[0].verbatim == words


@pytest.mark.parametrize("words", ["a\x00b", "half \ud83d of a pair"])
def test_what_no_database_can_store_is_refused_in_words(
    session: Session, specialist: Actor, call: IntakeData, blobs: BlobStore, words: str
) -> None:
    assert "cannot be stored" in refusal(session, specialist, blobs, replace(call, questions=(words,)))["questions"]
    person = factories.person_data(family_name=words)
    assert "cannot be stored" in refusal(
        session, specialist, blobs, replace(call, requester=person))["requester.family_name"]


def test_numbers_run_without_a_gap_and_a_refused_attempt_takes_none(
    session: Session, specialist: Actor, product: Product, call: IntakeData, blobs: BlobStore
) -> None:
    first = factories.inquiry(session, specialist, product, blobs)
    refusal(session, specialist, blobs, replace(call, questions=()))
    second = factories.inquiry(session, specialist, product, blobs)
    year = now().year
    assert (first.number, second.number) == (f"MI-{year}-000001", f"MI-{year}-000002")


def test_awareness_and_entry_are_two_times(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore
) -> None:
    heard = now() - timedelta(hours=3)
    made = factories.inquiry(session, specialist, product, blobs, received_at=heard, zone="Europe/Berlin")
    contact = made.interactions[0]
    assert (contact.received_at, contact.received_zone) == (heard, "Europe/Berlin")
    assert now() - contact.entered_at < timedelta(minutes=1)


def test_a_question_from_the_future_is_refused_and_a_fast_clock_is_not(
    session: Session, specialist: Actor, call: IntakeData, blobs: BlobStore
) -> None:
    early = replace(call, received_at=now() + timedelta(minutes=10))
    assert "received_at" in refusal(session, specialist, blobs, early)
    intake.record(session, specialist, blobs, replace(call, received_at=now() + timedelta(minutes=2)))


def test_an_entry_more_than_a_business_day_late_says_why(
    session: Session, specialist: Actor, call: IntakeData, blobs: BlobStore
) -> None:
    old = replace(call, received_at=now() - timedelta(days=8))
    assert "late_reason" in refusal(session, specialist, blobs, old)
    intake.record(session, specialist, blobs, replace(old, late_reason="The fax lay in another department."))
    db.commit(session)
    received = [entry for entry in entries(session) if entry["action"] == "inquiry:received"]
    assert received[0]["reason"] == {"code": "late_entry", "text": "The fax lay in another department."}


def test_all_objections_come_at_once_each_beside_its_field(
    session: Session, specialist: Actor, call: IntakeData, blobs: BlobStore
) -> None:
    wrong = replace(
        call, channel=Channel.FAX, received_at=now() + timedelta(days=1), questions=("", "x" * 20_001), market="XX",
        requester=factories.person_data(country="", email="e" * 201), recipient=factories.person_data(),
        requester_deadline=now() - timedelta(days=9), lot="9" * 201,
    )
    assert set(refusal(session, specialist, blobs, wrong)) == {
        "market", "requester_deadline", "questions", "source", "recipient_reason", "requester.country",
        "requester.email", "lot",
    }


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.MAIL, Channel.FAX])
def test_what_came_in_writing_comes_with_its_original(
    session: Session, specialist: Actor, product: Product, call: IntakeData, blobs: BlobStore, channel: Channel
) -> None:
    assert "source" in refusal(session, specialist, blobs, replace(call, channel=channel))
    made = factories.inquiry(
        session, specialist, product, blobs, channel=channel, files=[("../../mail\u202e.eml", b"From: a\n\nBody")])
    kept = made.interactions[0].attachments[0]
    assert blobs.get(kept.sha256) == b"From: a\n\nBody"
    assert (kept.file_name, kept.media_type, kept.size) == ("mail.eml", "text/plain", 13)


@pytest.mark.parametrize(("name", "data"), [
    ("letter.pdf", b"MZ\x90\x00 program"), ("page.pdf", b""), ("archive.docx", b"PK\x03\x04 not really"),
])
def test_a_file_is_known_by_its_content_and_not_by_its_name(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore, name: str, data: bytes
) -> None:
    with pytest.raises(InvalidInput) as refused:
        factories.inquiry(session, specialist, product, blobs, files=[(name, data)])
    assert "source" in refused.value.fields
    assert session.scalars(select(Inquiry)).first() is None


def test_a_sales_submission_waits_for_the_professionals_own_confirmation(
    session: Session, product: Product, blobs: BlobStore
) -> None:
    sales = factories.actor(session, Role.FIELD_SALES)
    made = factories.inquiry(session, sales, product, blobs)
    assert (made.state, made.submitter_role) == (State.AWAITING_CONFIRMATION, Role.FIELD_SALES)
    agent = factories.actor(session, Role.INTAKE_AGENT)
    screening.record_confirmation(session, agent, made, "Signed form by e-mail on 20 November.")
    assert made.state is State.RECEIVED


def test_a_confirmed_sales_submission_and_one_of_an_msl_do_not_wait(
    session: Session, product: Product, blobs: BlobStore
) -> None:
    confirmed = factories.inquiry(
        session, factories.actor(session, Role.FIELD_SALES), product, blobs, confirmation="Signed form, 20 November.")
    scientific = factories.inquiry(session, factories.actor(session, Role.FIELD_MSL), product, blobs)
    assert (confirmed.state, scientific.state) == (State.RECEIVED, State.RECEIVED)
    assert confirmed.confirmation_received_at is not None


def test_a_field_submitter_attests_and_the_words_shown_are_kept(
    session: Session, product: Product, call: IntakeData, blobs: BlobStore
) -> None:
    msl = factories.actor(session, Role.FIELD_MSL)
    assert "attestation" in refusal(session, msl, blobs, call)
    day = now().date()
    assert "place" in refusal(session, msl, blobs, replace(call, attestation=Attestation(day, " ", "")))
    made = factories.inquiry(session, msl, product, blobs, attestation=Attestation(day, "Congress hall 3", "a nurse"))
    kept = made.interactions[0].attestation
    assert kept is not None
    assert (kept["text"], kept["accepted_by"], kept["asked_on"]) == (TEXT, msl.user_id, day.isoformat())


@pytest.mark.parametrize("role", sorted(set(Role) - {
    Role.FIELD_MSL, Role.FIELD_SALES, Role.INTAKE_AGENT, Role.MI_SPECIALIST, Role.SYSTEM}))
def test_who_has_no_right_to_record_is_refused(
    session: Session, call: IntakeData, blobs: BlobStore, role: Role
) -> None:
    with pytest.raises(Forbidden):
        intake.record(session, factories.actor(session, role), blobs, call)


def test_the_submitting_role_is_one_that_carries_the_right(
    session: Session, product: Product, blobs: BlobStore
) -> None:
    both = factories.actor(session, Role.CONTENT_OWNER, Role.MI_SPECIALIST)
    assert factories.inquiry(session, both, product, blobs).submitter_role is Role.MI_SPECIALIST


@pytest.mark.parametrize("part", ["requester", "recipient"])
def test_a_field_colleague_can_neither_ask_nor_get_the_answer(
    session: Session, specialist: Actor, call: IntakeData, blobs: BlobStore, part: str
) -> None:
    factories.user(session, Role.FIELD_SALES, email="rep@company.example")
    person = factories.person_data(email=" Rep@Company.example")
    wrong = replace(call, recipient_reason="asked for it", **{part: person})
    assert "field colleague" in refusal(session, specialist, blobs, wrong)[f"{part}.email"]


def test_requester_submitter_and_recipient_are_three_people(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore
) -> None:
    other = factories.person_data(type=RequesterType.PHARMACIST, family_name="Recipient")
    made = factories.inquiry(
        session, specialist, product, blobs, recipient=other, recipient_reason="Answer for the ward pharmacist.")
    assert made.recipient is not None
    assert len({made.requester_id, made.recipient_id, made.submitter_id}) == 3
    assert session.scalars(select(Person.family_name).order_by(Person.family_name)).all() == ["Recipient", "Requester"]


def test_an_unknown_product_is_not_found(
    session: Session, specialist: Actor, call: IntakeData, blobs: BlobStore
) -> None:
    with pytest.raises(NotFound):
        intake.record(session, specialist, blobs, replace(call, product_id="none"))


def test_recording_leaves_an_entry_for_everything_that_was_made(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore
) -> None:
    factories.inquiry(session, specialist, product, blobs, questions=["One?", "Two?"], files=[("note.txt", b"note")])
    db.commit(session)
    made = [entry["action"] for entry in entries(session)][-5:]
    assert made == [
        "person:added", "inquiry:received", "question:recorded", "question:recorded", "attachment:stored"]
    assert "Requester" not in json.dumps(entries(session))


def test_a_follow_up_points_at_its_parent(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore
) -> None:
    first = factories.inquiry(session, specialist, product, blobs)
    second = factories.inquiry(session, specialist, product, blobs, parent_id=first.id)
    assert second.parent_id == first.id


def test_the_due_date_follows_from_awareness_and_not_from_entry(
    session: Session, specialist: Actor, product: Product, blobs: BlobStore
) -> None:
    heard = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
    made = factories.inquiry(session, specialist, product, blobs, received_at=heard)
    assert made.due_at == datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
