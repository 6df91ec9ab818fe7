"""The promise of every reader: each record of a file exactly once, whatever stands between, and nothing raises."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import SAMPLES, results_of


@dataclass(frozen=True)
class Written:
    """How a format writes a record.

    Attributes:
        good: a record with a title; ``{}`` is the title.
        bad: one that cannot be used.
        head, foot: what stands around the records.
        noise: lines that are no record and may stand between records.
    """

    good: str
    bad: str
    noise: tuple[str, ...]
    head: str = ""
    foot: str = ""


DIALECTS = {
    "ris": Written(
        "TY  - JOUR\nTI  - {}\nAU  - Doe, J\nER  - \n", "TY  - JOUR\nTI  - \nPY  - x\nER  - \n",
        ("\n", "12.\n", "Link to the full text\n", "  \t\n", "\u00e4\u00f6 {} %0 @ <a>\n"),
    ),
    "nbib": Written(
        "PMID- 12\nTI  - {}\nAU  - Doe J\n\n", "PMID- 13\nAU  - Doe J\n\n", ("\n", "  \n"),
    ),
    "bibtex": Written(
        "@article{{k,\n  title = {{{}}},\n  author = {{Doe, J}}\n}}\n",
        "@article{k,\n  title = {Open {brace},\n  year = 2\n",
        ("\n", "a remark, me@example.org\n", "% @article{c, title={No}}\n", "@comment{@article{x, title={No}}}\n"),
    ),
    "isi": Written(
        "PT J\nAU Doe, J\nTI {}\nER\n\n", "PT J\nAU Doe, J\nER\n\n", ("\n", "   \n"),
        head="FN Clarivate Analytics Web of Science\nVR 1.0\n", foot="EF\n",
    ),
    "refer": Written(
        "%0 Journal Article\n%T {}\n%A Doe, J\n\n", "%0 Book\n%A Doe, J\n\n", ("\n", "remark\n"),
    ),
    "cochrane": Written(
        "Record #1 of 2\nID: CN-1\nTI: {}\n\n", "Record #2 of 2\nID: CN-2\n\n", ("\n",), head="\n",
    ),
    "ovid": Written(
        "<1>\nAccession Number\n  12.\nTitle\n  {}.\nSource\n  Headache. 59(3):1-2, 2019.\n\n",
        "<2>\nAccession Number\n  13.\nSource\n  Headache. 59(3):1-2, 2019.\n\n", ("\n",),
    ),
    "endnote_xml": Written(
        "<record><titles><title>{}</title></titles></record>", "<record><rec-number>2</rec-number></record>",
        ("\n", "<!-- remark -->", "<?target data?>"),
        head="<?xml version='1.0'?><xml><records>", foot="</records></xml>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_mixture_of_records_and_noise_gives_each_record_once_and_in_order(name: str, data: st.DataObject) -> None:
    written = DIALECTS[name]
    parts = data.draw(st.lists(st.sampled_from(["good", "bad", *written.noise]), max_size=12))
    text, expected = [written.head, written.good.format("Title 0")], ["Title 0"]
    for number, part in enumerate(parts, 1):
        if part == "good":
            text.append(written.good.format(f"Title {number}"))
            expected.append(f"Title {number}")
        elif part == "bad":
            text.append(written.bad)
            expected.append("")
        else:
            text.append(part)
    results = results_of("".join([*text, written.foot]))
    assert [item.title.rstrip(".") if isinstance(item, ParsedRecord) else "" for item in results] == expected
    positions = [item.raw_position if isinstance(item, ParsedRecord) else item.position for item in results]
    assert positions == list(range(1, len(expected) + 1))
    assert {item.source_format for item in results if isinstance(item, ParsedRecord)} == {name}


@pytest.mark.parametrize("name", DIALECTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(name: str, data: st.DataObject) -> None:
    written = DIALECTS[name]
    whole = written.head + written.good.format("One") + written.bad + written.good.format("Two") + written.foot
    start, length = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 30))
    inserted = data.draw(st.text(alphabet="{}@%<>&;\"'\\\n\t -TYERPMIDabc0\u00e4\u0000", max_size=20))
    damaged = whole[:start] + inserted + whole[start + length :]
    try:
        results = results_of(damaged.encode("utf-8", "replace"))
    except InvalidInput:
        return
    assert all(isinstance(item, (ParsedRecord, Rejected)) for item in results)


@pytest.mark.parametrize("name", DIALECTS)
def test_a_citation_of_another_format_inside_a_record_does_not_change_the_format(name: str) -> None:
    """Negative control for recognition: each format survives the others' first lines as continuation text."""
    if name in {"endnote_xml", "ovid", "cochrane"}:
        return
    written = DIALECTS[name]
    quoted = [
        other.good.format("Quoted").splitlines()[0]
        for key, other in DIALECTS.items()
        if key not in {name, "endnote_xml"}
    ]
    tail = "\n".join(f"  {line}" for line in quoted)
    text = f"{written.head}{written.good.format('A trial')}\n{tail}\n"
    assert formats.recognise(text.encode(), "sample").key == name


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("endnote.xml", "endnote_xml"), ("endnote_book.enw", "refer"), ("web_of_science.isi", "isi"),
        ("web_of_science_medline.isi", "isi"), ("ovid.txt", "ovid"), ("bibaudit.bib", "bibtex"), ("ovid.ris", "ris"),
        ("web_of_science.ris", "ris"), ("medline.nbib", "nbib"), ("pubmed1.xml", "pubmed_xml"), ("generic.csv", "csv"),
    ],
)  # fmt: skip
def test_each_real_file_is_recognised_as_what_it_is(file: str, key: str) -> None:
    assert formats.recognise((SAMPLES / file).read_bytes(), "sample").key == key
