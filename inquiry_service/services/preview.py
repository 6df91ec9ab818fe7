"""The letter as it will look, before and after it is saved, with what the rules find on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.findings import Finding
from inquiry_service.domain.permissions import Permission
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.rendering.letter import letter_body_html
from inquiry_service.services import gate, letters
from inquiry_service.services.access import require
from inquiry_service.services.binding import ensure_bound
from inquiry_service.services.composition import Composition, compose
from inquiry_service.services.drafting import DraftData, draft_input
from inquiry_service.services.snapshot import snapshot_of
from inquiry_service.store import responses as store


@dataclass(frozen=True)
class Preview:
    """A letter on the screen: safe HTML, and the findings on its content."""

    html: str
    findings: tuple[Finding, ...]
    references: tuple[dict[str, Any], ...] = ()


def of_input(session: Session, actor: Actor, inquiry: Inquiry, data: DraftData) -> Preview:
    """Return the letter of a text that is being written; nothing is saved.

    Raises:
        Forbidden: the right is missing; InvalidInput: the text cannot be read, with the line.
    """
    require(actor, Permission.DRAFT_READ)
    composition = compose(session, inquiry, draft_input(session, actor, data))
    return _of(session, composition, inquiry, data.base_version + 1)


def _of(session: Session, composition: Composition, inquiry: Inquiry, version: int) -> Preview:
    snapshot = snapshot_of(session, composition, f"{inquiry.number}-L1")
    context = letters.context_of(snapshot, digest=digest(snapshot), version=version, moment=now())
    return Preview(letter_body_html(context), gate.findings(session, composition), tuple(snapshot["references"]))


def of_version(session: Session, inquiry: Inquiry, version: ResponseVersion) -> Preview:
    """Return a saved version exactly as it was saved, with its signatures and today's findings.

    Raises:
        IntegrityBroken: the stored content or a signature is not what was saved and signed (R74).
    """
    ensure_bound(session, version)
    signatures = store.signatures_of(session, store.SIGNED_VERSION, version.id)
    context = letters.context_of_version(version, signatures, draft=not any(s.is_valid for s in signatures))
    findings = gate.findings_of_version(session, inquiry, version)
    return Preview(letter_body_html(context), findings, tuple(version.snapshot["references"]))
