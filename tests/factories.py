"""Rows for tests, made through the services, so that they are audited and valid like real ones.

Every function takes the open session and keywords, and returns the row; nothing is committed. End with
``db.commit(session)`` when another session or the application under test shall see the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.attestation import Attestation
from inquiry_service.domain.label_sections import REQUIRED, name_of
from inquiry_service.domain.vocabulary import Channel, Forum, RequesterType, Role, Urgency
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.people import User
from inquiry_service.models.products import LabelVersion, Product
from inquiry_service.services import accounts, intake, labels
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.attachments import Upload
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.intake import IntakeData, PersonData
from inquiry_service.services.passwords import Passwords
from inquiry_service.services.sign_in import actor_for

PASSWORD = "seven quiet lakes at dusk"  # of accounts that live for one test
CHEAP = Passwords(PasswordHasher(memory_cost=8, time_cost=1, parallelism=1))
NEXT_YEAR = timedelta(days=365)

_numbers = count(1)


def user(
    session: Session, *roles: Role, email: str = "", name: str = "", password: str = PASSWORD,
    trained: bool = True,
) -> User:
    """Make an account that can sign in at once, by default as an MI specialist.

    Args:
        roles: what the person may do.
        email, name: made from the first role and a running number unless given.
        trained: whether the training is valid for another year.
    """
    held = roles or (Role.MI_SPECIALIST,)
    number = next(_numbers)
    row = accounts.create_account(
        session, OPERATOR, email=email or f"{held[0].value}{number}@tests.example",
        printed_name=name or f"{held[0].label} {number}", password=password, roles=held,
        reason="needed in this test", passwords=CHEAP, must_change_password=False,
    )
    row.trained_until = now().date() + (NEXT_YEAR if trained else -NEXT_YEAR)
    session.flush()
    return row


def actor(session: Session, *roles: Role, **account: Any) -> Actor:
    """Make an account and return it as the actor that services take."""
    return actor_for(user(session, *roles, **account))


def product(
    session: Session, *, key: str = "", name: str = "Tryptanol 50 mg", generic_name: str = "tryptanol", own: bool = True
) -> Product:
    """Make a product without a label."""
    return labels.add_product(session, SYSTEM, labels.ProductData(
        key=key or f"product-{next(_numbers)}", name=name, generic_name=generic_name, forms="tablets", own=own))


def label(
    session: Session, of: Product, *, market: str = "US", version: str = "1", effective: date = date(2025, 3, 1),
    texts: dict[str, str] | None = None,
) -> LabelVersion:
    """Make a current label with every required section.

    Args:
        texts: section code to its words, beside or instead of the made-up ones.
    """
    words = {code: f"{name_of(code)} of {of.name}." for code in REQUIRED} | (texts or {})
    sections = [labels.SectionData(code, name_of(code), text) for code, text in words.items()]
    return labels.add_label_version(session, SYSTEM, of, labels.LabelData(
        market=market, language="en-US", version=version, title=f"{of.name} prescribing information",
        authority="FDA", effective_date=effective, sections=sections))


def product_with_label(session: Session, **details: Any) -> Product:
    """Make a product with a current label for the United States."""
    made = product(session, **details)
    label(session, made)
    return made


def person_data(**details: Any) -> PersonData:
    """A physician in the United States with everything that R2 asks for, changed as ``details`` say."""
    known = {
        "type": RequesterType.PHYSICIAN, "country": "US", "title": "Dr", "given_name": "Test",
        "family_name": "Requester", "qualification": "MD", "affiliation": "Example Clinic",
        "address": "1 Example Road\nExampletown", "email": "requester@clinic.example", "phone": "+1 555 0100",
    }
    return PersonData(**(known | details))  # type: ignore[arg-type]


def intake_data(of: Product, *, questions: Sequence[str] = ("Can it be split?",), **details: Any) -> IntakeData:
    """One telephone call an hour ago about ``of``, changed as ``details`` say."""
    known: dict[str, Any] = {
        "channel": Channel.PHONE, "forum": Forum.PRIVATE, "received_at": now() - timedelta(hours=1), "zone": "UTC",
        "product_id": of.id, "market": "US", "language": "en", "requester": person_data(),
        "questions": tuple(questions), "urgency": Urgency.STANDARD,
    }
    return IntakeData(**(known | details))


def inquiry(
    session: Session, by: Actor, of: Product, blobs: BlobStore, *,
    questions: Sequence[str] = ("Can it be split?",), files: Iterable[tuple[str, bytes]] = (), **details: Any,
) -> Inquiry:
    """Record an inquiry as ``by``; a field submitter attests, and nobody has confirmed yet.

    Args:
        files: name and bytes of each source.
        details: any other field of :class:`IntakeData`; a late entry gets its reason by itself.
    """
    uploads = tuple(Upload(name, data) for name, data in files)
    if by.roles & {Role.FIELD_MSL, Role.FIELD_SALES}:
        details.setdefault("attestation", Attestation(now().date(), "Example Clinic, Exampletown", "nobody else"))
        details.setdefault("channel", Channel.REP if Role.FIELD_SALES in by.roles else Channel.MSL)
    details.setdefault("late_reason", "Entered for a test." if "received_at" in details else "")
    return intake.record(session, by, blobs, intake_data(of, questions=questions, uploads=uploads, **details))


def blob_store(directory: Path) -> BlobStore:
    """A store for attachments in the test's own directory (``tmp_path``)."""
    return BlobStore(directory / "blobs")


def at(text: str) -> datetime:
    """A moment in UTC from ``2026-11-20 14:05``."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
