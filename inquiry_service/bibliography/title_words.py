"""Titles as words that can be compared: what spelling, case, accents and vendors' additions do not change.

Two titles are laid side by side word by word. A word that is one slip of the pen away from another is the same
word; a word that stands only in one of them is a subtitle, or it is what makes the work another one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from inquiry_service.bibliography.identity import folded
from inquiry_service.bibliography.normalise import strip_markup

_WORD = re.compile(r"[^\W_]+")
_VENDOR_PREFIX = re.compile(
    r"^\s*[\[(]?\s*(?:retracted|withdrawn|short reports?|brief (?:report|communication)|original (?:article|research)|"
    r"clinical trial|research article|review article)(?:\s+(?:article|paper))?\s*[\])]?\s*[:.–—]\s*", re.IGNORECASE)
_VENDOR_ENDING = re.compile(
    r"\s*[\[(](?:retracted(?: article)?|withdrawn|in process citation|see comments?|letter|abstract|review|"
    r"[a-z]+ version|article in [a-z]+|in [a-z]+)\b[^\])]*[\])]?\s*\.?\s*$", re.IGNORECASE)
_SUBTITLE = re.compile(r"\s*[:;?!–—]\s+|\s+-+\s+|\.\s+(?=[A-Z])")
_EMPTY = frozenset({
    "a", "an", "the", "and", "or", "of", "in", "on", "for", "to", "with", "by", "from", "at", "as", "is", "its", "de",
    "la", "le", "les", "der", "die", "das", "und", "et",
})  # fmt: skip
_NUMBERED = frozenset({
    "part", "series", "study", "type", "hepatitis", "influenza", "vitamin", "factor", "group", "class", "phase",
})  # fmt: skip
_NUMERAL = re.compile(r"\d|(?:[ivx]{1,5}|one|two|three|four|five|first|second|third|fourth|[b-z])\Z")
_SHORTEST_FOR_A_SLIP, _SHORTEST_FOR_TWO_SLIPS = 5, 6
_FEWEST_OF_A_TITLE = 4
"""Words that a title without its subtitle must have to tell anything."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title in words.

    Attributes:
        words: telling words in order, folded; numbers and single letters count, articles do not.
        main: how many of them stand before the subtitle.
    """

    words: tuple[str, ...]
    main: int

    @property
    def letters(self) -> str:
        """The words as one string of letters: ``double blind`` and ``doubleblind`` agree in it."""
        return "".join(self.words)


@dataclass(frozen=True, slots=True)
class Laid:
    """Two titles side by side: the words that only one of them has.

    Attributes:
        slips: words that are spelled differently by one letter; these count as the same.
        close: the words that remain are so near that it may be two slips in one word, or hypertension and hypotension.
    """

    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    slips: int = 0
    close: bool = False

    @property
    def same(self) -> bool:
        """Whether each word has its match."""
        return not (self.only_first or self.only_second)

    @property
    def contained(self) -> bool:
        """Whether one title is the other with something added."""
        return bool(self.only_first) != bool(self.only_second)


@lru_cache(maxsize=4096)
def is_numeral(word: str) -> bool:
    """Whether a word counts or numbers: 12, ii, second, b; such words never match by likeness."""
    return bool(_NUMERAL.match(word)) or any(char.isdigit() for char in word)


def title_of(text: str) -> Title:
    """Take a title apart; what vendors put before and behind it is left out."""
    bare = _VENDOR_ENDING.sub("", _VENDOR_PREFIX.sub("", strip_markup(text))) or text
    main = words_of(_SUBTITLE.split(bare, maxsplit=1)[0])
    words = words_of(bare)
    return Title(words, len(main) if words[: len(main)] == main else len(words))


def words_of(text: str) -> tuple[str, ...]:
    """Return the telling words of a text, folded to plain letters."""
    words = [folded(word) for word in _WORD.findall(text)]
    return tuple(
        word for before, word in zip(["", *words], words, strict=False)
        if word and (word not in _EMPTY or (word == "a" and before in _NUMBERED)))


def lay(first: Title, second: Title) -> Laid:
    """Lay two titles side by side, whatever the order of their words."""
    if first.letters == second.letters:
        return Laid((), ())
    mine, theirs = _without(first.words, second.words), _without(second.words, first.words)
    slips = 0
    for word in tuple(mine):
        other = next((other for other in theirs if _one_slip(word, other)), None)
        if other is not None:
            mine.remove(word)
            theirs.remove(other)
            slips += 1
    if mine and theirs and _one_slip("".join(mine), "".join(theirs), joined=True):
        return Laid((), (), slips + 1)
    close = len(mine) == len(theirs) and all(map(_two_slips, mine, theirs))
    return Laid(tuple(mine), tuple(theirs), slips, close)


def is_main_title(short: Title, long: Title) -> bool:
    """Whether ``short`` is the beginning of ``long`` and long enough to tell something."""
    size = len(short.words)
    return size >= _FEWEST_OF_A_TITLE and lay(short, Title(long.words[:size], size)).same


def _without(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that remain when each of ``others`` has taken its like, in their order."""
    surplus, remaining = Counter(words) - Counter(others), list[str]()
    for word in reversed(words):
        if surplus[word] > 0:
            surplus[word] -= 1
            remaining.append(word)
    return remaining[::-1]


def _one_slip(word: str, other: str, *, joined: bool = False) -> bool:
    """One letter wrong, missing, too many or swapped; numbers have no slips: each of them is another one."""
    if joined and word == other:
        return True
    if min(len(word), len(other)) < _SHORTEST_FOR_A_SLIP or is_numeral(word) or is_numeral(other):
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1


def _two_slips(word: str, other: str) -> bool:
    long = min(len(word), len(other)) >= _SHORTEST_FOR_TWO_SLIPS
    return long and not is_numeral(word) and not is_numeral(other) and OSA.distance(word, other, score_cutoff=2) <= 2


def numbers_in(words: Sequence[str]) -> list[str]:
    """Return the counting words, sorted: parts, phases, years, doses."""
    return sorted(word for word in words if is_numeral(word))
