"""What the library holds of a batch: certain and possible doubles, works apart, a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from inquiry_service.bibliography.record import Author, ParsedRecord
from inquiry_service.db import session_factory
from inquiry_service.domain.vocabulary import LinkKind, RecordKind
from inquiry_service.models.literature import LiteratureBlock, LiteratureRecord
from inquiry_service.services import literature_blocks
from inquiry_service.services.literature_twins import KnownWorks
from tests.services.library import held, parsed

CountQueries = Callable[[], AbstractContextManager[list[str]]]


def match(session: Session, record: ParsedRecord) -> Any:
    return KnownWorks(session, [record]).match(record)


def test_a_shared_identifier_decides_whatever_the_title_says(session: Session) -> None:
    row = held(session, parsed("Sumatriptan in adolescents: a trial", pmid="7"))
    found = match(session, parsed("[Sumatriptan bei Jugendlichen: eine Studie]", pmid="7", year=2001))
    assert (found.row.id, found.certain, found.why) == (row.id, True, "same PMID")


def test_one_doi_on_two_abstracts_of_a_supplement_is_for_a_person_to_decide(session: Session) -> None:
    held(session, parsed("Eletriptan in the elderly", doi="10.1000/supplement"))
    other = replace(parsed("Cost of cluster headache care in Norway", doi="10.1000/supplement"),
                    authors=(Author("Bakke", initials="T"),))
    found = match(session, other)
    assert not found.certain
    assert "another title and other authors" in found.why


def test_identifiers_of_two_records_are_for_a_person_to_decide(session: Session) -> None:
    held(session, parsed("Sumatriptan in adolescents: a trial", pmid="7"))
    held(session, parsed("Zolmitriptan in adolescents: a trial", doi="10.1000/z"))
    found = match(session, parsed("Sumatriptan in adolescents: a trial", pmid="7", doi="10.1000/z"))
    assert (found.certain, "but DOI of" in found.why) == (False, True)


def test_a_record_without_identifiers_is_recognised_by_what_it_says(session: Session) -> None:
    row = held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial", pmid="7"))
    found = match(session, parsed("SUMATRIPTAN NASAL SPRAY IN ADOLESCENT MIGRANE: A RANDOMIZED TRIAL"))
    assert (found.row.id, found.certain) == (row.id, True)
    assert found.why.startswith("same title, spelled differently; same first author; same year")


def test_a_lost_subtitle_without_any_support_is_for_a_person_to_decide(session: Session) -> None:
    held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial"))
    found = match(session, parsed("Sumatriptan nasal spray in adolescent migraine"))
    assert (found.certain, found.why) == (
        False, "one title is the other without its subtitle; same first author; same year")


def test_another_drug_in_the_title_is_another_work(session: Session) -> None:
    held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial"))
    assert match(session, parsed("Zolmitriptan nasal spray in adolescent migraine: a randomised trial")) is None


def test_a_preprint_is_no_double_of_its_article_and_is_said_to_belong_to_it(session: Session) -> None:
    row = held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial"))
    preprint = replace(parsed(row.title), kind=RecordKind.PREPRINT, journal="medRxiv")
    known = KnownWorks(session, [preprint])
    assert known.match(preprint) is None
    related = known.related(preprint)
    assert [(one.row.id, one.kin.link, one.kin.turned) for one in related] == [(row.id, LinkKind.PREPRINT_OF, False)]


def test_a_double_inside_the_batch_is_found(session: Session) -> None:
    first = parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial")
    second = replace(first, title=first.title.upper())
    known = KnownWorks(session, [first, second])
    assert known.match(first) is None
    row = held(session, first, known)
    found = known.match(second)
    assert found is not None
    assert (found.row.id, found.certain) == (row.id, True)


def test_a_merged_record_leads_to_the_one_that_stands_for_it(session: Session) -> None:
    kept = held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial"))
    gone = held(session, parsed("Nasal sumatriptan for teenagers who have migraine attacks at school"))
    gone.merged_into = kept.id
    session.flush()
    found = match(session, parsed("Nasal sumatriptan for teenagers who have migraine attacks at school"))
    assert found.row.id == kept.id


def test_the_number_of_queries_does_not_grow_with_batch_or_library(
    session: Session, count_queries: CountQueries
) -> None:
    counts = []
    for size in (5, 60):
        batch = [parsed(f"Sumatriptan and drug{number:03} in headache number{number:03}", year=1990 + number % 9)
                 for number in range(size)]
        for record in batch[:size // 2]:
            held(session, record)
        session.flush()
        with count_queries() as statements:
            known = KnownWorks(session, batch)
            matched = sum(known.match(record) is not None for record in batch)
        assert matched == size // 2 if size == 5 else matched >= size // 2
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


def test_records_of_before_an_upgrade_get_their_keys(engine: Engine, session: Session) -> None:
    row = held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial"))
    session.execute(delete(LiteratureBlock))
    session.commit()
    again = parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial")
    assert match(session, again) is None
    session.commit()
    assert literature_blocks.fill_missing(session_factory(engine)) == 1
    assert literature_blocks.fill_missing(session_factory(engine)) == 0
    assert match(session, again).row.id == row.id


def test_keys_follow_a_changed_title_and_identifiers_stay(session: Session) -> None:
    row = held(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial"))
    literature_blocks.refresh(session, row, identifiers=["doi:10.1000/former"])
    row.title = "Cost of cluster headache care in Norway and Sweden"
    session.flush()
    literature_blocks.refresh(session, row)
    session.flush()
    assert match(session, parsed("Sumatriptan nasal spray in adolescent migraine: a randomised trial")) is None
    assert match(session, parsed("Cost of cluster headache care in Norway and Sweden")).row.id == row.id
    former = match(session, parsed("Cost of cluster headache care in Norway and Sweden", doi="10.1000/former"))
    assert (former.row.id, former.why) == (row.id, "same DOI")
    assert isinstance(row, LiteratureRecord)
