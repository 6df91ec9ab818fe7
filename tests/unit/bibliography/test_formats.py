"""Recognition of formats and encodings, and the invariant: each record is yielded once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography import formats, tagged
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of

RIS = "TY  - JOUR\nTI  - Über die Migräne – “heute”\nAU  - Müller, Jörg\nER  - \n"


@pytest.mark.parametrize(
    ("name", "key"),
    [("pubmed1.xml", "pubmed_xml"), ("medline.nbib", "nbib"), ("ovid.ris", "ris"), ("embase.csv", "csv")],
)
def test_the_format_is_told_from_content_whatever_the_name(name: str, key: str) -> None:
    data = (SAMPLES / name).read_bytes()
    assert formats.recognise(data, "misleading.pdf").key == key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_every_usual_encoding_gives_the_same_text(encoding: str) -> None:
    (record,) = records_of(RIS.encode(encoding))
    assert (record.title, authors_of(record)) == ("Über die Migräne – “heute”", ["Müller J"])


def test_a_few_foreign_bytes_do_not_spoil_the_rest() -> None:
    data = RIS.encode("utf-8") + RIS.encode("cp1252")
    assert {record.title for record in records_of(data)} == {"Über die Migräne – “heute”"}


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_xml_in_its_declared_encoding_is_read(encoding: str) -> None:
    text = (SAMPLES / "pubmed2.xml").read_text(encoding="utf-8").replace("Diplodus", "Düplodus")
    text = text.replace('<?xml version="1.0" ?>', f'<?xml version="1.0" encoding="{encoding}"?>')
    assert "Düplodus" in records_of(text.encode(encoding))[0].title


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"PK\x03\x04 ...", "is a damaged ZIP archive"),
        (b"\x1f\x8b\x08 ...", "is compressed and damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...", "save it as .xlsx"),
        (b"<eSearchResult><Count>1</Count></eSearchResult>", "root element “eSearchResult”"),
        (b"Dear colleagues,\nplease find", "Expected is PubMed XML"),
        (b"\x00\x01\x02\x03\x04\x05", "Expected is PubMed XML"),
    ],
)
def test_what_is_no_literature_file_is_refused_by_the_call_with_what_was_expected(data: bytes, hint: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        formats.read(data, "attachment")
    assert hint in refusal.value.message


def test_a_file_without_a_single_record_is_refused() -> None:
    with pytest.raises(InvalidInput, match="holds no records"):
        formats.read(b"<PubmedArticleSet></PubmedArticleSet>", "empty.xml")


def test_a_stream_is_read_from_where_it_stands_and_left_open() -> None:
    stream = io.BytesIO(b"skipped" + RIS.encode())
    stream.seek(7)
    assert len(list(formats.read(stream, "sample"))) == 1
    assert not stream.closed


def test_a_pipe_that_cannot_be_rewound_is_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError("a pipe cannot be rewound")

    assert len(list(formats.read(Pipe(RIS.encode()), "stdin"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - First\nER  - \nTY  - JOUR\nTI  - {long}\nER  - \nTY  - JOUR\nTI  - Third\nER  - \n",
        "TY  - JOUR\nTI  - First\nER  - \nTY  - {long}\nTI  - Second\nER  - \nTY  - JOUR\nTI  - Third\nER  - \n",
        "PMID- 1\nTI  - First\n\nPMID- 2\nTI  - Second\nAB  - {long}\n\nPMID- 3\nTI  - Third\n",
        "PMID- 1\nTI  - First\n\nPMID- {long}\nTI  - Second\n\nPMID- 3\nTI  - Third\n",
    ],
)
def test_a_record_beyond_all_measure_is_rejected_and_its_neighbours_are_read(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagged, "MAX_RECORD_CHARS", 1_000)
    results = results_of(text.format(long="x" * 2_500))
    assert [type(result) for result in results] == [ParsedRecord, Rejected, ParsedRecord]
    assert isinstance(results[1], Rejected)
    assert "too long" in results[1].reason


TITLES = st.lists(st.one_of(st.just(""), st.text("abc äß,;\"'-", min_size=1, max_size=20)), min_size=1, max_size=12)


def nbib(titles: list[str]) -> str:
    return "\n".join(f"PMID- {number}\nTI  - {title}\n" for number, title in enumerate(titles, 1))


def ris(titles: list[str]) -> str:
    return "\n".join(f"TY  - JOUR\nID  - {number}\nTI  - {title}\nER  - " for number, title in enumerate(titles, 1))


def xml(titles: list[str]) -> str:
    records = (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>{title}</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>"
        for number, title in enumerate(titles, 1)
    )
    return f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>"


@pytest.mark.parametrize("write", [nbib, ris, xml])
@given(titles=TITLES)
def test_each_record_is_yielded_once_in_order_as_itself_or_as_a_rejection(
    write: Callable[[list[str]], str], titles: list[str]
) -> None:
    results = results_of(write(titles))
    assert len(results) == len(titles)
    for number, (result, title) in enumerate(zip(results, titles, strict=True), 1):
        expected = " ".join(title.split())
        assert isinstance(result, ParsedRecord) == bool(expected)
        if isinstance(result, ParsedRecord):
            assert (result.title, result.raw_position) == (expected, number)
        else:
            assert result.position == number


def surviving(text: str) -> Iterator[str]:
    try:
        yield from (type(result).__name__ for result in formats.read(text.encode(), "fuzzed"))
    except InvalidInput as refusal:
        yield refusal.message


@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_fails(data: st.DataObject) -> None:
    names = ["pubmed1.xml", "pubmed_retracted.nbib", "ovid.ris", "embase.csv", "jats.xml", "crossref_retracted.json",
             "datacite_alternative_title_first.json", "zotero_native_items.json"]  # fmt: skip
    name = data.draw(st.sampled_from(names))
    text = (SAMPLES / name).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 200))
    damage = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
    assert all(surviving(text[:start] + damage + text[start + length :]))
