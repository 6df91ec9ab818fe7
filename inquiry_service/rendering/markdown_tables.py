"""Tables of evidence: from Markdown's plain pipe table to one with caption, scopes and alignment classes.

Markdown writes alignment as inline style, which the content security policy forbids, and knows neither
captions nor row headers, which a screen reader needs (WCAG 1.3.1, PDF/UA-1 7.5).
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.token import Token

_CAPTION = "Table:"
_SHORT = 9
"""Rows with the head; a longer table may be cut between two pages, between two rows."""


def shape_tables(tokens: list[Token], numbers: Iterator[int]) -> None:
    """Give every table its wrapper, caption, column and row scopes; changes ``tokens`` in place.

    A paragraph ``Table: words`` right before a table becomes its caption, numbered from ``numbers``. The
    first cell of each body row becomes the row's header, unless it is empty.
    """
    index = 0
    while index < len(tokens):
        if tokens[index].type == "table_open":
            index = _shape_one(tokens, index, numbers)
        index += 1


def _shape_one(tokens: list[Token], start: int, numbers: Iterator[int]) -> int:
    end = next(i for i in range(start, len(tokens)) if tokens[i].type == "table_close")
    _scopes(tokens[start:end])
    caption = _caption_before(tokens, start)
    rows = sum(token.type == "tr_open" for token in tokens[start:end])
    keep = " keep" if rows <= _SHORT else ""
    before = [_raw(f'<div class="tablewrap wide{keep}">')]
    inside: list[Token] = []
    removed = 0
    if caption is not None:
        number = next(numbers)
        caption.children = _without_mark(caption.children or [])
        running_head = "" if keep else f' data-cont="Table {number}, continued"'
        inside = [_raw(f"<caption{running_head}><b>Table {number}.</b> "), caption, _raw("</caption>")]
        removed = 3
    tokens[start - removed:end + 1] = [
        *before, tokens[start], *inside, *tokens[start + 1:end + 1], _raw('<div class="tblend"></div></div>')]
    return end + len(inside) + 2 - removed


def _scopes(table: list[Token]) -> None:
    in_head = first_cell = False
    for place, token in enumerate(table):
        in_head = token.type == "thead_open" or (in_head and token.type != "thead_close")
        if token.type == "tr_open":
            first_cell = True
        elif token.type in ("th_open", "td_open"):
            _align(token)
            if in_head:
                token.attrSet("scope", "col")
            elif first_cell and table[place + 1].content.strip():
                token.tag = table[place + 2].tag = "th"
                token.attrSet("scope", "row")
            # An empty first cell goes on with the row above; an empty header would announce nothing.
            first_cell = False


def _align(token: Token) -> None:
    style = str(token.attrs.pop("style", ""))
    if style.endswith("right"):
        token.attrSet("class", "num")


def _caption_before(tokens: list[Token], start: int) -> Token | None:
    if start < 3 or tokens[start - 1].type != "paragraph_close":
        return None
    inline = tokens[start - 2]
    children = inline.children or []
    if children and children[0].type == "text" and children[0].content.startswith(_CAPTION):
        return inline
    return None


def _without_mark(children: list[Token]) -> list[Token]:
    children[0].content = children[0].content.removeprefix(_CAPTION).lstrip()
    return children


def _raw(html: str) -> Token:
    token = Token("html_block", "", 0)
    token.content = html
    return token
