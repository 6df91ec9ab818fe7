"""The words by which a few records differ from the library: for a question's second look, and for similar records.

A question seldom names all that the answering papers have in common. So its best records are asked for the words that
they share and others have not, and these join the ranking with a fraction of the weight (pseudo-relevance feedback,
J. Rocchio 1971; terms weighed by their BM25 frequency and rarity). If one record stands far above all others, the
question meant that one, and the words of the others count little: the weight falls with the square of how far the
first is ahead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inquiry_service.search.words.analysis import lexemes

MOST_RECORDS = 10
"""Records that a question's second look reads; in a small library one in a hundred, but three at least."""
MOST_TELLING = 20

_SHORTEST = 3
_SATURATION, _LENGTH_PART = 1.2, 0.75
_FEWEST_RECORDS = 3


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling word.

    Attributes:
        weight: 1 for the most telling one.
        surface: as it is written most often.
    """

    term: str
    weight: float
    surface: str


def records_to_read(documents: int) -> int:
    """How many of a question's best records are read in a library of ``documents`` records."""
    return max(_FEWEST_RECORDS, min(MOST_RECORDS, documents // 100))


def agreement(scores: Sequence[float]) -> float:
    """Part of its weight that the most telling word counts, from the scores of the best records, best first.

    Returns:
        0 to 1; 0 with too few records to share anything.
    """
    if len(scores) < _FEWEST_RECORDS or scores[0] <= 0:
        return 0.0
    others = sum(scores[1:]) / (len(scores) - 1)
    return (others / scores[0]) ** 2


def telling_words(
    texts: Sequence[tuple[float, str]], rarity: Callable[[str], float], *, shared_by: int = 2
) -> list[Telling]:
    """The words that ``texts`` have in common and the library has not.

    Args:
        texts: each with its weight, e.g. its score.
        rarity: of an index term, the higher the fewer records hold it.
        shared_by: how many of the texts must hold a word.

    Returns:
        at most ``MOST_TELLING``, the most telling first.
    """
    counted = [(weight, *_counted(text)) for weight, text in texts]
    average = sum(counts.total() for _, counts, _ in counted) / max(1, len(counted)) or 1.0
    offered: defaultdict[str, float] = defaultdict(float)
    holders: Counter[str] = Counter()
    surfaces: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for weight, counts, written in counted:
        norm = _SATURATION * (1 - _LENGTH_PART + _LENGTH_PART * counts.total() / average)
        for term, count in counts.items():
            offered[term] += weight * count / (count + norm)
            holders[term] += 1
            surfaces[term] += written[term]
    worth = {term: offer * rarity(term) for term, offer in offered.items() if holders[term] >= shared_by}
    best = sorted((-value, term) for term, value in worth.items() if value > 0)[:MOST_TELLING]
    return [Telling(term, value / best[0][0], _commonest(surfaces[term])) for value, term in best]


def _counted(text: str) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """How often each term occurs, and how it is written; numbers and very short words tell nothing."""
    counts: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for lexeme in lexemes(text):
        surface = text[lexeme.start : lexeme.end]
        for term in lexeme.terms:
            if len(term) >= _SHORTEST and not term[0].isdigit():
                counts[term] += 1
                written[term][surface if term == lexeme.whole or len(lexeme.terms) == 1 else term] += 1
    return counts, written


def _commonest(written: Counter[str]) -> str:
    return min(written, key=lambda text: (-written[text], text)).lower()
