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

    @pytest.mark.parametrize("stub", ["randomi*", "contraindicat*", "hypertensi*", "preventio*", "title:vaccinatio*"])
    def test_a_word_cut_before_its_ending_is_found_though_its_stem_is_shorter(
        self, index: SearchIndex, stub: str
    ) -> None:
        text = "Randomised prevention of hypertension: contraindications to vaccination"
        index.apply([made_up("a", text), made_up("b", "Aspiration of the contralateral lung, hyperthermia, a random")])
        assert "a" in ids(index.search(Query(stub, synonyms=False)))
        assert ids(index.search(Query("aspirin*", synonyms=False))) == []

    @pytest.mark.parametrize(("stub", "expected"), [("men*", ["a"]), ("disc*", ["b"]), ("oesophag*", ["c"])])
    def test_the_beginning_of_a_word_is_not_taken_for_a_whole_one(
        self, index: SearchIndex, stub: str, expected: list[str]
    ) -> None:
        index.apply([made_up("a", "Menstrual pain"), made_up("b", "Discontinuation"), made_up("c", "Esophageal reflux"),
                     made_up("d", "Management of diskitis")])
        assert ids(index.search(Query(stub, synonyms=False))) == expected

    def test_a_prefix_finds_words_of_full_texts(self, index: SearchIndex) -> None:
        index.apply([replace(made_up("a", "Report"), pages=PAGES)])
        assert ids(index.search(Query("zibot*"))) == ["a"]

    def test_names_in_a_phrase_are_no_stop_words(self, index: SearchIndex) -> None:
        index.apply([replace(made_up("a", "Report"), authors=("So A",)), made_up("b", "So what")])
        assert ids(index.search(Query('author:"So A"'))) == ["a"]

    def test_more_records_can_be_chosen_than_a_statement_has_parameters(self, library: SearchIndex) -> None:
        first = sample()[0].record_id
        chosen = frozenset({first, *(f"none-{number}" for number in range(70_000))})
        assert library.search(Query("", only=chosen)).total == 1

    @pytest.mark.parametrize("asked", [
        "doi:10.1016/S0140-6736(05)66666-7", 'doi:"10.1016/S0140-6736(05)66666-7"',
        "(doi:10.1016/S0140-6736(05)66666-7 OR pmid:1) AND report",
    ])
    def test_a_doi_may_hold_parentheses(self, index: SearchIndex, asked: str) -> None:
        index.apply([replace(made_up("a", "Report"), doi="10.1016/S0140-6736(05)66666-7"), made_up("b", "Report 05")])
        assert ids(index.search(Query(asked))) == ["a"]
