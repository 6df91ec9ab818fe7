"""From the single terms of a search to scored records: words, names, phrases, prefixes, labels and years.

Every score is a sum, or the highest, of weighted BM25 scores of index terms.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from inquiry_service.search.language.tree import Pattern, Phrase, Prefix, Word
from inquiry_service.search.ranking.scores import Scores, boosted, common, highest, scaled, total, zeroed
from inquiry_service.search.ranking.snippets import Wanted
from inquiry_service.search.ranking.term_scores import TermScores
from inquiry_service.search.ranking.weights import MEASURED, Weights
from inquiry_service.search.ranking.wildcards import terms_cut_before, terms_like
from inquiry_service.search.words.analysis import Lexeme, fold, lexemes, name_terms, stem, terms_of
from inquiry_service.search.words.spelling_variants import one_beginning

MOST_EXPANSIONS = 100
"""Words that one prefix or pattern may stand for."""

_ANYWHERE = "text"
_TITLE = "title"
_FULL_TEXT = "fulltext"
_MARKED_FIELDS = (None, "title", "abstract", "mesh", "keyword", "fulltext")
_EARLIEST_YEAR, _LATEST_YEAR = 1500, 2200


class Lookup:
    """Looks up the leaves of one search, and remembers what to tell about it."""

    def __init__(self, postings: TermScores, weights: Weights = MEASURED) -> None:
        self._postings = postings
        self.weights = weights
        self._surfaces: dict[str, str] = {}
        self._absent: dict[str, None] = {}
        self._notes: dict[str, None] = {}

    def notes(self) -> tuple[str, ...]:
        """What was left out or not found, one sentence each."""
        absent = (f"Not in the library: {', '.join(self._absent)}.",) if self._absent else ()
        return (*self._notes, *absent)

    def note(self, sentence: str) -> None:
        """Tell ``sentence`` about the search."""
        self._notes[sentence] = None

    def miss(self, surface: str) -> None:
        """Tell that the library does not hold ``surface``."""
        self._absent[surface] = None

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

    def with_ids(self, record_ids: Collection[str]) -> Scores:
        """The records with these ids, each with score 0."""
        return self._postings.with_ids(record_ids)

    def years(self, first: int | None, last: int | None) -> Scores:
        """Records published from ``first`` to ``last``, both included, each with score 0."""
        low = _EARLIEST_YEAR if first is None else max(_EARLIEST_YEAR, first)
        high = _LATEST_YEAR if last is None else min(_LATEST_YEAR, last)
        return self.values("year", [str(year) for year in range(low, high + 1)])

    def values(self, field: str, texts: Iterable[str]) -> Scores:
        """Records whose ``field`` holds one of the labels ``texts``, each with score 0; spaces may stand for _."""
        labels = dict.fromkeys(label for text in texts for label in (text.casefold(), "_".join(text.lower().split())))
        return zeroed(highest(self._postings.term(field, label) for label in labels))

    def holding(self, terms: Sequence[str]) -> int:
        """Records that may be seen and hold ``terms`` side by side."""
        return len(self.beside(terms, None)) if terms else 0

    def together(self, terms: Sequence[str], others: Sequence[str]) -> int:
        """Records that hold all of ``terms``, and one of ``others`` at least."""
        beside = highest([self._postings.term(_ANYWHERE, other) for other in others])
        return len(common([beside, *(self._postings.term(_ANYWHERE, term) for term in terms)]))

    def frequency(self, term: str, field: str | None) -> int:
        """About how many records hold a term, without reading them; hidden ones are counted, too."""
        if field is not None:
            return self._postings.frequency(field, term)
        return self._postings.frequency(_ANYWHERE, term) + self._postings.frequency(_FULL_TEXT, term)

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term: the higher the rarer."""
        return self._postings.rarity(_ANYWHERE, term)

    def text(self, leaf: Word | Prefix | Pattern | Phrase) -> Scores:
        """Records that hold a word, a prefix or a phrase."""
        match leaf:
            case Prefix(stub, field):
                scores = self._prefix(stub, field)
            case Pattern(pattern, field):
                scores = self._pattern(pattern, field)
            case Phrase(text, field):
                scores = self._phrase(text, field)
            case Word(text, field):
                scores = self._word(text, field)
        if not scores:
            self.miss(leaf.text)
        return scores

    def term(self, term: str, field: str | None) -> Scores:
        """Records that hold an index term; with no field in all text, above all in the title."""
        if field is not None:
            return self._postings.term(field, term)
        in_title = self._postings.term(_TITLE, term)
        in_text = boosted(self._postings.term(_ANYWHERE, term), in_title, self.weights.title)
        return self._with_full_text(in_text, self._postings.term(_FULL_TEXT, term))

    def beside(self, terms: Sequence[str], field: str | None) -> Scores:
        """Records that hold ``terms`` side by side, in this order; with no field in all text."""
        if len(terms) == 1:
            return self.term(terms[0], field)
        if field is not None:
            return self._postings.phrase(field, terms)
        in_text = self._postings.phrase(_ANYWHERE, terms)
        return self._with_full_text(in_text, self._postings.phrase(_FULL_TEXT, terms))

    def remember(self, terms: Iterable[str], surface: str, field: str | None) -> None:
        """Mark ``terms`` in the hits, as what ``surface`` asked for."""
        if field in _MARKED_FIELDS:
            for term in terms:
                self._surfaces.setdefault(term, surface)

    def _with_full_text(self, in_text: Scores, in_full_text: Scores) -> Scores:
        return total([in_text, scaled(in_full_text, self.weights.full_text)]) if in_full_text else in_text

    def _word(self, text: str, field: str | None) -> Scores:
        if field == "author":
            return common([self._postings.term(field, term) for term in name_terms(text)])
        return common([self._lexeme(lexeme, text, field) for lexeme in lexemes(text)])

    def _lexeme(self, lexeme: Lexeme, surface: str, field: str | None) -> Scores:
        self.remember(lexeme.terms, surface, field)
        if lexeme.whole is None:
            return common([self.term(part, field) for part in lexeme.parts])
        # Spelled with a joiner, a space or as one: all of them are meant.
        return highest([self.term(lexeme.whole, field), self.beside(lexeme.parts, field)])

    def _phrase(self, text: str, field: str | None) -> Scores:
        terms = name_terms(text) if field == "author" else terms_of(text)
        self.remember(terms, text, field)
        return self.beside(terms, field)

    def _prefix(self, stub: str, field: str | None) -> Scores:
        plain = one_beginning(re.sub(r"[\W_]", "", fold(stub)))
        found = [self._postings.beginning(name, plain, MOST_EXPANSIONS)
                 for name in ([field] if field else [_ANYWHERE, _FULL_TEXT])]
        terms = sorted({term for some, _ in found for term in some})
        if len(terms) > MOST_EXPANSIONS or any(more for _, more in found):
            self.note(f"{stub}* stands for the first {MOST_EXPANSIONS} of its words only.")
        # The index holds stems: "preventi*" means words that are all found under "prevent".
        cut = [] if field == "author" else [stem(plain), *terms_cut_before(plain)]
        return self._any(self._held([*terms[:MOST_EXPANSIONS], *cut], field), f"{stub}*", field)

    def _pattern(self, pattern: str, field: str | None) -> Scores:
        return self._any(self._held(list(terms_like(pattern)), field)[:MOST_EXPANSIONS], pattern, field)

    def _held(self, terms: Sequence[str], field: str | None) -> list[str]:
        """Those of ``terms`` that some record holds."""
        fields = [field] if field else [_TITLE, _ANYWHERE, _FULL_TEXT]
        held = {term for name in fields for term in self._postings.held(name, terms)}
        return [term for term in terms if term in held]

    def _any(self, terms: Sequence[str], surface: str, field: str | None) -> Scores:
        once = dict.fromkeys(terms)
        self.remember(once, surface, field)
        return highest([self.term(term, field) for term in once])
