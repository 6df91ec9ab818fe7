"""Which expressions are another name of a MeSH heading, judged by the records of the library alone.

An expression is taken for a heading's entry word if nearly all records that have it in their titles or keywords carry
the heading, if the heading is rare enough to tell something, and if chance does not explain it. What goes with a
heading without naming it is kept out as far as counts can tell: parts of a longer expression ("high blood"), longer
forms of one that says the same ("severe brittle bones"), headings themselves, and expressions that go with two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import comb

from inquiry_service.search.words.analysis import terms_of
from inquiry_service.search.words.mesh_headings import natural_order

FEWEST = 3
"""Records that must show an expression under its heading."""
SHARE = 0.7
"""Of the records with the expression, those that carry the heading."""
COMMONEST_HEADING = 0.1
"""Of the library: what more records carry is its subject, and stands beside everything."""
BY_CHANCE = 0.05
"""Entry words that chance may make of a whole library whose headings say nothing."""
_LEAD = 4 / 3
"""How many times more records must carry the heading than the next one."""
_PART = 0.8
"""Of the records with an expression, those with a longer one around it that make it a mere part."""

Section = Counter[tuple[str, ...]]
Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryWord:
    """An expression that means the same as a heading; ``records`` show both."""

    expression: str
    heading: str
    records: int


@dataclass(slots=True)
class _Seen:
    """One expression in all its spellings."""

    written: Counter[str] = field(default_factory=Counter)
    under: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        return self.written.total()

    @property
    def expression(self) -> str:
        return min(self.written, key=lambda text: (-self.written[text], text))

    def goes_with(self) -> list[tuple[str, int]]:
        """Headings that nearly all records carry, most first."""
        usual = [(heading, count) for heading, count in self.under.items() if count >= SHARE * self.records]
        return sorted(((heading, count) for heading, count in usual if count >= FEWEST), key=lambda row: (-row[1], row))


def spellings(heading: str) -> tuple[str, ...]:
    """A heading as records carry it and, if that is inverted, as one would say it."""
    return tuple(dict.fromkeys((heading, natural_order(heading))))


def entry_words(headings: Section, entries: Section, key: Callable[[str], str]) -> list[EntryWord]:
    """The entry words that the library's records show, those of most records first.

    Args:
        headings: (heading,) -> records that carry it, and () -> records that carry any.
        entries: (expression,) -> records with it that carry a heading, (expression, heading) -> those that carry this.
        key: of an expression, by which it is looked up.
    """
    records = headings[()]
    known = {key(form) for row in headings for heading in row for form in spellings(heading)}
    seen = [one for name, one in _by_key(entries, key).items() if name not in known and one.records >= FEWEST]
    tests = len(seen) * len(headings)
    linked: dict[Terms, tuple[_Seen, str]] = {}
    for one in seen:
        heading = _clear(one)
        share = headings[(heading,)] / records if heading and records else 1.0
        if heading and share <= COMMONEST_HEADING and _chance(one, heading, share) * tests <= BY_CHANCE:
            linked[terms_of(one.expression)] = one, heading
    alone = [(terms, *linked[terms]) for terms in _alone(linked)]
    found = [
        EntryWord(one.expression, heading, one.under[heading])
        for terms, one, heading in alone
        if not set(terms) <= set(terms_of(heading))
    ]
    return sorted(found, key=lambda word: (-word.records, word.expression))


def _by_key(entries: Section, key: Callable[[str], str]) -> dict[str, _Seen]:
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for (expression, *heading), count in entries.items():
        one = seen[key(expression)]
        one.under.update({heading[0]: count} if heading else {})
        one.written.update({} if heading else {expression: count})
    return seen


def _clear(one: _Seen) -> str:
    """The heading that the expression goes with; empty if there is none, or another one goes with it as well."""
    usual = one.goes_with()
    if not usual or (len(usual) > 1 and usual[0][1] < _LEAD * usual[1][1]):
        return ""
    return usual[0][0]


def _chance(one: _Seen, heading: str, share: float) -> float:
    """At most how likely so many of the expression's records carry the heading if the two are unrelated."""
    return float(comb(one.records, one.under[heading]) * share ** one.under[heading])


def _alone(linked: Mapping[Terms, tuple[_Seen, str]]) -> Iterator[Terms]:
    """Those that are neither a mere part of a longer expression nor a longer form of one with the same heading."""
    shorter = {
        terms: [part for part in _parts(terms) if part in linked and linked[part][1] == heading]
        for terms, (_, heading) in linked.items()
    }
    mere = {
        part
        for terms, parts in shorter.items()
        for part in parts
        if linked[terms][0].records >= _PART * linked[part][0].records
    }
    return (terms for terms, parts in shorter.items() if terms not in mere and mere.issuperset(parts))


def _parts(terms: Terms) -> Iterator[Terms]:
    """The shorter runs of an expression."""
    for size in range(1, len(terms)):
        yield from (terms[first : first + size] for first in range(len(terms) - size + 1))
