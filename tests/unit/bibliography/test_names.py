"""Author names in the orders and spellings of their sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography import names
from inquiry_service.bibliography.record import Author


@pytest.mark.parametrize(
    "written", ["Newman, Lawrence C", "Newman, L.C.", "Newman L.C.", "Newman LC", "L C Newman", "L.C. Newman"]
)
def test_every_order_of_a_name_gives_the_same_person(written: str) -> None:
    author = names.parse_author(written)
    assert author is not None
    assert (author.family, author.initials) == ("Newman", "LC")


@pytest.mark.parametrize(
    ("written", "family", "initials"),
    [
        ("L D Van de Kar", "Van de Kar", "LD"),
        ("J M A van Gerven", "van Gerven", "JMA"),
        ("M De Smet", "De Smet", "M"),
        ("Horacio del Barrio", "del Barrio", "H"),
        ("F Titus i Albareda", "Titus i Albareda", "F"),
        ("van Eijck CH", "van Eijck", "CH"),
        ("Hans-Christoph Diener", "Diener", "HC"),
        ("Li Y", "Li", "Y"),
        ("Y Li", "Li", "Y"),
        ("R F Service", "Service", "RF"),
        ("Service, Robert F", "Service", "RF"),
        ("Suharto", "Suharto", ""),
    ],
)
def test_particles_and_short_names_stay_with_the_family_name(written: str, family: str, initials: str) -> None:
    author = names.parse_author(written)
    assert author is not None
    assert (author.family, author.initials, author.collective) == (family, initials, "")


@pytest.mark.parametrize("written", ["King, Martin Luther, Jr.", "King, Martin Luther Jr", "King ML Jr"])
def test_a_suffix_is_no_initial(written: str) -> None:
    author = names.parse_author(written)
    assert author is not None
    assert author.name == "King ML Jr"


@pytest.mark.parametrize(
    "written",
    [
        "Rizatriptan Protocol 060 Study Group",
        "251/96/14 Study Group",
        "Disability in Strategies of Care Study group",
        "American College of Physicians-American Society of Internal Medicine",
        "Eletriptan Steering Committee in Japan",
        "USMAP Investigators",
        "MRC Group",
        "AAFP",
        "ACP-ASIM",
    ],
)
def test_groups_stay_whole(written: str) -> None:
    assert names.parse_author(written) == Author(collective=written)


def test_a_corrected_misprint_is_not_a_second_person() -> None:
    authors = names.parse_author_list("K Ekbom; G Micieli; G ] Micelli G [corrected to Micieli")
    assert [author.name for author in authors] == ["Ekbom K", "Micieli G"]


def test_two_people_of_one_name_stay_two() -> None:
    assert len(names.parse_author_list("Wang Y; Wang Y")) == 2


def test_a_list_separated_by_commas_is_told_from_one_inverted_name() -> None:
    assert [author.name for author in names.parse_author_list("Liu R., Adler D.G.")] == ["Liu R", "Adler DG"]
    assert [author.name for author in names.parse_author_list("Liu, Roy")] == ["Liu R"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    author = names.parse_author(text)
    assert author is None or bool(author.family or author.given or author.initials) != bool(author.collective)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Newman, L., MD", "Newman L"),
        ("Goadsby PJ, MD, PhD", "Goadsby PJ"),
        ("Smith, John A., PhD", "Smith JA"),
        ("Dr. Jane Smith", "Smith J"),
        ("Bigal ME*", "Bigal ME"),
        ("Ó Súilleabháin PS", "Ó Súilleabháin PS"),
        # Initials, not a degree.
        ("Smith, MD", "Smith MD"),
        ("Smith MD", "Smith MD"),
        ("Do, MA", "Do MA"),
    ],
)
def test_degrees_titles_and_marks_are_no_part_of_a_name(text: str, read: str) -> None:
    author = names.parse_author(text)
    assert author is not None
    assert author.name == read


@pytest.mark.parametrize(
    "text", ["Biohaven Pharmaceuticals, Inc.", "Pfizer Inc", "on behalf of the EMPOWER study group", "Example GmbH"]
)
def test_companies_and_groups_spoken_for_are_groups(text: str) -> None:
    author = names.parse_author(text)
    assert author is not None
    assert author.collective == text.removeprefix("on behalf of the ")


@pytest.mark.parametrize(
    "text", ["[Anonymous]", "Anonymous", "et al.", "No authorship indicated", "[No authors listed]"]
)
def test_what_stands_where_there_is_no_author_is_none(text: str) -> None:
    assert names.parse_author(text) is None
