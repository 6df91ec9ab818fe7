"""From a signed snapshot to the letter: the same data for the preview and for the PDF.

A letter is made from the snapshot of its version and from the signatures on it, and from nothing else:
what was signed is what is printed (R74).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from inquiry_service.domain import signing
from inquiry_service.domain.vocabulary import BlockKind, Lane
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.rendering import letter_parts as parts
from inquiry_service.rendering.characters import spelled

_LANES = {
    Lane.HCP: parts.LetterLane.HCP, Lane.PATIENT: parts.LetterLane.PATIENT, Lane.PAYER: parts.LetterLane.PAYER,
    Lane.DECLINE: parts.LetterLane.DECLINE, Lane.PUBLIC_CONTACT: parts.LetterLane.PUBLIC,
}
_BODY = (BlockKind.SUMMARY, BlockKind.BACKGROUND, BlockKind.DATA, BlockKind.CONTRARY_EVIDENCE, BlockKind.GUIDELINES)


def context_of_version(
    version: ResponseVersion, signatures: Iterable[Signature], *, draft: bool
) -> parts.LetterContext:
    """Return the letter of a saved version.

    Args:
        version: its snapshot holds the content.
        signatures: on exactly this version; void ones are printed as such.
        draft: whether to print the watermark.
    """
    moment = max((signature.signed_at for signature in signatures), default=version.saved_at)
    return context_of(version.snapshot, digest=version.digest, version=version.version, moment=moment,
                      signatures=signatures, draft=draft)


def context_of(
    snapshot: Mapping[str, Any], *, digest: str, version: int, moment: datetime,
    signatures: Iterable[Signature] = (), draft: bool = True,
) -> parts.LetterContext:
    """Return the letter of a snapshot; ``moment`` is the time it carries, from the record and never the clock."""
    blocks = snapshot["blocks"]
    return parts.LetterContext(
        lane=_LANES[Lane(snapshot["lane"])],
        organisation=_organisation(snapshot["organisation"]),
        letter_id=snapshot["letter"], version=version, inquiry_number=snapshot["inquiry"],
        dated=moment.date(), generated=moment, title=snapshot["title"],
        recipient=snapshot["recipient"]["name"],
        addressee=tuple(parts.AddressLine(line) for line in snapshot["recipient"]["lines"]),
        salutation=snapshot["recipient"]["salutation"],
        requested=date.fromisoformat(snapshot["requested"]["on"]), channel=snapshot["requested"]["channel"],
        relayed=snapshot["requested"]["relayed"], unsolicited=snapshot["requested"]["unsolicited"],
        questions=tuple(_question(question) for question in snapshot["questions"]),
        opening=_locked_text(blocks, BlockKind.OPENING), closing=_locked_text(blocks, BlockKind.CLOSING),
        status=_status(snapshot["status"]),
        safety=tuple(parts.Fact(**fact) for fact in snapshot["safety"]),
        search=tuple(parts.Fact(**fact) for fact in snapshot["search"]),
        blocks=tuple(_block(block) for block in blocks if BlockKind(block["kind"]) in _BODY),
        references=tuple(_reference(reference) for reference in snapshot["references"]),
        retractions_checked=_day(snapshot["retractions_checked"]), data_cutoff=_day(snapshot["data_cutoff"]),
        signatures=tuple(_signature(signature) for signature in signatures),
        enclosures=tuple(_enclosure(enclosure) for enclosure in snapshot["enclosures"]),
        standard_responses=tuple(snapshot["standard_responses"]),
        digest=digest, language=snapshot["language"], draft=draft,
    )


def _organisation(data: Mapping[str, Any]) -> parts.Organisation:
    return parts.Organisation(
        name=data["name"], remark=data["remark"], address=data["address"],
        follow_up=tuple(data["follow_up"]), safety=tuple(data["safety"]), regulator_report=data["regulator_report"],
    )


def _status(data: Mapping[str, Any]) -> parts.StatusBox:
    return parts.StatusBox(
        kind=parts.StatusKind(data["kind"]), statement=data["statement"], indications=tuple(data["indications"]),
        limitations=tuple(data["limitations"]), label_id=data["label_id"], label_version=data["label_version"],
        label_effective=_day(data["label_effective"]), source=data["source"],
    )


def _block(data: Mapping[str, Any]) -> parts.Block:
    return parts.Block(parts.BlockKind(data["kind"]), data["heading"], data["text"], tuple(data["questions"]))


def _question(data: Mapping[str, Any]) -> parts.Question:
    # Word for word and write-once: nobody can take a smiley out of it, so the quotation names what cannot be printed.
    return parts.Question(data["number"], data["restated"], spelled(data["verbatim"]))


def _locked_text(blocks: Iterable[Mapping[str, Any]], kind: BlockKind) -> str:
    return "\n\n".join(block["text"] for block in blocks if block["kind"] == kind.value)


def _reference(data: Mapping[str, Any]) -> parts.Reference:
    return parts.Reference(data["number"], data["key"], data["html"], tuple(data["marks"]))


def _enclosure(data: Mapping[str, Any]) -> parts.Enclosure:
    return parts.Enclosure(data["title"], data["version"], _day(data["dated"]))


def _signature(signature: Signature) -> parts.Signature:
    return parts.Signature(
        name=signature.printed_name, meaning=signature.meaning.label, signed=signed_words(signature),
        id=signature.number, credentials="", title=signature.title, digest=signature.digest,
        voided=signature.voided_reason if signature.voided_at else "",
    )


def signed_words(signature: Signature) -> str:
    """Return date, time and zone of a signature as printed everywhere (11.50)."""
    return signing.moment_words(signature.signed_at, signature.zone)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
