"""What the search page of the library shows, as plain data: results, counts, how the search was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from inquiry_service.bibliography.formats import FORMATS
from inquiry_service.domain.vocabulary import Population, RecordKind, RecordStatus, StudyDesign
from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Facets, Filters, Sort
from inquiry_service.search.result import Expansion
from inquiry_service.services import reference_list
from inquiry_service.services.library_search import Found
from inquiry_service.web.forms.library_search import SearchArgs
from inquiry_service.web.presenters.literature import bare, place_of, summary, terms

MOST_SYNONYMS = 6
"""Synonyms of a word that stand in the line; the others open on demand."""
MOST_VALUES = 12
"""Values that one filter offers; chosen ones always."""
_SORTS = {Sort.RELEVANCE: "Best match first", Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first"}
_LEGENDS = {
    "status": "Status", "kind": "Kind of source", "design": "Study design", "population": "Population",
    "product": "Product", "type": "Publication type", "source": "Came from",
}
_LABELS: dict[str, Mapping[str, str]] = {
    "status": {status.value: status.label for status in RecordStatus},
    "kind": {kind.value: kind.label for kind in RecordKind},
    "design": {design.value: design.label for design in StudyDesign},
    "population": {population.value: population.label for population in Population},
    "source": {known.key: known.label for known in FORMATS},
}


def results(asked: SearchArgs, found: Found, products: Sequence[Any], size: int) -> dict[str, Any]:
    """Return a page of results.

    Args:
        asked: the search as it came.
        found: what the index found and the viewer may see.
        products: the installation's products, for their names.
        size: records in the library.
    """
    result = found.result
    references = reference_list.many([row for _, row in found.hits])
    first, last = asked.offset + 1, asked.offset + len(result.hits)
    return {
        "asked": asked, "problem": None, "read_as": terms(result.parsed), "dropped": result.dropped,
        "expansions": expansions(result.expansions), "suggestion": _suggestion(asked, result.suggested),
        "sorts": _sorts(asked),
        "total": result.total, "exact": result.total_is_exact, "seconds": f"{result.seconds:.2f}",
        "generation": result.generation.number, "indexed": result.generation.documents, "library": size,
        "missing": found.missing,
        "words": f"{first:,}–{last:,} of {result.total:,}" if result.hits else "",
        "previous": asked.query_args(max(0, asked.offset - asked.limit)) if asked.offset else None,
        "next": asked.query_args(last) if last < result.total else None,
        "facets": facets(asked.filters, result.facets, {product.key: product.name for product in products}),
        "years": _year_words(result.facets),
        "hits": [hit(one, row, html) for (one, row), html in zip(found.hits, references, strict=True)],
    }


def hit(one: Any, row: Any, reference: str = "") -> dict[str, Any]:
    """Return one hit with its passage; ``page`` is the page of the full text that it is from, if any."""
    # Title and snippet come escaped from the index, the reference from the formatter; each with own markup only.
    return summary(row) | {
        "title_html": Markup(bare(one.title_html)), "snippet_html": Markup(one.snippet_html),  # noqa: S704
        "page": one.page, "kind": "" if row.kind is RecordKind.ARTICLE else row.kind.label,
        "reference_html": Markup(reference),  # noqa: S704
    }


def unreadable(asked: SearchArgs, problem: InvalidInput, products: Sequence[Any], size: int) -> dict[str, Any]:
    """Return the page of a search that was not understood, with the place in the query."""
    fields = problem.fields or {"q": problem.message}
    names = {product.key: product.name for product in products}
    return {
        "asked": asked, "place": place_of(asked.text, problem), "library": size, "sorts": _sorts(asked),
        "facets": facets(asked.filters, Facets(), names),
        "problem": [{"message": message, "href": f"#{name}"} for name, message in fields.items()],
    }


def facets(filters: Filters, found: Facets, products: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the filters in their order, each {name, legend, options, more}; one without any value is left out.

    A chosen value stays visible when nothing has it. ``more`` counts the values that are not offered.
    """
    chosen = {
        "status": filters.statuses, "kind": filters.kinds, "design": filters.designs,
        "population": filters.populations, "product": filters.products, "type": filters.publication_types,
        "source": filters.sources,
    }
    counted = {
        "status": found.statuses, "kind": found.kinds, "design": found.designs, "population": found.populations,
        "product": found.products, "type": found.publication_types, "source": found.sources,
    }
    labels = _LABELS | {"product": products}
    shown = []
    for name, legend in _LEGENDS.items():
        options = _options(chosen[name], counted[name], labels.get(name, {}))
        if options:
            shown.append({"name": name, "legend": legend, "options": options,
                          "more": max(0, len(counted[name]) - MOST_VALUES)})
    return shown


def _options(
    chosen: Sequence[str], counted: Sequence[tuple[str, int]], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    picked = {value.casefold() for value in chosen}
    counts = dict(counted[:MOST_VALUES])
    known = {value.casefold() for value in counts}
    counts |= {value: dict(counted).get(value, 0) for value in chosen if value.casefold() not in known}
    return [{"value": value, "label": labels.get(value, value), "chosen": value.casefold() in picked, "count": count}
            for value, count in counts.items()]


def expansions(found: Sequence[Expansion]) -> list[dict[str, Any]]:
    """Return what each word also stood for; spellings that differ in capitals only are shown once."""
    shown = []
    for one in found:
        added = list({word.casefold(): word for word in reversed(one.added)}.values())[::-1]
        shown.append({"word": one.word, "origin": one.origin,
                      "few": added[:MOST_SYNONYMS], "rest": added[MOST_SYNONYMS:]})
    return shown


def _sorts(asked: SearchArgs) -> list[dict[str, Any]]:
    return [{"value": sort.value, "label": label, "chosen": sort is asked.sort} for sort, label in _SORTS.items()]


def _suggestion(asked: SearchArgs, suggested: str) -> dict[str, Any] | None:
    return {"text": suggested, "args": asked.query_args(q=suggested)} if suggested else None


def _year_words(found: Facets) -> str:
    years = [year for year, _ in found.years]
    if not years:
        return ""
    return f"{years[-1]} to {years[0]}" if years[-1] != years[0] else str(years[0])
