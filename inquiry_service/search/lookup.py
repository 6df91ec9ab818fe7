"""From the words of a search to scored records: words, names, phrases, prefixes, labels and years.

Words side by side are ranked by the plain sum of their BM25 scores. A bonus for the number of words matched
was measured and left out: it lowered nDCG@10 on the MED and Cranfield collections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from inquiry_service.search.analysis import Lexeme, fold, lexemes, name_terms, stem, terms_of
from inquiry_service.search.postings import Postings, Scores, common, highest, total
from inquiry_service.search.query_tree import Phrase, Prefix, Word
from inquiry_service.search.snippets import Wanted

TITLE_WEIGHT = 0.5
"""What a word in the title counts beside the same word in the whole text; chosen by measurement."""
MOST_RANKED = 30
"""Terms that take part in one ranking; of a longer text the rarest are kept."""
MOST_EXPANSIONS = 100
"""Words that one prefix may stand for."""

_ANYWHERE = "text"
_TITLE = "title"
_MARKED_FIELDS = (None, "title", "abstract", "mesh")
_EARLIEST_YEAR, _LATEST_YEAR = 1500, 2200
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One term of a ranking: its records, and the word of the query it comes from."""

    surface: str
    scores: Scores


class Lookup:
    """Looks up the leaves of one search, and remembers what to tell about it."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._surfaces: dict[str, str] = {}
        self._absent: dict[str, None] = {}
        self._notes: dict[str, None] = {}

    def notes(self) -> tuple[str, ...]:
        """What was left out or not found, one sentence each."""
        absent = (f"Not in the library: {', '.join(self._absent)}.",) if self._absent else ()
        return (*self._notes, *absent)

    def wanted(self) -> Wanted:
        """What to mark in the records found."""
        weights = {term: self._postings.rarity(_ANYWHERE, term) for term in self._surfaces}
        return Wanted(dict(self._surfaces), weights)

    @contextmanager
    def untraced(self) -> Iterator[None]:
        """For what is looked up only to leave it out: nothing to mark in the hits, nothing to miss."""
        surfaces, absent = dict(self._surfaces), dict(self._absent)
        yield
        self._surfaces, self._absent = surfaces, absent

    def everything(self) -> Scores:
        """All records, each with score 0."""
        return self._postings.everything()

    def years(self, first: int | None, last: int | None) -> Scores:
        """Records published from ``first`` to ``last``, both included, each with score 0."""
        low = _EARLIEST_YEAR if first is None else max(_EARLIEST_YEAR, first)
        high = _LATEST_YEAR if last is None else min(_LATEST_YEAR, last)
        return self.values("year", [str(year) for year in range(low, high + 1)])

    def values(self, field: str, texts: Iterable[str]) -> Scores:
        """Records whose ``field`` holds one of the labels ``texts``, each with score 0."""
        found = (self._postings.term(field, text.casefold()) for text in texts)
        return {number: 0.0 for scores in found for number in scores}

    def text(self, leaf: Word | Prefix | Phrase) -> Scores:
        """Records that hold a word, a prefix or a phrase."""
        match leaf:
            case Prefix(stub, field):
                scores = self._prefix(stub, field)
            case Phrase(text, field):
                scores = self._phrase(text, field)
            case Word(text, field):
                scores = self._word(text, field)
        if not scores:
            self._absent[leaf.text] = None
        return scores

    def ranked(self, words: Sequence[Word | Prefix]) -> Scores:
        """Records that hold one of ``words``, scored by all that they hold."""
        once: dict[tuple[str | None, str], _Ranked] = {}
        for word in words:
            found = list(self._ranked_terms(word))
            if not any(ranked.scores for _, ranked in found):
                self._absent[word.text] = None
            once.update((key, ranked) for key, ranked in found if key not in once and ranked.scores)
        kept = self._rarest(once)
        return total(ranked.scores for ranked in kept)

    def _rarest(self, once: dict[tuple[str | None, str], _Ranked]) -> list[_Ranked]:
        by_rarity = sorted(once, key=lambda key: len(once[key].scores))
        kept, left_out = set(by_rarity[:MOST_RANKED]), by_rarity[MOST_RANKED:]
        if left_out:
            words = dict.fromkeys(once[key].surface for key in once if key in left_out)
            self._notes[f"Ranked by the {MOST_RANKED} rarest words; not used: {', '.join(words)}."] = None
        for _, term in left_out:
            self._surfaces.pop(term, None)
        return [once[key] for key in once if key in kept]

    def _ranked_terms(self, word: Word | Prefix) -> Iterable[tuple[tuple[str | None, str], _Ranked]]:
        if isinstance(word, Prefix):
            yield (word.field, f"{word.text}*"), _Ranked(f"{word.text}*", self._prefix(word.text, word.field))
            return
        for term in _terms_to_rank(word):
            self._remember(term, word.text, word.field)
            yield (word.field, term), _Ranked(word.text, self._term(term, word.field))

    def _word(self, text: str, field: str | None) -> Scores:
        if field == "author":
            return common([self._postings.term(field, term) for term in name_terms(text)])
        return common([self._lexeme(lexeme, text, field) for lexeme in lexemes(text)])

    def _lexeme(self, lexeme: Lexeme, surface: str, field: str | None) -> Scores:
        for term in lexeme.terms:
            self._remember(term, surface, field)
        if lexeme.whole is None:
            return common([self._term(part, field) for part in lexeme.parts])
        whole = self._term(lexeme.whole, field)
        return highest([whole, self._postings.phrase(field or _ANYWHERE, lexeme.parts)])

    def _term(self, term: str, field: str | None) -> Scores:
        if field is not None:
            return self._postings.term(field, term)
        in_title = self._postings.term(_TITLE, term)
        scores = self._postings.term(_ANYWHERE, term)
        return {number: score + TITLE_WEIGHT * in_title.get(number, 0.0) for number, score in scores.items()}

    def _phrase(self, text: str, field: str | None) -> Scores:
        terms = name_terms(text) if field == "author" else terms_of(text)
        for term in terms:
            self._remember(term, text, field)
        return self._postings.phrase(field or _ANYWHERE, terms)

    def _prefix(self, stub: str, field: str | None) -> Scores:
        plain = re.sub(r"[\W_]", "", fold(stub))
        terms, more = self._postings.beginning(field or _ANYWHERE, plain, MOST_EXPANSIONS)
        if more:
            self._notes[f"{stub}* stands for the first {MOST_EXPANSIONS} of its words only."] = None
        # The index holds stems: "prevention" is found under "prevent", which "prevention*" would miss.
        for term in dict.fromkeys([*terms, stem(plain)]):
            self._remember(term, f"{stub}*", field)
        return highest([self._term(term, field) for term in dict.fromkeys([*terms, stem(plain)])])

    def _remember(self, term: str, surface: str, field: str | None) -> None:
        if field in _MARKED_FIELDS:
            self._surfaces.setdefault(term, surface)


def _terms_to_rank(word: Word) -> Iterable[str]:
    """Index terms of a word in a ranking; a name counts as a whole, and by those parts that are words."""
    if word.field == "author":
        yield from name_terms(word.text)
        return
    for lexeme in lexemes(word.text):
        if lexeme.whole is None:
            yield from lexeme.parts
        else:
            yield lexeme.whole
            yield from (part for part in lexeme.parts if part.isalpha() and len(part) >= _SHORTEST_PART)
