"""Other spellings for words that the library does not hold, or hardly: "did you mean sumatriptan?".

Offered, never applied. Candidates are words as the records write them, so that nobody is shown a stem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from inquiry_service.search.language.tree import And, AnyOf, Node, Or, Word
from inquiry_service.search.result import Suggestion
from inquiry_service.search.words.analysis import fold, stem
from inquiry_service.search.words.facts import LONGEST_WORD, SHORTEST_WORD, Facts

MOST_CHECKED = 12
"""Words of one search that are looked into; of a pasted letter, the first unknown ones."""
_LONG = 6
"""Letters from which on two slips are forgiven, one in shorter words."""
_CANDIDATES = 10
_HARDLY = 2
"""Records; a word in no more of them may be a slip of its authors."""
_FAR_MORE = 10
"""How many times more records must hold the other spelling of a word that is known."""
_WORD = re.compile(r"[^\W\d_]+")
_FIELDS = (None, "title", "abstract", "mesh", "keyword", "fulltext")


class Speller:
    """Finds words that are spelled alike.

    Args:
        words: reads the words of the library; called once, and only when a word is in doubt.
    """

    def __init__(self, words: Callable[[], Facts]) -> None:
        self._read = words

    def suggestions(self, tree: Node, holding: Callable[[str], int]) -> tuple[Suggestion, ...]:
        """Other spellings for the doubtful words of a search, each once.

        Args:
            holding: records that hold a word, counting only those that the person may see.
        """
        found = []
        for word in list(dict.fromkeys(_checkable(tree)))[:MOST_CHECKED]:
            held = holding(word)
            if held <= _HARDLY:
                instead = self._instead(word, held, holding)
                if instead is not None:
                    found.append(Suggestion(word, instead))
        return tuple(found)

    def _instead(self, word: str, held: int, holding: Callable[[str], int]) -> str | None:
        plain = fold(word)
        slips = 2 if len(plain) >= _LONG else 1
        near = extract(plain, self._by_length(len(plain), slips), scorer=OSA.distance, score_cutoff=slips,
                       limit=_CANDIDATES)
        # A slip seldom takes the first letter; of equal ones, the word that more records use.
        ranked = sorted(near, key=lambda hit: (hit[1], hit[0][0] != plain[0], -self._words[hit[0]], hit[0]))
        for candidate, _, _ in ranked:
            enough = max(1, held * _FAR_MORE)
            if stem(candidate) != stem(plain) and holding(candidate) >= enough:
                return str(candidate)
        return None

    def _by_length(self, length: int, slips: int) -> list[str]:
        return [word for size in range(length - slips, length + slips + 1) for word in self._lengths.get(size, ())]

    @cached_property
    def _words(self) -> Mapping[str, int]:
        return {word: count for (word,), count in self._read().words.items()}

    @cached_property
    def _lengths(self) -> Mapping[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for word in self._words:
            lengths.setdefault(len(word), []).append(word)
        return lengths


def with_suggestions(text: str, suggestions: Iterable[Suggestion]) -> str:
    """The search as typed with the suggested spellings in it; empty if there are none."""
    changed = text
    for suggestion in suggestions:
        changed = re.sub(rf"(?<!\w){re.escape(suggestion.word)}(?!\w)", suggestion.instead, changed)
    return changed if changed != text else ""


def _checkable(node: Node) -> Iterator[str]:
    """Words of letters only, in fields of text; what is left out need not be spelled well."""
    match node:
        case And(nodes) | Or(nodes) | AnyOf(nodes):
            for child in nodes:
                yield from _checkable(child)
        case Word(text, field, is_exact=False) if field in _FIELDS and _WORD.fullmatch(text):
            if SHORTEST_WORD <= len(text) <= LONGEST_WORD:
                yield text
