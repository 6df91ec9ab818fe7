"""DOIs, PMIDs, pages, languages, dates and publication types in the notations of many databases."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography import normalise
from inquiry_service.bibliography.kinds import in_medline_words

LANCET = "10.1016/s0140-6736(19)31606-x"
NEJM = "10.1056/nejmoa1811090"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1016%2FS0140-6736%2819%2931606-X", LANCET),
        ("doi: https://dx.doi.org/10.1016/S0140-6736(19)31606-X", LANCET),
        ("http://dx.doi.org/doi:10.1056/NEJMoa1811090", NEJM),
        ("https://doi.org/10.1056/nejmoa1811090?utm_source=x", NEJM),
        ("info:doi/10.1056/NEJMoa1811090", NEJM),
        ("www.doi.org/10.1056/NEJMoa1811090.", NEJM),
        ("https://doi-org.proxy.edu/10.1056/NEJMoa1811090", NEJM),
        ("10.1056/NEJM\u200doa18\u200b11090", NEJM),
        ("10.1016/j.pain‐x", "10.1016/j.pain-x"),
        ("10.1002/(SICI)1097-0258(19980815)17:15&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
         "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2"),
        ("10.1056", ""),
        ("not applicable", ""),
    ],
)  # fmt: skip
def test_a_doi_is_found_under_its_notation(text: str, expected: str) -> None:
    assert normalise.normalise_doi(text) == expected
    assert normalise.normalise_doi(expected) == expected


@pytest.mark.parametrize("text", ["MEDLINE:31311674", "pubmed:31311674", "PMID:31311674;", "31311674[PMID]",
                                  "https://pubmed.ncbi.nlm.nih.gov/31311674/?from=x"])  # fmt: skip
def test_a_pmid_is_found_under_its_notation(text: str) -> None:
    assert normalise.normalise_pmid(text) == "31311674"


@pytest.mark.parametrize("text", ["PMC6401234", "31,311,674", "2-s2.0-85071109126", "000123456789"])
def test_what_is_no_pmid_is_none(text: str) -> None:
    assert normalise.normalise_pmid(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p1-p10", "1-10"), ("pp. 12–15", "12-15"), ("p. 7", "7"), ("p737-745, 9p", "737-745"),
        ("737 - 745", "737-745"), ("737--745", "737-745"), ("737 to 745", "737-745"), ("737-+", "737+"),
        ("S12–S18", "S12-S18"), ("e1-e10", "e1-e10"), ("W12", "W12"), ("1-10, 15", "1-10, 15"), ("N.PAG", ""),
        ("n/a-n/a", ""), ("737.e1-737.e9", "737.e1-737.e9"), ("ARTN 12", "ARTN 12"),
    ],
)  # fmt: skip
def test_pages_lose_what_is_only_notation(text: str, expected: str) -> None:
    assert normalise.normalise_pages(text) == expected
    assert normalise.normalise_pages(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ukrainian", "ukr"), ("Deutsch", "ger"), ("en_US", "eng"), ("English|German", "eng;ger"), ("ron", "rum"),
        ("Chinese (Simplified)", "chi"), ("['eng', 'fre']", "eng;fre"), ("Multiple languages", "mul"),
        ("Klingon", "klingon"),
    ],
)  # fmt: skip
def test_a_language_becomes_medlines_code(text: str, expected: str) -> None:
    assert normalise.normalise_language(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2019 Jan-Feb", 2019), ("20190831", 2019), ("201908", 2019), ("Epub 2019 Jul 13", 2019), ("in press", None),
     ("20193331", None), ("2020123456", None)],
)  # fmt: skip
def test_the_year_is_found_in_a_date(text: str, expected: int | None) -> None:
    assert normalise.year_of(text) == expected


def test_publication_types_bear_medlines_names_once() -> None:
    types = ["Article", "Journal Article", "article; Case Report"]
    assert in_medline_words(types) == ("Journal Article", "Case Reports")
    assert in_medline_words(["randomized controlled trial"]) == ("Randomized Controlled Trial",)
    assert in_medline_words(["Conference Abstract", "Short Survey"]) == ("Meeting Abstract", "Short Survey")


def test_ligatures_become_letters_and_other_signs_stay() -> None:
    assert normalise.clean_line("ﬁbrosis and eﬃcacy, ½ µg, ﬆ") == "fibrosis and efficacy, ½ µg, st"
