"""A notice and its article find each other whichever comes first, and the article stands as the notice says (R69)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from inquiry_service.domain.vocabulary import LinkKind, RecordStatus
from inquiry_service.models.literature import LiteratureLink, LiteratureRecord
from tests.services.literature_files import load, pmid_record
from tests.services.test_literature import entries

ARTICLE = pmid_record(11, "Sound study of sumatriptan")
NAMES_ITS_NOTICE = pmid_record(11, "Sound study of sumatriptan", "RIN - Headache. 2010. PMID: 99")
NOTICE = pmid_record(99, "Retraction notice", "PT  - Retraction of Publication", "ROF - Headache. PMID: 11")
BARE_NOTICE = pmid_record(99, "Retraction: Sound study of sumatriptan", "PT  - Retraction of Publication")


def links(session: Session) -> list[tuple[str | None, LinkKind, str | None]]:
    """The links by PMID of their ends."""
    pmids = {row.id: row.pmid for row in session.scalars(select(LiteratureRecord))}
    found = [(pmids.get(link.from_id or ""), link.kind, pmids.get(link.to_id or ""))
             for link in session.scalars(select(LiteratureLink).order_by(LiteratureLink.id))]
    session.rollback()
    return found


def statuses(session: Session) -> dict[str | None, RecordStatus]:
    found = {row.pmid: row.status for row in session.scalars(select(LiteratureRecord))}
    session.rollback()
    return found


@pytest.mark.parametrize("files", [(ARTICLE, NOTICE), (NOTICE, ARTICLE), (NAMES_ITS_NOTICE, NOTICE),
                                   (NOTICE, NAMES_ITS_NOTICE), (NAMES_ITS_NOTICE, BARE_NOTICE), (NOTICE + ARTICLE,)])
def test_one_link_joins_notice_and_article_in_any_order_and_only_the_article_is_retracted(
    engine: Engine, session: Session, files: tuple[str, ...]
) -> None:
    for number, text in enumerate(files):
        load(engine, text.encode(), f"{number}.nbib")
    assert links(session) == [("99", LinkKind.RETRACTS, "11")]
    assert statuses(session) == {"11": RecordStatus.RETRACTED, "99": RecordStatus.CURRENT}


def test_an_article_that_comes_after_its_notice_is_retracted_although_it_does_not_say_so_itself(
    engine: Engine, session: Session
) -> None:
    load(engine, NOTICE.encode(), "a.nbib")
    assert links(session) == [("99", LinkKind.RETRACTS, None)]
    load(engine, ARTICLE.encode(), "b.nbib")
    row = session.scalars(select(LiteratureRecord).where(LiteratureRecord.pmid == "11")).one()
    assert (row.status, row.status_note) == (RecordStatus.RETRACTED,
                                             "Retracted according to the notice newman1998 (PMID 99)")


def test_an_article_beside_which_another_ones_notice_lies_stays_sound(engine: Engine, session: Session) -> None:
    load(engine, NOTICE.encode(), "a.nbib")
    load(engine, pmid_record(12, "Another study").encode(), "b.nbib")
    assert statuses(session) == {"12": RecordStatus.CURRENT, "99": RecordStatus.CURRENT}
    assert links(session) == [("99", LinkKind.RETRACTS, None)]


def test_importing_both_again_adds_no_link_and_the_links_are_audited(engine: Engine, session: Session) -> None:
    for number in range(2):
        load(engine, (NOTICE + NAMES_ITS_NOTICE).encode(), f"{number}.nbib")
    assert len(links(session)) == 1
    assert [entry["action"] for entry in entries(session)].count("literature:linked") == 1


@pytest.mark.parametrize(("tag", "kind", "status"), [
    ("CIN", LinkKind.COMMENTS_ON, RecordStatus.CURRENT), ("EIN", LinkKind.CORRECTS, RecordStatus.CORRECTED),
    ("UIN", LinkKind.UPDATES, RecordStatus.CURRENT), ("RPI", LinkKind.REPUBLISHES, RecordStatus.CURRENT),
    ("PRIN", LinkKind.RETRACTS_PARTLY, RecordStatus.EXPRESSION_OF_CONCERN),
])
def test_each_relation_has_its_own_link_and_only_notices_lower_the_standing(
    engine: Engine, session: Session, tag: str, kind: LinkKind, status: RecordStatus
) -> None:
    load(engine, pmid_record(11, "Study", f"{tag:4}- Headache. PMID: 99").encode(), "a.nbib")
    assert links(session) == [(None, kind, "11")]
    assert statuses(session) == {"11": status}


def test_a_new_version_of_a_retracted_article_retracts_the_old_one_and_is_sound_itself(
    engine: Engine, session: Session
) -> None:
    load(engine, ARTICLE.encode(), "a.nbib")
    newer = pmid_record(77, "Sound study, analysed anew", "RRF - Headache. PMID: 11")
    load(engine, newer.encode(), "b.nbib")
    assert statuses(session) == {"11": RecordStatus.RETRACTED, "77": RecordStatus.CURRENT}
    assert links(session) == [("77", LinkKind.REPUBLISHES, "11")]
