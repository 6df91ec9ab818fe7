"""Normalisers: one spelling for each thing, and stable under repetition."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography import normalise

# Everything but surrogates, which are refused.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
DOIS = st.builds(
    "10.{}/{}".format,
    st.integers(1000, 999_999_999),
    st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-._;()/:<>", min_size=1, max_size=30),
)


@given(TEXT)
def test_a_cleaned_line_is_nfc_without_controls_and_stays_as_it_is(text: str) -> None:
    cleaned = normalise.clean_line(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc"]
    assert cleaned == cleaned.strip()
    assert normalise.clean_line(cleaned) == cleaned


@given(TEXT)
def test_cleaned_paragraphs_stay_as_they_are(text: str) -> None:
    cleaned = normalise.clean_paragraphs(text)
    assert normalise.clean_paragraphs(cleaned) == cleaned
    assert "\n\n\n" not in cleaned


@given(TEXT, st.characters(categories=["Cs"]), TEXT)
def test_a_surrogate_is_refused_wherever_it_stands(before: str, surrogate: str, after: str) -> None:
    with pytest.raises(normalise.UnreadableText):
        normalise.clean_line(before + surrogate + after)


@given(st.one_of(TEXT, DOIS, DOIS.map(lambda doi: f"https://doi.org/{doi}")))
def test_a_doi_is_lower_case_without_prefix_and_stays_as_it_is(text: str) -> None:
    doi = normalise.normalise_doi(text)
    assert doi == "" or doi.startswith("10.")
    assert doi == doi.lower()
    assert normalise.normalise_doi(doi) == doi


@given(DOIS)
def test_the_way_a_doi_is_written_does_not_matter(doi: str) -> None:
    bare = normalise.normalise_doi(doi)
    for written in (doi.upper(), f"doi:{doi}", f"DOI {doi}", f"http://dx.doi.org/{doi}", f"  {doi}. "):
        assert normalise.normalise_doi(written) == bare


@given(st.one_of(TEXT, st.integers(0, 10**9).map(str)))
def test_identifiers_of_pubmed_are_digits_and_stay_as_they_are(text: str) -> None:
    pmid, pmcid = normalise.normalise_pmid(text), normalise.normalise_pmcid(text)
    assert pmid == "" or (pmid.isascii() and pmid.isdigit() and len(pmid) <= 8)
    assert normalise.normalise_pmid(pmid) == pmid
    assert pmcid == "" or pmcid[3:].isdigit()
    assert normalise.normalise_pmcid(pmcid) == pmcid


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1016/S0140-6736(97)11096-0", "10.1016/s0140-6736(97)11096-0"),
        ("(10.1016/j.jinf.2020.08.008)", ""),
        ("https://doi.org/10.1000/a%2Fb).", "10.1000/a/b"),
        ("10.1002/(SICI)1099-1263(1998)18:1<1::AID>3.0.CO;2-X", "10.1002/(sici)1099-1263(1998)18:1<1::aid>3.0.co;2-x"),
        ("no doi", ""),
    ],
)  # fmt: skip
def test_brackets_inside_a_doi_stay_and_loose_punctuation_goes(written: str, doi: str) -> None:
    assert normalise.normalise_doi(written) == doi


@pytest.mark.parametrize(
    ("written", "pmid"),
    [
        ("9674831", "9674831"),
        ("PMID: 9674831", "9674831"),
        ("https://pubmed.ncbi.nlm.nih.gov/9674831/", "9674831"),
        ("9674831.0", "9674831"),
        ("009674831 [uid]", "9674831"),
        ("96748311234", ""),
        ("0", ""),
        ("٩٦٧", ""),
    ],
)
def test_a_pmid_is_read_from_its_spellings(written: str, pmid: str) -> None:
    assert normalise.normalise_pmid(written) == pmid


def test_direction_marks_that_disguise_a_title_are_removed() -> None:
    assert normalise.clean_line("Safe\u202e gnihtemos\u202c \u200bdose\x07") == "Safe gnihtemos dose"


def test_superscripts_keep_their_meaning_in_plain_text() -> None:
    assert normalise.strip_markup("10<sup>5</sup> cells, Ca<sup>2+</sup>, CO<sub>2</sub>") == "10⁵ cells, Ca²⁺, CO₂"
    assert normalise.strip_markup("1<sup>st</sup> line, x<sup>2n</sup>") == "1st line, x^(2n)"


def test_only_known_tags_are_markup() -> None:
    assert normalise.strip_markup("<i>in vitro</i>, p<0.001 and n>5 &amp; more") == "in vitro, p<0.001 and n>5 & more"


@pytest.mark.parametrize(
    ("text", "year"),
    [("1999.0", 1999), ("2010 Feb 6", 2010), ("2019//", 2019), ("10 15", None), ("199", None), ("30001", None)],
)
def test_a_year_has_four_digits_of_its_own(text: str, year: int | None) -> None:
    assert normalise.year_of(text) == year


def test_languages_become_the_codes_of_medline() -> None:
    assert normalise.normalise_language("English; fr") == "eng;fre"
    assert normalise.normalise_language("eng") == "eng"
    assert normalise.normalise_language("en-US") == "eng"


def test_registration_numbers_are_found_once_each() -> None:
    text = "NCT01234567, again NCT01234567, ISRCTN12345678 and 2004-000123-42; not NCT12"
    assert normalise.registrations_in(text) == ("NCT01234567", "ISRCTN12345678", "2004-000123-42")
