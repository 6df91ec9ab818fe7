"""What a record's own terms say of its evidence: population, funding, peer review (R71). Proposed, never decided.

Sources: NLM, "MeSH Check Tags" and "Publication Characteristics" (Research Support, ...); whoever describes the
record may correct every one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.domain.vocabulary import PeerReview, Population, RecordKind

_POPULATIONS = {
    "adult": Population.ADULTS, "young adult": Population.ADULTS, "middle aged": Population.ADULTS,
    "aged": Population.OLDER_ADULTS, "aged, 80 and over": Population.OLDER_ADULTS,
    "child": Population.CHILDREN, "child, preschool": Population.CHILDREN, "adolescent": Population.CHILDREN,
    "infant": Population.NEONATES, "infant, newborn": Population.NEONATES, "infant, premature": Population.NEONATES,
    "pregnancy": Population.PREGNANCY, "pregnancy complications": Population.PREGNANCY,
    "pregnant women": Population.PREGNANCY, "pregnant people": Population.PREGNANCY,
    "lactation": Population.LACTATION, "breast feeding": Population.LACTATION, "milk, human": Population.LACTATION,
    "renal insufficiency": Population.RENAL_IMPAIRMENT, "renal insufficiency, chronic": Population.RENAL_IMPAIRMENT,
    "kidney failure, chronic": Population.RENAL_IMPAIRMENT, "renal dialysis": Population.RENAL_IMPAIRMENT,
    "hepatic insufficiency": Population.HEPATIC_IMPAIRMENT, "liver failure": Population.HEPATIC_IMPAIRMENT,
    "liver cirrhosis": Population.HEPATIC_IMPAIRMENT,
    "in vitro techniques": Population.IN_VITRO, "in vitro": Population.IN_VITRO,
}
_SUPPORT = "research support, "
_FUNDING_FIELDS = {"GR", "GRANT", "FU", "FX", "FUNDING", "FUNDER"}
_LONGEST_FUNDING = 2000
# What a kind says of itself; of books, labels and registrations nothing follows from the kind alone.
_PEER_REVIEW = {
    RecordKind.PREPRINT: PeerReview.NOT_REVIEWED, RecordKind.DATA_ON_FILE: PeerReview.NOT_REVIEWED,
    RecordKind.LABEL: PeerReview.NOT_REVIEWED, RecordKind.TRIAL_REGISTRATION: PeerReview.NOT_REVIEWED,
}


def proposed(record: ParsedRecord) -> dict[str, Any]:
    """Return the columns that can be filled from the record itself: populations, funding, peer_review."""
    return {
        "populations": [population.value for population in populations_in(record.mesh)],
        "funding": _funding(record), "peer_review": _PEER_REVIEW.get(record.kind) or _indexed_article(record),
    }


def populations_in(mesh: Iterable[str]) -> list[Population]:
    """Return whom these MeSH headings name, in the order of the vocabulary.

    A study of animals carries ``Animals``; one of people that speaks of animals too carries ``Humans`` as well.
    """
    headings = {heading.partition("/")[0].strip("* ").lower() for heading in mesh}
    found = {_POPULATIONS[heading] for heading in headings if heading in _POPULATIONS}
    if "animals" in headings and "humans" not in headings:
        found.add(Population.ANIMALS)
    return [population for population in Population if population in found]


def _funding(record: ParsedRecord) -> str:
    support = [name for name in record.publication_types if name.lower().startswith(_SUPPORT)]
    given = [text for name, text in record.other if name.upper() in _FUNDING_FIELDS and text]
    return "; ".join(dict.fromkeys((*given, *support)))[:_LONGEST_FUNDING]


def _indexed_article(record: ParsedRecord) -> PeerReview | None:
    """PubMed's type for a paper in a journal; letters, comments and news carry it too, and prove nothing."""
    types = {name.lower() for name in record.publication_types}
    unread = {"letter", "comment", "editorial", "news", "newspaper article", "preprint"}
    reviewed = record.kind is RecordKind.ARTICLE and "journal article" in types and not types & unread
    return PeerReview.REVIEWED if reviewed else None
