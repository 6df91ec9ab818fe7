"""The parsed form of a search: a small tree of frozen nodes, and how it reads in plain words.

Adapters evaluate this tree; they never see the typed text. Every node that carries text keeps it as it
was typed, so that the words shown back to the person are their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SHOWN = 4
"""Synonyms that are named in the "Read as" line; all of them are told beside it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, name or dose.

    Attributes:
        field: None for a search in all text.
        is_exact: stands for itself alone, without synonyms (typed as ``=word``).
    """

    text: str
    field: str | None = None
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """All words that begin with ``text`` (typed as ``text*``)."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """All words like ``text``, in which each ``?`` is any one letter or none."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other, in this order; stop words between them are ignored."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Neighbouring words, and what else the same is called; the words themselves count most.

    Attributes:
        words: as typed, at least one, all in one field.
        others: each a word, or several that must stand side by side.
    """

    words: tuple[Word, ...]
    others: tuple[str, ...]

    @property
    def field(self) -> str | None:
        """The field of the words."""
        return self.words[0].field


Ranked = Word | Prefix | Pattern | Synonyms
"""What can stand in a row of which one is enough."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Words of which one is enough; records are ranked by how many, how rare and how frequent they are.

    Attributes:
        is_question: a text as somebody wrote it, not words chosen for a search: words that say little count less,
            and words that the best records have in common count, too.
    """

    words: tuple[Ranked, ...]
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A field that holds labels, not text: status, design, product, type, pmid, doi, key."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class YearRange:
    """Publication year from ``first`` to ``last``, both included; None leaves that end open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Excludes what ``node`` finds."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All must match; scores add up."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One must match; scores add up."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty search: every record, newest first."""


Leaf = Word | Prefix | Pattern | Phrase | Value | YearRange
Node = Leaf | Synonyms | AnyOf | Not | And | Or | Everything


def leaves(node: Node) -> Iterator[Leaf]:
    """All nodes without children under ``node``, left to right; of synonyms, the words that were typed."""
    match node:
        case Synonyms(words):
            yield from words
        case And(nodes) | Or(nodes) | AnyOf(nodes):
            for child in nodes:
                yield from leaves(child)
        case Not(child):
            yield from leaves(child)
        case Everything():
            return
        case _:
            yield node


def describe(node: Node) -> str:
    """The "Read as" line: how the search was understood, in words a librarian can check.

    >>> describe(And((AnyOf((Word("triptan"), Word("nausea"))), YearRange(2019, 2024))))
    'any of triptan, nausea (best match first) AND year 2019 to 2024'
    """
    return _describe(node, top=True)


def _describe(node: Node, top: bool = False) -> str:
    match node:
        case Everything():
            return "all records"
        case And(nodes) | Or(nodes):
            joint = " AND " if isinstance(node, And) else " OR "
            text = joint.join(_describe(child) for child in nodes)
            return text if top else f"({text})"
        case Not(child):
            return f"NOT {_describe(child)}"
        case AnyOf(words):
            if len(words) == 1:
                return _describe(words[0])
            return f"any of {', '.join(_describe(word) for word in words)} (best match first)"
        case YearRange():
            return _describe_years(node)
        case Value(field, text):
            return f"{field} is “{text}”"
        case _:
            return _describe_text(node)


def _describe_text(node: Word | Prefix | Pattern | Phrase | Synonyms) -> str:
    where = f" in {node.field}" if node.field else ""
    match node:
        case Word(text, is_exact=True):
            return f"{text} without synonyms{where}"
        case Word(text):
            return f"{text}{where}"
        case Synonyms(words, others):
            return f"{' '.join(word.text for word in words)} (also {_few(others)}){where}"
        case Pattern(text):
            return f"words like {text}{where}"
        case Prefix(text):
            return f"words beginning with {text}{where}"
        case Phrase(text):
            return f"the phrase “{text}”{where}"


def _few(others: tuple[str, ...]) -> str:
    shown = ", ".join(others[:_SHOWN])
    return shown if len(others) <= _SHOWN else f"{shown} and {len(others) - _SHOWN} more"


def _describe_years(years: YearRange) -> str:
    if years.first == years.last:
        return f"year {years.first}"
    if years.first is None:
        return f"year up to {years.last}"
    if years.last is None:
        return f"year from {years.first}"
    return f"year {years.first} to {years.last}"
