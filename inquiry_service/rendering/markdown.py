"""Markdown of drafts and templates -> clean HTML with numbered citations.

CommonMark plus tables, without raw HTML. Four things are ours: ``[@key]`` citations, ``Table:`` captions,
visible marks for placeholders and unfilled fields, and headings that fit under the heading of their block.
The result is cleaned against an allow-list as a second wall: the parser already writes no foreign markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from inquiry_service.rendering.markdown_tables import shape_tables

_KEY = r"@[A-Za-z0-9][A-Za-z0-9_:.+-]{0,79}"
_CITATION = re.compile(rf"\[({_KEY}(?:\s*[;,]\s*{_KEY})*)\]")
_PLACEHOLDER = re.compile(r"\[Placeholder:[^\[\]\n]{0,400}\]|\{\{[^{}\n]{0,200}\}\}", re.IGNORECASE)
_INVALID_CITATION = re.compile(r"\[@[^\[\]\n]{0,200}\]")

_TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "i", "b", "sup", "sub", "a",
         "br", "hr", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "blockquote",
         "code", "pre", "div", "span"}
_ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"},
               "ol": {"start"}, "caption": {"data-cont"}}
_CLASSES = {"sup": {"cite"}, "span": {"ph", "gap", "nb"}, "th": {"num"}, "td": {"num"}, "a": {"out"},
            "div": {"tablewrap", "wide", "keep", "tblend", "balance"}}


def to_html(text: str, numbers: Mapping[str, int], *, top_level: int = 3,
            tables: Iterator[int] | None = None, columns: bool = False) -> str:
    """Render Markdown to a safe HTML fragment without inline styles.

    Args:
        text: CommonMark with pipe tables, ``[@key]`` and ``[@a; @b]``, ``[Placeholder: ...]``.
        numbers: citation key to its number in the reference list; an unknown key is shown visibly wrong.
        top_level: the heading level that the text's highest heading becomes (blocks stand under an h2).
        tables: where table numbers come from; give one iterator for all blocks of a letter.
        columns: set two equal sections under headings side by side, as the balanced summary does.
    """
    env = {"numbers": numbers, "tables": tables or count(1)}
    tokens = _PARSER.parse(text, env)
    _fit_headings(tokens, top_level)
    shape_tables(tokens, env["tables"])  # type: ignore[arg-type]
    if columns:
        tokens = _side_by_side(tokens)
    return clean(str(_PARSER.renderer.render(tokens, _PARSER.options, env)))


def cited_keys(text: str) -> tuple[str, ...]:
    """Citation keys in order of first appearance; the order that numbers AMA references (R57)."""
    keys: dict[str, None] = {}
    _PARSER.parse(text, {"numbers": {}, "keys": keys})
    return tuple(keys)


def clean(fragment: str) -> str:
    """Clean any HTML fragment (reference lists, label text) with the letter's allow-list."""
    return nh3.clean(fragment, tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes=_CLASSES, link_rel=None,
                     url_schemes={"https", "http", "mailto"},
                     clean_content_tags={"script", "style", "svg", "math"})


def citation_html(keys: Sequence[str], numbers: Mapping[str, int]) -> str:
    """Superscript links for a group of citations: sorted, three or more in a row as a range (AMA style)."""
    known = sorted({numbers[key] for key in keys if key in numbers})
    parts = [_run_html(run) for run in _runs(known)]
    html = f'<sup class="cite">{",".join(parts)}</sup>' if parts else ""
    unknown = [key for key in keys if key not in numbers]
    return html + "".join(f'<span class="ph">[unknown citation: {_escape(key)}]</span>' for key in unknown)


def _runs(ordered: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in ordered:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _run_html(run: Sequence[int]) -> str:
    links = [f'<a href="#r{number}">{number}</a>' for number in run]
    return f"{links[0]}–{links[-1]}" if len(run) > 2 else ",".join(links)


def _escape(text: str) -> str:
    return nh3.clean_text(text)


def _citation_rule(state: StateInline, silent: bool) -> bool:
    """Inline rule: ``[@a; @b]``. A full stop or comma after it is set first, as AMA asks."""
    if not state.src.startswith("[@", state.pos):
        return False
    found = _CITATION.match(state.src, state.pos)
    wrong = None if found else _INVALID_CITATION.match(state.src, state.pos)
    match = found or wrong
    if match is None:
        return False
    end = match.end()
    if not silent:
        state.pending = state.pending.rstrip(" ")
        if found and state.src[end:end + 1] in (".", ","):
            state.pending += state.src[end]
            end += 1
        token = state.push("citation" if found else "placeholder", "", 0)
        token.content = match.group(0)
        if found:
            keys = re.findall(_KEY, found.group(1))
            token.meta = {"keys": [key[1:] for key in keys]}
            if isinstance(state.env.get("keys"), dict):
                state.env["keys"].update(dict.fromkeys(token.meta["keys"]))
    state.pos = end
    return True


def _placeholder_rule(state: StateInline, silent: bool) -> bool:
    """Inline rule: ``[Placeholder: ...]`` and a merge field nobody filled."""
    match = _PLACEHOLDER.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("placeholder", "", 0).content = match.group(0)
    state.pos = match.end()
    return True


def _render_citation(_renderer: object, tokens: Sequence[Token], index: int, _options: object,
                     env: Mapping[str, Mapping[str, int]]) -> str:
    return citation_html(tokens[index].meta["keys"], env["numbers"])


def _render_placeholder(_renderer: object, tokens: Sequence[Token], index: int, _options: object,
                        _env: object) -> str:
    return f'<span class="ph">{_escape(tokens[index].content)}</span>'


def _fit_headings(tokens: Sequence[Token], top_level: int) -> None:
    """Shift headings to start at ``top_level`` and leave no gap (PDF/UA-1 7.4: levels may not be skipped)."""
    opens = [token for token in tokens if token.type == "heading_open"]
    if not opens:
        return
    shift = top_level - min(int(token.tag[1]) for token in opens)
    previous = top_level - 1
    for token in tokens:
        if token.type == "heading_open":
            previous = min(max(int(token.tag[1]) + shift, top_level), previous + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{previous}"


def _side_by_side(tokens: list[Token]) -> list[Token]:
    """Two sections of the same level, each with a list, become two columns of equal weight."""
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    if len(starts) != 2 or tokens[starts[0]].tag != tokens[starts[1]].tag:
        return tokens
    first, second = starts
    bodies = (tokens[first:second], tokens[second:])
    if not all(body[3:] and body[3].type == "bullet_list_open" for body in bodies):
        return tokens
    left, right = (_raw("<div>"), *bodies[0], _raw("</div>")), (_raw("<div>"), *bodies[1], _raw("</div>"))
    return [*tokens[:first], _raw('<div class="balance">'), *left, *right, _raw("</div>")]


def _raw(html: str) -> Token:
    token = Token("html_block", "", 0)
    token.content = html
    return token


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.disable(["html_block", "html_inline", "image", "reference"])
    parser.inline.ruler.before("link", "citation", _citation_rule)
    parser.inline.ruler.before("link", "placeholder", _placeholder_rule)
    parser.add_render_rule("citation", _render_citation)
    parser.add_render_rule("placeholder", _render_placeholder)
    return parser


_PARSER = _parser()
