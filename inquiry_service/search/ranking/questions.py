"""Words side by side, ranked: which of them take part, what each counts, and what their synonyms add.

The plain sum of the words' scores, weighted. A bonus for the number of words matched, and one for neighbours that
stand side by side, were measured, too; they helped on one collection and not on others, and were left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from inquiry_service.search.language.tree import Pattern, Prefix, Ranked, Synonyms, Word
from inquiry_service.search.ranking.lookup import Lookup
from inquiry_service.search.ranking.scores import Scores, boosted, common, highest, scaled, total
from inquiry_service.search.words.analysis import lexemes, name_terms, terms_of
from inquiry_service.search.words.stop_words import GENERIC_WORDS

MOST_RANKED = 30
"""Terms that take part in one ranking; of a longer text the rarest are kept."""

_SHORTEST_PART = 3
_GENERIC_TERMS = frozenset(terms_of(" ".join(sorted(GENERIC_WORDS))))


@dataclass(frozen=True, slots=True)
class _Term:
    """One index term of a ranking.

    Attributes:
        parts: of a name written as one, the terms it is made of; side by side they count as the name.
        surface: the word of the query that it comes from.
    """

    term: str
    field: str | None
    surface: str
    parts: tuple[str, ...] = ()


def ranked(words: Sequence[Ranked], lookup: Lookup, *, is_question: bool = False) -> Scores:
    """Records that hold one of ``words``, scored by all that they hold.

    Args:
        is_question: words that say little count less than the others, if there are others.
    """
    if len(words) == 1 and isinstance(words[0], Word) and not is_question:
        return lookup.text(words[0])
    used = _rarest([term for word in words for term in _terms(word)], lookup)
    light: Collection[str] = _GENERIC_TERMS if is_question and not _GENERIC_TERMS.issuperset(_names(used)) else ()
    taken: set[_Term] = set()
    found = []
    for word in words:
        if isinstance(word, (Prefix, Pattern)):
            found.append(lookup.text(word))
            continue
        own = [term for term in _terms(word) if term in used and term not in taken]
        taken.update(own)
        scores = total([_scored(term, lookup, light if isinstance(word, Word) else ()) for term in own])
        if own and not scores:
            lookup.miss(_spoken(word))
        found.append(with_synonyms(scores, word, lookup) if isinstance(word, Synonyms) else scores)
    return total(found)


def with_synonyms(own: Scores, synonyms: Synonyms, lookup: Lookup) -> Scores:
    """Records that hold the words, scored ``own``, or something else that they are called."""
    field = synonyms.field
    typed = [term for word in synonyms.words for term in terms_of(word.text)]
    usual = sum(lookup.rarity(term) for term in typed if lookup.frequency(term, field))
    others = [_synonym(other, usual, field, lookup) for other in synonyms.others]
    return boosted(highest([own, *others]), total(others), lookup.weights.synonyms)


def all_of(synonyms: Synonyms, lookup: Lookup) -> Scores:
    """Records that hold all the words, or something else that they are called."""
    own = common([lookup.text(word) for word in synonyms.words])
    return with_synonyms(own, synonyms, lookup)


def _synonym(other: str, usual: float, field: str | None, lookup: Lookup) -> Scores:
    """Scores of a synonym; a rare one counts no more than the words it stands in for (``usual``, their rarity)."""
    terms = terms_of(other)
    lookup.remember(terms, other, field)
    rarity = sum(lookup.rarity(term) for term in terms)
    weight = lookup.weights.synonym * min(1.0, usual / rarity if usual and rarity else 1.0)
    return scaled(lookup.beside(terms, field), weight)


def _scored(term: _Term, lookup: Lookup, light: Collection[str]) -> Scores:
    scores = lookup.term(term.term, term.field)
    if term.parts:
        # Spelled apart it is the same name, and no more than that: its parts count beside it already.
        apart = sum(map(lookup.rarity, term.parts))
        # Without a record in the library nothing is rare.
        share = lookup.rarity(term.term) / apart if apart else 1.0
        scores = highest([scores, scaled(lookup.beside(term.parts, term.field), share)])
    return scaled(scores, lookup.weights.light_words) if term.term in light else scores


def _rarest(terms: Iterable[_Term], lookup: Lookup) -> set[_Term]:
    """The terms to rank by; of too many, those in the fewest records."""
    once = list(dict.fromkeys(terms))
    frequencies = {term: lookup.frequency(term.term, term.field) or _least(term, lookup) for term in once}
    held = sorted((term for term in once if frequencies[term]), key=lambda term: frequencies[term])
    kept = set(held[:MOST_RANKED])
    left_out = dict.fromkeys(term.surface for term in once if frequencies[term] and term not in kept)
    if left_out:
        lookup.note(f"Ranked by the {MOST_RANKED} rarest words; not used: {', '.join(left_out)}.")
    unknown = [term for term in once if not frequencies[term] and term.surface not in left_out]
    for term in once:
        if term in kept or term in unknown:
            lookup.remember((term.term,), term.surface, term.field)
    return kept | set(unknown)


def _least(term: _Term, lookup: Lookup) -> int:
    """At most so many records hold the parts of a name side by side."""
    return min((lookup.frequency(part, term.field) for part in term.parts), default=0)


def _names(terms: Iterable[_Term]) -> set[str]:
    return {term.term for term in terms}


def _spoken(word: Word | Synonyms) -> str:
    return word.text if isinstance(word, Word) else " ".join(typed.text for typed in word.words)


def _terms(word: Ranked) -> Iterator[_Term]:
    """Index terms of a word in a ranking; a name counts as a whole, and by those parts that are words."""
    match word:
        case Synonyms(words):
            for typed in words:
                yield from _terms(typed)
        case Word(text, "author"):
            yield from (_Term(term, "author", text) for term in name_terms(text))
        case Word(text, field):
            for lexeme in lexemes(text):
                if lexeme.whole is None:
                    yield from (_Term(part, field, text) for part in lexeme.parts)
                    continue
                yield _Term(lexeme.whole, field, text, lexeme.parts)
                words_in_it = (part for part in lexeme.parts if part.isalpha() and len(part) >= _SHORTEST_PART)
                yield from (_Term(part, field, text) for part in words_in_it)
