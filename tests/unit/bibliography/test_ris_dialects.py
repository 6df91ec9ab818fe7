"""Dialects of RIS of which no real export may be redistributed: records as the vendors' programs write them."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.domain.vocabulary import RecordKind
from tests.unit.bibliography.samples import authors_of, records_of

CENTRAL = """Provider: John Wiley & Sons, Ltd
Content:text/plain; charset="UTF-8"

TY  - JOUR
AN  - CN-01930310
AU  - Lipton, RB
AU  - Goadsby, PJ
TI  - Rimegepant for migraine
T2  - Lancet (London, England)
PY  - 2019
VL  - 394
SP  - 737
EP  - 745
C3  - PUBMED 31311674,EMBASE 2002539401
M3  - Journal article
UR  - https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01930310/full
ER  -
"""
CENTRAL_REGISTRY = """TY  - JOUR
AN  - CN-01560000
AU  - NCT03461757
TI  - Trial in Adult Subjects With Acute Migraines
T2  - https://clinicaltrials.gov/show/NCT03461757
PY  - 2018
M3  - Trial registry record
ER  -
"""
CLINICALTRIALS = """TY  - WEB
ID  - NCT03461757
TI  - Safety and Efficacy in Adult Subjects With Acute Migraines
A1  - Biohaven Pharmaceuticals, Inc.
Y1  - 2018/02/26
PB  - National Library of Medicine (US)
UR  - https://clinicaltrials.gov/study/NCT03461757
ER  -
"""
EBSCO = """TY  - JOUR
ID  - 2019-12345-001
AN  - 2019-12345-001
A1  - Lipton, Richard B.
T1  - Rimegepant for migraine
JF  - The Lancet
JO  - Lancet
Y1  - 2019/08//
VL  - 394
IS  - 10200
SP  - 737
EP  - 745
SN  - 0140-6736
M3  - Article
N2  - An abstract.
N1  - Accession Number: 2019-12345-001. PMID: 31311674. Partial author list: First Author & Affiliation: Lipton, R.
DO  - 10.1016/S0140-6736(19)31606-X
DB  - psyh
DP  - EBSCOhost
ER  -
"""
ZOTERO_PREPRINT = """TY  - UNPB
TI  - A preprint
AU  - Doe, Jane
PB  - medRxiv
DA  - 2020/04/03/
PY  - 2020
DO  - 10.1101/2020.04.01.20049000
N1  - PMID: 31311674
PMCID: PMC6401234
ER  -
"""
EMBASE_CONGRESS = """TY  - JOUR
M3  - Conference Abstract
T1  - A poster
A1  - Doe J.
Y1  - 2019//
JF  - Headache
VL  - 59
IS  - Supplement 1
SP  - 12
DO  - 10.1111/head.13549
ER  -
"""
PUBMED_CENTRAL = """TY  - JOUR
AU  - Sears, Margaret E
T1  - Chelation
Y1  - 2013
PY  - 2013/04/18
SP  - 219840
AN  - PMC3654245
U1  - 23690738[pmid]
J1  - ScientificWorldJournal
JF  - The Scientific World Journal
ER  -
"""
DATA_FRAME = """TY  - JOUR
TI  - Written by a program
AU  - Nan, Wei
VL  - nan
IS  - NaN
SP  - e0175947
EP  - nan
DO  - None
PY  - 2017
ER  -
"""
ENDNOTE_NUMBER = """TY  - JOUR
TI  - With an article number
JO  - Cureus
PY  - 2021
M1  - 7
C7  - e18636
ER  -
"""


def one(text: str) -> ParsedRecord:
    (record,) = records_of(text)
    return record


def test_central_names_the_pmid_and_its_own_address_is_not_the_works_doi() -> None:
    record = one(CENTRAL)
    assert (record.pmid, record.doi, record.pages) == ("31311674", "", "737-745")
    assert authors_of(record) == ["Lipton RB", "Goadsby PJ"]


@pytest.mark.parametrize("text", [CENTRAL_REGISTRY, CLINICALTRIALS])
def test_a_registration_is_told_from_an_article(text: str) -> None:
    assert one(text).kind is RecordKind.TRIAL_REGISTRATION
    assert one(CENTRAL).kind is RecordKind.ARTICLE


def test_the_number_of_a_trial_is_no_author() -> None:
    record = one(CENTRAL_REGISTRY)
    assert (record.authors, record.registrations) == ((), ("NCT03461757",))


def test_clinicaltrials_gov_gives_the_number_of_the_trial() -> None:
    assert one(CLINICALTRIALS).registrations == ("NCT03461757",)


def test_ebsco_hides_the_pmid_in_a_note_and_abbreviates_in_jo() -> None:
    record = one(EBSCO)
    assert (record.pmid, record.journal, record.journal_abbrev) == ("31311674", "The Lancet", "Lancet")
    assert (record.year, record.pages, record.doi) == (2019, "737-745", "10.1016/s0140-6736(19)31606-x")


def test_zotero_writes_preprints_as_unpublished_and_identifiers_as_notes() -> None:
    record = one(ZOTERO_PREPRINT)
    assert (record.kind, record.pmid, record.pmcid) == (RecordKind.PREPRINT, "31311674", "PMC6401234")


def test_embase_says_conference_abstract_of_what_it_calls_a_journal() -> None:
    record = one(EMBASE_CONGRESS)
    assert (record.kind, record.issue, record.journal) == (RecordKind.CONGRESS_ABSTRACT, "Supplement 1", "Headache")


def test_pubmed_central_puts_its_numbers_in_user_fields() -> None:
    record = one(PUBMED_CENTRAL)
    assert (record.pmid, record.pmcid, record.year) == ("23690738", "PMC3654245", 2013)
    assert (record.journal, record.journal_abbrev) == ("The Scientific World Journal", "ScientificWorldJournal")


def test_missing_values_of_a_data_frame_are_missing_and_a_person_called_nan_is_kept() -> None:
    record = one(DATA_FRAME)
    assert (record.volume, record.issue, record.pages, record.doi, record.remarks) == ("", "", "e0175947", "", ())
    assert authors_of(record) == ["Nan W"]


def test_numbers_and_article_numbers_are_told_apart() -> None:
    record = one(ENDNOTE_NUMBER)
    assert (record.issue, record.pages) == ("7", "e18636")


def test_wrapped_titles_and_names_are_joined_and_keywords_are_not() -> None:
    text = (
        "TY  - JOUR\nTI  - A title that\n  goes on\nAU  - Harrison, Warren\nMorris\nKW  - One\nTwo\nPY  - 2001\nER  -\n"
    )
    record = one(text)
    assert (record.title, record.keywords) == ("A title that goes on", ("One", "Two"))
    assert authors_of(record) == ["Harrison WM"]


def test_authors_given_as_au_and_as_a1_count_once_and_editors_only_stand_in() -> None:
    twice = "AU  - Doe, Jane\nAU  - Roe, R\nA1  - Doe, Jane\nA1  - Roe, R\nA2  - Editor, E\n"
    assert authors_of(one(f"TY  - CHAP\nTI  - A\n{twice}ER  -\n")) == ["Doe J", "Roe R"]
    assert authors_of(one("TY  - BOOK\nTI  - A\nED  - Robinson, W. F.\nER  -\n")) == ["Robinson WF"]


def test_a_second_type_line_belongs_to_the_same_record() -> None:
    assert one("TY  - JOUR\nTY  - ABST\nTI  - A\nER  -\n").title == "A"


def test_a_note_that_is_only_a_doi_gives_the_doi_and_any_other_does_not() -> None:
    assert one("TY  - JOUR\nTI  - A\nN1  - doi: 10.1063/1.1954747\nER  -\n").doi == "10.1063/1.1954747"
    assert one("TY  - JOUR\nTI  - A\nN1  - see doi: 10.1063/1.1954747 and others\nER  -\n").doi == ""
