"""Whoever meets a number such as R52 in the code finds in docs/requirements.md what it stands for."""

from __future__ import annotations

import re

from tests.architecture.source_files import ROOT, named, text_files

DOCUMENT = ROOT / "docs" / "requirements.md"
CITED = re.compile(r"\b[RP][1-9]\d{0,2}\b")
EXPLAINED = re.compile(r"^\| ([RP]\d+) \| (.+)\|$", re.MULTILINE)
_SPEAKING = (".py", ".md")
_NOT_OURS = ("docs/requirements.md", "tests/data/", "tests/architecture/test_requirement_numbers.py")


def numbers_cited(text: str) -> set[str]:
    """Return the numbers that a text cites, ranges such as R16-R22 by their ends."""
    return set(CITED.findall(text))


def explained() -> dict[str, str]:
    """Return number and explanation of every row."""
    return {number: words.strip() for number, words in EXPLAINED.findall(DOCUMENT.read_text(encoding="utf-8"))}


def test_every_number_that_is_cited_is_explained() -> None:
    known = explained()
    unknown = [
        f"{named(path)}: {number}"
        for path in text_files()
        if path.suffix in _SPEAKING and not named(path).startswith(_NOT_OURS)
        for number in sorted(numbers_cited(path.read_text(encoding="utf-8")) - known.keys())
    ]
    assert unknown == []


def test_every_explanation_says_something() -> None:
    assert len(explained()) > 90
    assert all(len(words) > 10 for words in explained().values())


def test_numbers_are_found_in_prose_and_not_in_identifiers() -> None:
    assert numbers_cited("Two components each time (R72, R16-R22; P58).") == {"R72", "R16", "R22", "P58"}
    assert numbers_cited("PMID9 R2d2 R0 xP58 R1234") == set()
