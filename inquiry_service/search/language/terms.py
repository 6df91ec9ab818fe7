"""The single terms of a search: plain and exact words, prefixes, patterns and year ranges, read from their tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inquiry_service.search.language.lexing import EXAMPLES, Token, complain
from inquiry_service.search.language.tree import AnyOf, Pattern, Prefix, Ranked, Synonyms, Word, YearRange
from inquiry_service.search.words.analysis import fold, lexemes, terms_of

MOST_WORDS = 200
"""Different words read from free text; the adapter then ranks by the rarest of them."""
SHORTEST_PREFIX = 3
MOST_MARKS = 2
"""Question marks in one word; each multiplies the words that it may stand for."""

_YEARS = re.compile(r"(\d{4})?(?:(\.\.|-|–)(\d{4})?)?", re.ASCII)
_TRAILING = ".,;:?!"
_PATTERN = re.compile(r"[^\W\d_]+(?:\?[^\W\d_]+)+")
_EXACT = "="


class FreeText:
    """Turns free text into words, and remembers the stop words that it left out."""

    def __init__(self) -> None:
        self._stopped: dict[str, None] = {}
        self._unread = 0

    def words(self, text: str, field: str | None, *, is_exact: bool = False) -> tuple[Word, ...]:
        """The words of ``text`` in order, stop words out, repeated ones still repeated."""
        found: list[Word] = []
        for lexeme in lexemes(text):
            surface = text[lexeme.start : lexeme.end]
            # Names of people are not words: "May" and "So" are authors.
            if lexeme.terms or field == "author":
                found.append(Word(surface, field, is_exact))
            else:
                self._stopped[fold(surface)] = None
        return tuple(found)

    def any_of(self, words: Sequence[Ranked]) -> AnyOf:
        """Each word once, however often and in whichever form it was written."""
        once: dict[object, Ranked] = {}
        for word in words:
            once.setdefault(_identity(word), word)
        kept = tuple(once.values())
        self._unread += max(0, len(kept) - MOST_WORDS)
        return AnyOf(kept[:MOST_WORDS])

    def leave_out(self, text: str) -> None:
        """Note that ``text`` cannot be searched."""
        self._stopped[fold(text)] = None

    def dropped(self) -> tuple[str, ...]:
        """What was left out and why, one sentence each."""
        notes = []
        if self._stopped:
            shown = list(self._stopped)
            more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
            notes.append(f"Too common to search: {', '.join(shown[:12])}{more}.")
        if self._unread:
            notes.append(f"Only the first {MOST_WORDS} different words were read; {self._unread} were not.")
        return tuple(notes)


def _identity(word: Ranked) -> object:
    """Equal for words that ask the same."""
    return word if isinstance(word, Synonyms) else (type(word), word.field, terms_of(word.text) or word.text)


def is_starred(text: str) -> bool:
    """Whether a plain token asks for all words with this beginning."""
    # A star inside a name ("CYP2D6*4") is part of the name.
    return text.startswith("*") or text.rstrip(_TRAILING).endswith("*")


def special_word(token: Token, field: str | None) -> Prefix | Pattern | None:
    """The prefix or the pattern that a plain token stands for; None if it is no such thing.

    Raises:
        InvalidInput: it would stand for too many words.
    """
    if is_starred(token.text):
        return read_prefix(token, field)
    text = token.text.rstrip(_TRAILING)
    if not _PATTERN.fullmatch(text):
        return None
    if text.count("?") > MOST_MARKS or len(text) - text.count("?") < SHORTEST_PREFIX:
        complain(
            f"“{text}” could be too many words",
            token.start,
            f"A word may have {MOST_MARKS} question marks, and {SHORTEST_PREFIX} letters beside them.",
        )
    return Pattern(text, field)


def is_special(text: str) -> bool:
    """Whether a plain token is more than words: starred, with a ``?`` inside, or to be taken exactly."""
    return is_starred(text) or is_exact(text) or _PATTERN.fullmatch(text.rstrip(_TRAILING)) is not None


def is_exact(text: str) -> bool:
    """Whether a plain token asks for its word without synonyms."""
    return text.startswith(_EXACT) and bool(terms_of(text))


def read_prefix(token: Token, field: str | None) -> Prefix:
    """The prefix that a starred token stands for.

    Raises:
        InvalidInput: the star leads the word, or fewer than ``SHORTEST_PREFIX`` letters stand before it.
    """
    if token.text.startswith("*"):
        complain(
            "A star cannot stand at the beginning of a word",
            token.start,
            "Put it at the end (triptan*); an empty search shows every record.",
        )
    stub = token.text.rstrip(_TRAILING + "*")
    if sum(char.isalnum() for char in stub) < SHORTEST_PREFIX or not terms_of(stub):
        complain(
            f"“{token.text}” would match too many words",
            token.start,
            f"Write at least {SHORTEST_PREFIX} letters before the star.",
        )
    return Prefix(stub, field)


def read_years(token: Token) -> YearRange:
    """The years of ``2004``, ``1996..2004``, ``1996-2004``, ``..2004`` or ``2004..``.

    Raises:
        InvalidInput: not a year, or the first after the last.
    """
    match = _YEARS.fullmatch(token.text.rstrip(_TRAILING) if not token.text.endswith("..") else token.text)
    if match is None or not (match.group(1) or match.group(3)):
        complain(f"“{token.text}” is not a year", token.start, f"Write {EXAMPLES['year']}.")
    first, dots, last = match.groups()
    low = int(first) if first else None
    high = int(last) if last else (None if dots else low)
    if low is not None and high is not None and low > high:
        complain(f"The years {low} to {high} run backwards", token.start, f"Write year:{high}..{low}.")
    return YearRange(low, high)
