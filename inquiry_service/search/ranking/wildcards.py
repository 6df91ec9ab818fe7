"""Words that a prefix or a pattern may stand for: ``randomi*``; ``wom?n``, where ``?`` is any one letter, or none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase

from inquiry_service.search.words.analysis import fold, stem

_CHOICES = ("", *ascii_lowercase)
_ENDINGS = """
    ability able ably ance ances ant ants ate ated ates ation ational ations ative atively ator ators ed ence
    ences ency ent ents es ible ibility ic ical ically ion ional ions ious iously ity ities ive ively ives
    ization izations ize ized izes ment ments ous ously
"""
_TAILS = tuple(sorted({ending[at:] for ending in _ENDINGS.split() for at in range(len(ending))}))
"""What may follow where a word was cut in its ending; none of "-ing" and "-iness", for "aspirin" is cut nowhere."""


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


def terms_cut_before(stub: str) -> tuple[str, ...]:
    """Index terms of words that begin with ``stub`` though the term does not: the stemmer cut them before its end.

    >>> terms_cut_before("randomi"), terms_cut_before("hypertensi"), terms_cut_before("triptan")
    (('random',), ('hypertens',), ())
    """
    terms = dict.fromkeys(stem(stub + tail) for tail in ("", *_TAILS))
    return tuple(term for term in terms if term != stub and stub.startswith(term))
