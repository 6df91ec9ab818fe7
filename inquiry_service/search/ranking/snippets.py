"""Title and passage of a hit as safe HTML: everything escaped, the words that matched in ``<mark>``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from inquiry_service.search.words.analysis import Lexeme, lexemes

PASSAGE_LENGTH = 280
"""Characters of a passage, about three lines of a result list."""

_SENTENCE_START = re.compile(r"(?<=[.!?:])\s+(?=[^\s])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark.

    Attributes:
        surfaces: index term -> the word of the query that asked for it.
        weights: index term -> how much it counts when passages are compared (its rarity).
    """

    surfaces: Mapping[str, str]
    weights: Mapping[str, float]

    def words(self, terms: Collection[str]) -> tuple[str, ...]:
        """The words of the query behind ``terms``, in the order of the query, each once."""
        return tuple(dict.fromkeys(surface for term, surface in self.surfaces.items() if term in terms))

    def in_lexeme(self, lexeme: Lexeme) -> str | None:
        """The wanted term under which ``lexeme`` is found, the whole name before its parts."""
        if lexeme.whole in self.surfaces:
            return lexeme.whole
        return next((part for part in lexeme.parts if part in self.surfaces), None)


@dataclass(frozen=True, slots=True)
class Match:
    """A wanted word in a text.

    Attributes:
        start, end: character offsets, end excluded.
        term: the wanted term under which it is found.
    """

    start: int
    end: int
    term: str


class Highlighted:
    """One text with the wanted words found in it.

    Args:
        matches: where they stand, in order, if that is known already; the text is read for them otherwise.
    """

    def __init__(self, text: str, wanted: Wanted, matches: Sequence[Match] | None = None) -> None:
        self._text = text
        self._wanted = wanted
        self._matches = _matches(text, wanted) if matches is None else matches

    @property
    def terms(self) -> frozenset[str]:
        """The wanted terms that occur."""
        return frozenset(match.term for match in self._matches)

    def whole(self) -> str:
        """All of the text, escaped, with the wanted words marked."""
        return _mark(self._text, 0, len(self._text), self._matches)

    def passage(self) -> str:
        """The passage that shows most of the wanted words, rare ones first; else the beginning.

        Returns:
            escaped HTML of about ``PASSAGE_LENGTH`` characters of text, with an ellipsis where it was cut.
        """
        text = self._text
        start = max(_starts(text, self._matches), key=lambda at: (self.worth(at, at + PASSAGE_LENGTH), -at))
        end = _word_end(text, start + PASSAGE_LENGTH)
        before = "… " if start else ""
        after = " …" if end < len(text) else ""
        return before + _mark(text, start, end, self._matches) + after

    def worth(self, start: int = 0, end: int | None = None) -> float:
        """What the wanted words between two offsets are worth: rare ones most, repetitions a little."""
        last = len(self._text) if end is None else end
        inside = [match.term for match in self._matches if start <= match.start and match.end <= last]
        return sum(self._wanted.weights.get(term, 1.0) for term in set(inside)) + 0.1 * len(inside)


def _matches(text: str, wanted: Wanted) -> list[Match]:
    found = []
    for lexeme in lexemes(text):
        term = wanted.in_lexeme(lexeme)
        if term is not None:
            found.append(Match(lexeme.start, lexeme.end, term))
    return found


def _starts(text: str, matches: Sequence[Match]) -> list[int]:
    """Where a passage may begin: at sentences that lead to a match, and a little before one (sentences can be long)."""
    if not matches:
        return [0]
    begins = [match.start for match in matches]
    sentences = [0]
    for sentence in _SENTENCE_START.finditer(text):
        at = bisect_left(begins, sentence.end())
        if at < len(begins) and begins[at] < sentence.end() + PASSAGE_LENGTH:
            sentences.append(sentence.end())
    late = [_word_start(text, max(0, match.start - PASSAGE_LENGTH // 3)) for match in matches]
    return [*sentences, *late]


def _word_start(text: str, at: int) -> int:
    """``at`` moved forward to the beginning of a word."""
    if at == 0:
        return 0
    space = text.find(" ", at)
    return at if space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    """``at`` moved back to the end of a word."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - PASSAGE_LENGTH // 2, at + 1)
    return at if space < 0 else space


def _mark(text: str, start: int, end: int, matches: Sequence[Match]) -> str:
    pieces = []
    at = start
    for match in matches:
        if match.start < at or match.end > end:
            continue
        pieces.append(escape(text[at : match.start]))
        pieces.append(f"<mark>{escape(text[match.start : match.end])}</mark>")
        at = match.end
    pieces.append(escape(text[at:end]))
    return "".join(pieces)
