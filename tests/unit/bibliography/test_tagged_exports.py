"""Web of Science, refer, Ovid and Cochrane text: the tagged exports beside RIS and NBIB."""

from __future__ import annotations

from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.vocabulary import RecordKind
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of, sample

WEB_OF_SCIENCE = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lipton, RB
   Goadsby, PJ
AF Lipton, Richard B.
   Goadsby, Peter J.
CA TRIAL Study Grp
TI Rimegepant for the acute treatment of migraine: a
   randomised trial
SO LANCET
LA English
DT Article; Proceedings Paper
DE migraine; CGRP receptor
   antagonist
ID HEADACHE
AB Background Migraine is common. Methods We randomised
   1466 adults.
SN 0140-6736
EI 1474-547X
J9 LANCET
JI Lancet
PD AUG 31
PY 2019
VL 394
IS 10200
AR 104501
DI 10.1016/S0140-6736(19)31606-X
PM 31311674
UT WOS:000483557700027
ER

PT J
AU Doe, J
TI A poster
DT Meeting Abstract
PY 2020
ER

EF
"""

REFER = """%0 Journal Article
%T A trial of
 two drugs
%A Smith, John
%A Doe, Jane B.
%J Headache
%D 2019
%V 59
%N 3
%P 348-358
%R https://doi.org/10.1111/head.13499
%X First line of the abstract
second line
%K Migraine
Triptans
%M 30912345
%~ NLM
%@ 0017-8748

%0 Conference Paper
%T A poster
%A World Health Organization
"""

COCHRANE = """Record #1 of 2
ID: CN-01930310
AU: Lipton RB
AU: Goadsby PJ
TI: Rimegepant for migraine
SO: Lancet (London, England)
YR: 2019
VL: 394
NO: 10200
PG: 737-745
PM: PUBMED 31311674
XR: EMBASE 2002539401
PT: Journal article; Randomized controlled trial
KY: Migraine; Adult
DOI: 10.1016/S0140-6736(19)31606-X
AB: BACKGROUND: Migraine is common. METHODS: We randomised adults.
US: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01930310/full


Record #2 of 2
ID: CN-01560000
AU: NCT03461757
TI: Trial in Adult Subjects With Acute Migraines
SO: https://clinicaltrials.gov/show/NCT03461757
YR: 2018
PT: Trial registry record
"""

OVID_SHORT = """<1>
VN  - Ovid Technologies
DB  - Embase
AN  - 2002539401
TI  - Rimegepant for migraine. [Article]
AU  - Lipton R.B.
AU  - Goadsby P.J.
SO  - Lancet. 394 (10200) (pp 737-745), 2019. Date of Publication: 31 August 2019.
AB  - Background: Migraine is common.
LG  - English
PT  - Article
DO  - 10.1016/S0140-6736(19)31606-X
PM  - 31311674

<2>
VN  - Ovid Technologies
DB  - Embase
AN  - 2002539402
TI  - A second work
SO  - Headache. Conference: 61st Annual Meeting. 59 (Supplement 1) (pp 12), 2019.
PT  - Conference Abstract
"""


def test_web_of_science_gives_full_names_groups_and_every_number() -> None:
    record, poster = records_of(WEB_OF_SCIENCE)
    assert record.title == "Rimegepant for the acute treatment of migraine: a randomised trial"
    assert authors_of(record) == ["Lipton RB", "Goadsby PJ", "TRIAL Study Grp"]
    assert record.authors[0].given == "Richard B."
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == (
        "LANCET", 2019, "394", "10200", "104501",
    )  # fmt: skip
    assert (record.doi, record.pmid) == ("10.1016/s0140-6736(19)31606-x", "31311674")
    assert record.keywords == ("migraine", "CGRP receptor antagonist", "HEADACHE")
    assert record.publication_types == ("Journal Article", "Proceedings Paper")
    assert (record.kind, poster.kind) == (RecordKind.ARTICLE, RecordKind.CONGRESS_ABSTRACT)
    assert dict(record.other)["EI"] == "1474-547X"


def test_real_web_of_science_files_are_read_whole() -> None:
    first, second = records_of((SAMPLES / "web_of_science.isi").read_bytes())
    assert (first.pages, first.journal_abbrev) == ("5323-5331", "J Phys-Condes Matter")
    assert len(authors_of(second)) == 6
    assert "CR" not in dict(second.other)
    one, other = records_of((SAMPLES / "web_of_science_medline.isi").read_bytes())
    assert (one.pmid, one.pages) == ("16842170", "2457-71")
    assert authors_of(other)[-1] == "Martin KA"


def test_lines_before_the_first_record_of_web_of_science_are_reported() -> None:
    results = results_of("FN Clarivate Analytics Web of Science\nVR 1.0\nTI Lost\nER\n\nPT J\nTI Kept\nER\n")
    assert [type(item) for item in results] == [Rejected, ParsedRecord]


def test_refer_joins_wrapped_lines_and_takes_keywords_line_by_line() -> None:
    record, poster = records_of(REFER)
    assert (record.title, record.abstract) == ("A trial of two drugs", "First line of the abstract second line")
    assert (authors_of(record), record.keywords) == (["Smith J", "Doe JB"], ("Migraine", "Triptans"))
    assert (record.doi, record.pmid, record.pages, record.year) == ("10.1111/head.13499", "30912345", "348-358", 2019)
    assert poster.authors[0].collective == "World Health Organization"
    assert poster.kind is RecordKind.CONGRESS_ABSTRACT
    assert sample("endnote_book.enw").kind is RecordKind.BOOK


def test_plain_refer_without_types_is_divided_by_blank_lines() -> None:
    records = records_of("%A Doe, J\n%T One\n%D 2001\n\n%T Two\n%A Roe, R\n\n\n%A Poe, E\n%T Three\n")
    assert [record.title for record in records] == ["One", "Two", "Three"]


def test_cochrane_text_gives_the_works_and_the_registrations() -> None:
    record, registration = records_of(COCHRANE)
    assert authors_of(record) == ["Lipton RB", "Goadsby PJ"]
    assert (record.doi, record.pmid, record.pages) == ("10.1016/s0140-6736(19)31606-x", "31311674", "737-745")
    assert "\n\nMETHODS: " in record.abstract
    assert registration.kind is RecordKind.TRIAL_REGISTRATION


def test_ovid_with_field_names_on_their_own_lines_is_read() -> None:
    record = sample("ovid.txt")
    assert authors_of(record) == ["Verbeek J", "Hermans E", "van Vugt A", "Frolke JP"]
    assert record.title.endswith("in traumatic pelvic ring fractures")
    assert (record.journal, record.doi) == ("Journal of Orthopaedic Trauma", "10.1097/bot.0000000000000502")
    assert (record.language, record.publication_types[0]) == ("eng", "Journal Article")


def test_ovid_with_short_tags_is_read_with_its_citation_line_taken_apart() -> None:
    record, poster = records_of(OVID_SHORT)
    assert (record.journal, record.volume, record.issue, record.pages, record.year) == (
        "Lancet", "394", "10200", "737-745", 2019,
    )  # fmt: skip
    assert (record.title, record.pmid) == ("Rimegepant for migraine", "31311674")
    assert authors_of(record) == ["Lipton RB", "Goadsby PJ"]
    assert (poster.kind, poster.pages, poster.year) == (RecordKind.CONGRESS_ABSTRACT, "12", 2019)
