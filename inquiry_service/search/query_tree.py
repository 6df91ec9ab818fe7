"""The parsed form of a search: a small tree of frozen nodes, and how it reads in plain words.

Adapters evaluate this tree; they never see the typed text. Every node that carries text keeps it as it
was typed, so that the words shown back to the person are their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word, name or dose. ``field`` is None for a search in all text."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """All words that begin with ``text`` (typed as ``text*``)."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other, in this order; stop words between them are ignored."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Words of which one is enough; records are ranked by how many, how rare and how frequent they are."""

    words: tuple[Word | Prefix, ...]


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


Node = Word | Prefix | Phrase | AnyOf | Value | YearRange | Not | And | Or | Everything


def leaves(node: Node) -> Iterator[Word | Prefix | Phrase | Value | YearRange]:
    """All nodes without children under ``node``, left to right."""
    match node:
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


def _describe_text(node: Word | Prefix | Phrase) -> str:
    where = f" in {node.field}" if node.field else ""
    match node:
        case Word(text):
            return f"{text}{where}"
        case Prefix(text):
            return f"words beginning with {text}{where}"
        case Phrase(text):
            return f"the phrase “{text}”{where}"


def _describe_years(years: YearRange) -> str:
    if years.first == years.last:
        return f"year {years.first}"
    if years.first is None:
        return f"year up to {years.last}"
    if years.last is None:
        return f"year from {years.first}"
    return f"year {years.first} to {years.last}"
