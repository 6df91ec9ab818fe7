"""Cells of the exported table: a spreadsheet shows them and runs none of them (CWE-1236)."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.services import audit_csv
from inquiry_service.services.verifier import verify as verifier

NAUGHTY = Path(__file__).parents[2] / "data" / "naughty_strings" / "blns.json"
STARTS = "=+-@|%＝＋－＠｜％"


def _first_visible(text: str) -> str:
    # Not whatever begins with C: which characters are unassigned differs between versions of Python.
    return next((char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}), "")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(
    "before", ["", " ", "\t", "\r", "\n", "\u00a0", "\u200b", "\ufeff", " \t\r\n "], ids=repr)
def test_what_a_spreadsheet_would_run_is_defused(start: str, before: str) -> None:
    text = f"{before}{start}cmd|' /C calc'!A0"
    assert audit_csv.cell(text) == "'" + text


@pytest.mark.parametrize("value", ["", "a=b", "MI-2026-000123", "'=1", "52.4 %", " ", "<b>"])
def test_other_text_stays_as_it_is(value: str) -> None:
    assert audit_csv.cell(value) == value


@pytest.mark.parametrize(("value", "expected"), [(None, ""), (-5, "-5"), (0, "0"), ("a\x00b", "a\ufffdb")])
def test_values_that_are_no_text(value: object, expected: str) -> None:
    assert audit_csv.cell(value) == expected


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_a_line_reads_back_to_its_cells_and_none_starts_a_formula(texts: list[str]) -> None:
    line = audit_csv.row(texts)
    [cells] = csv.reader(io.StringIO(line, newline=""))
    assert cells == [audit_csv.cell(text) for text in texts]
    assert not any(_first_visible(text) in tuple(STARTS) for text in cells)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_offline_verifier_writes_the_same_cell(text: str) -> None:
    assert audit_csv.row([text]) == verifier.cell(text) + "\r\n"


def test_naughty_strings_are_written_alike_by_both() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert audit_csv.row([text]) == verifier.cell(text) + "\r\n"


def test_the_header_is_the_same_in_both() -> None:
    assert audit_csv.HEADER.encode("utf-8") == verifier.HEADER
