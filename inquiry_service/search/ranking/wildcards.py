"""Words that a pattern may stand for: ``wom?n``, ``h?emoglobin``; ``?`` is any one letter, or none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase

from inquiry_service.search.words.analysis import fold, stem

_CHOICES = ("", *ascii_lowercase)


def terms_like(pattern: str) -> Iterator[str]:
    """Index terms of all words that ``pattern`` can be, each once; most of them are no words."""
    pieces = [fold(piece) for piece in pattern.split("?")]
    seen: set[str] = set()
    for letters in product(_CHOICES, repeat=len(pieces) - 1):
        word = pieces[0] + "".join(letter + piece for letter, piece in zip(letters, pieces[1:], strict=True))
        term = stem(word)
        if term not in seen:
            seen.add(term)
            yield term
