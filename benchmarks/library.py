"""A made-up literature library of any size, the same at every run: words as rare and as common as real ones.

Words are drawn after Zipf's law from a made-up vocabulary in which common English words stand first, so that
the number of records per word, and with it the work of a search, is that of real abstracts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product

import numpy as np

from inquiry_service.search.port import IndexDocument

_STOP = (
    "the", "of", "and", "in", "to", "a", "with", "was", "for", "were", "is", "by", "that", "as", "or", "from", "this",
    "are", "at", "be", "on", "an", "not", "we", "which", "than", "these", "had", "has",
)
_ONSETS = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "pr", "gl", "st", "ph")
_VOWELS = ("a", "e", "i", "o", "u")
_ENDINGS = ("n", "x", "l", "ne", "m", "ra", "tos", "sis", "tion", "tic", "vor", "den")
_VOCABULARY = 60_000
_ABSTRACT, _TITLE, _SENTENCE = 200, 12, 18
_JOURNALS, _PRODUCTS, _HEADINGS = 60, 10, 800
_YEARS = range(1990, 2026)
_DESIGNS = ("randomized_trial", "cohort", "case_control", "case_series", "systematic_review", "")
_TYPES = (("Journal Article",), ("Journal Article", "Review"), ("Randomized Controlled Trial",), ("Letter",))
_SEED = 20_261_122
_PORTION = 1_000


class Library:
    """``size`` records, and words and phrases that occur in them.

    Args:
        size: number of records.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        ranks = np.arange(1, _VOCABULARY + 1)
        weights = 1 / (ranks + 2.7) ** 1.07
        self._probabilities = weights / weights.sum()

    @cached_property
    def words(self) -> np.ndarray:
        """The vocabulary, the most common word first."""
        syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS)]
        made_up = ("".join(parts) for parts in product(syllables, syllables, _ENDINGS))
        drawn = np.random.default_rng(_SEED).permutation(np.array(list(made_up), object))
        return np.concatenate([np.array(_STOP, object), drawn])[:_VOCABULARY]

    def documents(self) -> Iterator[IndexDocument]:
        """All records."""
        for start in range(0, self.size, _PORTION):
            rng = np.random.default_rng((_SEED, start))
            texts = self._words_of(start)
            for place in range(min(_PORTION, self.size - start)):
                yield _document(start + place, texts[place], rng)

    def document(self, number: int) -> IndexDocument:
        """One record more, for adding."""
        return _document(number, self._words_of(number)[0], np.random.default_rng((_SEED, number)))

    def queries(self, words: int, count: int, seed: int) -> list[tuple[str, ...]]:
        """Words of which each occurs in 0.5 to 10 percent of the records, rare and common ones alike."""
        rng = np.random.default_rng((_SEED, words, seed))
        usable, shares = list(self._usable), np.log(list(self._usable.values()))
        # Drawn evenly over the logarithm of their frequency: there are many more rare words than common ones.
        found: list[tuple[str, ...]] = []
        while len(found) < count:
            places = np.searchsorted(shares, rng.uniform(shares[0], shares[-1], words))
            if len(set(places)) == words:
                found.append(tuple(usable[place] for place in places))
        return found

    def phrases(self, count: int, seed: int) -> list[tuple[str, ...]]:
        """Two words as they stand side by side in some abstract, the second one not too common."""
        rng = np.random.default_rng((_SEED, seed))
        usable = self._usable
        found: list[tuple[str, ...]] = []
        while len(found) < count:
            texts = self._words_of(int(rng.integers(0, self.size)) // _PORTION * _PORTION)
            text = texts[int(rng.integers(0, min(_PORTION, self.size)))][_TITLE:]
            for first, second in pairwise(text):
                if first in usable and second in usable and first != second:
                    found.append((first, second))
                    break
        return found

    def product(self, number: int) -> str:
        """One of the products."""
        return f"Product{number % _PRODUCTS}"

    @cached_property
    def _usable(self) -> dict[str, int]:
        """Words neither too rare nor too common, with the number of a sample's records that hold them, ascending."""
        texts = self._words_of(0)
        counts = Counter(word for text in texts for word in set(text))
        low, high = 0.005 * len(texts), 0.1 * len(texts)
        kept = sorted((count, word) for word, count in counts.items() if low <= count <= high and word not in _STOP)
        return {word: count for count, word in kept}

    def _words_of(self, start: int) -> np.ndarray:
        rng = np.random.default_rng((_SEED, 1, start))
        return self.words[rng.choice(_VOCABULARY, (_PORTION, _TITLE + _ABSTRACT), p=self._probabilities)]


def _document(number: int, text: Sequence[str], rng: np.random.Generator) -> IndexDocument:
    draw = rng.integers(0, 1 << 30, 8).tolist()
    return IndexDocument(
        record_id=f"record-{number:07d}",
        version=1,
        title=" ".join(text[:_TITLE]).capitalize(),
        abstract=_prose(list(text[_TITLE:])),
        citation_key=f"key{number}",
        authors=tuple(f"Author{(draw[0] + step) % 5000} A" for step in range(3)),
        journal=f"Journal of topic {draw[1] % _JOURNALS}",
        year=_YEARS[draw[2] % len(_YEARS)],
        mesh=tuple(f"Heading {(draw[3] >> (4 * step)) % _HEADINGS}" for step in range(4)),
        products=(f"Product{draw[4] % _PRODUCTS}",),
        publication_types=_TYPES[draw[5] % len(_TYPES)],
        design=_DESIGNS[draw[6] % len(_DESIGNS)],
        status="retracted" if draw[7] % 100 == 0 else "current",
        kind="article",
        source="pubmed",
        pmid=str(10_000_000 + number),
    )


def _prose(words: list[str]) -> str:
    sentences = (words[start : start + _SENTENCE] for start in range(0, len(words), _SENTENCE))
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
