"""The tree of a search evaluated: AND, OR and NOT over what its leaves find."""

from __future__ import annotations

from inquiry_service.search.lookup import Lookup
from inquiry_service.search.port import Filters
from inquiry_service.search.postings import Scores, common, total, without
from inquiry_service.search.query_tree import And, AnyOf, Everything, Node, Not, Or, Value, YearRange


def evaluate(node: Node, lookup: Lookup) -> Scores:
    """Records that ``node`` finds, with their scores.

    Raises:
        InvalidInput: it takes too long.
    """
    match node:
        case And(nodes):
            return _and(nodes, lookup)
        case Or(nodes):
            return total(evaluate(child, lookup) for child in nodes)
        case Not(child):
            return without(lookup.everything(), _excluded(child, lookup))
        case AnyOf(words):
            return lookup.ranked(words)
        case Everything():
            return lookup.everything()
        case YearRange(first, last):
            return lookup.years(first, last)
        case Value(field, text):
            return lookup.values(field, (text,))
        case _:
            return lookup.text(node)


def narrowed(scores: Scores, filters: Filters, lookup: Lookup) -> Scores:
    """Those of ``scores`` that pass all ``filters``."""
    allowed = []
    if filters.year_from is not None or filters.year_to is not None:
        allowed.append(lookup.years(filters.year_from, filters.year_to))
    by_label = {
        "product": filters.products,
        "type": filters.publication_types,
        "status": filters.statuses,
        "design": filters.designs,
    }
    allowed.extend(lookup.values(field, values) for field, values in by_label.items() if values)
    return common([scores, *allowed])


def _and(nodes: tuple[Node, ...], lookup: Lookup) -> Scores:
    found = common([evaluate(child, lookup) for child in nodes if not isinstance(child, Not)])
    for child in nodes:
        if isinstance(child, Not):
            found = without(found, _excluded(child.node, lookup))
    return found


def _excluded(node: Node, lookup: Lookup) -> Scores:
    with lookup.untraced():
        return evaluate(node, lookup)
