"""Which records are one work, which may be, and which stay apart although they look alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inquiry_service.bibliography.kinship import kin_of
from inquiry_service.bibliography.record import Author, ParsedRecord, Relation
from inquiry_service.bibliography.similarity import Likeness, Verdict, Work, compare
from inquiry_service.domain.vocabulary import LinkKind, RecordKind

TITLE = "Sumatriptan nasal spray in adolescent migraine: a randomised trial"
ABSTRACT = (
    "We randomised one hundred adolescents with migraine to sumatriptan nasal spray or placebo. After two hours, "
    "sixty of a hundred attacks treated with sumatriptan had eased, against forty with placebo.")
OTHER_ABSTRACT = (
    "Cost is what most insurers look at. From claims of three years we estimate what each household spent on visits, "
    "imaging and emergency care, and who among them never saw a specialist at all.")


def record(title: str = TITLE, **fields: Any) -> ParsedRecord:
    people = (Author("Newman", "Lawrence C", "LC"), Author("Lipton", "Richard B", "RB"), Author("Lay", "C", "C"))
    return ParsedRecord(**{"title": title, "source_format": "test", "raw_position": 1, "authors": people,
                           "year": 1998, **fields})


def likeness(first: ParsedRecord, second: ParsedRecord) -> Likeness:
    found, turned = compare(Work(first), Work(second)), compare(Work(second), Work(first))
    assert (found.verdict, found.score) == (turned.verdict, turned.score), "the order of the two must not matter"
    return found


def verdict(first: ParsedRecord, second: ParsedRecord) -> Verdict:
    return likeness(first, second).verdict


@pytest.mark.parametrize("second", [
    record(TITLE.upper()),
    record("Sumatriptan nasal spray in adolescent migrane: a randomized trial."),
    record("[Sumatriptan nasal spray in adolescent migraine: a randomised trial]."),
    record("Short report: sumatriptan nasal spray in adolescent migraine: a randomised trial"),
    record(f"RETRACTED: {TITLE}"),
    record(year=1999),
    record(authors=(Author("Newman", initials="L"),)),
    record(authors=(Author("Néwman", initials="L"), Author("Lipton"), Author(collective="Study Group"))),
    record(authors=(Author("Lipton", initials="RB"), Author("Lay", initials="C"))),
    record(authors=(Author("Lawrence C Newman"),)),
], ids=["capitals", "spelling", "brackets", "vendor's prefix", "retracted prefix", "year", "initials", "accents",
        "first author lost", "names turned"])
def test_one_work_as_different_databases_write_it_is_certain(second: ParsedRecord) -> None:
    assert verdict(record(), second) is Verdict.CERTAIN


@pytest.mark.parametrize(("first", "second", "support"), [
    ({"authors": ()}, {}, {"volume": "3", "pages": "12-19"}),
    ({"authors": ()}, {}, {"abstract": ABSTRACT}),
    ({"title": TITLE.partition(":")[0]}, {}, {"volume": "3", "pages": "12"}),
    ({"title": TITLE.partition(":")[0]}, {}, {"abstract": ABSTRACT}),
    ({"title": "Headache in primary schools"}, {"title": "Headache in primary schools", "year": 1999},
     {"volume": "3", "pages": "12"}),
], ids=["no author, same page", "no author, same abstract", "subtitle, same page", "subtitle, same abstract",
        "short title, same page"])
def test_what_is_only_possible_becomes_certain_by_the_same_page_or_abstract(
    first: dict[str, Any], second: dict[str, Any], support: dict[str, str]
) -> None:
    assert verdict(record(**first), record(**second)) is Verdict.POSSIBLE
    assert verdict(record(**first, **support), record(**second, **support)) is Verdict.CERTAIN


@pytest.mark.parametrize("second", [
    record("Zolmitriptan nasal spray in adolescent migraine: a randomised trial"),
    record("Sumatriptan tablets in adolescent migraine: a randomised trial"),
    record("Sumatriptan nasal spray in adult migraine: a randomised trial"),
    record("Sumatriptan nasal spray in adolescent migraine: an open trial"),
    record(authors=(Author("Kudrow", initials="L"),)),
    record(abstract=OTHER_ABSTRACT, year=2004),
], ids=["drug", "form", "patients", "design", "authors", "years apart"])
def test_works_of_one_field_stay_apart(second: ParsedRecord) -> None:
    assert verdict(record(abstract=ABSTRACT), second) is Verdict.DIFFERENT


@pytest.mark.parametrize(("first", "second", "link", "turned"), [
    (record(kind=RecordKind.PREPRINT), record(), LinkKind.PREPRINT_OF, False),
    (record(), record(kind=RecordKind.PREPRINT, doi="10.1101/1"), LinkKind.PREPRINT_OF, True),
    (record(f"Erratum to: {TITLE}", is_notice=True), record(), LinkKind.CORRECTS, False),
    (record(f"Corrigendum: {TITLE}"), record(), LinkKind.CORRECTS, False),
    (record(), record(f"Retraction: {TITLE}", is_notice=True), LinkKind.RETRACTS, True),
    (record(is_notice=True, publication_types=("Retraction of Publication",)), record(), LinkKind.RETRACTS, False),
    (record(f"Expression of concern: {TITLE}", is_notice=True), record(), LinkKind.RAISES_CONCERN, False),
    (record(f"{TITLE}: 2015 update"), record(), LinkKind.UPDATES, False),
    (record(doi="10.1002/14651858.cd010458"), record(doi="10.1002/14651858.cd010458.pub3"), LinkKind.UPDATES, True),
    (record(f"Comment on: {TITLE}", authors=(Author("Kudrow"),)), record(), LinkKind.COMMENTS_ON, False),
    (record(f"Re: {TITLE}", authors=(Author("Kudrow"),)), record(), LinkKind.COMMENTS_ON, False),
    (record(publication_types=("Letter", "Comment"), authors=(Author("Kudrow"),)),
     record(publication_types=("Journal Article",)), LinkKind.COMMENTS_ON, False),
    (record(f"{TITLE}: protocol"), record(), None, False),
    (record(f"{TITLE}. Part I"), record(f"{TITLE}. Part II"), None, False),
    (record(f"{TITLE} 1: acute attacks"), record(f"{TITLE} 2: acute attacks"), None, False),
    (record("Abstracts of the 62nd congress of the headache society"),
     record("Abstracts of the 63rd congress of the headache society"), None, False),
    (record(kind=RecordKind.CONGRESS_ABSTRACT, volume="3 Suppl", pages="S4"), record(volume="4", pages="12-19"),
     None, False),
    (record(kind=RecordKind.TRIAL_REGISTRATION), record(), None, False),
], ids=["preprint", "article of a preprint", "erratum", "corrigendum", "retraction notice", "notice by its type",
        "concern", "update", "version of a review", "comment", "letter", "letter of one title", "protocol", "parts",
        "numbers", "congresses", "congress abstract", "registration"])
def test_works_that_belong_together_are_told_apart_and_how_they_stand(
    first: ParsedRecord, second: ParsedRecord, link: LinkKind | None, turned: bool
) -> None:
    found = likeness(first, second)
    assert found.verdict is Verdict.DIFFERENT
    assert found.kin is not None
    assert (found.kin.link, found.kin.turned) == (link, turned)


def test_an_annual_report_of_one_group_under_one_title_is_another_work_each_year() -> None:
    first = record("Annual report of the headache registry", year=1998, volume="3", pages="1-9", journal="Headache")
    second = record("Annual report of the headache registry", year=1999, volume="4", pages="7-19", journal="Headache")
    assert verdict(first, second) is Verdict.DIFFERENT


def test_a_translated_version_under_another_title_is_no_double() -> None:
    second = record("Sumatriptan-Nasenspray bei Migräne im Jugendalter: eine randomisierte Studie", language="ger")
    assert verdict(record(), second) is Verdict.DIFFERENT


def test_a_record_that_names_the_other_one_is_another_work() -> None:
    first, second = record(pmid="1", relations=(Relation("comment_on", pmid="2"),)), record(pmid="2")
    assert kin_of(first, second) is not None
    assert kin_of(first, replace(second, pmid="3")) is None


def test_the_same_page_outweighs_words_of_a_lost_subtitle() -> None:
    place = {"volume": "3", "pages": "12-19"}
    assert verdict(record("Sumatriptan nasal spray in adolescent migraine"),
                   record("Sumatriptan nasal spray in adolescent migraine: preliminary results")) is Verdict.DIFFERENT
    assert verdict(record("Sumatriptan nasal spray in adolescent migraine", **place),
                   record("Sumatriptan nasal spray in adolescent migraine: preliminary results", **place)
                   ) is Verdict.CERTAIN


def test_different_identifiers_are_never_certain() -> None:
    support: dict[str, Any] = {"volume": "3", "pages": "12-19", "abstract": ABSTRACT}
    assert verdict(record(**support), record(**support)) is Verdict.CERTAIN
    apart: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({"doi": "10.1000/1"}, {"doi": "10.1000/2"}), ({"pmid": "1"}, {"pmid": "2"}),
        ({"registrations": ("NCT00000001",)}, {"registrations": ("NCT00000002",)}))
    for one, other in apart:
        assert verdict(record(**support | one), record(**support | other)) is not Verdict.CERTAIN


def test_the_doi_of_an_entry_in_the_register_of_trials_is_none_of_the_work() -> None:
    assert verdict(record(doi="10.1002/central/cn-00677540/full"), record(doi="10.1000/1")) is Verdict.CERTAIN


def test_hypertension_and_hypotension_are_for_a_person_to_decide() -> None:
    found = verdict(record("Outcome of arterial hypertension in pregnancy"),
                    record("Outcome of arterial hypotension in pregnancy"))
    assert found is Verdict.POSSIBLE


def test_a_bare_heading_is_one_work_only_when_all_fields_agree() -> None:
    assert verdict(record("Editorial"), record("Editorial")) is Verdict.CERTAIN
    assert verdict(record("Editorial"), record("Editorial", volume="4")) is Verdict.DIFFERENT


def test_the_reasons_are_said_in_words() -> None:
    found = likeness(record(volume="3", pages="12-9", journal="Cephalalgia"),
                     record(volume="3", pages="12", journal="Cephalalgia", year=1999))
    assert found.words == (
        "same title; same first author; same volume and first page; years differ by one; same journal")
