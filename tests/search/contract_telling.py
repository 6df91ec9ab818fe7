"""Contract, part two: what a search says about itself, refuses and shows."""

from __future__ import annotations

import html
import re
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Expansion, Query, SearchIndex, Suggestion
from inquiry_service.search.ranking.weights import RANKING
from inquiry_service.search.words.thesaurus import HEADING
from tests.search.contract_base import Contract, is_safe
from tests.search.corpus import made_up, sample
from tests.search.mesh_library import NAMED, PER_HEADING, SAYING_SO, mesh_library

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


class Telling(Contract):
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

    def test_synonyms_take_part_are_told_and_can_be_switched_off(self, index: SearchIndex) -> None:
        index.apply([made_up("a", "Zolmitriptan in the clinic"), made_up("b", "Insulin in the clinic")])
        result = index.search(Query("triptans"))
        assert [hit.record_id for hit in result.hits] == ["a"]
        assert result.expansions == (Expansion("triptans", ("zolmitriptan",), "drug class"),)
        assert result.parsed == "triptans (also zolmitriptan)"
        assert index.search(Query("triptans", synonyms=False)).total == 0
        assert index.search(Query("=triptans")).total == 0
        assert index.search(Query('"triptans"')).total == 0

    def test_an_abbreviation_that_a_record_explains_finds_the_others(self, index: SearchIndex) -> None:
        index.rebuild([
            made_up("a", "Zoster vaccine efficacy (ZVE) in the old"),
            made_up("b", "On zoster vaccine efficacy"),
            made_up("c", "Insulin"),
        ])  # fmt: skip
        assert {hit.record_id for hit in index.search(Query("ZVE")).hits} == {"a", "b"}

    def test_the_headings_of_the_library_teach_what_its_titles_call_a_thing(self, index: SearchIndex) -> None:
        index.rebuild(mesh_library())
        found = index.search(Query("glass hair", limit=50))
        assert found.expansions == (Expansion("glass hair", ("Trichohyalosis",), HEADING),)
        assert {hit.record_id for hit in found.hits} == {f"Trichohyalosis-{place}" for place in range(PER_HEADING)}
        assert found.parsed == "glass hair (also Trichohyalosis)"
        back = index.search(Query("Trichohyalosis AND adults"))
        assert back.expansions == (Expansion("Trichohyalosis", ("glass hair",), HEADING),)
        for typed in (Query("glass hair", synonyms=False), Query("=glass =hair"), Query('"glass hair"')):
            assert index.search(typed).total == SAYING_SO

    def test_headings_that_say_nothing_of_the_titles_add_no_synonyms(self, index: SearchIndex) -> None:
        index.rebuild(mesh_library(shuffled=3))
        for expression in NAMED:
            assert all(added.origin != HEADING for added in index.search(Query(expression)).expansions)

    def test_records_added_later_teach_their_headings_too(self, index: SearchIndex) -> None:
        documents = mesh_library()
        index.rebuild(documents[PER_HEADING:])
        assert index.search(Query("marsh cough")).expansions == ()
        index.apply(documents[: PER_HEADING // 2])
        index.apply(documents[PER_HEADING // 2 : PER_HEADING])
        assert index.search(Query("marsh cough")).total >= PER_HEADING

    def test_a_misspelled_word_is_given_another_spelling_and_left_as_it_is(self, library: SearchIndex) -> None:
        result = library.search(Query("sumatryptan AND nausea"))
        assert result.total == 0
        assert result.suggestions == (Suggestion("sumatryptan", "sumatriptan"),)
        assert result.suggested == "sumatriptan AND nausea"
        assert library.search(Query(result.suggested)).total > 0

    def test_what_only_medical_staff_may_see_is_neither_synonym_nor_spelling(self, index: SearchIndex) -> None:
        index.apply([
            replace(made_up("secret", "Zibotriptan® (zibotriptanum), zibo treatment (ZT)"), medical_only=True),
            made_up("open", "Insulin"),
        ])  # fmt: skip
        for text in ("triptans", "zibotriptam", "ZT", "zibotriptanun"):
            result = index.search(Query(text))
            assert (result.expansions, result.suggestions, result.total) == ((), (), 0)

    def test_records_that_speak_of_the_same_come_first_among_similar_ones(self, library: SearchIndex) -> None:
        similar = [hit.record_id for hit in library.similar("triptan-643", limit=5)]
        assert len(similar) == 5
        assert "triptan-643" not in similar
        assert "triptan-2" in similar
        assert library.similar("no-such-record") == ()

    def test_every_result_names_its_way_of_ranking(self, library: SearchIndex) -> None:
        assert library.search(Query("migraine")).ranking == RANKING
