"""Triggers that keep the audit tables append-only (R82). They are not the proof: the proof is the tree.

* UPDATE and DELETE (and TRUNCATE) are refused outright.
* INSERT must carry the next number, which also stops ``INSERT OR REPLACE``: it silently replaced a row.
* The head may only move forward, and only to the number of entries that are there.

:func:`missing_triggers` is asked at every start and by the readiness check.
"""

from __future__ import annotations

from sqlalchemy import Connection

from inquiry_service.domain.audit_entry import LOG
from inquiry_service.domain.merkle import EMPTY_ROOT
from inquiry_service.models import refusals
from inquiry_service.models.refusals import Refusal

_REFUSED = "the audit log is append-only"
_NEXT = "audit entries must be numbered without a gap"
_FORWARD = "the audit head moves forward only, to the number of entries"
_ONE_HEAD = "an audit log starts once, empty"

_COUNT = "(SELECT COALESCE(MAX(seq) + 1, 0) FROM audit_entry WHERE log = NEW.log)"
_BACKWARD = f"NEW.log <> OLD.log OR NEW.size <= OLD.size OR NEW.size <> {_COUNT}"
_SECOND_HEAD = "NEW.size <> 0 OR EXISTS (SELECT 1 FROM audit_head WHERE log = NEW.log)"

REFUSALS = (
    Refusal("audit_entry_no_update", "audit_entry", "UPDATE", _REFUSED),
    Refusal("audit_entry_no_delete", "audit_entry", "DELETE", _REFUSED),
    Refusal("audit_entry_next_only", "audit_entry", "INSERT", _NEXT, f"NEW.seq <> {_COUNT}"),
    Refusal("audit_head_forward_only", "audit_head", "UPDATE", _FORWARD, _BACKWARD),
    Refusal("audit_head_no_delete", "audit_head", "DELETE", _REFUSED),
    Refusal("audit_head_starts_once", "audit_head", "INSERT", _ONE_HEAD, _SECOND_HEAD),
    # The values may be erased (DELETE), never altered.
    Refusal("audit_personal_no_update", "audit_personal", "UPDATE", _REFUSED),
    Refusal("audit_entry_no_truncate", "audit_entry", "TRUNCATE", _REFUSED),
    Refusal("audit_head_no_truncate", "audit_head", "TRUNCATE", _REFUSED),
)

_EMPTY_HEAD = f"VALUES ('{LOG}', 0, '', '{EMPTY_ROOT.hex()}')"
START_LOG = f"INSERT INTO audit_head (log, size, frontier, root) {_EMPTY_HEAD} ON CONFLICT DO NOTHING"
"""The empty head. Made once, here: a head that is missing later is damage, and must not be made anew."""


def create_statements(dialect: str) -> list[str]:
    """Return the statements that start the log and create every trigger."""
    return [START_LOG, *refusals.create(REFUSALS, dialect)]


def drop_statements(dialect: str) -> list[str]:
    """Return the statements that drop every trigger."""
    return refusals.drop(REFUSALS, dialect)


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that are absent, switched off, or say something else; empty is good."""
    return refusals.missing(REFUSALS, connection)
