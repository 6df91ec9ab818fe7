"""The search that is proposed for each question of an inquiry, from its verbatim (R52).

What counts as a product comes from the installation; what is one notion of the field ("hot flashes") from the
headings under which the library files what the question's own words find: nothing is kept beside the library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.question_finding import Finding, find
from inquiry_service.domain.question_terms import Lexicon
from inquiry_service.errors import InvalidInput
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.products import Product
from inquiry_service.search.port import IndexBusy, IndexUntrusted, Query, SearchIndex
from inquiry_service.store import literature

_LOOKED_AT = 50
"""Records whose headings are looked at."""
_LONGEST_LOOKED_AT = 8_000
"""Characters of a question that the index is asked about."""
_SHORTEST_BRAND = 4
_PARTS = re.compile(r"\s*(?:[/,;+]|\band\b)\s*")


@dataclass(frozen=True)
class Proposal:
    """One question with the search that is proposed for it.

    Attributes:
        seq: number of the question in its inquiry.
        text: its verbatim, into which the offsets of ``finding`` point.
    """

    seq: int
    text: str
    finding: Finding


def proposals(
    session: Session, index: SearchIndex, actor: Actor, inquiry: Inquiry, products: Iterable[Product]
) -> list[Proposal]:
    """Return a proposal for each question of ``inquiry``, in their order.

    An index that cannot answer takes nothing away but the headings.

    Args:
        products: those of the installation.
    """
    names = [name for product in products for name in names_of(product)]
    return [
        Proposal(question.seq, question.verbatim, find(question.verbatim, Lexicon.of(
            products=names, headings=_headings(session, index, actor, question.verbatim))))
        for question in inquiry.questions
    ]


def names_of(product: Product) -> Iterator[str]:
    """Yield the names by which people speak of a product: brand, generic name, the parts of a combination."""
    yield product.name
    yield product.generic_name
    yield from _PARTS.split(product.generic_name)
    brand = product.name.split()[0]
    if len(brand) >= _SHORTEST_BRAND:
        yield brand


def _headings(session: Session, index: SearchIndex, actor: Actor, text: str) -> Iterable[str]:
    try:
        query = Query(text=text[:_LONGEST_LOOKED_AT], limit=_LOOKED_AT, plain=True, synonyms=False,
                      may_see_medical_only=actor.may(Permission.LITERATURE_CONFIDENTIAL))
        hits = index.search(query).hits
    except (InvalidInput, IndexUntrusted, IndexBusy):
        return ()
    rows = literature.records(session, [hit.record_id for hit in hits]).values()
    return sorted({heading for row in rows if literature.may_see(actor, row) for heading in (*row.mesh, *row.keywords)})
