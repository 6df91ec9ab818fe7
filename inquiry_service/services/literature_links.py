"""How works stand to each other: notice and article, preprint and article, comment; both ways, whichever comes first.

An article names its notice and a notice its article, and often only one of both is in the library. The link is
kept with the identifiers of the missing work and completed when that work is imported (R69).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import ParsedRecord, Relation
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import LinkKind
from inquiry_service.models.literature import LiteratureLink, LiteratureRecord
from inquiry_service.services import audit
from inquiry_service.store import literature as store
from inquiry_service.store import literature_notices as notices
from inquiry_service.store import literature_pairs

Taken = Sequence[tuple[LiteratureRecord, ParsedRecord]]
"""Stored records, each with what a file said of it."""

_BY_THE_OTHER = {
    "retraction_in": LinkKind.RETRACTS, "withdrawal_in": LinkKind.RETRACTS, "removal_in": LinkKind.RETRACTS,
    "partial_retraction_in": LinkKind.RETRACTS_PARTLY, "expression_of_concern_in": LinkKind.RAISES_CONCERN,
    "erratum_in": LinkKind.CORRECTS, "correction_in": LinkKind.CORRECTS, "corrigendum_in": LinkKind.CORRECTS,
    "reinstatement_in": LinkKind.REINSTATES, "corrected_and_republished_in": LinkKind.REPUBLISHES,
    "retracted_and_republished_in": LinkKind.REPUBLISHES, "republished_in": LinkKind.REPUBLISHES,
    "update_in": LinkKind.UPDATES, "comment_in": LinkKind.COMMENTS_ON, "has_preprint": LinkKind.PREPRINT_OF,
}
"""What the work that a record names is to this record."""
_TO_THE_OTHER = {
    "retraction_of": LinkKind.RETRACTS, "withdrawal_of": LinkKind.RETRACTS, "removal_of": LinkKind.RETRACTS,
    "partial_retraction_of": LinkKind.RETRACTS_PARTLY, "expression_of_concern_for": LinkKind.RAISES_CONCERN,
    "erratum_for": LinkKind.CORRECTS, "correction_for": LinkKind.CORRECTS, "corrigendum_for": LinkKind.CORRECTS,
    "reinstatement_of": LinkKind.REINSTATES, "corrected_and_republished_from": LinkKind.REPUBLISHES,
    "retracted_and_republished_from": LinkKind.REPUBLISHES, "republished_from": LinkKind.REPUBLISHES,
    "update_of": LinkKind.UPDATES, "comment_on": LinkKind.COMMENTS_ON, "is_preprint_of": LinkKind.PREPRINT_OF,
    "preprint_of": LinkKind.PREPRINT_OF,
}
"""What a record is to the work that it names."""
_SHOWN = 200


@dataclass(frozen=True)
class _Claim:
    """One relation of a record in the terms of a link; an end that the library does not hold is None."""

    kind: LinkKind
    from_id: str | None
    to_id: str | None
    relation: Relation
    source: str

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two claims the same link."""
        if self.from_id and self.to_id:
            return self.kind.value, self.from_id, self.to_id
        other = self.relation.pmid or self.relation.doi or self.relation.citation
        return self.kind.value, self.from_id or "", self.to_id or "", other


def record(session: Session, actor: Actor, taken: Taken) -> set[str]:
    """Keep the links that these records speak of, each once; return the ids of all records that got a new one.

    Args:
        taken: records with their ids in the database (flushed).
    """
    others = _others(session, taken)
    claims = {claim.key: claim for row, parsed in taken for relation in parsed.relations
              if (claim := _claim(row, parsed, relation, others)) is not None}
    if not claims:
        return set()
    ids = {row.id for row, _ in taken}
    known = {key for link in notices.links_of(session, ids) for key in _keys_of(link)}
    new = [claim for key, claim in claims.items() if key not in known]
    session.add_all([LiteratureLink(
        kind=claim.kind, from_id=claim.from_id, to_id=claim.to_id, pmid=claim.relation.pmid, doi=claim.relation.doi,
        citation=claim.relation.citation, source=claim.source, added_at=now()) for claim in new])
    _tell(session, actor, new)
    return {end for claim in new for end in (claim.from_id, claim.to_id) if end}


def complete(session: Session, rows: Collection[LiteratureRecord]) -> set[str]:
    """Give links their missing end where one of ``rows`` is it; return the ids of the records at both ends."""
    by_name = _by_name(rows)
    touched: set[str] = set()
    for link in notices.half_links(session, pmids={row.pmid for row in rows if row.pmid},
                                   dois={row.doi for row in rows if row.doi}):
        found = by_name.get(f"pmid:{link.pmid}") or by_name.get(f"doi:{link.doi}")
        if found is None or found.id in (link.from_id, link.to_id):
            continue
        if link.from_id is None:
            link.from_id = found.id
        else:
            link.to_id = found.id
        touched |= {end for end in (link.from_id, link.to_id) if end}
    session.flush()
    return touched


def _others(session: Session, taken: Taken) -> dict[str, LiteratureRecord]:
    relations = [relation for _, parsed in taken for relation in parsed.relations]
    found = store.identified(
        session, dois={one.doi for one in relations if one.doi}, pmids={one.pmid for one in relations if one.pmid},
        pmcids=(), works=())
    names = _by_name([*found, *(row for row, _ in taken)])
    named = {f"{kind}:{value}" for one in relations for kind in ("pmid", "doi") if (value := getattr(one, kind))}
    # A notice may name a work by an identifier that it gave up in a merge.
    return literature_pairs.led_to(session, named - names.keys()) | names


def _by_name(rows: Iterable[LiteratureRecord]) -> dict[str, LiteratureRecord]:
    names: dict[str, LiteratureRecord] = {}
    for row in rows:
        names |= {f"{kind}:{value}": row for kind in ("pmid", "doi") if (value := getattr(row, kind))}
    return names


def _claim(
    row: LiteratureRecord, parsed: ParsedRecord, relation: Relation, others: Mapping[str, LiteratureRecord]
) -> _Claim | None:
    name = relation.kind.replace("-", "_")
    inward, outward = _BY_THE_OTHER.get(name), _TO_THE_OTHER.get(name)
    other = others.get(f"pmid:{relation.pmid}") or others.get(f"doi:{relation.doi}")
    other_id = (other.merged_into or other.id) if other else None
    # A notice under the DOI of its own article names itself.
    if other_id == row.id or not (relation.pmid or relation.doi or relation.citation):
        return None
    if inward:
        return _Claim(inward, other_id, row.id, relation, parsed.source_format)
    return _Claim(outward, row.id, other_id, relation, parsed.source_format) if outward else None


def _keys_of(link: LiteratureLink) -> Iterable[tuple[str, ...]]:
    """A link answers to the work it names by PMID, by DOI and by citation, and to both its ends."""
    kind, from_id, to_id = link.kind.value, link.from_id or "", link.to_id or ""
    if link.from_id and link.to_id:
        yield kind, from_id, to_id
    yield from ((kind, from_id, to_id, name) for name in (link.pmid, link.doi, link.citation) if name)


def _tell(session: Session, actor: Actor, new: Sequence[_Claim]) -> None:
    if not new:
        return
    said = [f"{claim.from_id or _named(claim)} {claim.kind.value} {claim.to_id or _named(claim)}" for claim in new]
    about = ObjectRef("literature_link", "", label=f"{len(new)} record{'' if len(new) == 1 else 's'}")
    audit.record(session, actor, Event.LITERATURE_LINKED, about, changes={"links": (None, said[:_SHOWN])})


def _named(claim: _Claim) -> str:
    relation = claim.relation
    return f"PMID {relation.pmid}" if relation.pmid else relation.doi or relation.citation[:100]
