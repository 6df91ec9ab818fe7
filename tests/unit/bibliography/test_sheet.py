"""Spreadsheets: the header is found wherever it stands, numbers are text, and bombs are measured before opening."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from inquiry_service.bibliography import formats, sheet
from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import authors_of, records_of

HEADER = ("Title", "Author full names", "Year", "Volume", "Page start", "Page end", "DOI", "Remark")


def workbook(*rows: Sequence[object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("Empty")
        page = book.add_worksheet("Records")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return target.getvalue()


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changes}:
            new.writestr(name, changes[name] if name in changes else old.read(name))
    return target.getvalue()


def test_the_first_filled_sheet_is_read_from_its_header_on() -> None:
    data = workbook(
        ("Export of our library",), (), HEADER,
        ("A trial", "Liu, Roy A. (57190001234); Adler, D.G. (7001234567)", 2020, 12.0, 3, 9, "10.1000/X", "seen"),
        ("", "", "", "", "", "", "", ""), ("Another", "", date(2021, 5, 1), "", "", "", "", ""),
    )  # fmt: skip
    first, second = records_of(data)
    assert authors_of(first) == ["Liu RA", "Adler DG"]
    assert (first.year, first.volume, first.pages, first.doi) == (2020, "12", "3-9", "10.1000/x")
    assert ("Remark", "seen") in first.other
    assert second.year == 2021


def test_a_sheet_offers_its_columns_with_a_proposal_and_a_sample() -> None:
    facts = formats.inspect(workbook(("Heading", "Year"), ("A trial", 2020)), "table.xlsx")
    assert facts.format == "xlsx"
    assert facts.table is not None
    assert (facts.table.columns, facts.table.mapping) == (("Heading", "Year"), {"Year": "date"})
    assert facts.table.sample == (("A trial", "2020"),)


def test_the_columns_that_a_person_chose_are_used() -> None:
    data = workbook(("Heading", "Year"), ("A trial", 2020))
    (record,) = formats.read(data, "table.xlsx", {"Heading": "title", "Year": "date"})
    assert isinstance(record, ParsedRecord)
    assert (record.title, record.year) == ("A trial", 2020)


def test_an_archive_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 1 << 20)
    with pytest.raises(InvalidInput, match="unpacks to more than 1 MB"):
        records_of(repacked(workbook(HEADER), {"xl/media/picture.bin": b"\0" * (2 << 20)}))


def test_one_cell_in_the_last_corner_is_refused_before_memory_is_reserved() -> None:
    data = workbook(HEADER, ("A trial",))
    name = "xl/worksheets/sheet2.xml"
    content = zipfile.ZipFile(io.BytesIO(data)).read(name).replace(b'r="A2"', b"r='XFD1048576'")
    with pytest.raises(InvalidInput, match="spans 1,048,576 rows and 16,384 columns"):
        records_of(repacked(data, {name: content}))


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet2.xml"])
def test_a_damaged_workbook_is_refused_with_advice(name: str) -> None:
    with pytest.raises(InvalidInput, match="workbook"):
        records_of(repacked(workbook(HEADER, ("A trial",)), {name: b"<broken"}))
