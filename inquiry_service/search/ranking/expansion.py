"""Synonyms put into a search: which of its words also stand for others, and why.

Phrases, excluded parts, prefixes and exact words (``=word``) stay as they were typed: whoever writes them means
just that. An abbreviation with several meanings is decided by the other words of the search; if they do not tell,
it stays as it is and the person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from inquiry_service.search.language.tree import And, AnyOf, Node, Or, Ranked, Synonyms, Word, leaves
from inquiry_service.search.result import Expansion
from inquiry_service.search.words.analysis import terms_of
from inquiry_service.search.words.thesaurus import MOST_OTHERS, Meaning, Thesaurus, key_of

JOINED = "written as one word"
MOST_EXPANDED = 16
"""Expressions of one search that are given synonyms; each is a look into the postings."""
_LONGEST = 6
"""Words of an expression that is looked up."""
_TEXT_FIELDS = (None, "title", "abstract")
_PAIR = 2
_CLEARER = 3
"""How many times more records must speak of one meaning than of another beside the search's other words."""


class Vocabulary(Protocol):
    """What expansion asks of the library; every adapter can tell it."""

    def holding(self, terms: Sequence[str]) -> int:
        """Records in which ``terms`` stand side by side, counting only those that the person may see."""

    def together(self, terms: Sequence[str], others: Sequence[str]) -> int:
        """Records that hold all of ``terms``, and at least one of ``others``."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A search with synonyms.

    Attributes:
        notes: choices that the person should make, one sentence each.
    """

    tree: Node
    expansions: tuple[Expansion, ...] = ()
    notes: tuple[str, ...] = ()


def expand(tree: Node, thesaurus: Thesaurus, vocabulary: Vocabulary) -> Expanded:
    """Put synonyms that the library holds into ``tree``."""
    expander = _Expander(tree, thesaurus, vocabulary)
    expanded = expander.node(tree)
    return Expanded(expanded, tuple(dict.fromkeys(expander.expansions)), tuple(dict.fromkeys(expander.notes)))


class _Expander:
    def __init__(self, tree: Node, thesaurus: Thesaurus, vocabulary: Vocabulary) -> None:
        self._thesaurus = thesaurus
        self._vocabulary = vocabulary
        self._words = [leaf for leaf in leaves(tree) if isinstance(leaf, Word)]
        self.expansions: list[Expansion] = []
        self.notes: list[str] = []

    def node(self, node: Node) -> Node:
        match node:
            case And(nodes):
                return And(tuple(self.node(child) for child in nodes))
            case Or(nodes):
                return Or(tuple(self.node(child) for child in nodes))
            case AnyOf(words):
                return replace(node, words=tuple(self._row(words)))
            case Word():
                return self._run((node,)) or node
            case _:
                return node

    def _row(self, words: Sequence[Ranked]) -> Iterable[Ranked]:
        at = 0
        while at < len(words):
            found = None if self._is_full() else self._longest_run(words[at:]) or self._joined(words[at:])
            yield found or words[at]
            at += len(found.words) if found else 1

    def _is_full(self) -> bool:
        full = len({expansion.word for expansion in self.expansions}) >= MOST_EXPANDED
        if full:
            self.notes.append(f"Synonyms of the first {MOST_EXPANDED} words that have any were used.")
        return full

    def _longest_run(self, words: Sequence[Ranked]) -> Synonyms | None:
        sizes = range(min(_LONGEST, len(words)), 0, -1)
        return next((run for size in sizes if (run := self._run(words[:size]))), None)

    def _joined(self, words: Sequence[Ranked]) -> Synonyms | None:
        """Two neighbours that the library also writes as one; unless the second begins an expression of its own."""
        typed = _plain(words[:_PAIR])
        key = key_of(_spoken(typed))
        if len(typed) < _PAIR or not self._vocabulary.holding((key,)) or self._longest_run(words[1:]):
            return None
        joined = "".join(word.text for word in typed)
        self.expansions.append(Expansion(_spoken(typed), (joined,), JOINED))
        return Synonyms(typed, (joined,))

    def _run(self, words: Sequence[Ranked]) -> Synonyms | None:
        """The neighbouring ``words`` with what else they are called; None if they are no known expression."""
        typed = _plain(words)
        if not typed:
            return None
        others: dict[str, str] = {}
        own = _spoken(typed)
        key = key_of(own)
        known: set[tuple[str, ...]] = set()
        for meaning in self._thesaurus.meanings(key):
            for other in self._chosen(meaning, typed):
                terms = terms_of(other)
                # "Imigran" and "IMIGRAN" are one search; the first spelling is the commonest.
                if key_of(other) != key and terms not in known and self._vocabulary.holding(terms):
                    known.add(terms)
                    others[other] = meaning.origin
        if not others:
            return None
        kept = tuple(others)[:MOST_OTHERS]
        for origin in dict.fromkeys(others[other] for other in kept):
            self.expansions.append(Expansion(own, tuple(o for o in kept if others[o] == origin), origin))
        return Synonyms(typed, kept)

    def _chosen(self, meaning: Meaning, typed: tuple[Word, ...]) -> tuple[str, ...]:
        if not meaning.is_choice:
            return meaning.others
        beside = {term for word in self._words if word not in typed for term in terms_of(word.text)}
        for other in meaning.others:
            if beside & set(terms_of(other)):
                return (other,)
        counts = sorted(
            ((self._vocabulary.together(terms_of(other), sorted(beside)), other) for other in meaning.others),
            key=lambda pair: (-pair[0], pair[1]),
        )
        (most, clearest), (second, _) = counts[:2]
        if beside and most > _CLEARER * second:
            return (clearest,)
        self.notes.append(
            f"“{_spoken(typed)}” can mean {' or '.join(meaning.others[:_CLEARER])}; write the one that you mean."
        )
        return ()


def _spoken(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def _plain(words: Sequence[Ranked]) -> tuple[Word, ...]:
    """``words`` if all of them may have synonyms, and are searched in one field of text; none otherwise."""
    typed = tuple(word for word in words if isinstance(word, Word) and not word.is_exact)
    fields = {word.field for word in typed}
    return typed if len(typed) == len(words) and len(fields) == 1 and fields <= set(_TEXT_FIELDS) else ()
