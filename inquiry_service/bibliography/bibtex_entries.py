"""Cut a BibTeX file into its entries, one at a time, and split one entry into its fields.

The cutting is ours, so that a file of any size streams and a broken entry ends at the next one; an entry's
fields are split by bibtexparser (2.1.0), which alone would read the file whole, drop the second of two entries
with the same or no key, and drop a whole entry for a field given twice. Source: O. Patashnik, "BibTeXing" (1988);
P. Lehman, P. Kime, "The biblatex package", section 2.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper

from bibtexparser.model import DuplicateFieldKeyBlock, Entry
from bibtexparser.splitter import Splitter

from inquiry_service.bibliography.tagged import MAX_RECORD_CHARS

_BEGIN = re.compile(r"(?:(?<=[\s})])|\A)@[ \t]*([A-Za-z]\w*)\s*([{(])")
# What begins an entry even where the one before it has not been closed.
_SURE_BEGIN = re.compile(r"\s{0,3}@[ \t]*(?:[A-Za-z]\w*)\s*[{(]\s*[^\s,{}()=\"]*\s*,\s*(?:\Z|[\w+:-]+\s*=)")
_DELIMITERS = re.compile(r"\\.|[{}()]")
_KEY = re.compile(r"@[ \t]*\w+\s*[{(]\s*([^,\s{}=\"]*)\s*(?:,|[})]?\s*\Z)")
_KEYLESS = re.compile(r"(@[ \t]*\w+\s*[{(])(\s*[\w:+-]+\s*=)")
_MISSED_FIELD = re.compile(r"\s+([A-Za-z][\w:+-]*)\s*=\s*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# The splitter reports what it cannot read to a logger as well; contents of files do not belong in a log.
logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL + 1)


@dataclass(slots=True)
class Block:
    """The text of one entry, from ``@`` to its closing delimiter.

    Attributes:
        name: ``article``, ``string``, ``comment`` ... in lower case.
        first_line: its line number in the file, from 1.
        text: the entry as written, "" beyond the size limit.
        closed: whether its closing delimiter was found.
    """

    name: str
    first_line: int
    opened: str
    pieces: list[str] = field(default_factory=list)
    chars: int = 0
    depth: int = 0
    closed: bool = False

    @property
    def text(self) -> str:
        """The entry as written."""
        return "".join(self.pieces)

    @property
    def key(self) -> str:
        """The citation key, or "" where there is none."""
        match = _KEY.match(self.text)
        return match[1] if match else ""

    @property
    def too_long(self) -> bool:
        """Whether the entry passed the size limit, so that its end was not kept."""
        return self.chars > MAX_RECORD_CHARS

    def take(self, text: str) -> int:
        """Take text up to the closing delimiter; the index behind it, or -1 if the entry goes on."""
        for match in _DELIMITERS.finditer(text):
            self.depth += {"{": 1, "}": -1}.get(match[0], 0)
            if (self.opened == "{" and self.depth == 0 and match[0] == "}") or (
                self.opened == "(" and self.depth <= 0 and match[0] == ")"
            ):
                self._keep(text[: match.end()])
                self.closed = True
                return match.end()
        self._keep(text)
        return -1

    def _keep(self, text: str) -> None:
        self.chars += len(text)
        if not self.too_long:
            self.pieces.append(text)


def begins_entry(line: str) -> bool:
    """Whether a line begins a BibTeX entry."""
    return bool(re.match(r"\s*@[ \t]*[A-Za-z]\w*\s*[{(]", line))


def blocks(text: TextIOWrapper) -> Iterator[Block]:
    """Yield the entries of a file in order, comments and definitions included; text between them is no entry.

    Args:
        text: the open file.
    """
    block: Block | None = None
    number = 0
    while line := text.readline(MAX_RECORD_CHARS + 1):
        number += 1
        if block is not None and _SURE_BEGIN.match(line):
            yield block
            block = None
        rest: str | None = line
        while rest:
            if block is None:
                block, rest = _begin(rest, number)
            if block is not None and rest:
                end = block.take(rest)
                rest = rest[end:] if end >= 0 else None
                if end >= 0:
                    yield block
                    block = None
    if block is not None:
        yield block


def _begin(text: str, number: int) -> tuple[Block | None, str | None]:
    if text.lstrip().startswith("%"):
        return None, None  # commented out
    match = _BEGIN.search(text)
    if match is None:
        return None, None
    block = Block(match[1].lower(), number, match[2])
    if block.opened == "(":
        # The opening one is not counted as a brace; keep it out of the count.
        block.pieces.append(match[0])
        return block, text[match.end() :]
    return block, text[match.start() :]


def fields_of(block: Block, strings: Mapping[str, str]) -> dict[str, list[str]]:
    """Split an entry into its fields, names in lower case; a field given twice has two values.

    Args:
        block: an entry, or an ``@string`` definition.
        strings: values of the abbreviations defined so far.

    Raises:
        ValueError: the entry cannot be split; the message says why.
    """
    found: dict[str, list[str]] = {}
    for name, value in _raw_fields(block):
        while value is not None:
            text, missed = _value(value, strings)
            found.setdefault(name.lower(), []).append(text)
            # A forgotten comma leaves the next field behind the value of this one.
            match = _MISSED_FIELD.match(missed)
            name, value = (match[1], missed[match.end() :]) if match else ("", None)
    return found


def _raw_fields(block: Block) -> list[tuple[str, str | None]]:
    text = _KEYLESS.sub(r"\1,\2", block.text, count=1) if block.name != "string" else block.text
    if not block.closed:
        text = _closed_otherwise(block, text)
    # The splitter takes any line that begins with @ for the next entry, even inside a value.
    library = Splitter(text[:1] + re.sub(r"\n\s*@", " @", text[1:])).split()
    if not library.blocks:
        raise ValueError("it holds no fields")
    first: object = library.blocks[0]
    if isinstance(first, DuplicateFieldKeyBlock):
        first = first.ignore_error_block
    if block.name == "string" and library.strings:
        return [(item.key, item.value) for item in library.strings]
    if not isinstance(first, Entry):
        raise ValueError("its fields cannot be told apart")
    return [(item.key, item.value) for item in first.fields]


def _closed_otherwise(block: Block, text: str) -> str:
    """An entry that begins with a brace and ends with a parenthesis alone on its line is whole."""
    if block.depth == 1 and re.search(r"\n\s*\)\s*\Z", text):
        return f"{text.rstrip()[:-1]}}}"
    raise ValueError("it is not closed")


def _value(text: str, strings: Mapping[str, str]) -> tuple[str, str]:
    """The value of an expression ``{..} # ".." # name``, and what stands behind it."""
    pieces = []
    rest = text.strip()
    while rest:
        piece, rest = _operand(rest, strings)
        pieces.append(piece)
        if not rest.lstrip().startswith("#"):
            break
        rest = rest.lstrip()[1:].lstrip()
    return "".join(pieces), rest


def _operand(text: str, strings: Mapping[str, str]) -> tuple[str, str]:
    if text[0] in '{"':
        end = _closing(text)
        return text[1:end], text[end + 1 :]
    match = re.match(r"[^\s#\"{}]+", text)
    if match is None:
        return "", ""
    word = match[0]
    return strings.get(word.lower(), word), text[match.end() :]


def _closing(text: str) -> int:
    """Index of the delimiter that closes the first one; the last character if none does."""
    depth = 0
    for match in re.finditer(r'\\.|[{}"]', text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match.start() and depth == 0 and match[0] == ("}" if text[0] == "{" else '"'):
            return match.start()
    return len(text)


def month_names() -> dict[str, str]:
    """The abbreviations that every BibTeX style defines."""
    return {month: month.capitalize() for month in _MONTHS}
