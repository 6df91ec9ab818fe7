"""A search of last year run again: every difference has its reason, and the account adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session

from config import Config
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.vocabulary import RecordStatus, Role
from inquiry_service.models.evidence import SearchRun
from inquiry_service.search.port import Filters
from inquiry_service.services import evidence, library_index, literature_merge, literature_standing
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.search_comparison import Change, Comparison, Fate, compare, in_words
from inquiry_service.store import evidence as store
from inquiry_service.store import literature
from tests import factories
from tests.services.literature_files import LIBRARIAN, indexed, numbered, table

LAST_YEAR, THIS_YEAR = datetime(2025, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 22, 9, tzinfo=UTC)
SOUND = Filters(statuses=tuple(status.value for status in RecordStatus if status is not RecordStatus.RETRACTED))
BEFORE = table([
    {"pmid": 1, "title": "Sumatriptan in menstrual migraine", "abstract": "Migraine in twenty women."},
    {"pmid": 2, "title": "Naratriptan in menstrual migraine", "year": 2001, "authors": "Mannix L"},
    {"pmid": 3, "title": "Migraine and frovatriptan, long term", "year": 2003, "authors": "Lines C"},
    {"title": "Migraine and frovatriptan: long-term results", "year": 2003, "authors": "Lines C"},
    {"pmid": 5, "title": "Headache in general", "year": 2004, "authors": "Other A"},
])


@pytest.fixture
def runtime(config: Config, database_url: str) -> Iterator[Runtime]:
    """A runtime on this test's database."""
    opened = Runtime.open(replace(config, database_url=database_url))
    yield opened
    opened.close()


@pytest.fixture
def recorded(runtime: Runtime, tmp_path: Path) -> tuple[Actor, str, str]:
    """A search for migraine recorded last year: who recorded it, inquiry and run."""
    with time_machine.travel(LAST_YEAR, tick=True):
        indexed(runtime, BEFORE)
        with runtime.transaction() as session:
            actor = factories.actor(session, Role.MI_SPECIALIST, name="MI specialist 1")
            inquiry = factories.inquiry(session, actor, factories.product(session), factories.blob_store(tmp_path))
            run = evidence.record_search(session, runtime.index, actor, inquiry, "migraine", SOUND)
            return actor, inquiry.id, run.id


def again(runtime: Runtime, recorded: tuple[Actor, str, str]) -> Comparison:
    actor, inquiry_id, run_id = recorded
    with runtime.reading() as session:
        return compare(session, runtime.index, actor, store.search(session, inquiry_id, run_id))


def titled(session: Session, words: str) -> str:
    return next(row.id for batch in literature.every(session) for row in batch if words in row.title)


def reindexed(runtime: Runtime) -> None:
    with runtime.reading() as session:
        library_index.rebuild(session, runtime.index)


def by_title(comparison: Comparison) -> dict[str, Change]:
    return {change.record.title: change for change in comparison.changes}


def check_the_account(comparison: Comparison) -> None:
    """Recorded then = stayed + moved + gone; looked at now = stayed + moved + new; each difference has a reason."""
    run, result, counts = comparison.run, comparison.result, comparison.counts
    assert result is not None
    both = counts[Fate.STAYED] + counts[Fate.MOVED]
    assert both + counts[Fate.GONE] == len(run.hits)
    assert both + counts[Fate.NEW] == len(result.hits)
    assert sum(counts.values()) == len(comparison.changes)
    assert 0 <= comparison.changed_found <= result.total
    for change in comparison.changes:
        assert bool(change.reason) == (change.fate is not Fate.STAYED)
        assert "check" not in change.reason, "every reason is known"


def test_a_library_that_did_not_change_finds_the_same(runtime: Runtime, recorded: tuple[Actor, str, str]) -> None:
    comparison = again(runtime, recorded)
    assert comparison.is_same
    assert (comparison.notes, comparison.changed_found) == ((), 0)
    assert in_words(THIS_YEAR, comparison) == \
        "The search of 3 November 2025 finds the same 4 records on 22 November 2026."
    check_the_account(comparison)


def test_a_search_of_last_year_says_why_each_record_is_new_gone_or_elsewhere(
    runtime: Runtime, recorded: tuple[Actor, str, str]
) -> None:
    with time_machine.travel(THIS_YEAR, tick=True):
        indexed(runtime, table([{"pmid": 9, "title": "Migraine, migraine, migraine", "year": 2026}]))
        with runtime.transaction() as session:
            retracted = literature.record(session, titled(session, "Naratriptan"), SYSTEM)
            literature_standing.lower(session, LIBRARIAN, retracted, RecordStatus.RETRACTED, "the journal")
        with runtime.transaction() as session:
            literature_merge.merge(session, LIBRARIAN, titled(session, "frovatriptan, long"),
                                   titled(session, "frovatriptan: long"), {}, "The same paper twice.")
        reindexed(runtime)
        comparison = again(runtime, recorded)
        changes = by_title(comparison)
        assert {title: change.fate for title, change in changes.items() if change.fate in (Fate.NEW, Fate.GONE)} == {
            "Migraine, migraine, migraine": Fate.NEW, "Naratriptan in menstrual migraine": Fate.GONE,
            "Migraine and frovatriptan: long-term results": Fate.GONE}
        assert changes["Migraine, migraine, migraine"].reason == "Added to the library on 22 November 2026."
        assert changes["Naratriptan in menstrual migraine"].reason == (
            "Retracted, known since 22 November 2026. The search, with its filters, does not find it any more.")
        assert changes["Migraine and frovatriptan: long-term results"].reason == \
            "Merged into lines2003 on 22 November 2026: the same work."
        assert in_words(THIS_YEAR, comparison).startswith(
            "The search of 3 November 2025 found 4 records and finds 3 on 22 November 2026: among the first 50, 1 new, "
            "2 gone")
        check_the_account(comparison)


def test_a_record_pushed_below_the_recorded_hits_is_told_from_one_that_is_not_found(
    runtime: Runtime, recorded: tuple[Actor, str, str]
) -> None:
    with time_machine.travel(THIS_YEAR, tick=True):
        indexed(runtime, table({"pmid": 100 + number, "title": f"Migraine, migraine: migraine {number}", "year": 2026}
                               for number in range(60)))
        comparison = again(runtime, recorded)
        gone = [change for change in comparison.changes if change.fate is Fate.GONE]
        assert gone
        assert {change.reason for change in gone} == {
            "Still found, below the first 50: others now rank before it."}
        assert comparison.changed_found == 60
        check_the_account(comparison)


def test_another_way_of_ranking_is_told_from_a_library_that_changed(
    runtime: Runtime, recorded: tuple[Actor, str, str]
) -> None:
    actor, inquiry_id, run_id = recorded
    with runtime.reading() as session:
        run = store.search(session, inquiry_id, run_id)
        # Another ranking puts them in another order; the first of them it did not find.
        run.ranking, run.expansions = "older ranking 1", {"migraine": ["hemicrania"]}
        run.hits = run.hits[::-1][:3]
        for rank, hit in enumerate(run.hits, start=1):
            hit.rank = rank
        session.expunge(run)
        comparison = compare(session, runtime.index, actor, run)
    assert any("The way of ranking was “older ranking 1”" in note for note in comparison.notes)
    assert any("migraine = hemicrania" in note for note in comparison.notes)
    assert {change.reason for change in comparison.changes if change.fate is Fate.MOVED} <= {
        "The way of ranking and the synonyms changed."}
    new = [change for change in comparison.changes if change.fate is Fate.NEW]
    assert [change.reason for change in new] == ["Was in the library; the way of ranking and the synonyms changed."]
    check_the_account(comparison)


def test_a_search_that_cannot_be_read_any_more_says_so(runtime: Runtime, recorded: tuple[Actor, str, str]) -> None:
    run = SearchRun(query="migraine AND (", read_as="", filters={}, synonyms=False, run_at=LAST_YEAR, generation="")
    with runtime.reading() as session:
        comparison = compare(session, runtime.index, recorded[0], run)
    assert comparison.result is None
    assert "does not read this search any more" in comparison.problem
    assert not comparison.is_same
    assert "could not be repeated" in in_words(THIS_YEAR, comparison)


@pytest.mark.parametrize("steps", ["a", "ar", "ram", "aarm", "mmra", "arararm"])
def test_whatever_happens_to_the_library_the_account_adds_up(
    runtime: Runtime, recorded: tuple[Actor, str, str], steps: str
) -> None:
    """Steps: a record is added, r one is retracted, m two are merged; each on a day of its own."""
    for number, step in enumerate(steps, start=1):
        with time_machine.travel(THIS_YEAR.replace(day=number), tick=True):
            if step == "a":
                indexed(runtime, numbered(2, first=1000 * number, abstract="migraine"), name=f"{number}.csv")
                continue
            with runtime.transaction() as session:
                rows = [row for batch in literature.every(session) for row in batch
                        if row.merged_into is None and row.status is RecordStatus.CURRENT]
                if step == "r":
                    literature_standing.lower(session, LIBRARIAN, literature.record(session, rows[0].id, SYSTEM),
                                              RecordStatus.RETRACTED, "the journal")
                else:
                    literature_merge.merge(session, LIBRARIAN, rows[0].id, rows[1].id, {}, "The same.")
            reindexed(runtime)
    check_the_account(again(runtime, recorded))
