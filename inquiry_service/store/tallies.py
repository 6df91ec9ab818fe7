"""Counts about one inquiry for its page: what would be too much to load only to be counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import EvidenceVerdict, Stance
from inquiry_service.models.evidence import EvidenceDecision, SearchRun


@dataclass(frozen=True)
class EvidenceTally:
    """How much evidence was looked at.

    Attributes:
        searches: recorded searches.
        by_stance: stance to number of kept records; kept ones without a stance are under None.
        rejected: rejected records.
    """

    searches: int
    by_stance: dict[Stance | None, int]
    rejected: int

    @property
    def kept(self) -> int:
        """All records that were kept."""
        return sum(self.by_stance.values())


def evidence_of(session: Session, inquiry_id: str) -> EvidenceTally:
    """Return how much evidence an inquiry has."""
    searches = session.scalar(
        select(func.count()).select_from(SearchRun).where(SearchRun.inquiry_id == inquiry_id)) or 0
    rows = session.execute(
        select(EvidenceDecision.verdict, EvidenceDecision.stance, func.count())
        .where(EvidenceDecision.inquiry_id == inquiry_id)
        .group_by(EvidenceDecision.verdict, EvidenceDecision.stance)
    ).all()
    kept = {stance: number for verdict, stance, number in rows if verdict is EvidenceVerdict.KEPT}
    rejected = sum(number for verdict, _, number in rows if verdict is EvidenceVerdict.REJECTED)
    return EvidenceTally(searches, kept, rejected)
