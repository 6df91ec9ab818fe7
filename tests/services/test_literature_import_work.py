"""An import under way and its end: crashes, cancellation, counts that add up, the report that stays."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from inquiry_service.db import transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import ImportState, Role
from inquiry_service.errors import Forbidden, IntegrityBroken, InvalidInput, Refused
from inquiry_service.services import literature_batch
from inquiry_service.services import literature_import_report as reports
from inquiry_service.services import literature_import_work as import_work
from inquiry_service.services import literature_imports as imports
from inquiry_service.services.literature_import_work import Pace
from inquiry_service.store import literature as library
from inquiry_service.store import literature_imports as store
from tests.database import CountQueries
from tests.services.import_desk import ABSTRACT, Desk, adds_up
from tests.services.literature_files import LIBRARIAN, article, load, ris
from tests.services.test_literature import entries


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    """A librarian's desk on this test's database."""
    return Desk(engine, tmp_path / "files")


def test_a_worker_that_dies_between_two_batches_does_nothing_twice(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = desk.confirmed(ris(*(article(f"Trial number {n} of a drug", DO=f"10.1000/{n}") for n in range(450))))
    original, left = literature_batch.Batch.store, iter([True, False])

    def dying(self: Any, *arguments: Any, **more: Any) -> None:
        if not next(left, True):
            raise KeyboardInterrupt
        original(self, *arguments, **more)

    monkeypatch.setattr(literature_batch.Batch, "store", dying)
    with pytest.raises(KeyboardInterrupt):
        import_work.carry_out(desk.work(run_id))
    half = desk.run(run_id)
    assert (half.read, half.created, half.state) == (200, 200, ImportState.RUNNING)
    run = desk.carried_out(run_id)
    assert (run.read, run.created, run.duplicate) == (450, 450, 0)
    assert adds_up(run)
    assert library.count(session) == 450


def test_a_check_that_was_interrupted_goes_on_and_still_sees_the_twins_of_before(desk: Desk) -> None:
    run_id = desk.handed_in(ris(*(article(f"Trial {n}", DO=f"10.1000/{n % 250}") for n in range(300))))
    assert import_work.check(desk.work(run_id, until=0.0)) is Pace.PAUSED
    assert desk.run(run_id).total == 200
    assert import_work.check(desk.work(run_id)) is Pace.DONE
    found = desk.findings(run_id)
    assert len(found) == 300
    assert [finding for finding, _ in found].count("duplicate") == 50
    assert found[299][1] == "same DOI as record 50 of this file"


def test_a_cancelled_import_keeps_what_was_stored_and_reports_the_rest_as_not_read(
    desk: Desk, session: Session
) -> None:
    run_id = desk.confirmed(ris(*(article(f"Trial number {n}", DO=f"10.1000/{n}") for n in range(450))))
    assert import_work.carry_out(desk.work(run_id, until=0.0)) is Pace.PAUSED
    desk.take(imports.cancel, run_id)
    assert import_work.carry_out(desk.work(run_id)) is Pace.STOPPED
    run = desk.run(run_id)
    assert run.state is ImportState.CANCELLED
    assert reports.counts(run) == {"read": 200, "created": 200, "updated": 0, "duplicate": 0, "rejected": 0,
                                   "not_read": 250}
    assert adds_up(run)
    assert library.count(session) == 200
    reports.verify(session, store.run(session, run_id))
    session.rollback()
    with pytest.raises(Refused, match="ended already"):
        desk.take(imports.cancel, run_id)


def test_an_import_that_an_error_stopped_can_be_taken_up_again(desk: Desk) -> None:
    run_id = desk.confirmed(ris(article("One", DO="10.1000/1")))
    with transaction(desk.factory) as own:
        import_work.give_up(own, LIBRARIAN, run_id, "The disk was full.")
    assert desk.run(run_id).failure == "The disk was full."
    assert import_work.carry_out(desk.work(run_id)) is Pace.STOPPED
    desk.take(imports.try_again, run_id)
    assert desk.carried_out(run_id).created == 1


def test_steps_out_of_their_order_and_people_without_the_right_are_refused(desk: Desk) -> None:
    run_id = desk.handed_in(ris(article("One", DO="10.1000/1")))
    with pytest.raises(Refused, match="does not wait for a confirmation"):
        desk.take(imports.confirm, run_id)
    with pytest.raises(Refused, match="Only an import that an error stopped"):
        desk.take(imports.try_again, run_id)
    reviewer = Actor("u", "Reviewer", frozenset({Role.MEDICAL_REVIEWER}))
    with transaction(desk.factory) as own, pytest.raises(Forbidden):
        imports.cancel(own, reviewer, run_id)


def test_the_report_is_one_canonical_text_whose_digest_stands_in_the_audit_log(
    desk: Desk, session: Session
) -> None:
    run = desk.carried_out(desk.checked(ris(article("=Of one", DO="10.1000/1"), [("AU", "Nobody")])))
    whole = b"".join(reports.json_pieces(session, run))
    given = json.loads(whole)
    inner = whole[len(b'{"report":'):whole.index(b',"report_sha256":')]
    assert hashlib.sha256(inner).hexdigest() == given["report_sha256"] == run.report_sha256
    assert inner == json.dumps(given["report"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert given["report"]["counts"] == {"read": 2, "created": 1, "updated": 0, "duplicate": 0, "rejected": 1,
                                         "not_read": 0}
    [finished] = [entry for entry in entries(session) if entry["action"] == "literature:import_finished"]
    assert finished["changes"]["report_sha256"]["new"] == run.report_sha256
    lines = list(reports.csv_lines(session, run))
    assert any('"\'=Of one"' in line for line in lines), "a title that begins a formula is text"
    assert any("The record has no title." in line for line in lines)


def test_a_report_that_was_changed_behind_the_program_does_not_verify(desk: Desk, session: Session) -> None:
    run = desk.carried_out(desk.checked(ris(article("Of one", DO="10.1000/1"))))
    reports.verify(session, run)
    session.execute(text("UPDATE import_item SET reason = 'all is well'"))
    with pytest.raises(IntegrityBroken, match="not what was recorded"):
        reports.verify(session, run)


def test_the_counts_add_up_for_any_file_garbage_included(desk: Desk) -> None:
    """A property over random files; the seed is fixed, so a failure can be repeated."""
    chance = random.Random(7)
    for data in _random_files(chance, 25):
        try:
            run_id = desk.checked(data)
        except InvalidInput:
            continue
        run = desk.carried_out(run_id)
        assert adds_up(run)
        assert run.read == run.total
        with desk.factory() as own:
            items = store.items(own, run_id, limit=1000)
        assert [item.position for item in items] == list(range(1, run.read + 1))
        assert all(item.outcome for item in items)


def _random_files(chance: random.Random, count: int) -> Iterator[bytes]:
    titles = [f"Trial of {word} in migraine" for word in ("sumatriptan", "rizatriptan", "aspirin", "placebo", "")]
    for _ in range(count):
        records = []
        for _ in range(chance.randrange(1, 30)):
            more = {"DO": f"10.1000/{chance.randrange(12)}"} if chance.random() < 0.6 else {}
            more |= {"AB": ABSTRACT[:chance.randrange(len(ABSTRACT))]} if chance.random() < 0.5 else {}
            records.append(article(chance.choice(titles), year=chance.randrange(1998, 2001), **more))
        data = bytearray(ris(*records))
        for _ in range(chance.randrange(0, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        yield bytes(data)


def test_a_batch_asks_the_database_as_often_whatever_it_holds(
    desk: Desk, engine: Engine, count_queries: CountQueries
) -> None:
    def asked(first: int, count: int) -> int:
        run_id = desk.confirmed(ris(*(article(f"Trial number {n} of drug {n}", author=f"Name{n}, A",
                                              DO=f"10.1000/{n}") for n in range(first, first + count))))
        with count_queries() as queries:
            desk.carried_out(run_id)
        return len(queries)

    asked(9000, 1)
    assert asked(0, 150) <= asked(1000, 10) + 2


def test_updating_many_records_asks_the_database_as_often_as_updating_few(
    desk: Desk, engine: Engine, count_queries: CountQueries
) -> None:
    def asked(first: int, count: int) -> int:
        known = [article(f"Trial number {n} of drug {n}", author=f"Name{n}, A", DO=f"10.1000/{n}")
                 for n in range(first, first + count)]
        load(engine, ris(*known), "a.ris")
        run_id = desk.confirmed(ris(*([*record, ("AB", ABSTRACT)] for record in known)))
        with count_queries() as queries:
            assert desk.carried_out(run_id).updated == count
        return len(queries)

    assert asked(0, 100) <= asked(1000, 5) + 2


def test_a_report_that_does_not_add_up_is_noticed(desk: Desk, session: Session) -> None:
    """Negative control of the sum that the other tests rely on: it reads what is stored, and the end refuses it."""
    run_id = desk.confirmed(ris(article("Of one", DO="10.1000/1")))
    session.execute(text("UPDATE import_run SET created = 1"))
    session.commit()
    assert not adds_up(desk.run(run_id))
    with pytest.raises(IntegrityBroken, match="do not add up"):
        import_work.carry_out(desk.work(run_id))
