"""Evidence of an inquiry: searches kept as run, decisions with stance or reason, closed once the draft is reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config import Config
from inquiry_service import db
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import (
    EvidenceVerdict,
    RecordStatus,
    RejectReason,
    Role,
    Stance,
    State,
    StudyDesign,
)
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.models.evidence import SearchRun
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.search.port import Filters, IndexDocument
from inquiry_service.services import evidence, library_index, search_report
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import audit as audit_store
from inquiry_service.store import evidence as store
from inquiry_service.store import literature
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.services.literature_files import indexed, table

KEPT = DecisionData(EvidenceVerdict.KEPT, stance=Stance.SUPPORTS)
REJECTED = DecisionData(EvidenceVerdict.REJECTED, reject_reason=RejectReason.OTHER_QUESTION)
RECORDS = table([
    {"pmid": 1, "title": "Sumatriptan in menstrual migraine", "year": 1998, "abstract": "Twenty women took it."},
    {"pmid": 2, "title": "Naratriptan in menstrual migraine", "year": 2001, "authors": "Mannix L"},
    {"pmid": 3, "title": "Rizatriptan and nausea", "year": 2003, "authors": "Lines C"},
])


@pytest.fixture
def runtime(config: Config, database_url: str) -> Iterator[Runtime]:
    """A runtime on this test's database whose library of three records is indexed."""
    opened = Runtime.open(replace(config, database_url=database_url))
    indexed(opened, RECORDS)
    yield opened
    opened.close()


@pytest.fixture
def specialist(session: Session, runtime: Runtime) -> Actor:
    """Who may decide; an account, because inquiries name their submitter."""
    return factories.actor(session, Role.MI_SPECIALIST, name="MI specialist 1")


@pytest.fixture
def inquiry(session: Session, specialist: Actor, tmp_path: Path) -> Inquiry:
    """An inquiry with one question, committed."""
    made = factories.inquiry(session, specialist, factories.product(session), factories.blob_store(tmp_path))
    db.commit(session)
    return made


def record_of(session: Session, pmid: int) -> LiteratureRecord:
    return literature.by_citation(session, [f"pmid{pmid}"])[f"pmid{pmid}"]


def entries(session: Session, action: str) -> list[dict[str, Any]]:
    db.commit(session)
    every = audit_store.in_order(session, AuditFilter(), audit_store.head(session).size)
    return [row.data for row in every if row.data["action"] == action]


def test_a_search_is_kept_with_query_reading_filters_generation_and_hits(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry
) -> None:
    filters = Filters(year_from=1990, year_to=2002, statuses=("current",))
    run = evidence.record_search(session, runtime.index, specialist, inquiry, "menstrual AND migraine", filters)
    [entry] = entries(session, "search:run")
    kept = store.search(session, inquiry.id, run.id)
    assert (kept.query, kept.read_as, kept.total, kept.run_by) == (
        "menstrual AND migraine", "menstrual AND migraine", 2, "MI specialist 1")
    assert kept.filters["year_from"] == 1990
    generation = runtime.index.generation()
    assert kept.generation == f"{generation.number} ({generation.digest[:16]})"
    assert [(hit.rank, hit.record_version) for hit in kept.hits] == [(1, 1), (2, 1)]
    assert {hit.record_id for hit in kept.hits} == {record_of(session, 1).id, record_of(session, 2).id}
    assert entry["changes"]["hits"]["new"] == [hit.record_id for hit in kept.hits]
    assert entry["object"]["inquiry"] == inquiry.id


def test_a_search_that_found_nothing_is_kept_too(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry
) -> None:
    run = evidence.record_search(session, runtime.index, specialist, inquiry, "frovatriptan", Filters())
    assert (run.total, list(run.hits)) == (0, [])
    assert len(entries(session, "search:run")) == 1


@pytest.mark.parametrize("text", ["", "   ", "menstrual AND (", "the of and"])
def test_an_empty_or_unreadable_search_is_refused_with_the_field_and_not_kept(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry, text: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        evidence.record_search(session, runtime.index, specialist, inquiry, text, Filters())
    assert "q" in refusal.value.fields
    assert store.searches(session, inquiry.id) == []


def test_a_recorded_search_can_be_run_again_and_shows_whether_the_library_changed(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry
) -> None:
    run = evidence.record_search(session, runtime.index, specialist, inquiry, "migraine", Filters(year_to=2002))
    db.commit(session)
    again = evidence.again(runtime.index, specialist, run)
    assert again is not None
    assert [hit.record_id for hit in again.hits] == [hit.record_id for hit in run.hits]
    assert run.generation.endswith(f"({again.generation.digest[:16]})")
    session.close()
    indexed(runtime, table([{"pmid": 9, "title": "Another migraine study"}]))
    later = evidence.again(runtime.index, specialist, run)
    assert later is not None
    assert not run.generation.endswith(f"({later.generation.digest[:16]})")


def test_an_index_of_another_library_is_not_recorded(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry
) -> None:
    runtime.index.apply([IndexDocument("ghost", 1, "Sumatriptan of another database")])
    with pytest.raises(Refused, match="rebuild"):
        evidence.record_search(session, runtime.index, specialist, inquiry, "sumatriptan", Filters())
    library_index.rebuild(session, runtime.index)
    assert evidence.record_search(session, runtime.index, specialist, inquiry, "sumatriptan", Filters()).total == 1


def test_a_hit_is_kept_with_its_stance_and_study(session: Session, specialist: Actor, inquiry: Inquiry) -> None:
    row = record_of(session, 1)
    data = replace(KEPT, design=StudyDesign.OPEN_LABEL, participants=20, limits="No control", note="pilot")
    evidence.decide(session, specialist, inquiry, row.id, data)
    [entry] = entries(session, "evidence:decided")
    [stored] = store.decisions(session, inquiry.id)
    assert (stored.verdict, stored.stance, stored.design, stored.participants, stored.record_version) == (
        EvidenceVerdict.KEPT, Stance.SUPPORTS, StudyDesign.OPEN_LABEL, 20, 1)
    assert entry["object"]["label"] == "newman1998"
    assert entry["changes"]["stance"] == {"old": None, "new": "supports"}


def test_a_later_decision_replaces_the_former_and_both_stay_in_the_audit(
    session: Session, specialist: Actor, inquiry: Inquiry
) -> None:
    row = record_of(session, 1)
    evidence.decide(session, specialist, inquiry, row.id, KEPT)
    evidence.decide(session, specialist, inquiry, row.id, replace(REJECTED, stance=Stance.SUPPORTS))
    [entry] = entries(session, "evidence:revised")
    [stored] = store.decisions(session, inquiry.id)
    assert (stored.verdict, stored.stance, stored.reject_reason) == (
        EvidenceVerdict.REJECTED, None, RejectReason.OTHER_QUESTION)
    assert entry["changes"] == {
        "verdict": {"old": "kept", "new": "rejected"}, "stance": {"old": "supports", "new": None},
        "reject_reason": {"old": None, "new": "other_question"}}


@pytest.mark.parametrize(("data", "field"), [
    (DecisionData(EvidenceVerdict.KEPT), "stance"),
    (DecisionData(EvidenceVerdict.REJECTED), "reject_reason"),
    (replace(KEPT, participants=0), "participants"),
    (replace(KEPT, participants=10**9), "participants"),
    (replace(KEPT, limits="x" * 2001), "limits"),
])
def test_a_decision_that_lacks_its_reason_or_is_out_of_bounds_is_refused(
    session: Session, specialist: Actor, inquiry: Inquiry, data: DecisionData, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        evidence.decide(session, specialist, inquiry, record_of(session, 1).id, data)
    assert list(refusal.value.fields) == [field]
    assert store.decisions(session, inquiry.id) == []


def test_a_retracted_work_can_be_rejected_and_not_kept_and_its_notice_can_be_kept(
    session: Session, specialist: Actor, inquiry: Inquiry
) -> None:
    article, notice = record_of(session, 1), record_of(session, 2)
    article.status, notice.status, notice.is_notice = RecordStatus.RETRACTED, RecordStatus.RETRACTED, True
    with pytest.raises(InvalidInput, match="not saved") as refusal:
        evidence.decide(session, specialist, inquiry, article.id, KEPT)
    assert "retracted" in refusal.value.fields["verdict"]
    evidence.decide(session, specialist, inquiry, article.id, replace(REJECTED, reject_reason=RejectReason.RETRACTED))
    evidence.decide(session, specialist, inquiry, notice.id, KEPT)
    assert len(store.decisions(session, inquiry.id)) == 2


def test_a_record_that_does_not_exist_cannot_be_decided_on(
    session: Session, specialist: Actor, inquiry: Inquiry
) -> None:
    with pytest.raises(NotFound):
        evidence.decide(session, specialist, inquiry, "nothing", KEPT)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.SENT, State.CLOSED, State.SOLICITED_HOLD])
def test_evidence_stands_still_while_the_draft_is_reviewed_and_after(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry, state: State
) -> None:
    inquiry.state = state
    with pytest.raises(Refused, match=state.label):
        evidence.decide(session, specialist, inquiry, record_of(session, 1).id, KEPT)
    with pytest.raises(Refused, match=state.label):
        evidence.record_search(session, runtime.index, specialist, inquiry, "migraine", Filters())
    inquiry.state = State.RETURNED
    evidence.decide(session, specialist, inquiry, record_of(session, 1).id, KEPT)


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.MEDICAL_REVIEWER, Role.ADMINISTRATOR])
def test_only_who_has_the_right_decides_and_field_roles_cannot_even_search(
    session: Session, runtime: Runtime, inquiry: Inquiry, role: Role
) -> None:
    other = Actor("u-other", "Other", frozenset({role}))
    with pytest.raises(Forbidden):
        evidence.decide(session, other, inquiry, record_of(session, 1).id, KEPT)
    with pytest.raises(Forbidden):
        evidence.record_search(session, runtime.index, other, inquiry, "migraine", Filters())
    # A run that somebody else recorded: read by whoever may search, by nobody else.
    run = SearchRun(query="migraine", filters={}, synonyms=False)
    if role is Role.MEDICAL_REVIEWER:
        found = evidence.again(runtime.index, other, run)
        assert found
        assert found.total == 2
    else:
        with pytest.raises(Forbidden):
            evidence.again(runtime.index, other, run)


def test_where_a_record_was_used_is_counted_over_inquiries(
    session: Session, specialist: Actor, inquiry: Inquiry
) -> None:
    row = record_of(session, 1)
    evidence.decide(session, specialist, inquiry, row.id, KEPT)
    assert store.verdicts_on(session, row.id) == {EvidenceVerdict.KEPT: 1, EvidenceVerdict.REJECTED: 0}
    assert store.letters_citing(session, specialist, [row.id]) == []


def test_the_letter_tells_of_searches_and_decisions_as_recorded(
    session: Session, runtime: Runtime, specialist: Actor, inquiry: Inquiry
) -> None:
    evidence.record_search(session, runtime.index, specialist, inquiry, "menstrual AND migraine", Filters())
    evidence.decide(session, specialist, inquiry, record_of(session, 1).id, KEPT)
    evidence.decide(session, specialist, inquiry, record_of(session, 2).id, REJECTED)
    told = {fact["term"]: fact["text"] for fact in search_report.facts(session, inquiry)}
    assert told["Result"] == (
        "2 records recorded, 2 assessed. **Used: 1.** Not used: 1 does not bear on the question.")
    assert "“menstrual AND migraine”" in told["Queries as run"]
