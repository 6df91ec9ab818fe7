"""What a search may cost and must say: caps checked on the finished tree, before any index is touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from inquiry_service.search.language.lexing import Kind, Token, complain
from inquiry_service.search.language.tree import And, AnyOf, Node, Not, Or, Phrase, YearRange, leaves
from inquiry_service.search.words.analysis import terms_of

MOST_TERMS = 20
"""Terms of a search with operators, fields or phrases; each word of a phrase counts."""


def complain_nothing_left(position: int) -> NoReturn:
    """Refuse a search of stop words and punctuation; showing every record would look like an answer.

    Raises:
        InvalidInput: always.
    """
    complain(
        "Nothing is left to search after leaving out common words and punctuation",
        position,
        "Add a word that carries the subject.",
    )


def check_positive(tree: Node, tokens: Sequence[Token]) -> None:
    """Refuse a search that says only what it does not want.

    Raises:
        InvalidInput: some alternative consists of NOT alone.
    """
    if _is_positive(tree):
        return
    place = next(token.start for token in tokens if token.kind is Kind.NOT)
    complain("NOT alone would show nearly everything", place, "Say also what to look for: word NOT other.")


def _is_positive(node: Node) -> bool:
    match node:
        case Not():
            return False
        case And(nodes):
            wanted = [child for child in nodes if not isinstance(child, Not)]
            unwanted = [child.node for child in nodes if isinstance(child, Not)]
            return bool(wanted) and all(_is_positive(child) for child in (*wanted, *unwanted))
        case Or(nodes):
            return all(_is_positive(child) for child in nodes)
        case _:
            return True


def check_size(tree: Node, tokens: Sequence[Token]) -> None:
    """Refuse a composed search with too many terms; of plain words, adapters keep the rarest instead.

    Raises:
        InvalidInput: more than ``MOST_TERMS``; points at the first term that is too much.
    """
    branches = tree.nodes if isinstance(tree, And) else (tree,)
    composed = [branch for branch in branches if not isinstance(branch, AnyOf)]
    if sum(_size(branch) for branch in composed) <= MOST_TERMS:
        return
    places = [token.start for token in tokens if token.kind in (Kind.TEXT, Kind.PHRASE)]
    complain(
        f"A search with operators, fields or phrases may have {MOST_TERMS} terms",
        places[min(MOST_TERMS, len(places) - 1)],
        "Remove the less important ones, or write them as plain words.",
    )


def _size(tree: Node) -> int:
    size = 0
    for leaf in leaves(tree):
        if isinstance(leaf, Phrase):
            size += len(terms_of(leaf.text))
        elif not isinstance(leaf, YearRange):
            size += 1
    return size
