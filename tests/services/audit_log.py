"""A small audit log for tests: entries of many shapes, and an intruder who has the database file."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from inquiry_service.db import SessionFactory, session_factory, transaction
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import ObjectRef, Personal, Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import Role, State
from inquiry_service.models.audit_triggers import create_statements, drop_statements
from inquiry_service.services import audit
from inquiry_service.services.audit_verify import VerifyReport, verify

SPECIALIST = Actor("u-mi", "MI specialist 1", frozenset({Role.MI_SPECIALIST}), "s-1")
REVIEWER = Actor("u-rev", "Reviewer 1", frozenset({Role.MEDICAL_REVIEWER, Role.CONTENT_OWNER}), "s-2")
ACTORS = (SPECIALIST, REVIEWER, SYSTEM)
EVENTS = (Event.INQUIRY_RECEIVED, Event.DRAFT_SAVED, Event.SIGNATURE_GIVEN, Event.QUESTION_CLASSIFIED)


def inquiry(number: int) -> ObjectRef:
    """Return a reference to the inquiry with this number."""
    return ObjectRef("inquiry", f"i{number}", 1, f"MI-2026-{number:06}", f"i{number}")


def record_one(session: Session, number: int = 1, **more: Any) -> None:
    """Record one plain event about inquiry ``number``."""
    audit.record(session, SPECIALIST, Event.INQUIRY_RECEIVED, inquiry(number), **more)


def fill(factory: SessionFactory, entries: int, seed: int = 1) -> None:
    """Write ``entries`` entries of varied shape in transactions of one to four."""
    dice = random.Random(seed)
    left = entries
    while left:
        batch = min(left, dice.randint(1, 4))
        with transaction(factory) as session:
            session.info["request_id"] = f"r{left}"
            for _ in range(batch):
                _varied(session, dice)
        left -= batch


def _varied(session: Session, dice: random.Random) -> None:
    number = dice.randint(1, 5)
    obj = inquiry(number) if dice.random() < 0.5 else ObjectRef("question", f"q{number}", label="question 1")
    changes: dict[str, tuple[Any, Any]] = {"state": (State.RECEIVED, dice.choice(list(State)))}
    if dice.random() < 0.4:
        changes["email"] = (None, Personal("ann@example.org", f"p{number}"))
    reason = Reason("other", dice.choice(["=1+1", "naïve “text”", "two\nlines", ""])) if dice.random() < 0.5 else None
    audit.record(session, dice.choice(ACTORS), dice.choice(EVENTS), obj, changes=changes, reason=reason)


def check(engine: Engine) -> VerifyReport:
    """Verify the log of ``engine`` in a session of its own."""
    with session_factory(engine)() as session:
        return verify(session)


def disarm(engine: Engine) -> None:
    """Drop every trigger, as somebody with the owner's rights could."""
    with engine.begin() as connection:
        for statement in drop_statements(engine.dialect.name):
            connection.execute(text(statement))


def arm(engine: Engine) -> None:
    """Put the triggers back."""
    with engine.begin() as connection:
        for statement in create_statements(engine.dialect.name):
            connection.execute(text(statement))


def scalar(engine: Engine, query: str, **values: Any) -> Any:
    """Return one value by raw SQL."""
    with engine.connect() as connection:
        return connection.execute(text(query), values).scalar_one()
