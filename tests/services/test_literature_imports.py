"""The staged import: what a check finds, what a person chooses, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from inquiry_service.bibliography import formats
from inquiry_service.domain.vocabulary import ImportChoice, ImportFinding, ImportState
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import literature_import_work as import_work
from inquiry_service.services import literature_imports as imports
from inquiry_service.services import literature_versions
from inquiry_service.services.literature_import_work import Pace
from inquiry_service.store import literature as library
from inquiry_service.store import literature_imports as store
from tests.services.import_desk import ABSTRACT, COLUMNS, Desk
from tests.services.literature_files import article, load, numbered, pmid_record, ris, table
from tests.services.test_literature import entries, outcomes


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    """A librarian's desk on this test's database."""
    return Desk(engine, tmp_path / "files")


def test_a_check_says_what_each_record_is_and_stores_nothing_in_the_library(
    desk: Desk, engine: Engine, session: Session
) -> None:
    load(engine, ris(article("Known and complete", DO="10.1000/1"), article("Known and short", DO="10.1000/2"),
                     article("Of another title", DO="10.1000/3")), "a.ris")
    run_id = desk.checked(ris(
        article("Fresh", DO="10.1000/9"), article("Known and complete", DO="10.1000/1"),
        article("Known and short", DO="10.1000/2", AB=ABSTRACT), article("Hospital costs in winter", DO="10.1000/3"),
        article("Fresh", DO="10.1000/9"), [("AU", "Nobody")]))
    assert [finding for finding, _ in desk.findings(run_id)] == [
        "new", "duplicate", "changed", "conflict", "duplicate", "error"]
    reasons = [reason for _, reason in desk.findings(run_id)]
    assert "the file adds abstract" in reasons[2]
    assert reasons[4] == "same DOI as record 1 of this file"
    assert library.count(session) == 3
    changed = store.items(session, run_id, finding=ImportFinding.CHANGED)[0]
    assert changed.details == {"abstract": ["", ABSTRACT]}
    session.rollback()
    assert desk.run(run_id).state is ImportState.CHECKED


def test_a_known_record_gets_what_it_lacked_as_a_new_version_and_the_audit_says_it_field_by_field(
    desk: Desk, engine: Engine, session: Session
) -> None:
    load(engine, ris(article("Known", DO="10.1000/2")), "a.ris")
    run = desk.carried_out(desk.checked(ris(article("Known", DO="10.1000/2", AB=ABSTRACT, SP="307", EP="309"))))
    assert (run.updated, run.read) == (1, 1)
    row = session.scalars(select(LiteratureRecord)).one()
    assert (row.abstract, row.pages, row.version) == (ABSTRACT, "307-309", 2)
    assert [version.content["abstract"] for version in library.versions(session, row.id)] == [ABSTRACT, ""]
    [change] = [entry for entry in entries(session) if entry["action"] == "literature:changed"]
    assert change["changes"]["abstract"] == {"old": "", "new": ABSTRACT}
    assert change["object"]["label"] == row.citation_key


def test_a_poorer_abstract_replaces_nothing(desk: Desk, engine: Engine, session: Session) -> None:
    load(engine, ris(article("Known", DO="10.1000/2", AB=ABSTRACT)), "a.ris")
    run = desk.carried_out(desk.checked(ris(article("Known", DO="10.1000/2", AB="Twenty women."))))
    assert (run.duplicate, run.updated) == (1, 0)
    assert session.scalars(select(LiteratureRecord.abstract)).one() == ABSTRACT


def test_what_a_person_changed_is_a_conflict_and_stays_unless_somebody_says_otherwise(
    desk: Desk, engine: Engine, session: Session
) -> None:
    load(engine, ris(article("Known", DO="10.1000/2", AB=ABSTRACT)), "a.ris")
    with desk.factory() as own:
        row = own.scalars(select(LiteratureRecord)).one()
        literature_versions.add(own, row, {"abstract": ""})
        own.commit()
    again = ris(article("Known", DO="10.1000/2", AB=ABSTRACT))
    run_id = desk.checked(again)
    assert desk.findings(run_id)[0][0] == "conflict"
    assert desk.carried_out(run_id).duplicate == 1
    assert session.scalars(select(LiteratureRecord.abstract)).one() == ""
    session.rollback()
    run_id = desk.checked(again)
    desk.take(imports.choose, run_id, {1: ImportChoice.UPDATE})
    assert desk.carried_out(run_id).updated == 1
    session.rollback()
    assert session.scalars(select(LiteratureRecord.abstract)).one() == ABSTRACT


@pytest.mark.parametrize(("choice", "outcome", "records"), [
    (ImportChoice.SKIP, "duplicate", 1), (ImportChoice.SEPARATE, "created", 2), (ImportChoice.UPDATE, "updated", 1)])
def test_a_person_decides_what_becomes_of_a_conflict(
    desk: Desk, engine: Engine, session: Session, choice: ImportChoice, outcome: str, records: int
) -> None:
    load(engine, ris(article("Of one title", DO="10.1000/3")), "a.ris")
    run_id = desk.checked(ris(article("Hospital costs in winter", DO="10.1000/3")))
    desk.take(imports.choose, run_id, {1: choice})
    desk.carried_out(run_id)
    [(became, reason)] = outcomes(session, run_id)
    assert (became, library.count(session)) == (outcome, records)
    if choice is ImportChoice.SEPARATE:
        assert "its DOI was left out: it belongs to newman1998" in reason


def test_one_choice_can_be_made_for_all_and_what_is_not_offered_is_refused(desk: Desk, engine: Engine) -> None:
    known = [article(f"Study of triptan number {number}", DO=f"10.1000/{number}") for number in range(1, 6)]
    load(engine, ris(*known), "a.ris")
    run_id = desk.checked(ris(*([*record, ("AB", ABSTRACT)] for record in known)))
    desk.take(imports.choose_all, run_id, ImportFinding.CHANGED, ImportChoice.SKIP)
    with pytest.raises(InvalidInput, match="record 1 this cannot be chosen"):
        desk.take(imports.choose, run_id, {1: ImportChoice.SEPARATE})
    with pytest.raises(InvalidInput):
        desk.take(imports.choose_all, run_id, ImportFinding.NEW, ImportChoice.SKIP)
    desk.take(imports.choose, run_id, {2: ImportChoice.UPDATE})
    run = desk.carried_out(run_id)
    assert (run.updated, run.duplicate) == (1, 4)


def test_a_library_that_changed_since_the_check_is_looked_at_again_and_the_report_says_so(
    desk: Desk, engine: Engine, session: Session
) -> None:
    data = ris(article("Fresh", DO="10.1000/9"))
    run_id = desk.checked(data)
    load(engine, data, "other.ris")
    run = desk.carried_out(run_id)
    assert (run.created, run.duplicate) == (0, 1)
    assert outcomes(session, run_id)[0][1].endswith("when the file was checked: new")


def test_the_second_import_of_a_file_at_the_same_time_finds_duplicates_and_no_errors(desk: Desk) -> None:
    data = numbered(5)
    first, second = desk.checked(data, "a.csv", mapping=COLUMNS), desk.checked(data, "a.csv", mapping=COLUMNS)
    assert desk.carried_out(first).created == 5
    run = desk.carried_out(second)
    assert (run.created, run.duplicate, run.rejected) == (0, 5, 0)


def test_a_table_waits_for_its_columns_and_can_be_mapped_anew_until_it_is_confirmed(
    desk: Desk, session: Session
) -> None:
    data = "Titel;Verfasser;Jahr\nEine Studie über Migräne;Müller A;2011\n".encode()
    run_id = desk.handed_in(data, "tabelle.csv")
    assert desk.run(run_id).state is ImportState.MAPPING
    facts = imports.receive(desk.blobs, "tabelle.csv", BytesIO(data)).facts.table
    with pytest.raises(InvalidInput, match="no title column"):
        desk.take(imports.set_mapping, run_id, facts, {"Jahr": "date"})
    for mapping in ({"Verfasser": "title"}, {"Titel": "title", "Jahr": "date"}):
        desk.take(imports.set_mapping, run_id, facts, mapping)
        assert import_work.check(desk.work(run_id)) is Pace.DONE
    desk.carried_out(run_id)
    row = session.scalars(select(LiteratureRecord)).one()
    assert (row.title, row.year) == ("Eine Studie über Migräne", 2011)
    session.rollback()
    with pytest.raises(Refused, match="before the import is confirmed"):
        desk.take(imports.set_mapping, run_id, facts, {"Titel": "title"})


def test_a_graver_standing_in_a_newer_file_updates_the_record_whatever_is_chosen(
    desk: Desk, engine: Engine, session: Session
) -> None:
    load(engine, pmid_record(11, "Sound study").encode(), "a.nbib")
    run_id = desk.checked(pmid_record(11, "Sound study", "PT  - Retracted Publication").encode(), "b.nbib")
    item = store.items(session, run_id)[0]
    assert item.details["status"] == ["Current", "Retracted"]
    session.rollback()
    desk.take(imports.choose_all, run_id, ImportFinding.CHANGED, ImportChoice.SKIP)
    assert desk.carried_out(run_id).updated == 1
    session.rollback()
    assert session.scalars(select(LiteratureRecord)).one().status.value == "retracted"


def test_a_file_without_records_is_noted_in_its_import(desk: Desk) -> None:
    run_id = desk.handed_in(table([]), "empty.csv", mapping=COLUMNS)
    work = desk.work(run_id)
    with pytest.raises(InvalidInput, match="holds no records"), import_work.noting_failure(work):
        import_work.check(work)
    assert desk.run(run_id).state is ImportState.FAILED


def test_columns_that_are_named_anew_while_the_file_is_checked_are_those_that_count(desk: Desk) -> None:
    run_id = desk.handed_in(numbered(3), "t.csv", mapping=COLUMNS)
    work = desk.work(run_id)
    others = {"abstract": "title", "year": "date"}

    @contextmanager
    def opened_while_somebody_changes_the_columns() -> Iterator[BinaryIO]:
        with work.opened() as stream:
            found = formats.inspect(stream, "t.csv").table
            assert found is not None
            desk.take(imports.set_mapping, run_id, found, others)
            yield stream

    slow = replace(work, opened=opened_while_somebody_changes_the_columns)
    assert import_work.check(slow) is Pace.STOPPED
    assert (desk.run(run_id).total, desk.findings(run_id)) == (None, [])
    assert import_work.check(work) is Pace.DONE
    assert (desk.run(run_id).total, desk.run(run_id).mapping) == (3, others)


def test_a_file_is_called_by_a_name_that_can_be_stored_and_shown(desk: Desk) -> None:
    run_id = desk.handed_in(numbered(1), "C:\\exports\\a\x00b\u202e.csv", mapping=COLUMNS)
    assert desk.run(run_id).file_name == "ab.csv"
