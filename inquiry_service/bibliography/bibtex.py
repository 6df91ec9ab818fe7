"""BibTeX and BibLaTeX, streamed entry by entry: abbreviations, inherited fields, and what an entry means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from inquiry_service.bibliography import bibtex_entries
from inquiry_service.bibliography.bibtex_entries import Block, blocks, fields_of
from inquiry_service.bibliography.bibtex_record import FORMAT as FORMAT
from inquiry_service.bibliography.bibtex_record import Fields, raw_record
from inquiry_service.bibliography.encoding import open_text
from inquiry_service.bibliography.raw import finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected

_NO_RECORDS = {"string", "comment", "preamble", "xdata"}
_PARENTS = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]([^}\"]+)", re.IGNORECASE)
# Where a parent's field stands in its child (biblatex manual, appendix B).
_INHERITED = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_IN_JOURNAL = {"title": "journaltitle", "subtitle": "journalsubtitle"}
_NOT_INHERITED = {"crossref", "xref", "entryset", "keywords", "abstract", "note", "ids", "label", "options", "xdata"}


def read(stream: BinaryIO) -> Iterator[ParsedRecord | Rejected]:
    """Read BibTeX entry by entry.

    A first pass finds the entries that others inherit from, which may stand anywhere; only these are kept.

    Args:
        stream: the open file, seekable.

    Yields:
        one result per entry; comments, preambles and definitions are none.
    """
    start = stream.tell()
    parents = _parents(stream)
    stream.seek(start)
    strings = bibtex_entries.month_names()
    position = 0
    for block in _blocks(stream):
        if block.name == "string":
            _define(block, strings)
        elif block.name not in _NO_RECORDS:
            position += 1
            yield _read_entry(block, position, strings, parents)


def is_first_line(line: str) -> bool:
    """Whether a line begins a BibTeX entry."""
    return bibtex_entries.begins_entry(line)


def _blocks(stream: BinaryIO) -> Iterator[Block]:
    with open_text(stream) as text:
        yield from blocks(text)


def _parents(stream: BinaryIO) -> dict[str, Fields]:
    start = stream.tell()
    wanted = {
        key.strip() for block in _blocks(stream) for keys in _PARENTS.findall(block.text) for key in keys.split(",")
    }
    parents: dict[str, Fields] = {}
    if not wanted:
        return parents
    strings = bibtex_entries.month_names()
    stream.seek(start)
    for block in _blocks(stream):
        if block.name == "string":
            _define(block, strings)
        elif block.key in wanted:
            try:
                parents[block.key] = {"": [block.name], **fields_of(block, strings)}
            except ValueError:
                continue  # rejected when its turn comes
    return parents


def _define(block: Block, strings: dict[str, str]) -> None:
    try:
        defined = fields_of(block, strings)
    except ValueError:
        return  # its users show the abbreviation itself
    strings.update((name, values[0]) for name, values in defined.items())


def _read_entry(
    block: Block, position: int, strings: dict[str, str], parents: dict[str, Fields]
) -> ParsedRecord | Rejected:
    if block.too_long:
        reason = f"The entry from line {block.first_line} on is too long to be one."
        return Rejected(position, block.key[:100], reason)
    try:
        fields = fields_of(block, strings)
    except ValueError as error:
        reason = f"The entry that begins in line {block.first_line} cannot be read: {error}."
        return Rejected(position, block.key[:100], reason)
    for key in ",".join([*fields.get("xdata", ()), *fields.get("crossref", ())]).split(","):
        _inherit(fields, block.name, parents.get(key.strip(), {}))
    return finish(raw_record(block.name, block.key, fields, position))


def _inherit(fields: Fields, name: str, parent: Fields) -> None:
    """Take from a parent what the entry does not say itself."""
    kind = parent.get("", [""])[0]
    renamed: dict[str, str] = {}
    if kind == "periodical":
        renamed = _IN_JOURNAL
    elif kind != "xdata" and kind != name:
        renamed = _INHERITED
    for field, values in parent.items():
        if field and field not in _NOT_INHERITED:
            fields.setdefault(renamed.get(field, field), values)
