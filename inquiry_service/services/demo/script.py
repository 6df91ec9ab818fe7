"""The demonstration's inquiries, read from ``inquiries.toml`` and checked as they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inquiry_service.domain.vocabulary import Stance

SCRIPT = Path(__file__).with_name("inquiries.toml")

STAGES = (
    "received", "screened", "triaged", "assigned", "drafting", "in_review", "second_review", "ready", "sent", "closed",
)
"""How far an inquiry is taken along the main road."""
TURNS = (
    "", "clarification", "no_reply", "redirected", "returned", "withdrawn", "delivery_failed", "released_hold",
    "closed_solicited", "reopened",
)
"""What else happens to it at the end of that road."""


@dataclass(frozen=True)
class ScriptedInquiry:
    """One inquiry of the demonstration.

    Attributes:
        key: its name in the script. hours_ago: when the company became aware, before now.
        submitter: demonstration account that records it or hands it in.
        requester: fields of ``PersonData``; questions: each with its text and classification.
        stage, turn: how far it goes, and what happens then.
        content: key of the standard response; empty for none. stances: PMID to stance of kept records.
    """

    key: str
    hours_ago: float
    channel: str
    submitter: str
    requester: Mapping[str, Any]
    questions: tuple[Mapping[str, Any], ...]
    stage: str
    turn: str = ""
    forum: str = "private"
    product: str = "sumatriptan-tablets"
    urgency: str = "standard"
    level: str = "2"
    verified: bool = True
    late_reason: str = ""
    confirmation: str = ""
    background: str = ""
    source_text: str = ""
    case: Mapping[str, Any] = field(default_factory=dict)
    complaint: Mapping[str, Any] = field(default_factory=dict)
    branch: str = "suspected"
    solicited_by: str = ""
    assignee: str = "mi"
    content: str = ""
    query: str = ""
    stances: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def reaches(self, stage: str) -> bool:
        """Say whether the inquiry is taken at least to ``stage``."""
        return STAGES.index(self.stage) >= STAGES.index(stage)

    def stance_of(self, pmid: str) -> Stance:
        """Return the stance of a kept record; neutral unless the script says otherwise."""
        return Stance(self.stances.get(pmid, Stance.NEUTRAL.value))


def read(path: Path = SCRIPT) -> tuple[ScriptedInquiry, ...]:
    """Return the inquiries of the script in its order.

    Raises:
        ValueError: an unknown stage or turn; TypeError: an unknown or missing field.
    """
    with path.open("rb") as file:
        entries = tomllib.load(file)["inquiry"]
    found = tuple(ScriptedInquiry(**{**entry, "questions": tuple(entry["questions"])}) for entry in entries)
    for scripted in found:
        if scripted.stage not in STAGES or scripted.turn not in TURNS:
            raise ValueError(f"{scripted.key}: unknown stage {scripted.stage!r} or turn {scripted.turn!r}")
    return found
