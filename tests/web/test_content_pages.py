"""One text of the library: as it will look, its changes, where it is used; taking it out of use through its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.vocabulary import ContentState, LabelStatus, Lane, Role, Topic
from inquiry_service.services.facts import gather
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import content as store
from inquiry_service.store import content_usage
from inquiry_service.store.content import Wanted
from tests import answers, factories
from tests.answers import Desk
from tests.database import CountQueries
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf
from tests.web.content_shelf import CLOSING, HOSTILE, PREVENTION, line_of, release, row, shelf, version

WANTED = Wanted("sumatriptan-tablets", "US", "en-US", Lane.HCP, frozenset({Topic.EFFICACY, Topic.DOSING}),
                frozenset({LabelStatus.OFF_LABEL}), "2026-03")


@pytest.fixture
def folder(config: Config, tmp_path: Path) -> Path:
    """A content folder of one block and one standard response."""
    return shelf(config, tmp_path)


@pytest.fixture
def owner(browser_of: BrowserOf) -> Browser:
    """A content owner's browser."""
    return browser_of(Role.CONTENT_OWNER)


@pytest.fixture
def desk(app: Flask, config: Config) -> Iterator[Desk]:
    """The shipped labels and content, and one inquiry that is being drafted."""
    opened = answers.open_desk(config)
    yield opened
    opened.runtime.close()


def test_a_text_is_shown_with_sample_values_and_its_references_in_ama_style(desk: Desk, browser_of: BrowserOf) -> None:
    page = browser_of(Role.MI_SPECIALIST).get("content.show", version_id=row(desk.runtime, PREVENTION).id).text
    assert "<h2>Conflicting, negative or missing evidence</h2>" in page
    assert '52.4% of 126 treated cycles and reduced in severity by 50% or greater in 42%.<sup class="cite">' in page
    references = page.partition('<ol class="refs">')[2].partition("</ol>")[0]
    assert references.count("<li id=") == 6
    assert "Newman LC, Lipton RB, Lay CL, Solomon S. A pilot study of oral sumatriptan" in references
    assert "PMID: 9674831" in references
    assert "not in the library" not in page
    closing = browser_of(Role.MI_SPECIALIST).get("content.show", version_id=row(desk.runtime, CLOSING).id).text
    assert "to use Sumatriptan tablets in a way that the labeling does not describe" in closing
    assert "<dt title=\"Number of the inquiry\">inquiry.number</dt><dd>MI-2026-000123</dd>" in closing


def test_a_citation_that_leads_nowhere_is_named(runtime: Runtime, owner: Browser, folder: Path) -> None:
    release(runtime, folder)
    page = owner.get("content.show", version_id=row(runtime, PREVENTION).id).text
    assert "Cited, but not in the library: pmid9674831" in page


def test_a_template_that_cannot_be_filled_says_why_and_shows_its_source(
    runtime: Runtime, owner: Browser, folder: Path
) -> None:
    version(folder, CLOSING, 1, template=lambda text: text + "{{ no.such.field }}\n")
    release(runtime, folder)
    shown = owner.get("content.show", version_id=row(runtime, CLOSING).id).text
    assert "The text cannot be shown." in shown
    assert "{{ no.such.field }}" in owner.get("content.show", version_id=row(runtime, CLOSING).id, show="source").text


def test_hostile_content_is_shown_as_text(runtime: Runtime, owner: Browser, folder: Path) -> None:
    version(folder, CLOSING, 1, template=lambda text: f"{text}\n\n{HOSTILE}\n", meta=lambda text: text.replace(
        'title = "Closing', f"title = '''{HOSTILE}").replace('"\nmarket', "'''\nmarket").replace(
        '"First version."', f"'''{HOSTILE}'''"))
    version(folder, CLOSING, 2, template=lambda text: f"{text}\n{HOSTILE} again\n")
    release(runtime, folder)
    second = row(runtime, CLOSING, 2).id
    pages = [owner.get("content.library").text, owner.get("content.suspend", version_id=second).text]
    pages += [owner.get("content.show", version_id=second, show=view).text for view in ("preview", "source", "changes")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(" in page


def test_two_versions_are_compared_word_by_word(runtime: Runtime, owner: Browser, folder: Path) -> None:
    version(folder, CLOSING, 2, template=lambda text: text.replace("published and approved", "published, approved"))
    release(runtime, folder)
    first, second = row(runtime, CLOSING, 1).id, row(runtime, CLOSING, 2).id
    page = owner.get("content.show", version_id=second, show="changes").text
    assert "Version 1 compared with version 2" in page
    assert "<del>published and </del>" in page
    assert "<ins>published, </ins>" in page
    older = owner.get("content.show", version_id=first, show="changes", against="2").text
    assert "Version 2 compared with version 1" in older
    assert "<ins>published, </ins>" in older
    alone = owner.get("content.show", version_id=row(runtime, PREVENTION).id, show="changes", against="7").text
    assert "There is nothing to compare with" in alone


def test_a_draft_is_named_where_its_texts_are_used(desk: Desk, browser_of: BrowserOf) -> None:
    owner = browser_of(Role.CONTENT_OWNER)
    unused = owner.get("content.show", version_id=row(desk.runtime, PREVENTION).id).text
    answers.save(desk)
    with desk.runtime.reading() as session:
        number = desk.inquiry(session, lock=False).number
    for key in (PREVENTION, CLOSING, "not-approved-statement"):
        page = owner.get("content.show", version_id=row(desk.runtime, key).id).text
        assert "Not sent yet" in page
        assert f'<a href="/inquiries/{desk.inquiry_id}">{number}</a>' in page
    assert number not in unused
    assert "No letter uses it." in unused
    assert number not in owner.get("content.show", version_id=row(desk.runtime, "closing-patient").id).text
    library = owner.get("content.library").text
    assert ">1</td>" in line_of(library, "menstrual migraine")
    assert ">1</td>" in line_of(library, "closing-hcp/v1")
    assert ">0</td>" in line_of(library, "closing-patient/v1")


def test_a_suspended_text_is_no_longer_offered_and_everybody_reads_why(desk: Desk, browser_of: BrowserOf) -> None:
    owner, reader = browser_of(Role.CONTENT_OWNER), browser_of(Role.MI_SPECIALIST)
    found = row(desk.runtime, PREVENTION).id
    answers.save(desk)
    assert PREVENTION in _offered(desk)
    assert _changed(desk) == []
    form = owner.get("content.suspend", version_id=found).text
    assert "<dt>Not sent yet</dt><dd>1 letter</dd>" in form
    owner.post("content.suspend", {"reason": f"The pilot study was retracted {HOSTILE}"}, version_id=found)
    assert PREVENTION not in _offered(desk)
    assert _changed(desk) == ["content_not_effective"]
    page = reader.get("content.show", version_id=found).text
    assert "The pilot study was retracted &lt;script&gt;" in page
    assert "only effective content may be used" in page
    assert "sumatriptan-menstrual-prevention/v1" in reader.get("content.library", state="suspended").text
    again = owner.post("content.suspend", {"reason": "Again"}, version_id=found, expect=409)
    assert "only effective content can be suspended" in again.text


def _offered(desk: Desk) -> list[str]:
    with desk.runtime.reading() as session:
        return [match.version.item.key for match in store.effective(session, desk.author, WANTED)]


def _changed(desk: Desk) -> list[str]:
    with desk.runtime.reading() as session:
        return [unmet.code for unmet in gather(session, desk.inquiry(session, lock=False)).source_changes]


def test_without_a_reason_nothing_is_taken_out_of_use(runtime: Runtime, owner: Browser, folder: Path) -> None:
    release(runtime, folder)
    found = row(runtime, CLOSING).id
    for act, element in (("suspend", "suspend-reason"), ("retire", "retire-reason")):
        page = owner.post(f"content.{act}", {"reason": "   "}, version_id=found, expect=422).text
        assert f'href="#{element}"' in page
        assert "Say why" in page
    owner.post("content.suspend", {"reason": "x" * 1001}, version_id=found, expect=422)
    owner.post("content.suspend", {"reason": "x", "state": "retired"}, version_id=found, expect=400)
    owner.post("content.suspend", {"reason": "x"}, version_id=found, token="", expect=400)
    assert row(runtime, CLOSING).state is ContentState.EFFECTIVE


def test_a_retired_text_stays_readable_and_offers_no_further_act(
    runtime: Runtime, owner: Browser, folder: Path
) -> None:
    release(runtime, folder)
    found = row(runtime, CLOSING).id
    before = owner.get("content.show", version_id=found).text
    owner.post("content.retire", {"reason": "Written anew"}, version_id=found)
    after = owner.get("content.show", version_id=found).text
    assert row(runtime, CLOSING).state is ContentState.RETIRED
    assert "Written anew" in after
    for act in ("suspend", "retire"):
        assert f"/documents/{found}/{act}" in before
        assert f"/documents/{found}/{act}" not in after
        assert owner.get(f"content.{act}", version_id=found, expect=303).location == f"/documents/{found}"


def test_pages_need_the_same_number_of_queries_however_much_there_is(
    desk: Desk, browser_of: BrowserOf, count_queries: CountQueries
) -> None:
    owner, runtime = browser_of(Role.CONTENT_OWNER), desk.runtime
    alone = row(runtime, "opening-hcp").id
    with count_queries() as without_letters:
        owner.get("content.library")
        owner.get("content.show", version_id=alone)
    answers.save(desk)
    with runtime.transaction() as session:
        for number in range(3):
            factories.product_with_label(session, key=f"further-{number}", name=f"Further {number}")
    with count_queries() as with_letters:
        owner.get("content.library")
        owner.get("content.show", version_id=alone)
    assert len(with_letters) == len(without_letters) <= 24


def test_usage_is_hidden_from_those_who_may_not_read_letters(desk: Desk) -> None:
    answers.save(desk)
    stranger = Actor("u-sales", "Sales", frozenset({Role.FIELD_SALES}))
    with desk.runtime.reading() as session:
        found = store.version(session, SYSTEM, row(desk.runtime, CLOSING).id)
        assert content_usage.content_counts(session, desk.owner)
        assert content_usage.content_counts(session, stranger) == {}
        assert content_usage.label_counts(session, stranger) == {}
        assert content_usage.letters_with_content(session, stranger, found) == content_usage.Letters()
        assert content_usage.letters_with_content(session, desk.owner, found).total == 1
