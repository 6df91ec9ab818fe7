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
class _Term:
    """One index term of a ranking, and the word of the query that it comes from."""

    term: str
    field: str | None
    surface: str


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
        prefixes = [word for word in words if isinstance(word, Prefix)]
        terms = self._rarest([word for word in words if isinstance(word, Word)])
        found = [(term.surface, self._term(term.term, term.field)) for term in terms]
        found += [(prefix.text, self._prefix(prefix.text, prefix.field)) for prefix in prefixes]
        held = {surface for surface, scores in found if scores}
        self._absent.update((surface, None) for surface, _ in found if surface not in held)
        return total(scores for _, scores in found)

    def _rarest(self, words: Sequence[Word]) -> list[_Term]:
        """The terms to rank by, in the order of the query; of too many, those in the fewest records."""
        once: dict[tuple[str | None, str], _Term] = {}
        for term in (term for word in words for term in _terms_to_rank(word)):
            once.setdefault((term.field, term.term), term)
        terms = list(once.values())
        frequencies = {term: self._postings.frequency(term.field or _ANYWHERE, term.term) for term in terms}
        held = [term for term in terms if frequencies[term]]
        kept = set(sorted(held, key=lambda term: frequencies[term])[:MOST_RANKED])
        left_out = dict.fromkeys(term.surface for term in held if term not in kept)
        if left_out:
            self._notes[f"Ranked by the {MOST_RANKED} rarest words; not used: {', '.join(left_out)}."] = None
        used = [term for term in terms if term in kept or (not frequencies[term] and term.surface not in left_out)]
        for term in used:
            self._remember(term.term, term.surface, term.field)
        return used

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


def _terms_to_rank(word: Word) -> list[_Term]:
    """Index terms of a word in a ranking; a name counts as a whole, and by those parts that are words."""
    terms: list[str] = []
    if word.field == "author":
        terms.extend(name_terms(word.text))
    else:
        for lexeme in lexemes(word.text):
            if lexeme.whole is None:
                terms.extend(lexeme.parts)
            else:
                parts = (part for part in lexeme.parts if part.isalpha() and len(part) >= _SHORTEST_PART)
                terms.extend((lexeme.whole, *parts))
    return [_Term(term, word.field, word.text) for term in terms]
