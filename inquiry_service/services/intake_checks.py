"""What must hold before a contact is recorded: every objection at once, each beside its field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.countries import COUNTRIES
from inquiry_service.domain.permissions import FIELD_ROLES, Permission
from inquiry_service.domain.vocabulary import Channel
from inquiry_service.errors import InvalidInput
from inquiry_service.services import attachments
from inquiry_service.services.calendar import is_late_entry
from inquiry_service.services.intake_data import IntakeData, PersonData
from inquiry_service.store import people

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks of callers and servers differ; a moment that lies this little ahead is now."""
WRITTEN_CHANNELS = frozenset({Channel.EMAIL, Channel.MAIL, Channel.FAX})
LONGEST_QUESTION = 20_000
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
_LINES = ("zone", "place", "others_present", "lot")
_TEXTS = ("background", "sources_consulted", "late_reason", "recipient_reason", "confirmation")
_PERSON_TEXTS = frozenset({"address", "details_refused_reason"})
_UNSTORABLE = "It holds a character that cannot be stored (U+0000 or half of a pair); remove it."

Objection = tuple[str, str]
"""Name of a field of :class:`IntakeData` (``requester.email`` inside a person) and what is wrong with it."""


@dataclass(frozen=True)
class Circumstances:
    """Who records, and when."""

    session: Session
    actor: Actor
    moment: datetime


def check(session: Session, actor: Actor, data: IntakeData, moment: datetime) -> None:
    """Let the contact pass, or refuse it with every objection.

    Raises:
        InvalidInput: ``fields`` holds one message per field.
    """
    around = Circumstances(session, actor, moment)
    found: dict[str, str] = {}
    for rule in (_times, _questions, _sources, _attested, _people, _plain_texts):
        for name, message in rule(around, data):
            found.setdefault(name, message)
    if found:
        raise InvalidInput("The inquiry was not saved. Nothing you typed is lost.", fields=found)


def _times(around: Circumstances, data: IntakeData) -> Iterator[Objection]:
    """Awareness comes before entry; a late entry says why; a deadline lies ahead of the question (R9, R103)."""
    if data.market not in COUNTRIES:
        yield "market", "Choose the market."
    elif data.received_at > around.moment + CLOCK_TOLERANCE:
        yield "received_at", "The question cannot have come in after now; check date, time and time zone."
    elif is_late_entry(data.received_at, around.moment, data.market) and not data.late_reason.strip():
        yield "late_reason", "More than one business day passed since the question came in: say why."
    if data.requester_deadline is not None and data.requester_deadline <= data.received_at:
        yield "requester_deadline", "The deadline lies before the question came in; check the date."


def _questions(_: Circumstances, data: IntakeData) -> Iterator[Objection]:
    """At least one question, each of them with words, none of them a whole document (R1, R8)."""
    if not any(text.strip() for text in data.questions):
        yield "questions", "Write down at least one question, word for word."
    for number, text in enumerate(data.questions, start=1):
        if not text.strip():
            yield "questions", f"Question {number} is empty; fill it in or remove it."
        if len(text) > LONGEST_QUESTION:
            yield "questions", f"Question {number} is longer than {LONGEST_QUESTION} characters; attach the source."
        if not storable(text):
            yield "questions", f"Question {number}: {_UNSTORABLE}"


def _sources(_: Circumstances, data: IntakeData) -> Iterator[Objection]:
    """What came in writing is kept as it came (R10)."""
    if data.channel in WRITTEN_CHANNELS and not data.uploads:
        yield "source", f"Attach the original {data.channel.label.lower()} as it came."
    for upload in data.uploads:
        try:
            attachments.media_type(upload)
        except InvalidInput as refusal:
            yield "source", refusal.message


def _attested(around: Circumstances, data: IntakeData) -> Iterator[Objection]:
    """A field submitter attests, with the circumstances (R4)."""
    if around.actor.may(Permission.INQUIRY_RECORD):
        return
    if data.attestation is None:
        yield "attestation", "Confirm that the question was unprompted."
    elif not data.attestation.place.strip():
        yield "place", "Say where or by which channel you were asked."


def _people(around: Circumstances, data: IntakeData) -> Iterator[Objection]:
    """Another recipient needs a reason, and a field person is never the one who gets the answer (R3, R26)."""
    if data.recipient is not None and not data.recipient_reason.strip():
        yield "recipient_reason", "Say why the answer goes to somebody other than the requester."
    for role, person in (("requester", data.requester), ("recipient", data.recipient)):
        if person is None:
            continue
        if person.country not in COUNTRIES:
            yield f"{role}.country", "Choose the country."
        if _is_in_the_field(around.session, person.email):
            yield f"{role}.email", (
                "This is the address of a field colleague; the answer goes from Medical to the requester only.")
        yield from _person_texts(role, person)


def _is_in_the_field(session: Session, email: str) -> bool:
    account = people.by_email(session, email) if email.strip() else None
    return account is not None and bool(account.roles & FIELD_ROLES)


def _person_texts(role: str, person: PersonData) -> Iterator[Objection]:
    for field in fields(person):
        value = str(getattr(person, field.name))
        limit = LONGEST_TEXT if field.name in _PERSON_TEXTS else LONGEST_LINE
        yield from _text(f"{role}.{field.name}", value, limit)


def _plain_texts(_: Circumstances, data: IntakeData) -> Iterator[Objection]:
    """What does not fit into its column is refused here, on every database alike."""
    for name in _LINES:
        yield from _text(name, getattr(data, name), LONGEST_LINE)
    for name in _TEXTS:
        yield from _text(name, getattr(data, name), LONGEST_TEXT)
    if data.attestation is not None:
        yield from _text("place", data.attestation.place, LONGEST_LINE)
        yield from _text("others_present", data.attestation.others_present, LONGEST_LINE)


def _text(name: str, value: str, limit: int) -> Sequence[Objection]:
    if len(value) > limit:
        return [(name, f"Shorten this to {limit} characters.")]
    return [] if storable(value) else [(name, _UNSTORABLE)]


def storable(text: str) -> bool:
    """Say whether ``text`` can be stored exactly: PostgreSQL takes no U+0000, UTF-8 no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
