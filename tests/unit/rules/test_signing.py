"""The words of a signature, and the proof that content is still what was signed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inquiry_service.domain.canonical import digest
from inquiry_service.domain.signing import POLICY, ensure_unchanged, manifestation, moment_words, short
from inquiry_service.domain.vocabulary import SignatureMeaning
from inquiry_service.errors import IntegrityBroken

MOMENT = datetime(2026, 3, 4, 14, 22, 7, 999, tzinfo=UTC)


def test_a_signature_shows_name_meaning_and_time_with_zone() -> None:
    words = manifestation(SignatureMeaning.APPROVAL, "Reviewer One", MOMENT, credentials="MD")
    assert words == "Approved by Reviewer One, MD — Medical approval — 2026-03-04 14:22:07 UTC"


@pytest.mark.parametrize("meaning", SignatureMeaning)
def test_every_meaning_has_its_words(meaning: SignatureMeaning) -> None:
    assert meaning.label in manifestation(meaning, "Reviewer One", MOMENT)


def test_another_zone_is_shown_with_its_offset() -> None:
    assert moment_words(MOMENT, "America/New_York") == "2026-03-04 09:22:07 EST (UTC-05:00)"
    assert moment_words(MOMENT, "Asia/Kolkata") == "2026-03-04 19:52:07 IST (UTC+05:30)"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment_words(MOMENT.replace(tzinfo=None))


def test_changed_content_is_found_with_what_was_expected_and_what_was_got() -> None:
    signed = digest({"text": "as signed"})
    ensure_unchanged({"text": "as signed"}, signed, what="MI-2026-000123-L1 version 2")
    with pytest.raises(IntegrityBroken, match="MI-2026-000123-L1 version 2 is not what was signed") as broken:
        ensure_unchanged({"text": "as Signed"}, signed, what="MI-2026-000123-L1 version 2")
    assert short(signed) in broken.value.message


def test_the_short_digest_is_four_groups_of_four() -> None:
    assert short("d83620f4e49b561a" + "0" * 48) == "d836 20f4 e49b 561a"


def test_the_policy_has_a_version() -> None:
    assert POLICY.version
    assert "handwritten" in POLICY.text
