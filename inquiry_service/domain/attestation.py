"""What a field submitter attests, in the very words shown; the words are stored with the record (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

VERSION = "2026-1"
TEXT = (
    "I confirm that the health professional asked this question on their own initiative. Neither I nor anybody "
    "acting for the company prompted, suggested or encouraged it, and I have not answered it."
)


@dataclass(frozen=True)
class Attestation:
    """The circumstances that go with the attestation: when, where, who else was there."""

    asked_on: date
    place: str
    others_present: str

    def as_record(self, user_id: str, at: datetime) -> dict[str, Any]:
        """Return the stored form: text and version as shown, circumstances, who and when."""
        return {
            "version": VERSION, "text": TEXT, "asked_on": self.asked_on.isoformat(), "place": self.place,
            "others_present": self.others_present, "accepted_by": user_id, "accepted_at": at.isoformat(),
        }
