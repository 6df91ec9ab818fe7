"""Cut tagged text (NBIB, RIS) into records, one at a time, so that a broken record harms no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper

# A record of the longest real kind (thousands of authors) stays below 1 MB.
MAX_RECORD_CHARS = 4_000_000

StartsRecord = Callable[[str, "Block"], bool]


@dataclass(slots=True)
class Block:
    """Lines of one record.

    Attributes:
        first_line: its line number in the file, from 1.
        lines: the lines without line ends.
        too_long: the block passed the size limit and its further lines were not kept.
        after_blank: the line before the one now looked at was blank.
    """

    first_line: int
    lines: list[str]
    chars: int = 0
    too_long: bool = False
    after_blank: bool = False

    def add(self, line: str) -> None:
        """Keep a line as long as the block is within its limit; of the first, its beginning in any case."""
        self.chars += len(line)
        if self.chars > MAX_RECORD_CHARS:
            self.too_long = True
            if not self.lines:
                self.lines.append(line[:100])
        else:
            self.lines.append(line)

    def has(self, tag: re.Pattern[str]) -> bool:
        """Whether any line so far begins with the tag."""
        return any(tag.match(line) for line in self.lines)


def blocks(text: TextIOWrapper, starts_record: StartsRecord) -> Iterator[Block]:
    """Yield the file's blocks in order; whatever stands before the first record is a block as well.

    Args:
        text: the open file.
        starts_record: says from a line and the block so far whether the line begins a new record.
    """
    block = Block(1, [])
    number = 0
    # A limit on readline keeps a file without line ends from being read whole.
    while line := text.readline(MAX_RECORD_CHARS + 1):
        number += 1
        line = line.rstrip("\r\n")
        if starts_record(line, block) and block.lines:
            if any(kept.strip() for kept in block.lines):
                yield block
            block = Block(number, [])
        block.after_blank = not line.strip()
        block.add(line)
    if any(kept.strip() for kept in block.lines):
        yield block


def numbered(text: TextIOWrapper, is_first_line: Callable[[str], bool]) -> Iterator[tuple[int, Block]]:
    """Yield position, from 1, and block of each record; what stands before the first one is left out."""
    found = blocks(text, lambda line, _: is_first_line(line))
    yield from enumerate((block for block in found if is_first_line(block.lines[0])), start=1)
