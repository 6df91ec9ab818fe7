"""The text of an answer: ordered blocks, their one Markdown source, and the citations in it.

Staff edit a single source of the editable blocks. A level-2 heading opens a block and may carry
attributes: ``## Summary {q=1,2}`` ties the block to questions 1 and 2 (R51).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inquiry_service.domain.vocabulary import BlockKind
from inquiry_service.errors import InvalidInput

EDITABLE = (
    BlockKind.SUMMARY, BlockKind.BACKGROUND, BlockKind.DATA, BlockKind.CONTRARY_EVIDENCE, BlockKind.GUIDELINES,
)
LOCKED = frozenset(BlockKind) - frozenset(EDITABLE)

_HEADINGS = {
    "summary": BlockKind.SUMMARY,
    "background": BlockKind.BACKGROUND,
    "data": BlockKind.DATA,
    "data and limits": BlockKind.DATA,
    "results": BlockKind.DATA,
    "conflicting, negative or missing evidence": BlockKind.CONTRARY_EVIDENCE,
    "guidelines": BlockKind.GUIDELINES,
}
_HEADING = re.compile(r"^## +(?P<heading>[^{}\n]+?) *(?:\{(?P<attributes>[^}\n]*)\})? *$")
_QUESTIONS = re.compile(r"^q=(\d{1,2}(?:,\d{1,2})*)$")
_CITATION = re.compile(r"\[(@[^\[\]\n]+)\]")
_CITATION_KEY = re.compile(r"@([A-Za-z0-9][A-Za-z0-9_:.-]*)")
_FENCE = re.compile(r"^(```|~~~)")


@dataclass(frozen=True)
class Block:
    """One part of a letter.

    Attributes:
        kind: which part.
        heading: as printed.
        text: Markdown.
        locked: true when it comes from label or reviewed content and cannot be edited (R68).
        questions: numbers of the questions it answers (R51).
        origin: where a locked text comes from, e.g. ``label US 2024-12, section 34067-9``.
    """

    kind: BlockKind
    heading: str
    text: str
    locked: bool = False
    questions: tuple[int, ...] = ()
    origin: str = ""


def parse_source(source: str) -> tuple[Block, ...]:
    """Split an edited source into its blocks, in the order in which they were written.

    Args:
        source: Markdown with level-2 headings as described on top.

    Raises:
        InvalidInput: text before the first heading, an unknown heading or attribute, or a heading
            used twice for the same questions; the message names the line.
    """
    blocks: list[Block] = []
    lines: list[str] = []
    opened: tuple[BlockKind, str, tuple[int, ...]] | None = None
    fenced = False
    for number, line in enumerate(source.replace("\r\n", "\n").split("\n"), start=1):
        fenced ^= bool(_FENCE.match(line))
        if line.startswith("## ") and not fenced:
            _append(blocks, opened, lines)
            opened, lines = _heading(line, number), []
        elif opened is None and line.strip():
            raise InvalidInput(f"Line {number}: begin with a heading such as “## Summary {{q=1}}”.", line=number)
        else:
            lines.append(line)
    _append(blocks, opened, lines)
    return tuple(blocks)


def _append(blocks: list[Block], opened: tuple[BlockKind, str, tuple[int, ...]] | None, lines: list[str]) -> None:
    if opened is not None:
        kind, heading, questions = opened
        blocks.append(Block(kind, heading, "\n".join(lines).strip(), questions=questions))


def _heading(line: str, number: int) -> tuple[BlockKind, str, tuple[int, ...]]:
    match = _HEADING.match(line)
    heading = match["heading"].strip() if match else ""
    kind = _HEADINGS.get(heading.lower())
    if match is None or kind is None:
        known = ", ".join(f"“{name.capitalize()}”" for name in _HEADINGS)
        raise InvalidInput(f"Line {number}: “{line[3:].strip()}” is not a section of a letter. Use {known}.",
                           line=number)
    return kind, heading, _questions(match["attributes"] or "", number)


def _questions(attributes: str, number: int) -> tuple[int, ...]:
    found: tuple[int, ...] = ()
    for attribute in attributes.split():
        match = _QUESTIONS.match(attribute)
        if match is None:
            raise InvalidInput(f"Line {number}: “{attribute}” is not understood; write {{q=1}} or {{q=1,2}}.",
                               line=number)
        found += tuple(int(digit) for digit in match[1].split(","))
    return tuple(dict.fromkeys(found))


def in_letter_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks in the order of the letter; blocks of one kind keep their order."""
    order = list(BlockKind)
    return tuple(sorted(blocks, key=lambda block: order.index(block.kind)))


def citations_in(text: str) -> tuple[str, ...]:
    """Return the citation keys of one text in order, with repetitions."""
    return tuple(key for group in _CITATION.findall(text) for key in _CITATION_KEY.findall(group))


def citation_order(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return each citation key once, by first appearance in the letter: the numbering of AMA style (R57)."""
    return tuple(dict.fromkeys(key for block in in_letter_order(blocks) for key in citations_in(block.text)))


def without_citations(text: str) -> str:
    """Return ``text`` with its citation marks removed, for rules that look at the words."""
    return _CITATION.sub("", text)
