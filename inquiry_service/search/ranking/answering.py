"""A search answered, the same for every adapter: read, given its synonyms, evaluated, looked at twice, narrowed.

An adapter lends its postings and tells which records come first and what they say; it needs no knowledge of the
search language, of synonyms or of spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from inquiry_service.search.language.parser import parse, parse_plain
from inquiry_service.search.language.tree import AnyOf, describe
from inquiry_service.search.port import Query
from inquiry_service.search.ranking.evaluation import evaluate, narrowed
from inquiry_service.search.ranking.expansion import Expanded, expand
from inquiry_service.search.ranking.feedback import agreement, records_to_read, telling_words
from inquiry_service.search.ranking.lookup import Lookup
from inquiry_service.search.ranking.scores import NOTHING, Scores, restricted, scaled, total
from inquiry_service.search.ranking.spelling import Speller, with_suggestions
from inquiry_service.search.result import Expansion, Suggestion
from inquiry_service.search.words.analysis import terms_of
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.thesaurus import Thesaurus

SECOND_LOOK = "words that the best records share"
_NOT_INDEXED = "The library is not indexed yet."
_WHOLE_QUESTION = "the question as a whole"
_SHOWN = 8
"""Telling words that are told; all of them count."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the library knows about words, ready for use; made once for each generation."""

    thesaurus: Thesaurus
    speller: Speller


NO_WORDS = Words(Thesaurus(Facts()), Speller(Facts))


@dataclass(frozen=True, slots=True)
class Records:
    """What an adapter tells about the records of a search.

    Attributes:
        count: records in the library.
        best: the first of some scored records, with their scores; args: the records, and how many at most.
        text: title and abstract of a record.
    """

    count: int
    best: Callable[[Scores, int], Sequence[tuple[int, float]]]
    text: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found, and how it was read; the parts of ``SearchResult`` that every adapter fills alike."""

    scores: Scores
    parsed: str
    dropped: tuple[str, ...]
    expansions: tuple[Expansion, ...] = ()
    suggestions: tuple[Suggestion, ...] = field(default=())
    suggested: str = ""


def unanswered(query: Query) -> Answer:
    """The answer of a library that cannot be searched yet.

    Raises:
        InvalidInput: the search is not understood.
    """
    parsed = parse_plain(query.text) if query.plain else parse(query.text)
    return Answer(NOTHING, describe(parsed.tree), (*parsed.dropped, _NOT_INDEXED))


def answer(query: Query, lookup: Lookup, records: Records, words: Words) -> Answer:
    """Find the records of ``query``.

    Raises:
        InvalidInput: the search is not understood, or takes too long.
    """
    parsed = parse_plain(query.text) if query.plain else parse(query.text)
    expanded = expand(parsed.tree, words.thesaurus, lookup) if query.synonyms else Expanded(parsed.tree)
    found = evaluate(expanded.tree, lookup)
    expansions = expanded.expansions
    if query.synonyms and isinstance(expanded.tree, AnyOf) and expanded.tree.is_question and lookup.weights.feedback:
        found, shared = _second_look(found, _narrowed(found, query, lookup), lookup, records)
        expansions += shared
    suggestions = words.speller.suggestions(parsed.tree, lambda word: lookup.holding(terms_of(word)))
    return Answer(
        scores=_narrowed(found, query, lookup),
        parsed=describe(expanded.tree),
        dropped=(*parsed.dropped, *expanded.notes, *lookup.notes()),
        expansions=expansions,
        suggestions=suggestions,
        suggested=with_suggestions(query.text, suggestions),
    )


def similar(texts: Sequence[str], lookup: Lookup) -> Scores:
    """Records that hold the telling words of a record's text, scored by them; the record itself among them."""
    telling = telling_words([(1.0, text) for text in texts], lookup.rarity, shared_by=1)
    for word in telling:
        lookup.remember((word.term,), word.surface, None)
    return total([scaled(lookup.term(word.term, None), word.weight) for word in telling])


def _narrowed(found: Scores, query: Query, lookup: Lookup) -> Scores:
    found = narrowed(found, query.filters, lookup)
    return found if query.only is None else restricted(found, lookup.with_ids(query.only))


def _second_look(
    found: Scores, shown: Scores, lookup: Lookup, records: Records
) -> tuple[Scores, tuple[Expansion, ...]]:
    """``found`` with the words that the best of the records ``shown`` share."""
    best = records.best(shown, records_to_read(records.count))
    weight = lookup.weights.feedback * agreement([score for _, score in best])
    if not weight:
        return found, ()
    texts = [(score / best[0][1], records.text(number)) for number, score in best]
    telling = telling_words(texts, lookup.rarity)
    more = [scaled(lookup.term(word.term, None), weight * word.weight) for word in telling]
    shared = Expansion(_WHOLE_QUESTION, tuple(word.surface for word in telling[:_SHOWN]), SECOND_LOOK)
    return total([found, *more]), (shared,) if telling else ()
