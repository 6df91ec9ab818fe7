"""Two records of one work become one, and can be taken apart again; citations of both stay intact."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import session_factory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import (
    ExtractionState,
    LinkKind,
    PairState,
    RecordKind,
    RecordStatus,
    RightKind,
    RightScope,
    Role,
)
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused, StaleVersion
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.literature import LiteratureLink, LiteraturePair, LiteratureRecord
from inquiry_service.models.literature_holdings import FullText, LiteratureRight
from inquiry_service.services import literature_merge, literature_pairs, literature_versions
from inquiry_service.services.literature_twins import KnownWorks
from inquiry_service.store import literature
from inquiry_service.store import literature_pairs as pairs
from tests import factories
from tests.services.library import held, parsed

TITLE = "Sumatriptan nasal spray in adolescent migraine: a randomised trial"
STRUCTURED = "BACKGROUND: Few data exist.\n\nMETHODS: We randomised 100 adolescents.\n\nRESULTS: It worked."


@pytest.fixture
def librarian(session: Session) -> Actor:
    return factories.actor(session, Role.CONTENT_OWNER)


def two(session: Session) -> tuple[LiteratureRecord, LiteratureRecord]:
    kept = held(session, parsed(TITLE, pmid="7", mesh=("*Migraine/drug therapy", "Humans"), abstract="Few data exist."))
    gone = held(session, parsed(TITLE, doi="10.1000/a", abstract=STRUCTURED, mesh=("Humans", "Adolescent"), pages="1-9",
                                volume="3"), products=["sumatriptan"])
    return kept, gone


def merged(session: Session, librarian: Actor, kept: LiteratureRecord, gone: LiteratureRecord, **choices: str) -> str:
    return literature_merge.merge(session, librarian, kept.id, gone.id, choices, "Same DOI on the page").id


def test_the_richer_side_of_each_field_stays_and_lists_are_joined(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    merged(session, librarian, kept, gone)
    assert (kept.pmid, kept.doi, kept.abstract, kept.pages) == ("7", "10.1000/a", STRUCTURED, "1-9")
    assert kept.mesh == ["*Migraine/drug therapy", "Humans", "Adolescent"]
    assert kept.products == ["sumatriptan"]
    assert (gone.merged_into, gone.doi, gone.pmid) == (kept.id, None, None)
    assert (kept.version, gone.version) == (2, 1)
    assert literature.version(session, kept.id, 2).content["abstract"] == STRUCTURED
    assert literature.version(session, gone.id, 1).content["doi"] == "10.1000/a"


def test_a_person_may_choose_otherwise(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    merged(session, librarian, kept, gone, abstract="kept", pages="kept")
    assert (kept.abstract, kept.pages, kept.doi) == ("Few data exist.", "", "10.1000/a")


def test_the_graver_standing_stays_whatever_is_chosen(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    gone.status, gone.status_note = RecordStatus.RETRACTED, "Retracted according to PMID 9"
    merged(session, librarian, kept, gone)
    assert (kept.status, kept.status_note) == (RecordStatus.RETRACTED, "Retracted according to PMID 9")


def test_a_sound_double_does_not_clear_a_retracted_record(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    kept.status = RecordStatus.RETRACTED
    merged(session, librarian, kept, gone)
    assert kept.status is RecordStatus.RETRACTED


def test_both_citation_keys_and_a_given_up_pmid_lead_to_the_kept_record(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    gone.pmid = "8"
    session.flush()
    merged(session, librarian, kept, gone)
    found = literature.by_citation(session, [kept.citation_key, gone.citation_key, "pmid8", "pmid:7", "nobody1"])
    assert {key: row.id for key, row in found.items()} == dict.fromkeys(
        [kept.citation_key, gone.citation_key, "pmid8", "pmid:7"], kept.id)


def test_the_citation_key_of_a_merged_record_is_not_given_again(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    merged(session, librarian, kept, gone)
    newcomer = parsed("Another matter altogether: triptans and driving")
    assert KnownWorks(session, [newcomer]).free_key(newcomer) not in {kept.citation_key, gone.citation_key}


def test_what_is_imported_again_is_recognised_as_the_kept_record(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    gone.pmid = "8"
    session.flush()
    merged(session, librarian, kept, gone)
    again = parsed("A title that nobody has seen", pmid="8")
    found = KnownWorks(session, [again]).match(again)
    assert found is not None
    assert (found.row.id, found.why) == (kept.id, "same PMID")


def test_files_rights_and_links_go_over_and_come_back(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    notice = held(session, parsed("Erratum to: something", kind=RecordKind.NOTICE, is_notice=True))
    file = FullText(record_id=gone.id, sha256="0" * 64, file_name="a.pdf", media_type="application/pdf", size=1,
                    state=ExtractionState.WAITING, added_at=now(), added_by="x")
    right = LiteratureRight(record_id=gone.id, kind=RightKind.OPEN_LICENCE, scope=RightScope.INTERNAL,
                            recorded_at=now(), recorded_by="x")
    link = LiteratureLink(from_id=notice.id, to_id=gone.id, kind=LinkKind.CORRECTS, citation="", source="x",
                          added_at=now())
    session.add_all([file, right, link])
    session.flush()
    merge_id = merged(session, librarian, kept, gone)
    assert (file.record_id, right.record_id, link.to_id, link.from_id) == (kept.id, kept.id, kept.id, notice.id)
    literature_merge.undo(session, librarian, merge_id, "Two works")
    assert (file.record_id, right.record_id, link.to_id, link.from_id) == (gone.id, gone.id, gone.id, notice.id)


def test_undoing_a_merge_restores_both_as_they_were(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    gone.status, gone.status_note = RecordStatus.CORRECTED, "Corrected"
    before = [(row.pmid, row.doi, row.abstract, row.pages, row.mesh, row.products, row.status, row.status_note)
              for row in (kept, gone)]
    merge_id = merged(session, librarian, kept, gone)
    undone = literature_merge.undo(session, librarian, merge_id, "Two works after all")
    session.flush()
    assert [(row.pmid, row.doi, row.abstract, row.pages, row.mesh, row.products, row.status, row.status_note)
            for row in (kept, gone)] == before
    assert (gone.merged_into, kept.version, undone.undone_by) == (None, 3, librarian.name)
    assert literature.by_citation(session, [gone.citation_key])[gone.citation_key].id == gone.id
    with pytest.raises(Refused, match="undone this merge already"):
        literature_merge.undo(session, librarian, merge_id, "Again")


def test_a_merge_is_not_undone_over_a_later_change_of_the_same_field(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    merge_id = merged(session, librarian, kept, gone)
    literature_versions.add(session, kept, {"funding": "A foundation"})
    literature_versions.add(session, kept, {"pages": "1-10"})
    with pytest.raises(Refused, match="in: pages"):
        literature_merge.undo(session, librarian, merge_id, "Two works")
    literature_versions.add(session, kept, {"pages": "1-9"})
    literature_merge.undo(session, librarian, merge_id, "Two works")
    assert (kept.funding, kept.pages) == ("A foundation", "")


def test_a_merge_is_not_undone_when_its_identifier_has_another_holder(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    gone.pmid = "8"
    session.flush()
    merge_id = merged(session, librarian, kept, gone)
    held(session, parsed("Another matter altogether", pmid="8"))
    with pytest.raises(Refused, match="has an identifier of"):
        literature_merge.undo(session, librarian, merge_id, "Two works")


def test_merges_in_a_row_lead_to_the_last_one_and_are_undone_from_the_last(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    last = held(session, parsed(TITLE.upper(), pmcid="PMC5"))
    first_merge = merged(session, librarian, kept, gone)
    second_merge = merged(session, librarian, last, kept)
    assert gone.merged_into == kept.merged_into == last.id
    with pytest.raises(Refused, match="Undo that merge first"):
        literature_merge.undo(session, librarian, first_merge, "Two works")
    literature_merge.undo(session, librarian, second_merge, "Two works")
    assert [row.merged_into for row in (gone, kept)] == [kept.id, None]
    literature_merge.undo(session, librarian, first_merge, "Two works")
    assert [gone.merged_into, gone.doi] == [None, "10.1000/a"]


def test_works_that_belong_together_are_not_merged(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    preprint = held(session, replace(parsed(TITLE), kind=RecordKind.PREPRINT))
    notice = held(session, parsed(f"Retraction: {TITLE}", is_notice=True, kind=RecordKind.NOTICE))
    for other, why in ((preprint, "preprint"), (notice, "notice")):
        with pytest.raises(Refused, match=why):
            merged(session, librarian, kept, other)
    assert kept.version == gone.version == 1


def test_a_merge_needs_the_right_a_reason_two_records_and_known_fields(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    with pytest.raises(Forbidden):
        merged(session, factories.actor(session, Role.MEDICAL_REVIEWER), kept, gone)
    with pytest.raises(InvalidInput, match="reason"):
        literature_merge.merge(session, librarian, kept.id, gone.id, {}, "  ")
    with pytest.raises(InvalidInput, match="itself"):
        merged(session, librarian, kept, kept)
    with pytest.raises(InvalidInput) as wrong:
        merged(session, librarian, kept, gone, abstract="both", secret="kept")
    assert set(wrong.value.fields) == {"abstract", "secret"}
    with pytest.raises(NotFound):
        literature_merge.merge(session, librarian, kept.id, "nowhere", {}, "Same")
    with pytest.raises(StaleVersion):
        literature_merge.merge(session, librarian, kept.id, gone.id, {}, "Same", seen=(1, 5))


def test_merge_and_undo_are_audited_and_indexed(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    merge_id = merged(session, librarian, kept, gone)
    literature_merge.undo(session, librarian, merge_id, "Two works")
    session.commit()
    every = [json.loads(row) for row in session.scalars(select(AuditEntry.entry).order_by(AuditEntry.seq))]
    log = [entry for entry in every if entry["action"].startswith("literature:")]
    assert [entry["action"] for entry in log] == [
        Event.LITERATURE_MERGED, Event.LITERATURE_CHANGED, Event.LITERATURE_MERGE_UNDONE, Event.LITERATURE_CHANGED]
    assert log[0]["changes"]["merged_into"] == {"old": None, "new": kept.citation_key}
    assert log[0]["changes"]["doi"] == {"old": "10.1000/a", "new": None}
    assert log[1]["changes"]["pages"] == {"old": "", "new": "1-9"}
    assert log[2]["changes"]["merged_into"]["old"] == kept.citation_key
    assert log[3]["changes"]["pages"] == {"old": "1-9", "new": ""}


def test_two_people_who_merge_the_same_record_at_once_get_one_merge(engine: Engine, session: Session) -> None:
    librarian = factories.actor(session, Role.CONTENT_OWNER)
    kept, gone = two(session)
    other = held(session, parsed(TITLE.upper(), pmcid="PMC5"))
    session.commit()
    factory, refusals, done = session_factory(engine), list[str](), list[str]()

    def work(into: str) -> None:
        try:
            with transaction(factory) as own:
                literature_merge.merge(own, librarian, into, gone.id, {}, "Same work")
            done.append(into)
        except Refused as refusal:
            refusals.append(refusal.message)

    threads = [threading.Thread(target=work, args=(row.id,)) for row in (kept, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    session.expire_all()
    assert len(done) == len(refusals) == 1
    assert "was merged into another record meanwhile" in refusals[0]
    assert session.get_one(LiteratureRecord, gone.id).merged_into == done[0]


def test_a_pair_is_noted_once_and_settled_by_the_merge(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    third = held(session, parsed("Sumatriptan nasal spray in adolescent migraine"))
    assert literature_pairs.note_pair(session, gone, kept, 0.7, "same title") is not None
    assert literature_pairs.note_pair(session, kept, gone, 0.7, "same title") is None
    assert literature_pairs.note_pair(session, gone, third, 0.5, "subtitle") is not None
    merge_id = merged(session, librarian, kept, gone)
    session.flush()
    states = {frozenset((pair.first_id, pair.second_id)): pair.state
              for pair in session.scalars(select(LiteraturePair))}
    assert states[frozenset((kept.id, gone.id))] is PairState.MERGED
    assert states[frozenset((kept.id, third.id))] is PairState.OPEN
    assert [{one.first.id, one.second.id} for one in pairs.open_pairs(session)] == [{kept.id, third.id}]
    assert pairs.open_count(session) == 1
    literature_merge.undo(session, librarian, merge_id, "Two works")
    session.flush()
    assert pairs.open_count(session) == 3
