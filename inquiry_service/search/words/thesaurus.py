"""What else a word of a search may be called: a table from expressions to others for the same.

Made of the shipped word lists and of the library's own facts. Expressions are compared by their index terms run
together, so "heart attacks" and "Heart-attack" are found under "heart attack", and "anti-inflammatory" under
"antiinflammatory".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from inquiry_service.search.words.analysis import terms_of
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.mesh_synonyms import entry_words, spellings
from inquiry_service.search.words.shipped_words import drug_classes, drug_names, everyday_words, is_listed_drug

EVERYDAY, NAMES, CLASS = "everyday words", "drug names", "drug class"
ACTION, ABBREVIATION, HEADING = "MeSH pharmacological action", "abbreviation", "MeSH heading"
MOST_OTHERS = 24
"""Expressions that one may stand for: those that most records name."""
_FEWEST_TOLD = 2
"""How often the library must name a medicine under a MeSH heading, or one that no list knows, to be believed."""
_MOST_ENTRY_WORDS = 4
"""Expressions that a MeSH heading may stand for: those that most records show."""
_CLEAR = 4
"""How many times more often than all others the usual meaning of an abbreviation is explained."""

_Names = TypeVar("_Names", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Meaning:
    """Other expressions for one.

    Attributes:
        others: the most telling first.
        origin: how they are known to mean the same, in words for people.
        is_choice: the others are different things, of which the search can mean only one.
    """

    others: tuple[str, ...]
    origin: str
    is_choice: bool = False


class Thesaurus:
    """The table.

    Args:
        facts: of the library.
        keys: keys of its expressions as far as they are known already (``keys_of``): computing thousands takes time.
    """

    def __init__(self, facts: Facts, keys: Mapping[str, str] | None = None) -> None:
        self._keys = keys or {}
        self._meanings: dict[str, list[Meaning]] = defaultdict(list)
        self._add_classes(facts)
        self._add_actions(facts)
        self._add_brands(facts)
        self._add_abbreviations(facts)
        self._add_headings(facts)

    def meanings(self, key: str) -> tuple[Meaning, ...]:
        """What else the expression with the key ``key`` (``key_of``) is called; empty for most."""
        return (*_shipped().get(key, ()), *self._meanings.get(key, ()))

    def _add_classes(self, facts: Facts) -> None:
        members: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for (word,), count in facts.drugs.items():
            for place, group in enumerate(drug_classes()):
                if group.holds(word) and (count >= _FEWEST_TOLD or is_listed_drug(word)):
                    members[place].append((-count, word))
        for place, found in members.items():
            group = drug_classes()[place]
            named = tuple(word for _, word in sorted(found)[:MOST_OTHERS])
            self._put(group.names, Meaning(named, CLASS))

    def _add_actions(self, facts: Facts) -> None:
        medicines: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for (heading, medicine), count in facts.actions.items():
            if count >= _FEWEST_TOLD:
                medicines[heading].append((-count, medicine))
        for heading, found in sorted(medicines.items()):
            self._put((heading,), Meaning(tuple(word for _, word in sorted(found)[:MOST_OTHERS]), ACTION))

    def _add_brands(self, facts: Facts) -> None:
        written: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
        for (brand, substance), count in sorted(facts.brands.items()):
            written[self._key(brand), self._key(substance)][brand, substance] += count
        for names in written.values():
            brand, substance = _commonest(names)
            self._put((brand,), Meaning((substance,), NAMES))
            self._put((substance,), Meaning((brand,), NAMES))

    def _add_abbreviations(self, facts: Facts) -> None:
        shorts: dict[str, Senses] = defaultdict(Senses)
        for (short, long), count in sorted(facts.abbreviations.items()):
            if count > 0:
                shorts[self._key(short)].add(short, long, self._key(long), count)
        for key, senses in shorts.items():
            usual, others = senses.split()
            if key and not others:
                self._put_key(key, Meaning((usual.long,), ABBREVIATION))
                self._put((usual.long,), Meaning((senses.short,), ABBREVIATION))
            elif key:
                self._put_key(key, Meaning((usual.long, *others), ABBREVIATION, is_choice=True))

    def _add_headings(self, facts: Facts) -> None:
        for (heading,) in sorted(row for row in facts.headings if row):
            said = spellings(heading)
            if len(said) > 1:
                self._put(said[:1], Meaning(said[1:], HEADING))
                self._put(said[1:], Meaning(said[:1], HEADING))
        called: dict[str, list[str]] = defaultdict(list)
        for word in entry_words(facts.headings, facts.entries, self._key):
            self._put((word.expression,), Meaning(spellings(word.heading), HEADING))
            called[word.heading].append(word.expression)
        for heading, expressions in sorted(called.items()):
            self._put(spellings(heading), Meaning(tuple(expressions[:_MOST_ENTRY_WORDS]), HEADING))

    def _key(self, text: str) -> str:
        return self._keys.get(text) or key_of(text)

    def _put(self, names: Iterable[str], meaning: Meaning) -> None:
        for key in dict.fromkeys(map(self._key, names)):
            self._put_key(key, meaning)

    def _put_key(self, key: str, meaning: Meaning) -> None:
        if key:
            self._meanings[key].append(meaning)


@dataclass(frozen=True, slots=True)
class Sense:
    """One long form of an abbreviation, and how many records explain it so."""

    long: str
    count: int


class Senses:
    """The long forms of one abbreviation; spellings of one are counted together."""

    def __init__(self) -> None:
        self._written: dict[str, Counter[str]] = defaultdict(Counter)
        self._shorts: Counter[str] = Counter()

    @property
    def short(self) -> str:
        """The abbreviation as it is written most often."""
        return _commonest(self._shorts)

    def add(self, short: str, long: str, key: str, count: int) -> None:
        """Count an explanation; ``key`` is that of the long form."""
        self._written[key][long] += count
        self._shorts[short] += count

    def split(self) -> tuple[Sense, tuple[str, ...]]:
        """The usual long form, and the others if it is not clear that this one is meant."""
        senses = sorted(
            (Sense(_commonest(written), written.total()) for written in self._written.values()),
            key=lambda sense: (-sense.count, sense.long),
        )
        usual, others = senses[0], senses[1:]
        told = [sense.long for sense in others if sense.count * _CLEAR > usual.count]
        return usual, tuple(told)


def key_of(text: str) -> str:
    """The index terms of an expression run together, by which it is looked up; stop words out."""
    return "".join(terms_of(text))


def keys_of(facts: Facts) -> dict[str, str]:
    """The keys of all expressions among ``facts``."""
    sections = (facts.abbreviations, facts.brands, facts.actions, facts.entries)
    said = (text for section in sections for fact in section for text in fact)
    headings = (form for fact in facts.headings for heading in fact for form in spellings(heading))
    return {text: key_of(text) for text in dict.fromkeys((*said, *headings))}


@cache
def _shipped() -> Mapping[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = defaultdict(list)
    for plain, technical in everyday_words():
        for name in plain:
            found[key_of(name)].append(Meaning(technical, EVERYDAY))
        for name in technical:
            found[key_of(name)].append(Meaning(plain[:1], EVERYDAY))
    for names in drug_names():
        for name in names:
            found[key_of(name)].append(Meaning(tuple(other for other in names if other != name), NAMES))
    return {key: tuple(dict.fromkeys(meanings)) for key, meanings in found.items() if key}


def _commonest(written: Counter[_Names]) -> _Names:
    return min(written, key=lambda text: (-written[text], text))
