"""What every search adapter must do. A test module per adapter derives from the class and gives the index.

class TestMyAdapter(SearchContract):
    @pytest.fixture
    def index(self) -> Iterator[SearchIndex]: ...
"""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Filters, IndexDocument, Query, SearchIndex, SearchResult
from tests.search.corpus import made_up, sample, versions

_MARK = re.compile(r"</?mark>")
HOSTILE = (
    "*",
    "a*",
    "*a",
    "[a TO z]",
    "(" * 2000 + "a" + ")" * 2000,
    "NOT " * 500 + "a",
    " OR ".join(f"word{number}" for number in range(2000)),
    "pla* AND sum* AND mig* AND hea* AND tri* AND eff*",
    '"' + "migraine " * 800 + '"',
    "year:0000..9999",
    "\x00\x1e\x1f\ufffe",
    "\ud800 migraine",
    "migraine " * 800,
    "a" * 7999,
    "-" * 7000 + "1-" * 400,
    "{{ 7*7 }} %s %n ' OR 1=1 --",
)


def ids(result: SearchResult) -> list[str]:
    return [hit.record_id for hit in result.hits]


def is_safe(markup: str) -> bool:
    """Whether ``markup`` holds no markup but paired ``<mark>``."""
    plain = _MARK.sub("", markup)
    paired = re.sub(r"<mark>[^<]*</mark>", "", markup)
    return "<" not in plain and ">" not in plain and "mark>" not in paired


class SearchContract:
    """The tests; ``index`` comes from the adapter and is empty, ``library`` holds the sample."""

    @pytest.fixture
    def index(self) -> Iterator[SearchIndex]:
        raise NotImplementedError("each adapter gives its own")

    @pytest.fixture
    def library(self, index: SearchIndex) -> SearchIndex:
        index.rebuild(sample())
        return index

    # Finding

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
        ],
    )
    def test_spellings_of_one_thing_meet(self, index: SearchIndex, written: str, typed: str) -> None:
        index.apply([made_up("a", written), made_up("b", "Something else entirely")])
        assert ids(index.search(Query(typed))) == ["a"]
        assert ids(index.search(Query(f'"{typed}"'))) == ["a"]
        assert ids(index.search(Query(f"title:({typed.replace(' ', ' AND ')})"))) == ["a"]

    def test_with_and_without_aura_are_different_phrases(self, index: SearchIndex) -> None:
        index.apply([made_up("with", "Migraine with aura"), made_up("without", "Migraine without aura")])
        assert ids(index.search(Query('"migraine without aura"'))) == ["without"]

    # Narrowing and counting

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

    # What is said about the search

    def test_words_that_the_library_does_not_hold_are_named(self, library: SearchIndex) -> None:
        result = library.search(Query("sumatriptan frovatriptn"))
        assert result.dropped == ("Not in the library: frovatriptn.",)
        assert result.total > 0
        assert library.search(Query("sumatriptan NOT frovatriptn")).dropped == ()

    def test_of_a_long_message_the_rarest_words_rank_and_the_others_are_named(self, library: SearchIndex) -> None:
        message = f"{sample()[0].abstract} Thank you. Is intraoral chilling any better?"
        result = library.search(Query(message, plain=True))
        note = next(note for note in result.dropped if note.startswith("Ranked by the 30 rarest words"))
        assert "migraine" in note
        assert "intraoral" not in note
        assert result.hits[0].record_id == "triptan-2"

    def test_plain_text_has_no_operators(self, library: SearchIndex) -> None:
        text = 'Dear team :) is "intraoral chilling (or NOT) foo:bar AND'
        with pytest.raises(InvalidInput):
            library.search(Query(text))
        assert library.search(Query(text, plain=True)).hits[0].record_id == "triptan-272"

    def test_an_error_points_at_the_place(self, library: SearchIndex) -> None:
        with pytest.raises(InvalidInput) as caught:
            library.search(Query("migraine titel:aura"))
        assert caught.value.data["position"] == 9
        assert "There is no field “titel:” (at character 10)" in caught.value.message

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    @pytest.mark.parametrize("plain", [False, True])
    def test_a_hostile_query_is_answered_or_refused_at_once(self, library: SearchIndex, text: str, plain: bool) -> None:
        started = time.perf_counter()
        with suppress(InvalidInput):
            assert library.search(Query(text, plain=plain)).total <= len(sample())
        assert time.perf_counter() - started < 1.0

    @pytest.mark.parametrize(("limit", "offset"), [(0, 0), (201, 0), (-1, 0), (10, -1), (10, 9_999)])
    def test_a_page_out_of_bounds_is_refused(self, limit: int, offset: int) -> None:
        with pytest.raises(InvalidInput):
            Query("migraine", limit=limit, offset=offset)

    # Showing

    def test_the_best_passage_is_shown_with_the_words_marked(self, library: SearchIndex) -> None:
        hit = library.search(Query("perimenstrually prophylaxis")).hits[0]
        assert hit.record_id == "triptan-643"
        assert "<mark>perimenstrually</mark>" in hit.snippet_html
        assert "<mark>prophylaxis</mark>" in hit.title_html
        assert hit.matched_terms == ("perimenstrually", "prophylaxis")

    def test_nothing_of_a_record_becomes_markup(self, index: SearchIndex) -> None:
        attack = '<script>alert("1")</script> <mark onclick=x> & <b>bold</b>'
        index.apply([made_up("a", f"{attack} zolmitriptan", f"zolmitriptan {attack} zolmitriptan")])
        for text in ("zolmitriptan", "script alert mark onclick", "bold", '"b zolmitriptan"'):
            hit = index.search(Query(text)).hits[0]
            assert is_safe(hit.title_html)
            assert is_safe(hit.snippet_html)
            assert html.unescape(_MARK.sub("", hit.title_html)) == f"{attack} zolmitriptan"
        assert not is_safe(attack), "the check itself must see the attack"

    # Changing

    def test_an_index_that_was_never_built_answers_empty(self, index: SearchIndex) -> None:
        result = index.search(Query("migraine"))
        assert (result.hits, result.total, index.count()) == ((), 0, 0)
        assert index.generation().number == 0
        assert index.verify({}) == []

    def test_an_added_record_is_found_at_once(self, library: SearchIndex) -> None:
        before = library.generation()
        after = library.apply([made_up("new", "Lasmiditan in acute migraine")])
        assert ids(library.search(Query("lasmiditan"))) == ["new"]
        assert library.generation() == after
        assert (after.number, after.documents) == (before.number + 1, before.documents + 1)

    def test_a_new_version_replaces_the_old_one(self, library: SearchIndex) -> None:
        library.apply([made_up("new", "Lasmiditan")])
        library.apply([made_up("new", "Rimegepant", version=2)])
        assert library.search(Query("lasmiditan")).total == 0
        assert [hit.version for hit in library.search(Query("rimegepant")).hits] == [2]
        assert library.count() == len(sample()) + 1

    def test_a_deleted_record_is_gone_and_deleting_it_again_is_harmless(self, library: SearchIndex) -> None:
        assert library.search(Query("intraoral")).total == 1
        library.apply([], ["triptan-272"])
        library.apply([], ["triptan-272", "never-there"])
        assert library.search(Query("intraoral")).total == 0
        assert library.count() == len(sample()) - 1

    def test_of_one_record_given_twice_the_last_counts(self, index: SearchIndex) -> None:
        index.apply([made_up("a", "First"), made_up("a", "Second", version=2)], ["a"])
        assert (index.search(Query("first")).total, index.search(Query("second")).total) == (0, 1)

    def test_a_change_happens_entirely_or_not_at_all(self, library: SearchIndex) -> None:
        def failing() -> Iterator[IndexDocument]:
            yield made_up("new", "Lasmiditan")
            raise OSError("the database went away")

        before = library.generation()
        for change in (library.apply, library.rebuild):
            with pytest.raises(OSError, match="went away"):
                change(failing())
        assert library.generation() == before
        assert library.search(Query("lasmiditan")).total == 0
        assert library.verify(versions(sample())) == []

    def test_a_rebuild_replaces_everything_and_reports_its_progress(self, library: SearchIndex) -> None:
        seen: list[int] = []
        generation = library.rebuild(sample()[:55], seen.append)
        assert seen == [50, 55]
        assert generation.documents == library.count() == 55

    def test_a_rebuild_with_one_record_twice_is_refused(self, library: SearchIndex) -> None:
        with pytest.raises(InvalidInput, match="twice"):
            library.rebuild([made_up("a", "One"), made_up("a", "Two")])
        assert library.count() == len(sample())

    def test_equal_content_has_an_equal_digest_however_it_came_about(self, index: SearchIndex) -> None:
        built = index.rebuild(sample())
        changed = index.apply([replace(sample()[3], version=2), made_up("x", "Extra")], [sample()[4].record_id])
        assert changed.digest != built.digest
        restored = index.apply([sample()[4], sample()[3]], ["x"])
        assert restored.digest == built.digest
        assert index.rebuild(reversed(sample())).digest == built.digest

    def test_verify_names_missing_stale_and_unexpected_records(self, library: SearchIndex) -> None:
        assert library.verify(versions(sample())) == []
        expected = versions(sample())
        expected["brand-new"] = 1
        expected["triptan-2"] = 2
        del expected["triptan-643"]
        found = {(difference.record_id, difference.kind) for difference in library.verify(expected)}
        assert found == {("brand-new", "missing"), ("triptan-2", "stale"), ("triptan-643", "unexpected")}

    # Together

    def test_eight_threads_get_the_answers_that_one_gets(self, library: SearchIndex) -> None:
        texts = ["sumatriptan nausea", '"menstrual migraine"', "trip* AND nausea", "title:review", "year:1998..2000"]
        alone = {text: library.search(Query(text)).hits for text in texts}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda text: (text, library.search(Query(text)).hits), texts * 40))
        assert len(answers) == 200
        assert [text for text, hits in answers if hits != alone[text]] == []

    def test_readers_get_whole_answers_while_the_index_is_rebuilt(self, library: SearchIndex) -> None:
        half = sample()[:30]
        totals: dict[int, set[int]] = {}
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                result = library.search(Query(""))
                totals.setdefault(result.generation.documents, set()).add(result.total)

        with ThreadPoolExecutor(2) as pool:
            readers = [pool.submit(read) for _ in range(2)]
            try:
                for documents in (half, sample(), half):
                    library.rebuild(documents)
                    library.apply([made_up("extra", "Extra")])
            finally:
                stop.set()
            for reader in readers:
                reader.result()
        assert totals
        assert all(found == {documents} for documents, found in totals.items())

    def test_a_closed_index_opens_again_when_it_is_used(self, library: SearchIndex) -> None:
        library.close()
        assert library.search(Query("sumatriptan")).total > 0
