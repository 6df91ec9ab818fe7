"""Retraction, concern, correction and notices: direction and gravity (R69)."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.standing import standing
from inquiry_service.domain.vocabulary import RecordStatus
from tests.unit.bibliography.samples import records_of, sample


def test_a_retracted_article_is_flagged_and_its_notice_is_not() -> None:
    article = sample("pubmed_retracted.nbib")
    assert (article.status, article.is_notice) == (RecordStatus.RETRACTED, False)
    assert [(link.kind, link.pmid) for link in article.relations] == [("retraction_in", "20137807")]
    for name in ("pubmed_retraction_notice.nbib", "pubmed_wakefield_notice.nbib"):
        notice = sample(name)
        assert (notice.status, notice.is_notice) == (RecordStatus.CURRENT, True)
        assert [(link.kind, link.pmid) for link in notice.relations] == [("retraction_of", "9500320")]


def test_the_link_alone_tells_a_retraction_and_without_it_nothing_is_flagged() -> None:
    text = "PMID- 1\nTI  - A trial.\nPT  - Journal Article\n"
    (flagged,) = records_of(text + "RIN - J Test. 2010;1(1):2. PMID: 3\n")
    (plain,) = records_of(text)
    assert (flagged.status, plain.status) == (RecordStatus.RETRACTED, RecordStatus.CURRENT)


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ("ECI", RecordStatus.EXPRESSION_OF_CONCERN),
        ("PRIN", RecordStatus.EXPRESSION_OF_CONCERN),
        ("EIN", RecordStatus.CORRECTED),
        ("CRI", RecordStatus.CORRECTED),
        ("RRI", RecordStatus.RETRACTED),
        ("CIN", RecordStatus.CURRENT),
    ],
)
def test_a_concern_or_a_correction_is_not_a_retraction(tag: str, status: RecordStatus) -> None:
    (record,) = records_of(f"PMID- 1\nTI  - A trial.\n{tag:4}- J Test. 2010;1(1):2. PMID: 3\n")
    assert (record.status, record.is_notice) == (status, False)


@pytest.mark.parametrize("tag", ["ROF", "ECF", "EFR", "PROF"])
def test_what_speaks_of_another_article_is_a_notice(tag: str) -> None:
    (record,) = records_of(f"PMID- 1\nTI  - On an article.\n{tag:4}- J Test. 2010;1(1):2. PMID: 3\n")
    assert (record.status, record.is_notice) == (RecordStatus.CURRENT, True)


@pytest.mark.parametrize(
    ("title", "status", "notice"),
    [
        ("RETRACTED: Effects of a drug", RecordStatus.RETRACTED, False),
        ("[Retracted] Effects of a drug", RecordStatus.RETRACTED, False),
        ("Effects of a drug [Retracted]", RecordStatus.RETRACTED, False),
        ("Retraction notice to: Effects of a drug", RecordStatus.CURRENT, True),
        ("Retraction--Effects of a drug", RecordStatus.CURRENT, True),
        ("Expression of Concern: Effects of a drug", RecordStatus.CURRENT, True),
        ("Correction to: Effects of a drug", RecordStatus.CURRENT, True),
        ("Statement of Retraction: Effects of a drug", RecordStatus.CURRENT, True),
        ("Publisher Correction: Effects of a drug", RecordStatus.CURRENT, True),
        ("Correction for Smith et al., Effects of a drug", RecordStatus.CURRENT, True),
        ("Editorial Expression of Concern: Effects of a drug", RecordStatus.CURRENT, True),
        ("Partial retraction to: Effects of a drug", RecordStatus.CURRENT, True),
        ("Erratum", RecordStatus.CURRENT, True),
        ("WITHDRAWN: Effects of a drug", RecordStatus.RETRACTED, False),
        ("TEMPORARY REMOVAL: Effects of a drug", RecordStatus.EXPRESSION_OF_CONCERN, False),
        ("Effects of a drug (Retracted article. See vol. 3, pg 4, 2004)", RecordStatus.RETRACTED, False),
        ("Withdrawal: a concept analysis", RecordStatus.CURRENT, False),
        ("Withdrawn - a qualitative study", RecordStatus.CURRENT, False),
        ("Correction for multiple testing in trials", RecordStatus.CURRENT, False),
        ("Expression of concern about vaccines among parents", RecordStatus.CURRENT, False),
        ("Retraction of the lung in thoracic surgery", RecordStatus.CURRENT, False),
        ("Correction of hyponatraemia in heart failure", RecordStatus.CURRENT, False),
        ("Retracted eardrum in children", RecordStatus.CURRENT, False),
    ],
)
def test_the_words_publishers_put_before_a_title_are_understood(
    title: str, status: RecordStatus, *, notice: bool
) -> None:
    assert standing(title, [], []) == (status, notice)


def test_the_gravest_finding_wins() -> None:
    assert standing("A trial", [], ["erratum_in", "retraction_in"])[0] is RecordStatus.RETRACTED
    assert standing("A trial", [], ["erratum_in", "expression_of_concern_in"])[0] is RecordStatus.EXPRESSION_OF_CONCERN


@pytest.mark.parametrize(("abstract", "status"), [
    ("This preprint has been withdrawn by its authors.", RecordStatus.RETRACTED),
    ("The authors have withdrawn their manuscript owing to an error.", RecordStatus.RETRACTED),
    ("Eight patients have withdrawn from the study.", RecordStatus.CURRENT),
])
def test_a_withdrawn_preprint_says_so_in_its_abstract(abstract: str, status: RecordStatus) -> None:
    assert standing("Effects of a drug", [], [], abstract) == (status, False)


def test_an_article_with_a_concern_is_not_the_notice_of_it() -> None:
    assert standing("A trial", ["Publication with Expression of Concern"], []) == (
        RecordStatus.EXPRESSION_OF_CONCERN, False)
    assert standing("On a trial", ["expression-of-concern"], []) == (RecordStatus.CURRENT, True)
