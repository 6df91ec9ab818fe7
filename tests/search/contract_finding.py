"""Contract, part one: what a search finds, narrows, counts and pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from inquiry_service.search.port import Filters, IndexDocument, Query, SearchIndex
from tests.search.contract_base import Contract, ids
from tests.search.corpus import made_up, sample


class Finding(Contract):
    def test_a_question_as_people_write_it_finds_the_paper_that_answers_it(self, library: SearchIndex) -> None:
        result = library.search(Query("Can oral sumatriptan be used to prevent menstrual migraine?"))
        assert {"triptan-2", "triptan-404", "triptan-425", "triptan-643"} <= set(ids(result)[:6])
        assert result.parsed.startswith("any of oral, sumatriptan")
        assert "Too common to search: can, be, to." in result.dropped

    def test_scores_descend_and_every_hit_names_its_version(self, library: SearchIndex) -> None:
        result = library.search(Query("sumatriptan nausea placebo"))
        scores = [hit.score for hit in result.hits]
        assert len(scores) == 20
        assert scores == sorted(scores, reverse=True)
        assert {hit.version for hit in result.hits} == {1}

    def test_a_phrase_needs_its_words_side_by_side(self, library: SearchIndex) -> None:
        phrase = library.search(Query('"menstrual migraine"', limit=60))
        words = library.search(Query("menstrual migraine", limit=60))
        together = {d.record_id for d in sample() if "menstrual migraine" in f"{d.title} {d.abstract}".lower()}
        assert set(ids(phrase)) == together
        assert together < set(ids(words))
        assert library.search(Query('"migraine menstrual"')).total == 0

    def test_a_phrase_does_not_reach_from_title_into_abstract(self, index: SearchIndex) -> None:
        index.apply([made_up("a", "Notes on aspirin", "Warfarin was given.")])
        assert index.search(Query("aspirin AND warfarin")).total == 1
        assert index.search(Query('"aspirin warfarin"')).total == 0

    def test_operators_combine_as_sets(self, library: SearchIndex) -> None:
        def found(text: str) -> set[str]:
            return set(ids(library.search(Query(text, limit=100))))

        nausea, vomiting, review = found("nausea"), found("vomiting"), found("title:review")
        assert min(len(nausea), len(vomiting), len(review)) > 1
        assert found("nausea AND vomiting") == nausea & vomiting
        assert found("nausea OR vomiting") == nausea | vomiting
        assert found("nausea NOT vomiting") == nausea - vomiting
        assert found("(nausea OR vomiting) NOT title:review") == (nausea | vomiting) - review
        assert found("nausea AND NOT (vomiting OR title:review)") == nausea - vomiting - review

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("title:intraoral", {"triptan-272"}),
            ("author:newman title:sumatriptan", {"triptan-643"}),
            ("pmid:10099854", {"triptan-2"}),
            ("key:KEY643", {"triptan-643"}),
            ('abstract:"126 sumatriptan-treated"', {"triptan-643"}),
            ("abstract:neurocognitive", set()),
            ("title:(intraoral OR neurocognitive)", {"triptan-272", "triptan-306"}),
            ('type:"Review" title:intraoral', set()),
        ],
    )
    def test_a_field_narrows_to_that_field(self, library: SearchIndex, text: str, expected: set[str]) -> None:
        assert set(ids(library.search(Query(text)))) == expected

    def test_years_include_both_ends(self, library: SearchIndex) -> None:
        expected = {d.record_id for d in sample() if d.year is not None and 1998 <= d.year <= 1999}
        assert set(ids(library.search(Query("year:1998..1999", limit=100)))) == expected
        filters = Filters(year_from=1998, year_to=1999)
        assert set(ids(library.search(Query("", filters, limit=100)))) == expected

    def test_a_prefix_finds_every_ending_and_the_stem_itself(self, index: SearchIndex) -> None:
        titles = {"a": "Triptans", "b": "Triptan use", "c": "Sumatriptan", "d": "Preventive use", "e": "Prevents"}
        index.apply([made_up(record_id, title) for record_id, title in titles.items()])
        assert set(ids(index.search(Query("trip*")))) == {"a", "b"}
        assert set(ids(index.search(Query("prevention*")))) >= {"e"}

    @pytest.mark.parametrize(
        ("written", "typed"),
        [
            ("TNF-α blockade", "TNF-alpha"),
            ("TNF alpha blockade", "TNFα"),
            ("5-HT3 antagonists", "5HT3"),
            ("5-HT₃ antagonists", "5-ht3"),
            ("0.5 mg/kg given", "0.5mg/kg"),
            ("50mg tablets", "50 mg"),
            ("β-blockers", "beta blocker"),
            ("Ménière's disease", "meniere"),
            ("COX-2 inhibitors", "cox2"),
            ("running", "run"),
            ("IL-6 levels", "IL 6"),
            ("oesophageal tumours", "esophageal tumor"),
            ("HbA1c", "hba1c"),
            ("P<.05", "p < 0.05"),
        ],
    )
    def test_spellings_of_one_thing_meet(self, index: SearchIndex, written: str, typed: str) -> None:
        index.apply([made_up("a", written), made_up("b", "Something else entirely")])
        assert ids(index.search(Query(typed))) == ["a"]
        assert ids(index.search(Query(f'"{typed}"'))) == ["a"]
        assert ids(index.search(Query(f"title:({typed.replace(' ', ' AND ')})"))) == ["a"]

    @pytest.mark.parametrize(
        "text",
        ["kind:label", 'kind:"data on file"', "source:PubMed", "population:pregnancy", "keyword:latency", "pmcid:PMC7"],
    )
    def test_a_label_narrows_to_the_records_that_bear_it(self, index: SearchIndex, text: str) -> None:
        kind = "label" if "label" in text else "data_on_file"
        labelled = replace(
            made_up("a", "Labelled"), kind=kind, source="pubmed", populations=("pregnancy", "adults"),
            keywords=("Latency period",), pmcid="PMC7",
        )  # fmt: skip
        index.apply([labelled, made_up("b", "Not labelled, without any latency")])
        assert ids(index.search(Query(text))) == ["a"]

    def test_a_question_mark_inside_a_word_is_one_letter_or_none(self, index: SearchIndex) -> None:
        index.apply([made_up("a", "Women"), made_up("b", "A woman"), made_up("c", "Worn")])
        assert set(ids(index.search(Query("wom?n")))) == {"a", "b"}

    def test_with_and_without_aura_are_different_phrases(self, index: SearchIndex) -> None:
        index.apply([made_up("with", "Migraine with aura"), made_up("without", "Migraine without aura")])
        assert ids(index.search(Query('"migraine without aura"'))) == ["without"]

    @pytest.mark.parametrize(
        ("filters", "keep"),
        [
            (Filters(statuses=("Retracted",)), lambda d: d.status == "retracted"),
            (Filters(statuses=("current", "retracted")), lambda d: True),
            (Filters(publication_types=("review",)), lambda d: "Review" in d.publication_types),
            (Filters(products=("sumatriptan",)), lambda d: "sumatriptan" in d.products),
            (Filters(designs=("randomized_trial",)), lambda d: d.design == "randomized_trial"),
            (Filters(year_to=1997), lambda d: d.year is not None and d.year <= 1997),
        ],
    )
    def test_a_filter_keeps_what_matches_it(
        self, library: SearchIndex, filters: Filters, keep: Callable[[IndexDocument], bool]
    ) -> None:
        expected = {d.record_id for d in sample() if keep(d)}
        assert expected
        result = library.search(Query("", filters, limit=100))
        assert set(ids(result)) == expected
        assert result.total == len(expected)

    def test_facets_count_every_record_found_not_only_the_page(self, library: SearchIndex) -> None:
        result = library.search(Query("", limit=1))
        assert result.total == result.generation.documents == len(sample())
        assert sum(count for _, count in result.facets.years) == sum(d.year is not None for d in sample())
        assert dict(result.facets.statuses) == {"current": 54, "retracted": 6}
        assert dict(result.facets.publication_types) == {"Journal Article": 60, "Review": 12}
        years = [year for year, _ in result.facets.years]
        assert years == sorted(years, reverse=True)

    def test_pages_join_to_the_whole_without_gap_or_repetition(self, library: SearchIndex) -> None:
        whole = ids(library.search(Query("migraine", limit=60)))
        pages = [ids(library.search(Query("migraine", limit=7, offset=start))) for start in range(0, 60, 7)]
        assert [record_id for page in pages for record_id in page] == whole
        assert len(set(whole)) == len(whole) > 50

    def test_the_empty_search_shows_everything_newest_first(self, library: SearchIndex) -> None:
        result = library.search(Query("", limit=60))
        by_id = {d.record_id: d.year or 0 for d in sample()}
        years = [by_id[record_id] for record_id in ids(result)]
        assert result.parsed == "all records"
        assert len(years) == 60
        assert years == sorted(years, reverse=True)

    def test_records_for_medical_staff_show_in_no_hit_count_or_facet_of_others(self, index: SearchIndex) -> None:
        secret = replace(made_up("secret", "Zibotentan interim data"), medical_only=True, status="draft")
        index.apply([secret, made_up("open", "Zolmitriptan interim data")])
        for text in ("zibotentan", "interim", "", "zibot*", '"interim data"', "status:draft", "NOT zzz AND interim"):
            result = index.search(Query(text))
            assert "secret" not in ids(result)
            assert result.total == len(ids(result))
            assert "draft" not in dict(result.facets.statuses)
            assert index.search(Query(text, may_see_medical_only=True)).total > result.total
        assert "Not in the library: zibotentan." in index.search(Query("zibotentan")).dropped
