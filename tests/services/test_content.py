"""The content library: taking in releases, choosing for an answer, suspending and retiring; all of it audited."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.db import commit
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.vocabulary import ContentState, LabelStatus, Lane, Role, Topic
from inquiry_service.errors import Forbidden, IntegrityBroken, NotFound, Refused
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.content import ContentVersion
from inquiry_service.services import content
from inquiry_service.services.content_files import MANIFEST, manifest_text, read_folder
from inquiry_service.store import content as store
from inquiry_service.store.content import Wanted

RESPONSES = Path(__file__).resolve().parents[2] / "templates" / "responses"
OWNER = Actor("u-owner", "Content owner 1", frozenset({Role.CONTENT_OWNER}))
SPECIALIST = Actor("u-mi", "MI specialist 1", frozenset({Role.MI_SPECIALIST}))
SALES = Actor("u-sales", "Sales 1", frozenset({Role.FIELD_SALES}))
PREVENTION = Wanted("sumatriptan-tablets", "US", "en-US", Lane.HCP, frozenset({Topic.EFFICACY, Topic.DOSING}),
                    frozenset({LabelStatus.OFF_LABEL}), "2026-03")


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=True):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder of one block and one standard response."""
    target = tmp_path / "responses"
    for key in ("closing-hcp", "sumatriptan-menstrual-prevention"):
        shutil.copytree(RESPONSES / key, target / key)
    _release(target)
    return target


def _release(folder: Path) -> None:
    (folder / MANIFEST).write_text(manifest_text(read_folder(folder)), "utf-8")


def _next_version(folder: Path, key: str) -> None:
    shutil.copytree(folder / key / "v1", folder / key / "v2")
    template = folder / key / "v2" / "template.md"
    template.write_text(template.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    _release(folder)


def _actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_the_shipped_content_is_taken_in_once(session: Session) -> None:
    first = content.sync(session, SYSTEM, RESPONSES)
    commit(session)
    assert len(first.added) == len(read_folder(RESPONSES)) >= 16
    again = content.sync(session, SYSTEM, RESPONSES)
    assert (again.added, again.superseded, again.unchanged) == ((), (), len(first.added))


def test_taking_in_a_version_is_audited_as_added_and_released(session: Session, folder: Path) -> None:
    content.sync(session, OWNER, folder)
    commit(session)
    assert _actions(session) == ["content:added", "content:released"] * 2


def test_a_newer_version_supersedes_the_one_before_it(session: Session, folder: Path) -> None:
    content.sync(session, OWNER, folder)
    _next_version(folder, "closing-hcp")
    report = content.sync(session, OWNER, folder)
    commit(session)
    assert (report.added, report.superseded) == (("closing-hcp/v2",), ("closing-hcp/v1",))
    states = [(row.version, row.state) for row in store.versions_of(session, "closing-hcp")]
    assert states == [(1, ContentState.SUPERSEDED), (2, ContentState.EFFECTIVE)]
    block = store.block(session, "closing-hcp")
    assert block is not None
    assert block.version == 2
    assert "content:superseded" in _actions(session)


def test_two_versions_taken_in_at_once_leave_only_the_newest_effective(session: Session, folder: Path) -> None:
    _next_version(folder, "closing-hcp")
    content.sync(session, OWNER, folder)
    assert [row.state for row in store.versions_of(session, "closing-hcp")] == [
        ContentState.SUPERSEDED, ContentState.EFFECTIVE]


def test_a_draft_folder_is_left_alone(session: Session, folder: Path) -> None:
    shutil.copytree(RESPONSES / "opening-hcp", folder / "opening-hcp")
    content.sync(session, OWNER, folder)
    assert store.item(session, "opening-hcp") is None


def test_a_changed_release_is_refused_even_with_a_new_manifest(session: Session, folder: Path) -> None:
    content.sync(session, OWNER, folder)
    commit(session)
    template = folder / "closing-hcp" / "v1" / "template.md"
    template.write_text(template.read_text("utf-8") + "\nAnother sentence.\n", "utf-8")
    with pytest.raises(IntegrityBroken, match="closing-hcp/v1 was changed"):
        content.sync(session, OWNER, folder)
    _release(folder)
    with pytest.raises(Refused, match="Add the change as v2"):
        content.sync(session, OWNER, folder)


def test_only_content_owners_change_the_library(session: Session, folder: Path) -> None:
    with pytest.raises(Forbidden):
        content.sync(session, SPECIALIST, folder)
    row = _prevention(session, folder)
    with pytest.raises(Forbidden):
        content.suspend(session, SPECIALIST, row.id, "Label changed")


def _prevention(session: Session, folder: Path) -> ContentVersion:
    content.sync(session, OWNER, folder)
    (row,) = store.versions_of(session, "sumatriptan-menstrual-prevention")
    return row


def test_content_is_chosen_by_what_the_answer_needs_and_says_why(session: Session) -> None:
    content.sync(session, SYSTEM, RESPONSES)
    first, *others = store.effective(session, SPECIALIST, PREVENTION)
    assert first.version.item.key == "sumatriptan-menstrual-prevention"
    assert first.reasons[0] == "Same topic: Dosing and administration, Efficacy"
    assert "Label status: Off-label" in first.reasons
    assert [match.version.item.key for match in others] == ["sumatriptan-children-adolescents"]
    assert first.version.fields[0]["name"] == "use.description"


@pytest.mark.parametrize("changed", [
    {"product_key": "naratriptan-tablets"}, {"market": "DE"}, {"language": "de-DE"}, {"lane": Lane.PAYER},
    {"label_statuses": frozenset({LabelStatus.OTHER_COMPANY})}, {"label_version": "2027-01"},
])
def test_content_for_another_product_market_language_lane_status_or_label_does_not_match(
    session: Session, changed: dict[str, object]
) -> None:
    content.sync(session, SYSTEM, RESPONSES)
    wanted = Wanted(**{**vars(PREVENTION), **changed})
    assert store.effective(session, SPECIALIST, wanted) == []


def test_a_language_without_a_region_fits_its_regions(session: Session) -> None:
    content.sync(session, SYSTEM, RESPONSES)
    assert store.effective(session, SPECIALIST, Wanted(**{**vars(PREVENTION), "language": "en"}))
    assert not store.effective(session, SPECIALIST, Wanted(**{**vars(PREVENTION), "language": "en-GB"}))


def test_expired_and_not_yet_effective_content_is_not_offered(session: Session, folder: Path) -> None:
    row = _prevention(session, folder)
    assert [m.version.id for m in store.effective(session, SPECIALIST, PREVENTION)] == [row.id]
    assert store.effective(session, SPECIALIST, PREVENTION, on=date(2026, 11, 1)) == []
    assert store.effective(session, SPECIALIST, PREVENTION, on=row.expires) == []
    assert store.block(session, "closing-hcp", on=row.expires) is None
    with time_machine.travel("2028-11-01T00:00:00Z"):
        assert content.standing_of(row).word == "Expired"


def test_a_suspended_version_is_no_longer_offered_and_the_reason_is_kept(session: Session, folder: Path) -> None:
    row = _prevention(session, folder)
    content.suspend(session, OWNER, row.id, "A reference was retracted")
    commit(session)
    assert store.effective(session, SPECIALIST, PREVENTION) == []
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "content:suspended")).one()
    assert b"A reference was retracted" in entry.entry
    with pytest.raises(Refused, match="only effective content"):
        content.suspend(session, OWNER, row.id, "Again")
    content.retire(session, OWNER, row.id, "Replaced by another text")
    assert row.state is ContentState.RETIRED
    with pytest.raises(Refused, match="retired already"):
        content.retire(session, OWNER, row.id, "Again")


def test_a_reason_is_asked_for(session: Session, folder: Path) -> None:
    row = _prevention(session, folder)
    with pytest.raises(Refused, match="Say why"):
        content.suspend(session, OWNER, row.id, "  ")


def test_a_sync_does_not_revive_what_people_took_out_of_use(session: Session, folder: Path) -> None:
    row = _prevention(session, folder)
    content.suspend(session, OWNER, row.id, "Under investigation")
    content.sync(session, OWNER, folder)
    assert row.state is ContentState.SUSPENDED


def test_field_roles_find_no_content(session: Session, folder: Path) -> None:
    row = _prevention(session, folder)
    assert store.effective(session, SALES, PREVENTION) == []
    assert store.library(session, SALES) == []
    with pytest.raises(NotFound):
        store.version(session, SALES, row.id)
    assert store.version(session, SPECIALIST, row.id) is row
    assert [r.item.key for r in store.library(session, SPECIALIST, kind="block")] == ["closing-hcp"]
