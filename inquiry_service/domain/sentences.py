"""Markdown of a block -> its sentences, list items and table rows, each with line and citations.

Written for the gate: a citation set after the full stop, as AMA style prints it, belongs to the sentence
before it; abbreviations, decimals and initials end no sentence; a table row answers for its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from inquiry_service.domain.draft import Block, citations_in, without_citations
from inquiry_service.domain.vocabulary import BlockKind

_ABBREVIATIONS = frozenset({
    "e.g", "i.e", "vs", "cf", "al", "dr", "mr", "mrs", "ms", "prof", "no", "nos", "fig", "figs", "tab", "approx",
    "ca", "resp", "incl", "max", "min", "st", "vol", "pp", "ed", "eds", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec", "a.m", "p.m", "u.s", "u.k", "s.c", "i.v", "i.m", "p.o",
})
"""Lower case, without the last full stop."""

_MARK = r"[.!?][\"”’')*_]*"
_END = re.compile(rf"{_MARK}(?:\s?\[@[^\[\]\n]+\])*(?=\s|$)")
_NEXT = re.compile(r"\s+[\"“‘(*_\[]*[A-Z0-9À-ÖØ-Þ]")
_LAST_WORD = re.compile(r"(\S+?)\.[\"”’')*_]*$")
_VALUE = re.compile(r"[<=>]\s?\.$")
_INITIAL = re.compile(r"(?:^|[A-ZÀ-Þ]\S*\s|\.\s?)[A-Z]$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+")
_RULER = re.compile(r"^\|?[\s:|-]*-[\s:|-]*\|?$")
_BOLD = re.compile(r"\*\*[^*]+\*\*[.:]?")
_MARKUP = re.compile(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`")


@dataclass(frozen=True)
class Sentence:
    """One statement of a letter.

    Attributes:
        text: as written, citations included.
        words: without citations and emphasis, white space closed up.
        line: line in the block's text, from 1.
        citations: keys that it carries (for a table row also those of the caption or header).
        where: kind of the block.
        item: true for a list item's text; ``quoted`` for a block quotation; ``row`` for a table row; ``lead``
            for a bold first sentence that the rest of its paragraph bears out.
    """

    text: str
    words: str
    line: int
    citations: tuple[str, ...]
    where: BlockKind
    item: bool = False
    quoted: bool = False
    row: bool = False
    lead: bool = False
    questions: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """A paragraph, list item, quotation or table with the line it starts on."""

    kind: str
    lines: tuple[str, ...]
    line: int


def sentences_of(block: Block) -> tuple[Sentence, ...]:
    """Return the statements of a block in reading order; headings and table captions are left out."""
    found: list[Sentence] = []
    for unit in _units(block.text):
        if unit.kind == "table":
            found.extend(_rows(unit, block.kind))
        elif unit.kind != "heading":
            found.extend(_sentences(unit, block.kind))
    return tuple(replace(sentence, questions=block.questions) for sentence in found)


def plain_words(text: str) -> str:
    """Return ``text`` without citations and emphasis, with single spaces."""
    return " ".join(_MARKUP.sub("", without_citations(text)).split())


def split(text: str) -> tuple[str, ...]:
    """Split running text into sentences; a citation behind the full stop stays with its sentence."""
    parts: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if match.start() < start or not _ends_here(text, match):
            continue
        parts.append(text[start:match.end()])
        start = match.end()
    parts.append(text[start:])
    return tuple(part.strip() for part in parts if part.strip())


def _ends_here(text: str, match: re.Match[str]) -> bool:
    rest = text[match.end():]
    if rest.strip() and not _NEXT.match(rest):
        return False
    if text[match.start()] != ".":
        return True
    before = text[max(0, match.start() - 40):match.start() + 1]
    if _VALUE.search(before):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    token = word[1].lstrip("(\"“‘[*_")
    # "ED." and "NO." in capitals are words of their own, not "ed." and "no.".
    acronym = token.isupper() and len(token) > 1 and "." not in token
    abbreviated = (token.lower() in _ABBREVIATIONS and not acronym) or bool(_INITIAL.search(before[:-1].lstrip()))
    return not (abbreviated and rest.strip())


def _units(text: str) -> Iterator[_Unit]:
    kind, first = "", 0
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        now = _kind_of(line, kind)
        if kind and (now != kind or now == "heading" or _ITEM.match(line)):
            yield _Unit(kind, tuple(lines), first)
            kind, lines = "", []
        if now:
            if not kind:
                kind, first = now, number
            lines.append(line)
    if kind:
        yield _Unit(kind, tuple(lines), first)


def _kind_of(line: str, before: str) -> str:
    stripped = line.strip()
    if not stripped:
        return ""
    if stripped.startswith("|") or (stripped.startswith("Table:") and before in ("", "table")):
        return "table"
    if stripped.startswith("#"):
        return "heading"
    if stripped.startswith(">"):
        return "quote"
    if _ITEM.match(line) or (before == "item" and line.startswith(" ")):
        return "item"
    return "item" if before == "item" else "paragraph"


def _sentences(unit: _Unit, where: BlockKind) -> Iterator[Sentence]:
    lines = [line.lstrip().removeprefix(">") if unit.kind == "quote" else line for line in unit.lines]
    if unit.kind == "item":
        lines[0] = _ITEM.sub("", lines[0])
    text = "\n".join(lines)
    position = 0
    parts = split(text)
    for index, part in enumerate(parts):
        position = text.index(part, position)
        lead = index == 0 and len(parts) > 1 and bool(_BOLD.fullmatch(part))
        yield Sentence(part, plain_words(part), unit.line + text.count("\n", 0, position), citations_in(part), where,
                       item=unit.kind == "item", quoted=unit.kind == "quote", lead=lead)
        position += len(part)


def _rows(unit: _Unit, where: BlockKind) -> Iterator[Sentence]:
    rulers = [index for index, line in enumerate(unit.lines) if _RULER.match(line.strip())]
    body = rulers[0] + 1 if rulers else 0
    captions = [line for line in unit.lines if line.strip().startswith("Table:")]
    shared = citations_in("\n".join([*captions, *unit.lines[:body]]))
    previous: tuple[str, ...] = ()
    for index, line in enumerate(unit.lines[body:], start=body):
        if line in captions:
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        own = citations_in(line)
        # A row with an empty first cell goes on with the study of the row above.
        previous = own or (previous if not cells[0] else ())
        yield Sentence(line.strip(), plain_words("; ".join(cell for cell in cells if cell)), unit.line + index,
                       previous or shared, where, row=True)
