"""Expressions of titles and author keywords, counted with the MeSH headings of their records.

What people call a thing stands in titles, what the library's indexers call it stands in the headings. The counts are
all that is kept; ``mesh_synonyms`` draws the conclusions. They stay bounded however large the library is: when
there are too many, those seen least are forgotten (lossy counting: G. S. Manku, R. Motwani, "Approximate frequency
counts over data streams", VLDB 2002), and what goes with a heading again and again is seen again soon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from inquiry_service.search.port import IndexDocument
from inquiry_service.search.words.mesh_headings import topics
from inquiry_service.search.words.shipped_words import is_drug
from inquiry_service.search.words.stop_words import GENERIC_WORDS, STOP_WORDS

MOST_COUNTED = 200_000
"""Rows while a library is counted, some 40 MB of memory."""
MOST_KEPT = 30_000
"""Rows that are stored, some 2 MB."""

_LONGEST = 3
"""Words of an expression."""
_SHORTEST = 3
"""Letters of an expression."""
_MOST_HEADINGS = 8
_RECURRING = 2
_LINKS = {" in ", " in the ", " of ", " of the "}
_OF_STUDIES = """
    acute analyses analysis association assessment case cases chronic clinical cohort comparing controlled current
    design double-blind early evaluation experience factor factors first followup follow-up group groups
    healthy high impact incidence influence initial late level levels long-term low management men method methods
    model models multicenter new novel observational open-label outcome outcomes parallel phase pilot placebo
    placebo-controlled population prevalence preventing prevention preliminary prospective protocol quality
    randomized randomised response results retrospective review risk risks second series severe short-term survey
    symptom symptoms systematic three trial trials two update women
"""
_FRAMES = STOP_WORDS | GENERIC_WORDS
_LIGHT = frozenset(_OF_STUDIES.split()) | _FRAMES
"""Words that may stand in an expression ("high blood pressure") but make none by themselves."""
_WORD = re.compile(r"[^\W_]++(?:[-'’][^\W_]++)*+")

Word = re.Match[str]


def told(document: IndexDocument, long_forms: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """What a record with headings tells.

    Args:
        long_forms: of the abbreviations that the record explains.

    Yields:
        (expression,) once, and (expression, heading) for each of its topics; expressions in small letters.
    """
    headings = topics(document.mesh)[:_MOST_HEADINGS]
    texts = (document.title, *document.keywords, *long_forms)
    for expression in sorted({found for text in texts for found in expressions(text)}):
        yield (expression,)
        yield from ((expression, heading) for heading in headings)


def expressions(text: str) -> Iterator[str]:
    """Runs of one to three words of ``text`` between stop words, medicines, punctuation and words of every study.

    Two short runs may be linked, "ringing in the ears".
    A word of a longer run is no expression by itself: "pressure" alone is not what "high blood pressure" says.
    """
    # Surfaces are compared here, not index terms: every title is read, and stems are wanted only of what recurs.
    small = text.lower()
    for words in _within(list(_runs(small)), small):
        found = small[words[0].start() : words[-1].end()]
        if len(found) >= _SHORTEST and not _LIGHT.issuperset(word.group() for word in words):
            yield found


def forget_rarest(section: Counter[tuple[str, ...]], most: int) -> None:
    """Of more than ``most`` rows, leave the most frequent three quarters of that."""
    if len(section) <= most:
        return
    sizes = Counter(section.values())
    room, least = most * 3 // 4, max(sizes) + 1
    for count, size in sorted(sizes.items(), reverse=True):
        room -= size
        if room < 0:
            break
        least = count
    for row in [row for row, count in section.items() if count < least]:
        del section[row]


def recurring(section: Counter[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """The rows worth keeping: expressions that recur, with those headings that most of their records carry."""
    kept = {row: count for row, count in section.items() if count >= _RECURRING}
    return {row: count for row, count in kept.items() if len(row) == 1 or 2 * count >= section[row[:1]]}


def _within(runs: list[list[Word]], text: str) -> Iterator[list[Word]]:
    """The expressions among ``runs``, as the words they are made of."""
    for run in runs:
        for size in range(min(2, len(run)), _LONGEST + 1):
            yield from (run[first : first + size] for first in range(len(run) - size + 1))
        heavy = [word for word in run if word.group() not in _LIGHT]
        if len(heavy) == 1 < len(run):
            yield heavy
    for run, following in pairwise(runs):
        if len(run) + len(following) <= _LONGEST and text[run[-1].end() : following[0].start()] in _LINKS:
            yield [*run, *following]


def _runs(text: str) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in _WORD.finditer(text):
        if run and text[run[-1].end() : word.start()] != " ":
            yield run
            run = []
        if not _ends_run(word.group()):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _ends_run(word: str) -> bool:
    return word in _FRAMES or word[0].isdigit() or is_drug(word)
