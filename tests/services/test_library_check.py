"""Index and library compared by digest, then record by record; an index that cannot be used is built anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from config import Config
from inquiry_service.domain.audit_events import Event
from inquiry_service.jobs import worker
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.search.port import IndexUntrusted, Query, SearchIndex
from inquiry_service.services import library_check, library_index
from inquiry_service.services.library_check import check
from inquiry_service.services.runtime import Runtime
from tests.services.literature_files import load, numbered


@pytest.fixture
def runtime(config: Config, engine: Engine) -> Iterator[Runtime]:
    opened = Runtime.open(config)
    load(engine, numbered(3))
    yield opened
    opened.close()


class _Counting:
    """The index of a runtime, noting whether its records were listed."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self.verified = 0
        self.generation = index.generation

    def verify(self, expected: dict[str, int]) -> object:
        self.verified += 1
        return self._index.verify(expected)


def _forget_jobs(session: Session) -> None:
    session.execute(delete(OutboxJob))
    session.commit()


def _spoil(config: Config, files: str = "SIDE_*.arrays") -> None:
    for path in Path(config.index_dir).glob(f"*/{files}"):
        path.write_bytes(bytes(path.stat().st_size))


def test_agreement_is_seen_from_the_digest_alone(runtime: Runtime, session: Session) -> None:
    library_index.rebuild(session, runtime.index)
    counting = _Counting(runtime.index)
    found = check(session, counting)  # type: ignore[arg-type]
    assert (found.agrees, found.records, found.indexed, counting.verified) == (True, 3, 3, 0)


def test_a_lost_job_shows_as_a_difference_and_a_waiting_one_is_counted(runtime: Runtime, session: Session) -> None:
    before = check(session, runtime.index)
    assert (before.waiting, len(before.differences), before.agrees) == (1, 3, False)
    _forget_jobs(session)
    lost = check(session, runtime.index)
    assert lost.waiting == 0
    assert {each.kind for each in lost.differences} == {"missing"}


def test_a_thorough_check_finds_a_changed_file_that_the_digest_does_not_show(
    runtime: Runtime, session: Session, config: Config
) -> None:
    library_index.rebuild(session, runtime.index)
    _spoil(config, "*.seg")
    assert check(session, runtime.index).agrees
    assert "was changed" in check(session, runtime.index, thorough=True).refused


def test_the_worker_mends_an_index_that_cannot_be_used_and_says_so_in_the_audit(
    runtime: Runtime, session: Session, config: Config
) -> None:
    worker.run(runtime, once=True)
    _spoil(config)
    runtime.index.close()
    with pytest.raises(IndexUntrusted):
        runtime.index.search(Query("sumatriptan"))
    worker.run(runtime, once=True)
    assert runtime.index.search(Query("sumatriptan", may_see_medical_only=True)).total == 3
    rebuilt = select(AuditEntry.entry).where(AuditEntry.action == Event.LITERATURE_INDEX_REBUILT.value)
    (entry,) = session.scalars(rebuilt).all()
    assert b'"System"' in entry


def test_an_index_that_was_never_built_is_built_and_a_sound_one_left_alone(runtime: Runtime, session: Session) -> None:
    _forget_jobs(session)
    assert library_check.ensure_index(runtime) is not None
    assert runtime.index.count() == 3
    assert library_check.ensure_index(runtime) is None
