"""Evidence for an inquiry: searches that are recorded as run, and a decision on each hit (R52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import EvidenceVerdict, RecordStatus, RejectReason, Stance, State, StudyDesign
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.evidence import EvidenceDecision, SearchHit, SearchRun
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.port import Filters, IndexBusy, IndexUntrusted, Query, SearchIndex, SearchResult
from inquiry_service.services import audit, literature_standing
from inquiry_service.services.access import require
from inquiry_service.store import evidence as store
from inquiry_service.store import literature

RECORDED_HITS = 50
"""Hits of a search that are recorded; the total is always recorded."""
WORKING_STATES = frozenset({
    State.RECEIVED, State.AWAITING_CONFIRMATION, State.SCREENED, State.TRIAGED, State.CLARIFICATION, State.ASSIGNED,
    State.DRAFTING, State.RETURNED,
})
"""Evidence is gathered until the draft goes to review: what is reviewed and signed rests on what stood then."""
MOST_PARTICIPANTS = 10_000_000
LONGEST_NOTE = 2000


def is_open(inquiry: Inquiry) -> bool:
    """Say whether evidence can be gathered on ``inquiry`` now."""
    return inquiry.state in WORKING_STATES


def again(index: SearchIndex, actor: Actor, run: SearchRun) -> SearchResult | None:
    """Run a recorded search on the index of today; None when it cannot be run any more.

    Raises:
        Forbidden: the right is missing.
    """
    require(actor, Permission.LITERATURE_SEARCH)
    try:
        return index.search(repeated(run))
    except (InvalidInput, IndexUntrusted, IndexBusy):
        return None


def repeated(run: SearchRun, *, only: frozenset[str] | None = None) -> Query:
    """Return a recorded search as the query that it was, optionally among a few records only."""
    return Query(text=run.query, filters=stored_filters(run.filters), limit=RECORDED_HITS, synonyms=run.synonyms,
                 only=only, may_see_medical_only=True)


def stored_filters(stored: Mapping[str, Any]) -> Filters:
    """Return filters as they were stored; lists come back as the tuples that they were."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
                              for name, value in stored.items()}
    return Filters(**values)


def record_search(
    session: Session, index: SearchIndex, actor: Actor, inquiry: Inquiry, text: str, filters: Filters, *,
    synonyms: bool = True, question_seq: int | None = None,
) -> SearchRun:
    """Run a search for an inquiry and keep it: query, reading, filters, ranking, generation and hits (R52).

    Args:
        synonyms: whether words also stand for what the library knows them by; what took part is kept.
        question_seq: the question of the inquiry that is searched for.

    Raises:
        Forbidden: the right is missing.
        InvalidInput: empty or unreadable query.
        Refused: the draft is in review or done; or the index names records that the library does not hold.
    """
    require(actor, Permission.EVIDENCE_DECIDE)
    _check_open(inquiry)
    if not text.strip():
        message = "Enter what to search for."
        raise InvalidInput(message, fields={"q": message})
    result = index.search(Query(text=text, filters=filters, limit=RECORDED_HITS, synonyms=synonyms,
                                may_see_medical_only=True))
    _check_in_step(session, result)
    run = _run_of(inquiry, actor, text, filters, result)
    run.synonyms, run.question_seq = synonyms, question_seq
    session.add(run)
    session.flush()
    audit.record(session, actor, Event.SEARCH_RUN, run, inquiry_id=inquiry.id, label=inquiry.number, changes={
        "query": (None, run.query), "read_as": (None, run.read_as), "filters": (None, run.filters),
        "synonyms": (None, run.synonyms), "expansions": (None, run.expansions), "ranking": (None, run.ranking),
        "generation": (None, run.generation), "library_size": (None, run.library_size), "total": (None, run.total),
        "hits": (None, [hit.record_id for hit in run.hits]),
    })
    return run


def _run_of(inquiry: Inquiry, actor: Actor, text: str, filters: Filters, result: SearchResult) -> SearchRun:
    return SearchRun(
        inquiry_id=inquiry.id, query=text, read_as=result.parsed, filters=asdict(filters),
        generation=f"{result.generation.number} ({result.generation.digest[:16]})", total=result.total,
        expansions={one.word: list(one.added) for one in result.expansions}, ranking=result.ranking,
        library_size=result.generation.documents, run_at=now(), run_by=actor.name,
        hits=[SearchHit(rank=rank, record_id=hit.record_id, record_version=hit.version,
                        score_micro=round(hit.score * 1_000_000)) for rank, hit in enumerate(result.hits, start=1)],
    )


def _check_in_step(session: Session, result: SearchResult) -> None:
    """A search that cannot be repeated is no evidence: an index of another database must not be recorded."""
    known = literature.records(session, [hit.record_id for hit in result.hits])
    if len(known) < len(result.hits):
        raise Refused("The literature index does not match the library. Nothing was recorded; ask an administrator "
                      "to run “evenhand literature rebuild”.")


@dataclass(frozen=True)
class DecisionData:
    """Kept with a stance, or rejected with a reason.

    Attributes:
        note: stays with the record, never in the letter.
        design: None leaves the design that the library knows.
        participants: number of people studied; limits: what weakens the study, in a few words.
    """

    verdict: EvidenceVerdict
    stance: Stance | None = None
    reject_reason: RejectReason | None = None
    note: str = ""
    design: StudyDesign | None = None
    participants: int | None = None
    limits: str = ""


def decide(session: Session, actor: Actor, inquiry: Inquiry, record_id: str, data: DecisionData) -> EvidenceDecision:
    """Keep or reject a record for an inquiry; a later decision replaces the former, both stay in the audit.

    Args:
        inquiry: locked by the caller, so that two decisions on one record wait for each other.

    Raises:
        Forbidden: the right is missing; NotFound: no such record; Refused: the draft is in review or done.
        InvalidInput: a stance or a reason is missing, a number is out of bounds, or a retracted record is kept.
    """
    require(actor, Permission.EVIDENCE_DECIDE)
    _check_open(inquiry)
    record = literature.record(session, record_id, actor)
    literature_standing.check_cited(session, actor, [record.id])
    _check(data, record)
    data = _without_the_other(data)
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
    changes = {name: (before.get(name), value) for name, value in _plain(row).items()
               if name == "verdict" or before.get(name) != value}
    audit.record(session, actor, Event.EVIDENCE_REVISED if before else Event.EVIDENCE_DECIDED, row,
                 inquiry_id=inquiry.id, label=record.citation_key, changes=changes)
    return row


def _plain(row: EvidenceDecision | None) -> dict[str, object]:
    names = ("verdict", "stance", "reject_reason", "note", "design", "participants", "limits", "record_version")
    return {name: getattr(row, name) for name in names} if row else {}


def _without_the_other(data: DecisionData) -> DecisionData:
    """A kept record has no reason for rejection, a rejected one no stance, whatever the form still held."""
    if data.verdict is EvidenceVerdict.KEPT:
        return replace(data, reject_reason=None)
    return replace(data, stance=None)


def _check(data: DecisionData, record: LiteratureRecord) -> None:
    fields = _verdict_faults(data, record)
    if data.participants is not None and not 1 <= data.participants <= MOST_PARTICIPANTS:
        fields["participants"] = f"Enter a whole number from 1 to {MOST_PARTICIPANTS:,}, or nothing."
    for name in ("note", "limits"):
        if len(getattr(data, name)) > LONGEST_NOTE:
            fields[name] = f"At most {LONGEST_NOTE:,} characters."
    if fields:
        raise InvalidInput("The decision was not saved.", fields=fields)


def _verdict_faults(data: DecisionData, record: LiteratureRecord) -> dict[str, str]:
    if data.verdict is EvidenceVerdict.REJECTED:
        return {} if data.reject_reason else {"reject_reason": "Choose why the record is not used."}
    if record.status is RecordStatus.RETRACTED and not record.is_notice:
        return {"verdict": "A retracted work cannot be kept as evidence; reject it as retracted."}
    return {} if data.stance else {"stance": "Choose one: supports, mixed, against or neutral."}


def _check_open(inquiry: Inquiry) -> None:
    if not is_open(inquiry):
        raise Refused(f"{inquiry.number} is in state {inquiry.state.label}; evidence can be gathered until the draft "
                      "goes to review, and again when it is returned.")
