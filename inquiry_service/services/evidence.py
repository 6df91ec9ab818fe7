"""Evidence for an inquiry: searches that are recorded as run, and a decision on each hit (R52)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import EvidenceVerdict, RejectReason, Stance, StudyDesign
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.evidence import EvidenceDecision, SearchHit, SearchRun
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.search.port import Filters, Query, SearchIndex, SearchResult
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.store import evidence as store
from inquiry_service.store import literature
from inquiry_service.store.inquiries import OPEN_STATES

RECORDED_HITS = 50
"""Hits of a search that are recorded; the total is always recorded."""


def search(index: SearchIndex, actor: Actor, text: str, filters: Filters, *, limit: int = 20,
           offset: int = 0) -> SearchResult:
    """Search the library without recording it on an inquiry.

    Raises:
        Forbidden: the right is missing; InvalidInput: the query cannot be read, with the place.
    """
    require(actor, Permission.LITERATURE_SEARCH)
    return index.search(Query(text=text, filters=filters, limit=limit, offset=offset, may_see_medical_only=True))


def record_search(
    session: Session, index: SearchIndex, actor: Actor, inquiry: Inquiry, text: str, filters: Filters
) -> SearchRun:
    """Run a search for an inquiry and keep it: query, reading, filters, generation and hits (R52).

    Raises:
        Forbidden: the right is missing; Refused: the inquiry is finished; InvalidInput: unreadable query.
    """
    require(actor, Permission.EVIDENCE_DECIDE)
    _open(inquiry)
    result = index.search(Query(text=text, filters=filters, limit=RECORDED_HITS, may_see_medical_only=True))
    run = SearchRun(
        inquiry_id=inquiry.id, query=text, read_as=result.parsed, filters=asdict(filters),
        generation=f"{result.generation.number} ({result.generation.digest[:16]})", total=result.total,
        run_at=now(), run_by=actor.name,
    )
    session.add(run)
    session.flush()
    for rank, hit in enumerate(result.hits, start=1):
        run.hits.append(SearchHit(run_id=run.id, rank=rank, record_id=hit.record_id, record_version=hit.version,
                                  score_micro=round(hit.score * 1_000_000)))
    session.flush()
    audit.record(session, actor, Event.SEARCH_RUN, run, inquiry_id=inquiry.id, label=inquiry.number, changes={
        "query": (None, run.query), "read_as": (None, run.read_as), "filters": (None, run.filters),
        "generation": (None, run.generation), "total": (None, run.total),
        "hits": (None, [hit.record_id for hit in run.hits]),
    })
    return run


@dataclass(frozen=True)
class DecisionData:
    """Kept with a stance, or rejected with a reason."""

    verdict: EvidenceVerdict
    stance: Stance | None = None
    reject_reason: RejectReason | None = None
    note: str = ""
    design: StudyDesign | None = None
    participants: int | None = None
    limits: str = ""


def decide(session: Session, actor: Actor, inquiry: Inquiry, record_id: str, data: DecisionData) -> EvidenceDecision:
    """Keep or reject a record for an inquiry; a later decision replaces the former, both stay in the audit.

    Raises:
        Forbidden: the right is missing; NotFound: no such record; Refused: the inquiry is finished;
        InvalidInput: a stance or a reason is missing.
    """
    require(actor, Permission.EVIDENCE_DECIDE)
    _open(inquiry)
    _check(data)
    record = literature.record(session, record_id)
    row = store.decision(session, inquiry.id, record_id)
    before = _plain(row)
    if row is None:
        row = EvidenceDecision(inquiry_id=inquiry.id, record_id=record.id, record=record)
        session.add(row)
    for name, value in vars(data).items():
        setattr(row, name, value)
    row.design = data.design or record.design
    row.record_version, row.decided_at, row.decided_by = record.version, now(), actor.name
    session.flush()
    audit.record(
        session, actor, Event.EVIDENCE_REVISED if before else Event.EVIDENCE_DECIDED, row,
        inquiry_id=inquiry.id, label=record.citation_key,
        changes={name: (before.get(name), value) for name, value in _plain(row).items()},
    )
    return row


def _plain(row: EvidenceDecision | None) -> dict[str, object]:
    names = ("verdict", "stance", "reject_reason", "note", "design", "participants", "limits", "record_version")
    return {name: getattr(row, name) for name in names} if row else {}


def _check(data: DecisionData) -> None:
    fields: dict[str, str] = {}
    if data.verdict is EvidenceVerdict.KEPT and data.stance is None:
        fields["stance"] = "Say what the record says on the question."
    if data.verdict is EvidenceVerdict.REJECTED and data.reject_reason is None:
        fields["reject_reason"] = "Choose why the record is not used."
    if fields:
        raise InvalidInput("The decision was not saved.", fields=fields)


def _open(inquiry: Inquiry) -> None:
    if inquiry.state not in OPEN_STATES:
        raise Refused(f"{inquiry.number} is {inquiry.state.label.lower()}; its evidence can no longer be changed.")
