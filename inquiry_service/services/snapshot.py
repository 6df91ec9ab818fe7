"""The canonical content of an answer: exactly what a signature is put on and a letter is printed from (R74)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.draft import Block
from inquiry_service.domain.permissions import FIELD_ROLES
from inquiry_service.domain.vocabulary import Lane
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.inquiries import Inquiry, Person
from inquiry_service.models.products import LabelVersion
from inquiry_service.services.composition import Composition, name_of
from inquiry_service.services.field_values import by_channel
from inquiry_service.services.installation import letterhead
from inquiry_service.services.people_words import address_lines, salutation
from inquiry_service.services.search_report import data_cutoff

FORMAT = 1
_WITH_LABEL = (Lane.HCP, Lane.PAYER, Lane.PATIENT)


def snapshot_of(session: Session, composition: Composition, number: str) -> dict[str, Any]:
    """Return the content of an answer as plain, canonical data.

    Args:
        composition: the answer in all its parts. number: of the letter, e.g. ``MI-2026-000123-L1``.
    """
    inquiry = composition.inquiry
    cutoff = data_cutoff(session, inquiry)
    return {
        "format": FORMAT, "letter": number, "inquiry": inquiry.number, "title": composition.given.title,
        "type": composition.type.value, "lane": composition.lane.value, "market": inquiry.market,
        "language": inquiry.language,
        "questions": [{"number": q.seq, "restated": q.restated, "verbatim": q.verbatim} for q in inquiry.questions],
        "requested": _requested(inquiry),
        "recipient": _recipient(inquiry.recipient or inquiry.requester),
        "organisation": letterhead(session, inquiry.market),
        "status": composition.status, "safety": composition.safety, "search": composition.search,
        "blocks": [_block(block) for block in composition.blocks],
        "references": composition.references,
        "content": _content(composition.given.content),
        "locked_content": [_content(block) for block in composition.locked_content],
        "standard_responses": _standard_responses(composition),
        "label": _label(composition.label),
        "enclosures": [_enclosure(composition.label)] if composition.label and composition.lane in _WITH_LABEL else [],
        "data_cutoff": cutoff.isoformat() if cutoff else None,
        "retractions_checked": now().date().isoformat() if composition.references else None,
    }


def _standard_responses(composition: Composition) -> list[str]:
    """What the foot of each page names: the standard response, or that there is none."""
    content = composition.given.content
    return [name_of(content)] if content is not None else []


def _requested(inquiry: Inquiry) -> dict[str, Any]:
    first = inquiry.interactions[0]
    return {
        "on": first.received_at.date().isoformat(), "channel": by_channel(first.channel.value),
        "relayed": inquiry.submitter_role in FIELD_ROLES, "unsolicited": True,
    }


def _recipient(person: Person) -> dict[str, Any]:
    return {
        "id": person.id, "name": person.full_name or "requester", "lines": address_lines(person),
        "email": person.email, "salutation": salutation(person),
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind.value, "heading": block.heading, "text": block.text, "locked": block.locked,
        "questions": list(block.questions), "origin": block.origin,
    }


def _content(content: ContentVersion | None) -> dict[str, Any] | None:
    if content is None:
        return None
    return {"key": content.item.key, "version": content.version, "sha256": content.sha256}


def _label(label: LabelVersion | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {"id": label.id, "market": label.market, "version": label.version,
            "effective": label.effective_date.isoformat(), "title": label.title}


def _enclosure(label: LabelVersion) -> dict[str, Any]:
    return {"title": label.title, "version": label.version, "dated": label.effective_date.isoformat()}
