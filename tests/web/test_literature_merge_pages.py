"""Pages about two records: the queue of pairs, side by side, merging, keeping apart, linking, undoing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inquiry_service.domain.vocabulary import LinkKind, Role
from inquiry_service.services import literature_pairs
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import literature, literature_notices
from inquiry_service.store import literature_pairs as store
from tests.services.library import held, parsed
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

TITLE = "Sumatriptan nasal spray in adolescent migraine"
HOSTILE = "<script>alert(1)</script> spray"


@pytest.fixture
def librarian(browser_of: BrowserOf) -> Browser:
    """A content owner's browser."""
    return browser_of(Role.CONTENT_OWNER)


@pytest.fixture
def pair(runtime: Runtime) -> tuple[str, str]:
    """Two records of which a person shall decide; the ids."""
    return make_pair(runtime)


def make_pair(runtime: Runtime) -> tuple[str, str]:
    """Store two records that look alike, with their open pair."""
    with runtime.sessions() as session:
        first = held(session, parsed(f"{TITLE}: a trial", pmid="7", abstract="Few data exist."))
        second = held(session, parsed(f"{TITLE}: {HOSTILE}", doi="10.1000/a", pages="1-9",
                                      abstract="METHODS: We looked.\n\nRESULTS: Few data exist of any trial."))
        literature_pairs.note_pair(session, first, second, 0.62, "one title is the other without its subtitle")
        session.commit()
        return first.id, second.id


def merge_data(page: str, other: str, **more: str) -> dict[str, str]:
    chosen = dict(re.findall(r'name="(take_\w+)" value="(\w+)" checked', page))
    return {"other": other, "seen_kept": "1", "seen_gone": "1", "reason": "Same DOI", **chosen, **more}


def test_open_pairs_are_listed_with_their_reason_and_the_differing_words_marked(
    pair: tuple[str, str], librarian: Browser
) -> None:
    page = librarian.get("literature_merge.pairs").text
    assert "62 %" in page
    assert "one title is the other without its subtitle" in page
    assert "<mark>trial</mark>" in page
    assert "<script>alert" not in page
    assert "1 to decide" in page


def test_a_reader_sees_the_pairs_and_cannot_decide(
    pair: tuple[str, str], browser_of: BrowserOf
) -> None:
    reader = browser_of(Role.AUDITOR)
    assert "Compare" not in reader.get("literature_merge.pairs").text
    assert reader.get("literature_merge.compare", record_id=pair[0], expect=403).status_code == 403


def test_two_records_are_compared_field_by_field_with_the_richer_side_chosen(
    pair: tuple[str, str], librarian: Browser
) -> None:
    page = librarian.get("literature_merge.compare", record_id=pair[0], other=pair[1]).text
    assert '<input type="radio" name="take_abstract" value="gone" checked>' in page
    assert '<input type="radio" name="take_title" value="kept" checked>' in page
    assert "The same in both" in page
    assert "<script>alert" not in page


def test_merging_leads_to_the_merge_and_can_be_undone_there(
    pair: tuple[str, str], librarian: Browser, runtime: Runtime
) -> None:
    page = librarian.get("literature_merge.compare", record_id=pair[0], other=pair[1]).text
    done = librarian.post("literature_merge.merge", merge_data(page, pair[1], take_title="gone"), record_id=pair[0])
    assert "&lt;script&gt;" in librarian.get(done.location).text
    kept, gone = records(runtime, pair)
    assert (kept.doi, kept.pages, gone.merged_into) == ("10.1000/a", "1-9", kept.id)
    shown = librarian.get("literature.record", record_id=gone.id).text
    assert "Merged into" in shown
    assert f"/literature/{kept.id}" in shown
    assert "Merged into this record" in librarian.get("literature.record", record_id=kept.id).text
    with runtime.reading() as session:
        merge_id = store.merges_of(session, kept.id)[0].id
    refused = librarian.post("literature_merge.undo", {"reason": " "}, expect=422, merge_id=merge_id)
    assert "Give a reason" in refused.text
    undone = librarian.post("literature_merge.undo", {"reason": "Two trials"}, merge_id=merge_id)
    assert "Undone" in librarian.get(undone.location).text
    assert records(runtime, pair)[1].merged_into is None


def test_a_refused_merge_keeps_what_was_chosen_and_typed(pair: tuple[str, str], librarian: Browser) -> None:
    page = librarian.get("literature_merge.compare", record_id=pair[0], other=pair[1]).text
    sent = merge_data(page, pair[1], reason="", take_title="gone")
    refused = librarian.post("literature_merge.merge", sent, expect=422, record_id=pair[0]).text
    assert '<input type="radio" name="take_title" value="gone" checked>' in refused
    assert "Give a reason" in refused


def test_a_merge_made_from_an_outdated_page_is_refused(pair: tuple[str, str], librarian: Browser) -> None:
    page = librarian.get("literature_merge.compare", record_id=pair[0], other=pair[1]).text
    sent = merge_data(page, pair[1], seen_kept="3")
    assert "changed after you opened" in librarian.post(
        "literature_merge.merge", sent, expect=409, record_id=pair[0]).text


def test_different_works_leave_the_queue(pair: tuple[str, str], librarian: Browser, runtime: Runtime) -> None:
    refused = librarian.post("literature_merge.apart", {"other": pair[1], "reason": ""}, expect=422, record_id=pair[0])
    assert "Give a reason" in refused.text
    page = librarian.post("literature_merge.apart", {"other": pair[1], "reason": "Other patients"}, record_id=pair[0])
    assert "No pair waits for a decision" in librarian.get(page.location).text


def test_a_link_is_made_in_the_direction_that_was_chosen(
    pair: tuple[str, str], librarian: Browser, runtime: Runtime
) -> None:
    sent = {"other": pair[1], "which": "other", "kind": LinkKind.PREPRINT_OF.value, "reason": "Says so"}
    librarian.post("literature_merge.link", sent, record_id=pair[0])
    with runtime.reading() as session:
        link = literature_notices.links_of(session, [pair[0]])[0]
    assert (link.from_id, link.kind, link.to_id) == (pair[1], LinkKind.PREPRINT_OF, pair[0])


@pytest.mark.parametrize("named", ["[@newman1998b]", "newman1998b", "https://doi.org/10.1000/A"])
def test_the_other_record_is_found_by_key_or_identifier(
    pair: tuple[str, str], librarian: Browser, named: str
) -> None:
    page = librarian.get("literature_merge.compare", record_id=pair[0], other=named).text
    assert "These are different works" in page


def test_a_record_that_does_not_exist_or_is_itself_is_said_beside_the_field(
    pair: tuple[str, str], librarian: Browser
) -> None:
    assert "Its citation key" in librarian.get("literature_merge.compare", record_id=pair[0]).text
    for named, words in (("nobody1", "holds no record"), ("newman1998", "the record itself")):
        page = librarian.get("literature_merge.compare", record_id=pair[0], other=named, expect=422).text
        assert words in page
        assert f'value="{named}"' in page


def test_long_queues_have_pages(runtime: Runtime, librarian: Browser) -> None:
    with runtime.sessions() as session:
        rows = [held(session, parsed(f"Sumatriptan and drug{number:02}")) for number in range(28)]
        for row in rows[1:]:
            literature_pairs.note_pair(session, rows[0], row, 0.5, "same title")
        session.commit()
    assert "1–25 of 27" in librarian.get("literature_merge.pairs").text
    assert "26–27 of 27" in librarian.get("literature_merge.pairs", offset=25).text


def records(runtime: Runtime, ids: tuple[str, str]) -> tuple[Any, Any]:
    with runtime.reading() as session:
        found = literature.records(session, ids)
        return found[ids[0]], found[ids[1]]
