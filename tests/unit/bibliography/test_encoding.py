"""Encodings are recognised and reported; spoiled text is restored, right text never touched."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography import formats
from inquiry_service.bibliography.mojibake import restored
from tests.unit.bibliography.samples import records_of

RIS = "TY  - JOUR\nTI  - {title}\nAU  - {author}\nER  - \n"

RIGHT = [
    "SÃO PAULO", "MAÇÃ", "MAÇÃ–PÊRA", "«ANDRÉ»", "the letter “Ã”", "CAFÉ®", "DÉ…", "Nguyễn Thị Ánh Đặng",
    "Μελέτη των ενδοκράνιων", "Статья о мигрени", "张伟 研究", "İpek Ölçü", "Ångström ©", "Ærø «Ø»", "L’ÉTÉ – É»",
    "TNF-α", "Łukasz Żółć", "25°C ± 2", "Çağrı Güneş", "Đorđević", "Ñandú", "ÖSTERREICH – Ü", "São João d’El-Rei",
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_right_text_is_left_alone(text: str) -> None:
    assert restored(text) == text


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text", ["Müller", "Martínez", "TNF-β", "Österreich", "naïve", "5 µg at 25 °C", "Łukasz", "研究"]
)
def test_utf_8_that_was_read_as_latin_1_is_restored(text: str, codec: str) -> None:
    spoiled = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())
    assert restored(f"By {spoiled} 1999") == f"By {text} 1999"


def test_text_that_went_through_the_mistake_twice_is_restored() -> None:
    assert restored("PorÃƒÂ©e") == "Porée"


@given(st.text())
def test_restoring_is_done_once_and_for_all_and_never_fails(text: str) -> None:
    once = restored(text)
    assert restored(once) == once


@given(st.text(st.characters(min_codepoint=0x100, max_codepoint=0x2000), max_size=40))
def test_text_without_latin_1_letters_is_never_touched(text: str) -> None:
    assert restored(text) == text


def test_spoiled_names_are_restored_in_every_kind_of_file() -> None:
    name = "Müller".encode().decode("cp1252")
    files = (
        RIS.format(title="A", author=f"{name}, J"), f"title,authors\nA,{name} J\n",
        f'[{{"title":"A","author":[{{"family":"{name}","given":"J"}}]}}]',
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><Article><ArticleTitle>A</ArticleTitle><AuthorList><Author>"
        f"<LastName>{name}</LastName><Initials>J</Initials></Author></AuthorList></Article></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>",
    )  # fmt: skip
    for text in files:
        assert [author.name for author in records_of(text)[0].authors] == ["Müller J"], text


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with byte order mark"), ("cp1252", "Windows-1252 (Latin-1)"),
     ("utf-16", "UTF-16 with byte order mark"), ("utf-16-le", "UTF-16 (little endian) without byte order mark"),
     ("utf-16-be", "UTF-16 (big endian) without byte order mark"), ("utf-32", "UTF-32 with byte order mark")],
)  # fmt: skip
def test_the_encoding_of_a_file_is_told(encoding: str, name: str) -> None:
    facts = formats.inspect(RIS.format(title="Über", author="Müller, J").encode(encoding), "x.ris")
    assert (facts.label, facts.encoding.name, facts.encoding.note) == ("RIS", name, "")


def test_utf_16_without_a_mark_is_recognised_under_chinese_titles() -> None:
    text = RIS.format(title="一项关于偏头痛的研究" * 5, author="张, 伟")
    assert records_of(text.encode("utf-16-le"))[0].title.startswith("一项关于")


def test_what_is_read_otherwise_restored_or_lost_is_reported_with_an_example() -> None:
    titles = {"Größe": "utf-8", "Maß": "cp1252", "GrÃ¶ÃŸe": "utf-8", "Gr\ufffd\ufffde": "utf-8"}
    data = b"".join(RIS.format(title=title, author="A").encode(codec) for title, codec in titles.items())
    note = formats.inspect(data, "x.ris").encoding.note
    assert "In 1 line bytes that are not UTF-8 are read as Windows-1252: “TI - Maß”" in note
    assert "“TI - GrÃ¶ÃŸe” is read as “TI - Größe”" in note
    assert "In 1 line characters were lost before the export" in note


def test_xml_that_is_not_the_utf_8_it_claims_to_be_is_read_all_the_same() -> None:
    text = ('<?xml version="1.0" encoding="UTF-8"?><PubmedArticleSet><PubmedArticle><MedlineCitation><Article>'
            "<ArticleTitle>Größe</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>")
    assert records_of(text.encode("cp1252"))[0].title == "Größe"


def test_marks_inside_files_that_were_joined_do_no_harm() -> None:
    part = RIS.format(title="A", author="B").encode("utf-8-sig")
    assert len(records_of(part + part)) == 2


def test_inspecting_leaves_the_stream_where_it_stood() -> None:
    stream = io.BytesIO(b"skipped" + RIS.format(title="A", author="B").encode())
    stream.seek(7)
    formats.inspect(stream, "x")
    assert stream.tell() == 7
