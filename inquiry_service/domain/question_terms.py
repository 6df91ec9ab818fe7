"""The words of a question that are worth searching for, each with its place and what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from inquiry_service.domain.message_parts import WORD
from inquiry_service.domain.question_words import (
    CONDITION_HEAD,
    DOSE,
    FILLER,
    FUNCTION,
    OUTCOME,
    POPULATION,
    TWO_WORD_OUTCOMES,
    TWO_WORD_POPULATIONS,
    names_condition,
)

LONGEST_NAME = 6
"""Words of the longest product or condition name that is looked for."""
_WORDS_BEFORE_A_HEAD = 2


class TermKind(StrEnum):
    """What a term speaks of."""

    PRODUCT = "product"
    CONDITION = "condition"
    POPULATION = "population"
    DOSE = "dose"
    OUTCOME = "outcome"
    OTHER = "other"


@dataclass(frozen=True)
class Term:
    """A word, or words that belong together; ``text`` is the verbatim from ``start`` to ``end``."""

    text: str
    start: int
    end: int
    kind: TermKind

    @property
    def key(self) -> str:
        """What makes two terms the same: small letters, no plural, no possessive."""
        return " ".join(singular(word) for word in _folded(self.text))


@dataclass(frozen=True)
class Lexicon:
    """Names that this installation knows; compared word by word, without regard to case and plural.

    Attributes:
        names: words of a name -> its kind.
    """

    names: dict[tuple[str, ...], TermKind] = field(default_factory=dict)

    @classmethod
    def of(cls, *, products: Iterable[str] = (), headings: Iterable[str] = ()) -> Lexicon:
        """Build the lexicon.

        Args:
            products: brand and generic names, synonyms, in any number.
            headings: names of notions of the field such as ``Diabetes Mellitus, Type 2``, which is also found as
                written in prose; those that name an illness are conditions, the others are kept together as they are.
        """
        names: dict[tuple[str, ...], TermKind] = {}
        for heading in headings:
            words = tuple(_folded(heading))
            if all(word in FUNCTION or word in FILLER or _kind(word) in _NOT_NAMED for word in words):
                continue
            ill = any(names_condition(singular(word)) or names_condition(word) for word in words)
            for spelling in _spellings(heading):
                _add(names, spelling, TermKind.CONDITION if ill else TermKind.OTHER)
        for name in products:
            _add(names, name, TermKind.PRODUCT)
        return cls(names)


_NOT_NAMED = (TermKind.POPULATION, TermKind.DOSE, TermKind.OUTCOME)
"""What our own lists know better than a heading such as "Pregnancy" or "Injections, Subcutaneous"."""


def _spellings(heading: str) -> tuple[str, ...]:
    first, comma, rest = heading.partition(", ")
    return (heading, f"{rest} {first}") if comma else (heading,)


def _add(names: dict[tuple[str, ...], TermKind], name: str, kind: TermKind) -> None:
    words = tuple(singular(word) for word in _folded(name))
    if words and len(words) <= LONGEST_NAME and not all(word in FUNCTION for word in words):
        names[words] = kind


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def small(self) -> str:
        return self.text.lower().replace("’", "'")


def singular(word: str) -> str:
    """Return a word in small letters without possessive and the plainest plural; for comparing, never for showing."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _folded(text: str) -> Iterator[str]:
    yield from (match[0].lower() for match in WORD.finditer(text))


_STRENGTH = re.compile(
    r"\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|g|ml|iu|units?|%)(?:\s?/\s?(?:kg|day|d|m2|ml|h))?(?![^\W_])", re.IGNORECASE)
_BRACKETED = re.compile(r"\[[A-Z ]{3,20}\]")


def terms_in(text: str, start: int, end: int, lexicon: Lexicon) -> list[Term]:
    """Return the terms of the verbatim from ``start`` to ``end``, in order, none overlapping another.

    Args:
        text: the whole verbatim; offsets of the terms point into it.
        lexicon: names known here; they win over everything else, the longest first.
    """
    strengths = [Term(match[0], match.start(), match.end(), TermKind.DOSE)
                 for match in _STRENGTH.finditer(text, start, end)]
    masked = [(match.start(), match.end()) for match in _BRACKETED.finditer(text, start, end)]
    masked += [(term.start, term.end) for term in strengths]
    words = [_Word(match[0], match.start(), match.end()) for match in WORD.finditer(text, start, end)
             if not any(low <= match.start() < high for low, high in masked)]
    found = list(_named(text, words, lexicon))
    taken = {place for term in found for place in range(term.start, term.end)}
    rest = [word for word in words if word.start not in taken]
    return sorted([*strengths, *found, *_by_kind(text, rest)], key=lambda term: term.start)


def _named(text: str, words: Sequence[_Word], lexicon: Lexicon) -> Iterator[Term]:
    keys = [singular(word.text) for word in words]
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            kind = lexicon.names.get(tuple(keys[at:at + length]))
            if kind and (length > 1 or keys[at] not in FUNCTION):
                last = words[at + length - 1]
                yield Term(text[words[at].start:last.end], words[at].start, last.end, kind)
                at += length - 1
                break
        at += 1


def _by_kind(text: str, words: Sequence[_Word]) -> Iterator[Term]:
    """Names by their form: two words of an outcome, a condition with the words before it, else word by word."""
    run: list[_Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        if not carries(word.small):
            yield from _flushed(text, run)
            run = []
        elif pair := _pair(text, words, at):
            yield from _flushed(text, run)
            run = []
            yield pair
            at += 1
        else:
            if run and text[run[-1].end:word.start].strip(" ") != "":
                yield from _flushed(text, run)
                run = []
            run.append(word)
        at += 1
    yield from _flushed(text, run)


def _pair(text: str, words: Sequence[_Word], at: int) -> Term | None:
    if at + 1 >= len(words):
        return None
    both = (words[at].small, words[at + 1].small)
    if both not in TWO_WORD_OUTCOMES and both not in TWO_WORD_POPULATIONS:
        return None
    kind = TermKind.OUTCOME if both in TWO_WORD_OUTCOMES else TermKind.POPULATION
    return Term(text[words[at].start:words[at + 1].end], words[at].start, words[at + 1].end, kind)


def _flushed(text: str, run: Sequence[_Word]) -> Iterator[Term]:
    """Terms of words that stand side by side: a condition takes plain words before it along, "menstrual migraine"."""
    waiting: list[_Word] = []
    for word in run:
        kind = _kind(word.small)
        if kind is TermKind.CONDITION:
            cut = len(waiting) - (_WORDS_BEFORE_A_HEAD if word.small in CONDITION_HEAD else 1)
            yield from (_term(text, [one], TermKind.OTHER) for one in waiting[:max(0, cut)])
            yield _term(text, [*waiting[max(0, cut):], word], kind)
            waiting = []
        elif kind is TermKind.OTHER:
            waiting.append(word)
        else:
            yield from (_term(text, [one], TermKind.OTHER) for one in waiting)
            yield _term(text, [word], kind)
            waiting = []
    yield from (_term(text, [one], TermKind.OTHER) for one in waiting)


def _term(text: str, words: Sequence[_Word], kind: TermKind) -> Term:
    return Term(text[words[0].start:words[-1].end], words[0].start, words[-1].end, kind)


def _kind(word: str) -> TermKind:
    plain = word.removesuffix("'s")
    for kind, words in ((TermKind.POPULATION, POPULATION), (TermKind.DOSE, DOSE), (TermKind.OUTCOME, OUTCOME)):
        if plain in words:
            return kind
    return TermKind.CONDITION if names_condition(plain) else TermKind.OTHER


def carries(word: str) -> bool:
    """Say whether ``word`` (small letters) can carry the subject of a question."""
    if len(word) < 2 or word.isdigit() or word in FUNCTION or word in FILLER:
        return False
    return word.removesuffix("'s") not in FILLER
