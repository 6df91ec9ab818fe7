"""Author names in the notations that databases and people use, and lists of them."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography import names

PEOPLE = {
    "de Vries, Jan-Piet MD, PhD": "de Vries JP", "O'Brien PJ": "O'Brien PJ", "McDonald, J.-P.": "McDonald JP",
    "DE LA CRUZ M": "DE LA CRUZ M", "van der Heide A": "van der Heide A", "XU Y": "XU Y", "RB Lipton": "Lipton RB",
    "Lipton R B": "Lipton RB", "Lipton,R.B.": "Lipton RB", "Martin, J.P., Jr.": "Martin JP Jr",
    "Martin JP 3rd": "Martin JP 3rd", "Croop R, et al": "Croop R", "Croop R MD": "Croop R",
    "Croop, Robert, MD, PhD": "Croop R", "Ahmed SM, Phd": "Ahmed SM", "Croop, Robert [Author]": "Croop R",
    "Croop, Robert.": "Croop R", "Croop R1,2": "Croop R", "Croop R (1)": "Croop R", "de Souza": "de Souza",
    "Croop, Robert (ORCID: 0000-0002-1825-0097)": "Croop R", "Ivanov YuA": "Ivanov YuA",
    "Prof. Dr. med. Anna Schmidt": "Schmidt A", "'t Hooft G": "'t Hooft G", "d'Arcy, E": "d'Arcy E",
    "Titus i Albareda F": "Titus i Albareda F", "St. John, R": "St. John R", "王小明": "王小明",
}  # fmt: skip
LISTS = {
    "Croop, R., Goadsby, P.J.": ["Croop R", "Goadsby PJ"],
    "Croop, R., Goadsby, P. J., & Stock, D. A.": ["Croop R", "Goadsby PJ", "Stock DA"],
    "Robert Croop, Peter J. Goadsby and David A. Stock": ["Croop R", "Goadsby PJ", "Stock DA"],
    "Croop, R. and Goadsby, P. J.": ["Croop R", "Goadsby PJ"],
    "R Croop & PJ Goadsby": ["Croop R", "Goadsby PJ"],
    "Robert Croop|Peter J. Goadsby": ["Croop R", "Goadsby PJ"],
    "Croop R, Goadsby PJ, et al.": ["Croop R", "Goadsby PJ"],
    "Wang, X": ["Wang X"],
    "Society for Headache and Pain": ["Society for Headache and Pain"],
}


@pytest.mark.parametrize(("text", "expected"), PEOPLE.items())
def test_a_person_is_read_from_any_notation(text: str, expected: str) -> None:
    author = names.parse_author(text)
    assert author is not None
    assert (author.name, author.collective) == (expected, "")


@pytest.mark.parametrize(("text", "expected"), LISTS.items())
def test_a_list_is_cut_into_its_people(text: str, expected: list[str]) -> None:
    assert [author.name for author in names.parse_author_list(text)] == expected


@pytest.mark.parametrize("text", ["COVE2", "AURORA Phase 2 Study Group", "Pfizer Inc", "EORTC Lung Cancer Group"])
def test_a_group_keeps_its_words_and_numbers(text: str) -> None:
    author = names.parse_author(text)
    assert author is not None
    assert author.name == text
