"""The tree of a search evaluated: AND, OR and NOT over what its leaves find."""

from __future__ import annotations

from inquiry_service.search.language.tree import And, AnyOf, Everything, Node, Not, Or, Synonyms, Value, YearRange
from inquiry_service.search.port import Filters
from inquiry_service.search.ranking.lookup import Lookup
from inquiry_service.search.ranking.questions import all_of, ranked
from inquiry_service.search.ranking.scores import Scores, common, restricted, total, without


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
        case AnyOf(words, is_question):
            return ranked(words, lookup, is_question=is_question)
        case Synonyms():
            return all_of(node, lookup)
        case Everything():
            return lookup.everything()
        case YearRange() | Value():
            return _labelled(node, lookup)
        case _:
            return lookup.text(node)


def narrowed(scores: Scores, filters: Filters, lookup: Lookup) -> Scores:
    """Those of ``scores`` that pass all ``filters``."""
    if filters.year_from is not None or filters.year_to is not None:
        scores = restricted(scores, lookup.years(filters.year_from, filters.year_to))
    by_label = {
        "product": filters.products,
        "type": filters.publication_types,
        "status": filters.statuses,
        "design": filters.designs,
        "kind": filters.kinds,
        "source": filters.sources,
        "population": filters.populations,
    }
    for field, values in by_label.items():
        if values:
            scores = restricted(scores, lookup.values(field, values))
    return scores


def _labelled(node: YearRange | Value, lookup: Lookup) -> Scores:
    if isinstance(node, YearRange):
        return lookup.years(node.first, node.last)
    return lookup.values(node.field, (node.text,))


def _and(nodes: tuple[Node, ...], lookup: Lookup) -> Scores:
    found = common([evaluate(child, lookup) for child in nodes if not isinstance(child, Not)])
    for child in nodes:
        if isinstance(child, Not):
            found = without(found, _excluded(child.node, lookup))
    return found


def _excluded(node: Node, lookup: Lookup) -> Scores:
    with lookup.untraced():
        return evaluate(node, lookup)
