"""Markdown to HTML: citations, tables, headings, placeholders, and nothing foreign."""

from __future__ import annotations

from itertools import count

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from inquiry_service.rendering.markdown import cited_keys, clean, to_html

NUMBERS = {"newman1998": 1, "winner2001": 2, "linder1996": 3, "hamalainen1997": 4, "pmid9674831": 7}


@pytest.mark.parametrize(("text", "expected"), [
    ("a [@newman1998].", '<p>a.<sup class="cite"><a href="#r1">1</a></sup></p>'),
    ("a [@newman1998], b", '<p>a,<sup class="cite"><a href="#r1">1</a></sup> b</p>'),
    ("a [@newman1998]; b", '<p>a<sup class="cite"><a href="#r1">1</a></sup>; b</p>'),
    ("a [@winner2001; @newman1998]",
     '<p>a<sup class="cite"><a href="#r1">1</a>,<a href="#r2">2</a></sup></p>'),
    ("a [@linder1996; @newman1998; @winner2001; @pmid9674831]",
     '<p>a<sup class="cite"><a href="#r1">1</a>–<a href="#r3">3</a>,<a href="#r7">7</a></sup></p>'),
])
def test_citations_become_ama_superscripts(text: str, expected: str) -> None:
    assert to_html(text, NUMBERS).strip() == expected


def test_an_unknown_citation_is_visibly_wrong() -> None:
    assert to_html("a [@nobody2020]", NUMBERS).count('class="ph"') == 1
    assert "nobody2020" in to_html("a [@nobody2020]", NUMBERS)
    assert 'class="ph"' in to_html("a [@wrong key!]", NUMBERS)


def test_keys_are_listed_in_order_of_first_appearance_and_not_from_code() -> None:
    text = "b [@winner2001]. `[@linder1996]` a [@newman1998; @winner2001]\n\n- c [@zeta]"
    assert cited_keys(text) == ("winner2001", "newman1998", "zeta")


@pytest.mark.parametrize("text", ["[Placeholder: dose]", "{{ product.name }}", "x [Placeholder: **a**] y"])
def test_placeholders_and_unfilled_fields_are_marked(text: str) -> None:
    assert 'class="ph"' in to_html(text, {})


def test_headings_fit_under_their_block_and_leave_no_gap() -> None:
    page = lxml_html.fromstring("<div>" + to_html("# A\n\n#### B\n\n## C\n\n###### D", {}) + "</div>")
    assert [each.tag for each in page.iterdescendants("h2", "h3", "h4", "h5", "h6")] == ["h3", "h4", "h4", "h5"]


def test_a_table_gets_caption_scopes_and_alignment_without_inline_style() -> None:
    tables = count(3)
    text = ("Table: Trials of *x* [@newman1998]\n\n| Study | N |\n|---|--:|\n| A | 12 |\n\n"
            "after\n\n| B |\n|---|\n| c |\n")
    page = lxml_html.fromstring("<div>" + to_html(text, NUMBERS, tables=tables) + "</div>")
    first, second = page.findall(".//table")
    assert first.findtext("caption/b") == "Table 3."
    assert "Trials of x" in "".join(first.find("caption").itertext())
    assert [each.get("scope") for each in first.iter("th")] == ["col", "col", "row"]
    assert first.find(".//td").get("class") == "num"
    assert second.find("caption") is None
    assert next(tables) == 4
    assert page.xpath("//@style") == []


def test_only_a_table_that_can_be_cut_announces_its_continuation() -> None:
    head = "Table: T\n\n| A |\n|---|\n"
    assert "data-cont" not in to_html(head + "| b |\n" * 3, {})
    assert 'data-cont="Table 1, continued"' in to_html(head + "| b |\n" * 30, {})


def test_two_equal_sections_stand_side_by_side_when_asked() -> None:
    text = "Intro\n\n### For\n\n- a\n\n### Against\n\n- b\n"
    assert to_html(text, {}, columns=True).count('<div class="balance">') == 1
    assert "balance" not in to_html(text, {})
    assert "balance" not in to_html("### Only\n\n- a\n", {}, columns=True)


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))", "[a](data:text/html,<script>alert(1)</script>)", "[a](vbscript:x)",
    "![a](javascript:alert(1))", "![a](https://e.org/x.png)", "<svg onload=alert(1)>", "<math><mtext></math>",
    "<style>p{background:url(file:///etc/passwd)}</style>", "<a href='x' onclick='y'>z</a>", "<iframe src=x>",
    "[a]: javascript:alert(1)\n\n[a]", "<p style='color:red'>", "[a](file:///etc/passwd)", "&lt;script&gt;",
    "<link rel=attachment href=file:///etc/passwd>", "`<script>`", "    <script>code</script>",
    "| a |\n|---|\n| <script>x</script> |", "Table: <script>x</script>\n\n| a |\n|---|\n| b |",
    "[Placeholder: <script>x</script>]", "[@a<script>]", "{{ <script> }}", "# <script>x</script>",
    '[x](https://e.org" onmouseover="alert(1))', "<div class=\"ph\" id=\"r1\">", "[a](<java\nscript:alert(1)>)",
]


def _foreign(fragment: str) -> list[str]:
    page = lxml_html.fromstring(f"<div>{fragment}</div>")
    tags = [each.tag for each in page.iter("script", "img", "svg", "math", "style", "iframe", "link", "object")]
    attributes = [name for each in page.iter() for name in each.attrib if name.startswith("on") or name == "style"]
    links = [link for link in page.xpath("//@href") if not link.startswith(("https://", "http://", "mailto:", "#"))]
    return tags + attributes + links


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_the_author_reaches_the_page(text: str) -> None:
    assert _foreign(to_html(text, {})) == []


def test_the_same_texts_are_dangerous_without_protection() -> None:
    """Negative control: a parser that lets HTML through shows what the check can see."""
    open_parser = MarkdownIt("commonmark", {"html": True})
    open_parser.validateLink = lambda url: True  # type: ignore[method-assign]
    assert sum(bool(_foreign(open_parser.render(text))) for text in HOSTILE) >= 10


def test_reference_html_keeps_italics_and_loses_everything_else() -> None:
    dirty = 'A. <i>Neurology</i>. 1999;<script>x</script><b onclick="y">5</b> <img src=x><a href="javascript:z">q</a>'
    assert clean(dirty) == "A. <i>Neurology</i>. 1999;<b>5</b> <a>q</a>"
