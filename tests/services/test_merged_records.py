"""Records that were merged: chains of merges, what comes later for either of them, and undoing after that."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import Relation
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import (
    EvidenceVerdict,
    LinkKind,
    RecordKind,
    RecordStatus,
    RightKind,
    RightScope,
    Role,
)
from inquiry_service.errors import Refused
from inquiry_service.models.evidence import EvidenceDecision
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.literature_holdings import ListedNotice
from inquiry_service.services import (
    literature_full_text,
    literature_links,
    literature_merge,
    literature_rights,
    literature_standing,
    literature_versions,
)
from inquiry_service.services.blobs import BlobStore
from inquiry_service.services.literature_rights import RightData
from inquiry_service.store import literature, literature_notices, saved_searches
from inquiry_service.store import literature_pairs as pairs
from tests import factories
from tests.services.library import held, parsed

TITLE = "Sumatriptan nasal spray in adolescent migraine: a randomised trial"


@pytest.fixture
def librarian(session: Session) -> Actor:
    return factories.actor(session, Role.CONTENT_OWNER)


def merge(session: Session, librarian: Actor, gone: LiteratureRecord, into: LiteratureRecord, **choices: str) -> str:
    return literature_merge.merge(session, librarian, into.id, gone.id, choices, "The same trial").id


def two_dois(session: Session, librarian: Actor) -> tuple[LiteratureRecord, LiteratureRecord, str]:
    """A record, the one that was merged into it and gave up its DOI, and the merge."""
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, doi="10.1000/a"))
    return kept, gone, merge(session, librarian, gone, kept, doi="kept")


def test_undoing_the_last_of_a_chain_takes_all_earlier_ones_back(session: Session, librarian: Actor) -> None:
    first, second, third, last = [held(session, parsed(TITLE, pages=str(number))) for number in range(4)]
    merge(session, librarian, first, second)
    merge(session, librarian, second, third)
    merge_id = merge(session, librarian, third, last)
    assert {row.merged_into for row in (first, second, third)} == {last.id}
    literature_merge.undo(session, librarian, merge_id, "Another trial")
    assert (first.merged_into, second.merged_into, third.merged_into) == (third.id, third.id, None)
    assert literature.by_citation(session, [first.citation_key])[first.citation_key].id == third.id


def test_an_undone_merge_of_a_chain_stays_undone(session: Session, librarian: Actor) -> None:
    first, second, last = [held(session, parsed(TITLE, pages=str(number))) for number in range(3)]
    literature_merge.undo(session, librarian, merge(session, librarian, first, second), "Another trial")
    merge_id = merge(session, librarian, second, last)
    literature_merge.undo(session, librarian, merge_id, "Another trial, too")
    assert (first.merged_into, second.merged_into) == (None, None)


def test_an_identifier_that_the_kept_record_was_given_later_goes_back(session: Session, librarian: Actor) -> None:
    kept, gone = held(session, parsed(TITLE, pmid="7")), held(session, parsed(TITLE, doi="10.1000/a"))
    merge_id = merge(session, librarian, gone, kept, doi="kept")
    literature_versions.add(session, kept, {"doi": "10.1000/a"})
    literature_merge.undo(session, librarian, merge_id, "Two trials")
    assert [kept.doi, kept.pmid, gone.doi] == [None, "7", "10.1000/a"]


def test_a_merge_is_not_undone_when_an_identifier_of_the_kept_record_has_another_holder(
    session: Session, librarian: Actor
) -> None:
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, doi="10.1000/a"))
    merge_id = merge(session, librarian, gone, kept, doi="gone")
    other = held(session, parsed("Coughs in horses, as seen by their owners", doi="10.1000/k"))
    with pytest.raises(Refused, match=f"{other.citation_key} has an identifier of {kept.citation_key}"):
        literature_merge.undo(session, librarian, merge_id, "Two trials")


def test_nothing_is_added_to_a_record_that_was_merged(session: Session, librarian: Actor, tmp_path: Path) -> None:
    kept, gone, _ = two_dois(session, librarian)
    words = f"{gone.citation_key} was merged into {kept.citation_key}"
    blobs, right = BlobStore(tmp_path / "files"), RightData(RightKind.OWN_WORK, RightScope.SEND_TO_ANYONE, proof="7")
    with pytest.raises(Refused, match=words):
        literature_full_text.attach(session, librarian, blobs, gone.id, "a.txt", b"The text of it.")
    with pytest.raises(Refused, match=words):
        literature_rights.record(session, librarian, gone.id, right)
    with pytest.raises(Refused, match=words):
        literature_standing.decide(session, librarian, gone.id, RecordStatus.RETRACTED, "Said so", gone.version)
    assert not blobs.directory.exists()


@pytest.mark.parametrize(("named", "lowered"), [("10.1000/a", True), ("10.1000/elsewhere", False)])
def test_a_list_that_names_a_given_up_doi_speaks_of_the_kept_record(
    session: Session, librarian: Actor, named: str, lowered: bool
) -> None:
    kept, gone, _ = two_dois(session, librarian)
    session.add(ListedNotice(
        list_name="Watch", list_sha256="0" * 64, entry="1", status=RecordStatus.RETRACTED, nature="Retraction",
        doi=named, added_at=now()))
    session.flush()
    on_list = [row.id for rows in literature_notices.records_on_list(session, "Watch") for row in rows]
    assert on_list == [kept.id]
    found = literature_standing.check_cited(session, librarian, [gone.id])
    assert [one.record.id for one in found] == ([kept.id] if lowered else [])
    assert (kept.status is RecordStatus.RETRACTED) is lowered


def test_after_the_undo_each_doi_speaks_of_its_own_record_again(session: Session, librarian: Actor) -> None:
    kept, _, merge_id = two_dois(session, librarian)
    assert pairs.given_up(session, [kept.id])[kept.id] == {"doi:10.1000/a", "doi:10.1000/k"}
    literature_merge.undo(session, librarian, merge_id, "Two trials")
    assert "doi:10.1000/a" not in pairs.given_up(session, [kept.id])[kept.id]


def test_a_notice_that_names_a_given_up_doi_retracts_the_kept_record(session: Session, librarian: Actor) -> None:
    kept, _, _ = two_dois(session, librarian)
    saying = parsed("Retraction of a trial", doi="10.1000/n", is_notice=True, kind=RecordKind.NOTICE,
                    relations=(Relation("retraction_of", doi="10.1000/a"),))
    notice = held(session, saying)
    literature_standing.settle(session, librarian, [(notice, saying)])
    (link,) = literature_notices.links_of(session, [notice.id])
    assert (link.kind, link.from_id, link.to_id) == (LinkKind.RETRACTS, notice.id, kept.id)
    assert kept.status is RecordStatus.RETRACTED
    assert literature_links.complete(session, [kept]) == set()


def test_an_alert_says_that_the_record_which_stands_for_kept_evidence_is_doubted(
    session: Session, librarian: Actor, tmp_path: Path
) -> None:
    kept, gone, _ = two_dois(session, librarian)
    specialist = factories.actor(session, Role.MI_SPECIALIST)
    inquiry = factories.inquiry(session, specialist, factories.product(session), factories.blob_store(tmp_path))
    session.add(EvidenceDecision(
        inquiry_id=inquiry.id, record_id=gone.id, record_version=1, verdict=EvidenceVerdict.KEPT, decided_by="x",
        decided_at=now()))
    session.flush()
    assert saved_searches.doubted(session, {inquiry.id}, {kept.id}) == {}
    literature_standing.lower(session, librarian, kept, RecordStatus.RETRACTED, "Said so")
    assert saved_searches.doubted(session, {inquiry.id}, {kept.id}) == {inquiry.id: {kept.id}}
