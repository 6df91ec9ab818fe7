"""Confidential records exist only for those with the right to them; lists say no more than that there is one (R24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.vocabulary import (
    ExtractionState,
    LinkKind,
    RecordStatus,
    Role,
)
from inquiry_service.errors import NotFound
from inquiry_service.services import (
    literature_full_text,
    literature_merge,
    literature_pairs,
    literature_versions,
)
from inquiry_service.store import literature, literature_imports
from tests import factories
from tests.answers import Desk
from tests.services.library import held, parsed
from tests.services.test_doubted_work import becomes, first_cited, send
from tests.web.browser import Browser
from tests.web.desk_app import browsers, enter

SECRET = "Unpublished study of sumatriptan"
LINE = "A confidential record"


@pytest.fixture
def browser(ready: Desk) -> Iterator[Browser]:
    """A browser on the desk's database."""
    with browsers(ready) as found:
        yield found


@pytest.fixture
def compliance(ready: Desk, browser: Browser) -> Browser:
    """The browser of somebody who searches the library and has no right to confidential records."""
    with ready.runtime.transaction() as session:
        actor = factories.actor(session, Role.COMPLIANCE)
    return enter(browser, actor)


@pytest.fixture
def owner(ready: Desk, browser: Browser) -> Browser:
    """The browser of somebody with that right."""
    return enter(browser, ready.owner)


def cited(desk: Desk) -> str:
    """Make the first cited record confidential; return its id."""
    with desk.runtime.transaction() as session:
        row = literature.record(session, desk.version(session).snapshot["references"][0]["record_id"], SYSTEM)
        literature_versions.add(session, row, {"medical_only": True, "title": SECRET, "abstract": "Secret words."})
        factories.user(session)
        return row.id


def test_its_pages_do_not_exist_for_who_has_not_the_right(ready: Desk, compliance: Browser, owner: Browser) -> None:
    record_id = cited(ready)
    for endpoint in ("literature.record", "literature.similar", "literature_records.versions"):
        assert SECRET not in compliance.get(endpoint, record_id=record_id, expect=404).text
        assert SECRET in owner.get(endpoint, record_id=record_id).text


def test_its_files_do_not_exist_for_who_has_not_the_right(ready: Desk, compliance: Browser, owner: Browser) -> None:
    record_id = cited(ready)
    with ready.runtime.transaction() as session:
        file = literature_full_text.attach(
            session, ready.owner, ready.runtime.blobs, record_id, "secret.txt", b"One page.")
        file.state, file.failure = ExtractionState.FAILED, "Nothing but secret pictures."
        file_id = file.id
    for endpoint in ("literature_files.download", "literature_files.text"):
        compliance.get(endpoint, file_id=file_id, expect=404)
        owner.get(endpoint, file_id=file_id)
    page = compliance.get("literature_files.without_text").text
    assert LINE in page
    assert "secret" not in page
    assert "secret.txt" in owner.get("literature_files.without_text").text


def test_merges_pairs_and_links_with_it_tell_only_that_it_is(
    ready: Desk, compliance: Browser, owner: Browser
) -> None:
    with ready.runtime.transaction() as session:
        secret = held(session, parsed(SECRET), medical_only=True)
        open_one = held(session, parsed("Published study of sumatriptan"))
        third = held(session, parsed("Letter about a study"))
        literature_pairs.note_pair(session, secret, open_one, 0.9, "alike")
        literature_pairs.link(session, ready.owner, third.id, secret.id, LinkKind.COMMENTS_ON, "It says so")
        gone = held(session, parsed("Another unpublished study"))
        merge_id = literature_merge.merge(session, ready.owner, secret.id, gone.id, {}, "One work").id
        open_id, third_id = open_one.id, third.id
    pages: tuple[tuple[str, dict[str, Any]], ...] = (
        ("literature_merge.pairs", {}), ("literature.record", {"record_id": open_id}),
        ("literature.record", {"record_id": third_id}))
    for endpoint, values in pages:
        page = compliance.get(endpoint, **values).text
        assert LINE in page, endpoint
        assert "Unpublished" not in page
        assert "Unpublished" in owner.get(endpoint, **values).text
    compliance.get("literature_merge.merged", merge_id=merge_id, expect=404)
    owner.get("literature_merge.merged", merge_id=merge_id)


def test_an_import_shows_that_there_is_one_and_its_report_cannot_be_downloaded(
    ready: Desk, compliance: Browser, owner: Browser
) -> None:
    record_id = cited(ready)
    with ready.runtime.transaction() as session:
        run_id = literature_imports.runs(session)[0].id
        item = next(one for one in literature_imports.items(session, run_id) if one.record_id == record_id)
        title = item.title
    page = compliance.get("literature_imports.show", run_id=run_id).text
    assert LINE in page
    assert title not in page
    assert title in owner.get("literature_imports.show", run_id=run_id).text
    for endpoint in ("literature_reports.as_json", "literature_reports.as_csv"):
        compliance.get(endpoint, run_id=run_id, expect=404)
        owner.get(endpoint, run_id=run_id)


def test_a_report_without_confidential_records_can_be_downloaded_by_everybody_who_searches(
    ready: Desk, compliance: Browser
) -> None:
    with ready.runtime.reading() as session:
        run_id = literature_imports.runs(session)[0].id
    compliance.get("literature_reports.as_json", run_id=run_id)


def test_evidence_draft_and_review_show_a_neutral_line(ready: Desk, compliance: Browser, owner: Browser) -> None:
    cited(ready)
    with ready.runtime.reading() as session:
        version_id = ready.version(session).id
    pages: tuple[tuple[str, dict[str, Any]], ...] = (
        ("evidence.workbench", {"inquiry_id": ready.inquiry_id}), ("drafts.edit", {"inquiry_id": ready.inquiry_id}),
        ("review.show", {"version_id": version_id}))
    for endpoint, values in pages:
        page = compliance.get(endpoint, **values).text
        assert LINE in page, endpoint
        assert "Secret words" not in page
        assert SECRET not in page
    assert SECRET in owner.get("evidence.workbench", inquiry_id=ready.inquiry_id).text
    assert "Secret words" in owner.get("review.show", version_id=version_id).text


def test_the_line_about_a_retraction_does_not_name_it(ready: Desk, compliance: Browser, owner: Browser) -> None:
    record_id = cited(ready)
    with ready.runtime.transaction() as session:
        row = literature.record(session, record_id, SYSTEM)
        literature_versions.add(session, row, {"status": RecordStatus.RETRACTED})
        factories.user(session)
        key, number = row.citation_key, ready.inquiry(session).number
    page = compliance.get("inquiries.show", inquiry_id=ready.inquiry_id).text
    assert "was retracted on" in page
    assert f"{LINE}, cited in" in page
    assert f">{key}</a>, cited in" in owner.get("inquiries.show", inquiry_id=ready.inquiry_id).text
    home = enter(owner, ready.author).get("home.start").text
    assert key in home
    assert number in home
    assert "was retracted on" in enter(owner, ready.author).get("letters.show", inquiry_id=ready.inquiry_id).text


def test_services_treat_it_as_missing_for_who_has_not_the_right(ready: Desk) -> None:
    record_id = cited(ready)
    specialist = Actor("u", "Somebody", frozenset({Role.MI_SPECIALIST}), "s")
    outsider = replace(specialist, roles=frozenset({Role.COMPLIANCE}))
    with ready.runtime.reading() as session:
        assert literature.record(session, record_id, specialist).title == SECRET
        with pytest.raises(NotFound):
            literature.record(session, record_id, outsider)
        assert literature.hidden_from(session, outsider, [record_id]) == {record_id}
        assert literature.hidden_from(session, specialist, [record_id]) == set()


def test_sent_letters_with_retracted_work_are_listed_with_number_inquiry_recipient_and_day(
    ready: Desk, owner: Browser, compliance: Browser
) -> None:
    assert "No sent letter cites work" in owner.get("literature_letters.sent").text
    record_id = first_cited(ready)
    send(ready)
    becomes(ready, record_id, RecordStatus.RETRACTED)
    page = owner.get("literature_letters.sent").text
    with ready.runtime.reading() as session:
        inquiry = ready.inquiry(session, lock=False)
        assert f">{inquiry.number}</a>" in page
        assert inquiry.requester.type.label in page
    assert f"/literature/{record_id}" in page
    assert "Retracted" in page
    assert "1 letter was sent" in owner.get("literature.record", record_id=record_id).text
    compliance.get("literature_letters.sent", expect=403)
