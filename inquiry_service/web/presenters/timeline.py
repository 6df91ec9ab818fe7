"""What happened to an inquiry, in sentences: a view of the audit log for people, not the log itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import describe
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ReasonCode, ReturnReason
from inquiry_service.store.audit import AuditRow

_ICONS = {
    "inquiry": "inbox", "contact": "phone", "solicitation": "hand-stop", "question": "message",
    "attachment": "paperclip", "safety_case": "alert-triangle", "complaint": "package", "person": "user",
    "search": "search", "evidence": "scale", "draft": "pencil", "review": "clipboard-check",
    "response": "file-text", "signature": "writing-sign", "document": "file-certificate", "delivery": "send",
    "correction": "refresh",
}
_TONES = {
    "safety_case:opened": "bad", "complaint:opened": "wait", "inquiry:held": "wait", "review:returned": "wait",
    "delivery:failed": "bad", "delivery:sent": "done", "review:approved": "done", "inquiry:closed": "done",
    "safety_case:acknowledged": "done", "complaint:acknowledged": "done", "signature:voided": "wait",
}
_ABOUT_DRAFTS = frozenset({"draft", "review", "response", "signature", "evidence", "search", "document"})
"""What reviewers and authors wrote here is for those who may read drafts (R24, R80)."""


@dataclass(frozen=True)
class Happening:
    """One line of the timeline, as the ``timeline`` macro takes it."""

    seq: int
    iso: str
    time: str
    title: str
    text: str
    icon: str
    tone: str
    who: str = ""
    href: str = ""


def happenings(rows: Sequence[AuditRow], viewer: Actor) -> tuple[Happening, ...]:
    """Return the lines of the timeline in the order given."""
    return tuple(_happening(row, viewer) for row in rows)


def _happening(row: AuditRow, viewer: Actor) -> Happening:
    entry = row.data
    subject = entry["action"].partition(":")[0]
    may_read = subject not in _ABOUT_DRAFTS or viewer.may(Permission.DRAFT_READ)
    at = entry["at"]
    return Happening(
        seq=row.seq, iso=at, time=f"{at[:10]} {at[11:16]} UTC", title=describe(entry),
        text=reason_words(entry["reason"]) if may_read else "",
        icon=_ICONS.get(subject, "point"), tone=_TONES.get(entry["action"], ""),
    )


def reason_words(reason: dict[str, Any]) -> str:
    """Return a coded reason with the person's own words, e.g. ``Question was solicited: the booth card says so``."""
    code, text = reason["code"], reason["text"]
    label = next((terms(code).label for terms in (ReasonCode, ReturnReason) if code in set(terms)), code)
    return ": ".join(part for part in (label, text) if part)
