"""Triggers that keep a question as it was asked, and an original source as it came (R1, R10).

No service changes ``question.verbatim``; these refuse it to everything else that reaches the tables. A question
is never deleted either: what should not have been asked is withdrawn, and stays.
"""

from __future__ import annotations

from sqlalchemy import Connection

from inquiry_service.models import refusals
from inquiry_service.models.refusals import Refusal

_QUESTION = "a question stays as it was asked; add a correction beside it"
_SOURCE = "an original source stays as it came"

_OTHER_QUESTION = (
    "NEW.verbatim <> OLD.verbatim OR NEW.id <> OLD.id OR NEW.inquiry_id <> OLD.inquiry_id OR NEW.seq <> OLD.seq"
)
_SAME_QUESTION = (
    "EXISTS (SELECT 1 FROM question WHERE id = NEW.id OR (inquiry_id = NEW.inquiry_id AND seq = NEW.seq))"
)

REFUSALS = (
    Refusal("question_verbatim_once", "question", "UPDATE", _QUESTION, _OTHER_QUESTION),
    Refusal("question_no_delete", "question", "DELETE", _QUESTION),
    Refusal("question_no_replace", "question", "INSERT", _QUESTION, _SAME_QUESTION),
    Refusal("question_no_truncate", "question", "TRUNCATE", _QUESTION),
    Refusal("attachment_no_update", "attachment", "UPDATE", _SOURCE),
    Refusal("attachment_no_delete", "attachment", "DELETE", _SOURCE),
    Refusal("attachment_no_replace", "attachment", "INSERT", _SOURCE,
            "EXISTS (SELECT 1 FROM attachment WHERE id = NEW.id)"),
    Refusal("attachment_no_truncate", "attachment", "TRUNCATE", _SOURCE),
)


def create_statements(dialect: str) -> list[str]:
    """Return the statements that create every trigger."""
    return refusals.create(REFUSALS, dialect)


def drop_statements(dialect: str) -> list[str]:
    """Return the statements that drop every trigger."""
    return refusals.drop(REFUSALS, dialect)


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that are absent, switched off, or say something else; empty is good."""
    return refusals.missing(REFUSALS, connection)
