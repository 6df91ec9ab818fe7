"""The letter of an inquiry as plain data: documents, deliveries, what is read back before one leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain.signing import short
from inquiry_service.domain.vocabulary import Action, DeliveryMethod, DeliveryState, Role
from inquiry_service.domain.workflow import Option
from inquiry_service.services.mail import Handover
from inquiry_service.web.presenters.reasons import Reason, reasons

_TONES = {DeliveryState.SENT: "ok", DeliveryState.FAILED: "bad", DeliveryState.UNCONFIRMED: "warn"}
_OUTCOMES = {
    Handover.ACCEPTED.value: "taken by the other side", Handover.REFUSED.value: "refused for good",
    Handover.NOT_HANDED_OVER.value: "not taken, to be tried again", Handover.UNKNOWN.value: "no answer, nobody knows",
    "": "no answer yet",
}
_KIB = 1024


@dataclass(frozen=True)
class DocumentCard:
    """One archived PDF."""

    id: str
    number: str
    version: int
    version_id: str
    facts: tuple[tuple[str, Any], ...]
    newest: bool


@dataclass(frozen=True)
class DeliveryCard:
    """One delivery with its attempts; ``in_doubt``: a person has to say what became of it."""

    id: str
    state: str
    tone: str
    method: str
    requested: Any
    by: str
    finished: Any
    attempts: tuple[str, ...]
    in_doubt: bool


@dataclass(frozen=True)
class Gateway:
    """The steps that are open to the viewer on this letter, each with its reasons; None: not the viewer's."""

    send: tuple[Reason, ...] | None
    again: tuple[Reason, ...] | None
    bounced: tuple[Reason, ...] | None


def document_cards(documents: Sequence[Any]) -> tuple[DocumentCard, ...]:
    """Return the archived documents, the newest first."""
    last = documents[-1].id if documents else ""
    return tuple(_document(row, row.id == last) for row in reversed(documents))


def _document(row: Any, newest: bool) -> DocumentCard:
    return DocumentCard(row.id, row.number, row.version.version, row.version.id, (
        ("Version", row.version.version), ("Rendered", f"{row.rendered_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Pages", row.pages), ("Size", f"{row.size / _KIB:,.0f} KiB"), ("SHA-256", row.sha256),
        ("Content", short(row.content_digest)), ("Made with", row.renderer),
    ), newest)


def delivery_cards(deliveries: Sequence[Any]) -> tuple[DeliveryCard, ...]:
    """Return the deliveries, the newest first."""
    return tuple(
        DeliveryCard(
            row.id, row.state.label, _TONES.get(row.state, "info"), row.method.label, row.requested_at,
            row.requested_by, row.finished_at,
            tuple(_attempt(place, attempt) for place, attempt in enumerate(row.attempts, start=1)),
            row.state is DeliveryState.UNCONFIRMED)
        for row in reversed(deliveries)
    )


def _attempt(place: int, attempt: Any) -> str:
    words = f"{place}. {attempt.started_at:%Y-%m-%d %H:%M:%S} UTC: {_OUTCOMES[attempt.outcome]}"
    return f"{words}. {attempt.reply}" if attempt.reply else words


def gateway(options: Sequence[Option], inquiry_id: str) -> Gateway:
    """Return the viewer's steps on the letter."""
    own = {option.transition.action: reasons(option.unmet, inquiry_id) for option in options}
    return Gateway(own.get(Action.SEND), own.get(Action.PREPARE_AGAIN), own.get(Action.REPORT_BOUNCE))


def read_back(inquiry: Any, document: Any, method: DeliveryMethod, sender: str) -> list[tuple[str, Any]]:
    """Return what a person confirms before the letter leaves: to whom, where, how, what exactly (R88, R89)."""
    person, snapshot = inquiry.recipient or inquiry.requester, document.version.snapshot
    return [
        ("To", "; ".join(snapshot["recipient"]["lines"])), ("Address", person.email),
        ("Why not the requester", inquiry.recipient_reason),
        ("How", f"{method.label}, from {sender}"),
        ("Letter", f"{document.number}, version {document.version.version}"),
        ("Title", snapshot["title"]), ("Pages", document.pages),
        ("Enclosures", "; ".join(_enclosure(entry) for entry in snapshot["enclosures"]) or "none"),
        ("SHA-256", document.sha256),
    ]


def _enclosure(entry: Mapping[str, Any]) -> str:
    return f"{entry['title']}, version {entry['version']}, {entry['dated']}"


def manifest(signature: Any, words: str, sound: bool) -> list[tuple[str, Any]]:
    """Return a signature in full, as 21 CFR 11.50 asks for it; ``sound``: it was proven against the content now."""
    return [
        ("Shown as", words), ("Printed name", signature.printed_name), ("Title", signature.title),
        ("Role then", ", ".join(Role(name).label for name in signature.role.split(", ") if name)),
        ("Meaning", signature.meaning.label),
        ("Signed", f"{signature.signed_at:%Y-%m-%d %H:%M:%S} {signature.zone}"),
        ("Components", signature.components), ("Signature", signature.number),
        ("On", f"version {signature.object_version}"), ("Content SHA-256", signature.digest),
        ("Comment", signature.comment),
        ("Standing", f"Void: {signature.voided_reason}, {signature.voided_at:%Y-%m-%d %H:%M} UTC"
                     if signature.voided_at else
                     "Valid, and proven against the stored content just now" if sound else
                     "The stored content is not what was signed"),
    ]
