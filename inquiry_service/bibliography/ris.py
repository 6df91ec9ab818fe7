"""RIS in its dialects: Scopus, Embase, Ovid, EBSCO, ProQuest, Web of Science, EndNote, Zotero, Cochrane.

Own reading of the tags instead of rispy (0.10.0): that one loses a record after one without ``ER``, drops an
unfinished last record, fails for the whole file when it meets an unknown tag after ``UK``, and never sees what
Ovid writes behind ``ER``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import TextIOWrapper

from inquiry_service.bibliography.raw import finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.ris_record import FORMAT as FORMAT
from inquiry_service.bibliography.ris_record import raw_record
from inquiry_service.bibliography.tagged import Block, blocks

_START = re.compile(r"\s{0,3}TY[ \t]{1,3}-", re.ASCII)
_END = re.compile(r"\s{0,3}ER[ \t]{1,3}-", re.ASCII)
# Vendors write a tab or one blank where the standard has two, and leave the blank after the hyphen out.
_TAG_LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])(?:[ \t]{1,3}-(?:[ \t](.*)|[ \t]*)|  -(\S.*))\Z", re.ASCII)
_WORK_LINE = re.compile(r"\s{0,3}(?:TI|T1|AU|A1)[ \t]{1,3}-", re.ASCII)
# What a record has that is one: a title, a name, a date, a place in a volume.
_OF_A_WORK = re.compile(r"\s{0,3}(?:TI|T1|CT|BT|ST|T2|JF|AU|A1|A2|ED|PY|Y1|DA|VL|SP|AN|PM)[ \t]{1,3}-", re.ASCII)
# A further line of these is a further value; of all others, the rest of the one before.
_ONE_PER_LINE = {"KW", "N1", "AD"}
# What data frames write for "no value".
_NOTHING = {"nan", "none", "null", "<na>"}
_NAMES = {"AU", "A1", "A2", "A3", "ED"}


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read RIS record by record.

    Args:
        text: the open file.

    Yields:
        one result per record (a ``TY`` line; one that follows another directly only names a second type), and a
        rejection for tagged lines that stand outside any record.
    """
    position = 0
    for block in _whole(blocks(text, _starts_record)):
        lines, behind = _cut_at_end(block.lines)
        # Ovid writes NL, the journal's NLM abbreviation, behind ER; a title there is a record without TY.
        lost = any(_WORK_LINE.match(line) for line in behind)
        if lines and is_first_line(lines[0]):
            position += 1
            yield _read_record(lines if lost else [*lines, *behind], position, block)
        else:
            lost, behind = bool(lines + behind), lines + behind
        if lost:
            position += 1
            yield Rejected(position, behind[0].strip()[:60], _outside(behind, block))


def is_first_line(line: str) -> bool:
    """Whether a line begins a RIS record."""
    return bool(_START.match(line))


def _starts_record(line: str, block: Block) -> bool:
    return is_first_line(line) and (block.too_long or not all(is_first_line(kept) for kept in block.lines))


def _whole(found: Iterator[Block]) -> Iterator[Block]:
    """Join what one record was cut into by further TY lines in its midst: parts that name no work of their own."""
    waiting: Block | None = None
    for block in found:
        if waiting is not None and _goes_on(waiting, block):
            for line in block.lines[1:]:
                waiting.add(line)
            continue
        if waiting is not None:
            yield waiting
        waiting = block
    if waiting is not None:
        yield waiting


def _goes_on(block: Block, following: Block) -> bool:
    is_open = is_first_line(block.lines[0]) and block.has(_WORK_LINE) and not block.has(_END)
    return is_open and not following.has(_OF_A_WORK)


def _cut_at_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines up to ER, and the tagged lines behind it."""
    end = next((index for index, line in enumerate(lines) if _END.match(line)), len(lines))
    behind = [line for line in lines[end:] if _TAG_LINE.match(line) and not _END.match(line)]
    if is_first_line(lines[0]):
        return lines[:end], behind
    return [line for line in lines[:end] if _TAG_LINE.match(line)], behind


def _outside(lines: Sequence[str], block: Block) -> str:
    return f"{len(lines)} tagged line(s) after line {block.first_line} stand outside a record (no TY line)."


def _read_record(lines: list[str], position: int, block: Block) -> ParsedRecord | Rejected:
    raw = raw_record(_tags(lines), position)
    if block.too_long:
        reason = f"The record from line {block.first_line} on is too long to be one."
        return Rejected(position, raw.identifier, reason)
    return finish(raw)


def _tags(lines: list[str]) -> dict[str, list[str]]:
    """All values by tag."""
    tags: dict[str, list[str]] = {}
    current = "N1"  # text before any tag is a note
    for line in lines:
        match = _TAG_LINE.match(line)
        current, value = (match[1], match[2] or match[3] or "") if match else (current, line)
        value = value.strip()
        if not value or (match and value.lower() in _NOTHING and current not in _NAMES):
            continue
        # Nothing belongs to the type itself; what follows it untagged is a note as well.
        target = "N1" if current == "TY" and not match else current
        if match or target in _ONE_PER_LINE or not tags.get(target):
            tags.setdefault(target, []).append(value)
        else:
            tags[target][-1] += f" {value}"
    return tags
