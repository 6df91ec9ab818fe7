"""What must not be found in the repository, and what every module must have."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source_files import named, parsed, python_files, text_files

MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work|private|mnt)/[\w.-]+")
UNFINISHED = re.compile(r"\b(?:TO(?:DO)|FIX(?:ME)|X{3}|HA(?:CK))\b")
VAGUE_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def _lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_path_of_somebodys_machine_is_written_down() -> None:
    assert _lines_matching(MACHINE_PATH) == []


def test_nothing_is_left_marked_as_unfinished() -> None:
    assert _lines_matching(UNFINISHED) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, 'DATA = "/ho' + 'me/someone/data"'),
        (MACHINE_PATH, "see /ro" + "ot/notes.md"),
        (UNFINISHED, "# TO" + "DO: later"),
        (UNFINISHED, "# XX" + "X"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize("line", ["https://example.org/home/page", "a/work/b.html", "/usr/bin/chromium"])
def test_addresses_and_relative_paths_are_no_machine_paths(line: str) -> None:
    assert not MACHINE_PATH.search(line)


def test_every_module_says_what_it_is_for() -> None:
    assert [named(path) for path in python_files() if not ast.get_docstring(parsed(path))] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in python_files() if VAGUE_NAMES & {path.stem, path.parent.name}] == []
