"""What kind of source a record describes, whichever words its database has for it."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.kinds import kind_of
from inquiry_service.domain.vocabulary import RecordKind


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Journal Article", "Randomized Controlled Trial"], RecordKind.ARTICLE),
        (["Article; Proceedings Paper"], RecordKind.ARTICLE),
        (["Journal Article", "Conference Paper"], RecordKind.ARTICLE),
        (["Journal Article", "Conference Abstract"], RecordKind.CONGRESS_ABSTRACT),
        (["Meeting Abstract"], RecordKind.CONGRESS_ABSTRACT),
        (["Journal article; Conference proceeding"], RecordKind.CONGRESS_ABSTRACT),
        (["Proceedings Paper"], RecordKind.CONGRESS_ABSTRACT),
        (["Preprint"], RecordKind.PREPRINT),
        (["posted-content"], RecordKind.PREPRINT),
        (["Book Chapter"], RecordKind.BOOK),
        (["Review", "Book"], RecordKind.BOOK),
        (["Trial registry record"], RecordKind.TRIAL_REGISTRATION),
        (["Thesis"], RecordKind.OTHER),
        (["Clinical Trial Protocol"], RecordKind.ARTICLE),
        ([], RecordKind.ARTICLE),
    ],
)
def test_the_source_types_tell_the_kind(types: list[str], kind: RecordKind) -> None:
    assert kind_of(types) is kind


@pytest.mark.parametrize(
    ("venue", "doi", "kind"),
    [
        ("medRxiv", "", RecordKind.PREPRINT),
        ("bioRxiv : the preprint server for biology", "", RecordKind.PREPRINT),
        ("arXiv", "", RecordKind.PREPRINT),
        ("Research Square", "", RecordKind.PREPRINT),
        ("SSRN", "", RecordKind.PREPRINT),
        ("", "10.1101/2020.04.01.20049000", RecordKind.PREPRINT),
        ("", "10.1101/123456", RecordKind.PREPRINT),
        ("Genome Research", "10.1101/gr.214155.116", RecordKind.ARTICLE),
        ("https://clinicaltrials.gov/show/NCT00000001", "", RecordKind.TRIAL_REGISTRATION),
        ("ISRCTN registry", "", RecordKind.TRIAL_REGISTRATION),
        ("Clinical Trials", "", RecordKind.ARTICLE),
        ("Archives of Neurology", "", RecordKind.ARTICLE),
    ],
)
def test_servers_and_registries_are_known_by_name_and_journals_are_not_taken_for_them(
    venue: str, doi: str, kind: RecordKind
) -> None:
    assert kind_of(["Journal Article"], venues=[venue], doi=doi) is kind


def test_a_notice_is_a_notice_wherever_it_appeared() -> None:
    assert kind_of(["Journal Article"], venues=["medRxiv"], is_notice=True) is RecordKind.NOTICE
