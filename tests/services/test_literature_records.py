"""Sources entered by hand and the description of records: versions, locks, audit, what may be changed (R71)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from inquiry_service import db
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import PeerReview, Population, RecordKind, Role, StudyDesign
from inquiry_service.errors import Forbidden, InvalidInput, Refused, StaleVersion
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import literature_records, reference_list
from inquiry_service.services.literature_records import SourceData
from inquiry_service.store import literature as store
from tests.services.literature_files import LIBRARIAN, load, pmid_record
from tests.services.test_literature import entries

REVIEWER = Actor("u-rev", "Reviewer 1", frozenset({Role.MEDICAL_REVIEWER}), "s-rev")
ON_FILE = SourceData(RecordKind.DATA_ON_FILE, "Stability of tablets in dosing aids", journal="Example Pharma",
                     number="DOF-2026-017", year=2026, abstract="Stable for 28 days.", medical_only=True)


def article(engine: Engine, session: Session, *lines: str) -> LiteratureRecord:
    load(engine, pmid_record(11, "Sound study", *lines).encode(), "a.nbib")
    return session.scalars(select(LiteratureRecord).where(LiteratureRecord.pmid == "11")).one()


@pytest.mark.parametrize(("data", "printed"), [
    (ON_FILE, "Stability of tablets in dosing aids. Data on file, DOF-2026-017. Example Pharma. 2026."),
    (SourceData(RecordKind.LABEL, "Tryptanol 50 mg tablets", journal="Example Pharma", year=2025),
     "Tryptanol 50 mg tablets. Prescribing information. Example Pharma. 2025."),
    (SourceData(RecordKind.CONGRESS_ABSTRACT, "Open-label extension", authors="Newman L; Lipton RB",
                journal="Headache Congress", number="P-112", year=2024),
     "Newman L, Lipton RB. Open-label extension [abstract]. Presented at: Headache Congress, abstract P-112. 2024."),
])
def test_a_source_that_comes_in_no_export_is_a_record_like_others_with_a_reference(
    session: Session, data: SourceData, printed: str
) -> None:
    row = literature_records.add_source(session, LIBRARIAN, data)
    db.commit(session)
    assert (row.kind, row.source, row.medical_only) == (data.kind, literature_records.BY_HAND, data.medical_only)
    assert reference_list.one(row) == printed
    assert store.version(session, row.id, 1).content["title"] == data.title
    assert entries(session)[-1]["action"] == "literature:added"


def test_what_the_library_holds_is_not_added_twice_and_an_abstract_is_not_the_article(
    engine: Engine, session: Session
) -> None:
    literature_records.add_source(session, LIBRARIAN, ON_FILE)
    with pytest.raises(Refused, match="holds this work already"):
        literature_records.add_source(session, LIBRARIAN, ON_FILE)
    db.commit(session)
    session.rollback()
    row = article(engine, session)
    abstract = SourceData(RecordKind.CONGRESS_ABSTRACT, row.title, authors="Newman LC", year=row.year)
    assert literature_records.add_source(session, LIBRARIAN, abstract).id != row.id


@pytest.mark.parametrize(("field", "value"), [("title", " "), ("doi", "no doi"), ("pmid", "x"), ("year", 1200)])
def test_each_field_that_cannot_be_kept_is_named(session: Session, field: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refusal:
        literature_records.add_source(session, LIBRARIAN, SourceData(**{**vars(ON_FILE), field: value}))
    assert list(refusal.value.fields) == [field]


def test_a_description_is_a_new_version_audited_field_by_field_and_nothing_new_is_none(
    engine: Engine, session: Session
) -> None:
    row = article(engine, session)
    changes = {"design": StudyDesign.RCT, "participants": 120, "limits": "Short.", "populations": ["children"]}
    literature_records.describe(session, LIBRARIAN, row.id, changes, 1)
    db.commit(session)
    assert (row.version, row.design, row.participants) == (2, StudyDesign.RCT, 120)
    said = entries(session)[-1]["changes"]
    assert {name: (said[name]["old"], said[name]["new"]) for name in changes} == {
        "design": (None, "rct"), "participants": (None, 120), "limits": (None, "Short."),
        "populations": (None, ["children"])}
    assert store.version(session, row.id, 2).content["participants"] == 120
    assert literature_records.describe(session, LIBRARIAN, row.id, changes, 2).version == 2


def test_who_saw_an_older_version_is_told_and_nothing_is_lost(engine: Engine, session: Session) -> None:
    row = article(engine, session)
    literature_records.describe(session, LIBRARIAN, row.id, {"limits": "Short."}, 1)
    with pytest.raises(StaleVersion, match="version 2, you saw version 1"):
        literature_records.describe(session, LIBRARIAN, row.id, {"limits": "Small."}, 1)
    assert row.limits == "Short."


def test_what_was_imported_keeps_its_title_and_what_was_entered_by_hand_can_be_mended(
    engine: Engine, session: Session
) -> None:
    row = article(engine, session)
    with pytest.raises(InvalidInput) as refusal:
        literature_records.describe(session, LIBRARIAN, row.id, {"title": "Another title"}, 1)
    assert list(refusal.value.fields) == ["title"]
    own = literature_records.add_source(session, LIBRARIAN, ON_FILE)
    literature_records.describe(session, LIBRARIAN, own.id, {"title": "Stability of the tablets"}, 1)
    assert own.title == "Stability of the tablets"
    with pytest.raises(InvalidInput) as refusal:
        literature_records.describe(session, LIBRARIAN, own.id, {"pmid": "11"}, 2)
    assert refusal.value.fields == {"pmid": f"It belongs to {row.citation_key}."}


def test_only_who_manages_the_library_describes_and_adds(engine: Engine, session: Session) -> None:
    row = article(engine, session)
    with pytest.raises(Forbidden):
        literature_records.describe(session, REVIEWER, row.id, {"limits": "Short."}, 1)
    with pytest.raises(Forbidden):
        literature_records.add_source(session, REVIEWER, ON_FILE)


@pytest.mark.parametrize(("lines", "populations"), [
    (("MH  - Humans", "MH  - Adult", "MH  - Aged"), [Population.ADULTS, Population.OLDER_ADULTS]),
    (("MH  - Child, Preschool", "MH  - *Pregnancy"), [Population.CHILDREN, Population.PREGNANCY]),
    (("MH  - Animals", "MH  - Rats"), [Population.ANIMALS]),
    (("MH  - Animals", "MH  - Humans"), []), (("MH  - Migraine Disorders",), []),
])
def test_population_is_proposed_from_the_check_tags(
    engine: Engine, session: Session, lines: tuple[str, ...], populations: list[Population]
) -> None:
    assert article(engine, session, *lines).populations == [one.value for one in populations]


def test_funding_and_peer_review_are_proposed_from_types_and_kind(engine: Engine, session: Session) -> None:
    row = article(engine, session, "PT  - Journal Article", "PT  - Research Support, Non-U.S. Gov't",
                  "GR  - R01 NS1/NINDS/United States")
    assert row.peer_review is PeerReview.REVIEWED
    assert row.funding == "R01 NS1/NINDS/United States; Research Support, Non-U.S. Gov't"


def test_a_letter_proves_no_peer_review(engine: Engine, session: Session) -> None:
    assert article(engine, session, "PT  - Journal Article", "PT  - Letter").peer_review is None
