"""Contract, part four: filters by the newer labels, order of the hits, a choice of records, pages of a full text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inquiry_service.search.port import Filters, IndexDocument, Query, SearchIndex, Sort
from tests.search.contract_base import Contract, ids
from tests.search.corpus import made_up, sample

PAGES = ("Introduction and methods of this long report.", "", "Hepatotoxicity was seen in two patients.",
         "Discussion: hepatotoxicity with zibotentan, and what zibotentan does.")


def _labelled() -> list[IndexDocument]:
    return [
        replace(made_up("a", "Triptans in adults"), kind="article", source="pubmed", populations=("adults",)),
        replace(made_up("b", "Triptans in children"), kind="article", source="ris", populations=("children", "adults")),
        replace(made_up("c", "Triptans: label"), kind="label", source="upload", products=("sumatriptan",)),
    ]


class Narrowing(Contract):
    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(kinds=("Article",)), {"a", "b"}),
            (Filters(sources=("ris", "upload")), {"b", "c"}),
            (Filters(populations=("adults",)), {"a", "b"}),
            (Filters(populations=("children",), kinds=("label",)), set()),
        ],
    )
    def test_a_filter_by_kind_source_or_population_keeps_what_bears_it(
        self, index: SearchIndex, filters: Filters, expected: set[str]
    ) -> None:
        index.apply(_labelled())
        assert set(ids(index.search(Query("triptans", filters)))) == expected

    def test_facets_count_each_label_of_a_record_most_frequent_first(self, index: SearchIndex) -> None:
        index.apply(_labelled()[:2])
        index.apply(_labelled()[2:])
        facets = index.search(Query("triptans", limit=1)).facets
        assert facets.kinds == (("article", 2), ("label", 1))
        assert facets.sources == (("pubmed", 1), ("ris", 1), ("upload", 1))
        assert facets.populations == (("adults", 2), ("children", 1))
        assert facets.products == (("sumatriptan", 1),)

    def test_hits_come_in_the_order_that_is_asked_for(self, library: SearchIndex) -> None:
        years = {document.record_id: document.year for document in sample()}

        def found(sort: Sort) -> list[int | None]:
            return [years[record_id] for record_id in ids(library.search(Query("migraine", sort=sort, limit=100)))]

        known = [year for year in found(Sort.RELEVANCE) if year]
        assert [year for year in found(Sort.NEWEST) if year] == sorted(known, reverse=True)
        assert [year for year in found(Sort.OLDEST) if year] == sorted(known)
        assert found(Sort.RELEVANCE) != found(Sort.NEWEST)

    def test_a_search_among_chosen_records_counts_no_others(self, library: SearchIndex) -> None:
        everything = ids(library.search(Query("migraine", limit=100)))
        chosen = frozenset({everything[3], everything[9], "never-there", "x" * 500})
        result = library.search(Query("migraine", only=chosen))
        assert ids(result) == [everything[3], everything[9]]
        assert (result.total, sum(count for _, count in result.facets.statuses)) == (2, 2)
        assert library.search(Query("", only=frozenset())).total == 0

    def test_a_word_of_a_full_text_is_found_and_its_page_named(self, index: SearchIndex) -> None:
        report = replace(made_up("a", "A report", "Nothing of note."), pages=PAGES)
        index.rebuild([report, made_up("b", "Hepatotoxicity", "Hepatotoxicity of all kinds.")])
        for _ in range(2):
            hits = {hit.record_id: hit for hit in index.search(Query("hepatotoxicity")).hits}
            assert list(hits) == ["b", "a"], "the full text counts less"
            assert (hits["a"].page, hits["b"].page) == (3, None)
            assert "<mark>Hepatotoxicity</mark> was seen" in hits["a"].snippet_html
            (both,) = index.search(Query("hepatotoxicity AND zibotentan")).hits
            assert (both.page, both.matched_terms) == (4, ("hepatotoxicity", "zibotentan"))
            assert ids(index.search(Query('"two patients"'))) == ["a"]
            assert index.search(Query('"report Hepatotoxicity"')).total == 0, "no phrase reaches over a page"
            index.apply([made_up(f"other{number}", "Other") for number in range(3)])
