"""The kinds of fields in the Whoosh index: running text, names, pages of a full text, labels.

The classes are pickled into the index by reference, so renaming or moving them makes an index unreadable: raise
``LAYOUT_VERSION`` then.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from whoosh.analysis import Token
from whoosh.fields import ID, TEXT
from whoosh.formats import Positions

from inquiry_service.search.words.analysis import BREAK, BREAK_GAP, lexemes, name_terms

LAYOUT_VERSION = "4"
"""Part of the index manifest: an index laid out in another way is rebuilt, not searched."""
VALUE_BREAK = "\x1f"
"""Between the values of a field that holds several; no label contains it."""
PAGE_START = "\x1epage"
"""Stands where a page of a full text begins, so that a position tells its page; no word is spelled like it."""
PLACE = "I"
"""Type of a position in Whoosh's postings, as the array module names it."""

Places = dict[str, list[int]]
"""Term -> its positions, ascending."""
_PIECES_KEPT = 64
"""A record's title and abstract are analysed once, for their own fields and for the text as a whole."""


@dataclass(slots=True)
class Analysed:
    """A text read.

    Attributes:
        places: positions of its terms.
        length: the position after the last one.
        starts, widths: for each position, where its word begins in the text, and how many characters it has.
    """

    places: Places = field(default_factory=dict)
    length: int = 0
    starts: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)


class RawPositions(Positions):
    """Positions as plain 32-bit numbers; Whoosh's own format pickles a list for each posting."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array(PLACE, valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // array(PLACE).itemsize


class Text(TEXT):
    """Running text in pieces: a phrase never reaches from one into the next."""

    def __init__(self, *, stored: bool = False) -> None:
        super().__init__(analyzer=_Terms(), stored=stored)
        self.format = RawPositions()

    def places(self, value: str) -> Places:
        """Positions of the terms of a field's value; not to be changed."""
        pieces = value.split(BREAK)
        if len(pieces) == 1:
            return self._analysed(value).places
        joined: Places = {}
        start = 0
        for piece in pieces:
            analysed = self._analysed(piece)
            for term, at in analysed.places.items():
                joined.setdefault(term, []).extend([start + place for place in at] if start else at)
            start += analysed.length + BREAK_GAP
        return joined

    def _analysed(self, piece: str) -> Analysed:
        return analysed(piece)


class Names(Text):
    """Names of people: neither stemmed nor stopped."""

    def _analysed(self, piece: str) -> Analysed:
        read = Analysed()
        for read.length, term in enumerate(name_terms(piece), start=1):
            read.places.setdefault(term, []).append(read.length - 1)
        return read


class Pages(Text):
    """Full text page by page."""

    def _analysed(self, piece: str) -> Analysed:
        read = _read(piece)
        read.places[PAGE_START] = [0]
        return read


class Labels(ID):
    """Labels, each one term; compared without regard to case."""

    def __init__(self, *, stored: bool = False) -> None:
        super().__init__(analyzer=_Terms(), stored=stored)

    def places(self, value: str) -> Places:
        """The labels as terms, without positions."""
        return {label.casefold(): [] for label in value.split(VALUE_BREAK) if label}


class _Terms:
    """Whoosh wants an analyzer for each field, though our fields do their own reading."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def __call__(self, value: str, **_: Any) -> Iterator[Any]:
        token = Token(positions=True)
        for term, places in analysed(value).places.items():
            for token.pos in places:
                token.text = term
                yield token


@lru_cache(maxsize=_PIECES_KEPT)
def analysed(text: str) -> Analysed:
    """Read a text; the result is shared and not to be changed."""
    return _read(text)


def _read(text: str) -> Analysed:
    read = Analysed()
    places, starts, widths = read.places, read.starts, read.widths
    for lexeme in lexemes(text):
        position = lexeme.position
        for step, part in enumerate(lexeme.parts):
            _note(places, part, position + step)
            starts.append(lexeme.start)
            widths.append(lexeme.end - lexeme.start)
        if lexeme.whole:
            _note(places, lexeme.whole, position)
    read.length = len(starts)
    return read


def _note(places: Places, term: str, position: int) -> None:
    known = places.get(term)
    if known is None:
        places[term] = [position]
    elif known[-1] < position:
        known.append(position)
    elif position not in known:
        known.append(position)
        known.sort()

