"""What a signature says and proves: its printed words, the policy behind it, and the content it stands on.

21 CFR 11.50 asks for name, time and meaning wherever the record is shown; 11.70 for a link that cannot be
moved to other content; 11.10(j) for people who know that they answer for what they sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from inquiry_service.domain.canonical import digest
from inquiry_service.domain.vocabulary import SignatureMeaning
from inquiry_service.errors import IntegrityBroken

_VERBS = {
    SignatureMeaning.AUTHORSHIP: "Written by",
    SignatureMeaning.REVIEW: "Reviewed by",
    SignatureMeaning.APPROVAL: "Approved by",
    SignatureMeaning.RELEASE: "Released by",
    SignatureMeaning.COMPLIANCE_FINDING: "Decided by",
    SignatureMeaning.IMPORT_CHECK: "Checked by",
}


@dataclass(frozen=True)
class Policy:
    """What a person accepts with each signature (R76)."""

    version: str
    text: str


POLICY = Policy(
    version="1",
    text=(
        "My electronic signature means the same as my handwritten signature. I have read this version of the "
        "document and I answer for what I confirm with it. My user id and password are mine alone; I share them "
        "with nobody and report at once if somebody else may know them."
    ),
)
"""Shown in the sign dialog; a change of the text is a new version."""


def manifestation(
    meaning: SignatureMeaning, printed_name: str, signed_at: datetime, *, credentials: str = "", zone: str = "UTC"
) -> str:
    """Return the words of a signature as shown on screen and in print (R73; 21 CFR 11.50).

    For example ``Approved by A. Reviewer, MD — Medical approval — 2026-03-04 14:22:07 UTC``.

    Args:
        signed_at: with a time zone. zone: IANA name of the zone to show, e.g. ``America/New_York``.
    """
    name = f"{printed_name}, {credentials}" if credentials else printed_name
    return f"{_VERBS[meaning]} {name} — {meaning.label} — {moment_words(signed_at, zone)}"


def moment_words(moment: datetime, zone: str = "UTC") -> str:
    """Return date and time to the second with its zone, e.g. ``2026-03-04 09:22:07 EST (UTC-05:00)``.

    Raises:
        ValueError: ``moment`` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a signature needs a time with a zone")
    if zone == "UTC":
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    local = moment.astimezone(ZoneInfo(zone))
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S %Z} (UTC{offset[:3]}:{offset[3:]})"


def short(full_digest: str) -> str:
    """Return the first 16 characters in groups of four: what people compare by eye."""
    return " ".join(full_digest[start:start + 4] for start in range(0, 16, 4))


def ensure_unchanged(snapshot: Mapping[str, Any], expected: str, *, what: str) -> None:
    """Prove that stored content is still what was signed; asked at every display (R74; 21 CFR 11.70).

    Args:
        snapshot: the canonical content as stored. expected: its digest when it was signed.
        what: how people call it, for the message.

    Raises:
        IntegrityBroken: the content has another digest.
    """
    got = digest(snapshot)
    if got != expected:
        raise IntegrityBroken(
            f"{what} is not what was signed: expected {short(expected)}, got {short(got)}.",
            expected=expected, got=got)
