"""Contract, part three: records put in and taken out, rebuilding, verifying, many threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import IndexDocument, Query, SearchIndex
from tests.search.contract_base import Contract, ids
from tests.search.corpus import made_up, sample, versions


class Changing(Contract):
    def test_an_index_that_was_never_built_answers_empty(self, index: SearchIndex) -> None:
        result = index.search(Query("migraine"))
        assert (result.hits, result.total, index.count()) == ((), 0, 0)
        assert index.generation().number == 0
        assert index.verify({}) == []

    def test_an_index_without_a_record_answers_every_kind_of_search(self, library: SearchIndex) -> None:
        texts = (
            "", "migraine", '"menstrual migraine"', "trip*", "title:review year:2004", "5-HT3 NOT status:x",
            "5-HT3 and IL-6",
        )  # fmt: skip
        for empty in (lambda: library.apply([], versions(sample())), lambda: library.rebuild([])):
            assert empty().documents == 0
            for text in texts:
                assert library.search(Query(text)).total == 0
        assert library.verify({}) == []
        assert library.apply([made_up("a", "Title")]).documents == library.search(Query("")).total == 1

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
