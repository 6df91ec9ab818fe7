"""Background work as administrators see it: what needs a person, and starting it once more."""

from __future__ import annotations

import pytest

from inquiry_service.domain.vocabulary import JobState, Role
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.services import jobs, outbox
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import audit as audit_store
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf


@pytest.fixture
def administrator(browser_of: BrowserOf) -> Browser:
    """An administrator's browser."""
    return browser_of(Role.ADMINISTRATOR)


def _dead_job(runtime: Runtime, error: str = "The mail server refuses.") -> str:
    with runtime.transaction() as session:
        outbox.enqueue(session, outbox.SEND_LETTER, {"delivery_id": "secret-id"})
    with runtime.transaction() as session:
        held = jobs.claim(session)
        assert held
        jobs.fail(session, held, error, final=True)
    return held.job_id


def _state(runtime: Runtime, job_id: str) -> JobState:
    with runtime.reading() as session:
        job = session.get(OutboxJob, job_id)
        assert job
        return job.state


def test_an_empty_outbox_says_so_and_that_no_worker_ran(administrator: Browser) -> None:
    page = administrator.get("jobs.overview").text
    assert page.count("None.") == 3
    assert "No worker has ever run" in page
    assert "/admin/jobs" in administrator.get("health.report").text


def test_a_dead_job_shows_its_error_as_text_and_not_its_payload(administrator: Browser, runtime: Runtime) -> None:
    _dead_job(runtime, "TypeError: <script>alert(1)</script>")
    page = administrator.get("jobs.overview").text
    assert "Hand a letter over for sending" in page
    assert "TypeError: &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "secret-id" not in page


def test_a_dead_job_is_started_again_once_and_that_is_on_record(administrator: Browser, runtime: Runtime) -> None:
    job_id = _dead_job(runtime)
    administrator.post("jobs.retry", job_id=job_id)
    assert _state(runtime, job_id) is JobState.WAITING
    with runtime.reading() as session:
        found = audit_store.latest(session, "job:retried")
    assert found
    assert found.data["object"]["id"] == job_id
    assert found.data["actor"]["role"] == "administrator"
    assert "due now" in administrator.get("jobs.overview").text
    administrator.post("jobs.retry", job_id=job_id, expect=409)


def test_nobody_else_sees_or_starts_jobs(browser_of: BrowserOf, runtime: Runtime) -> None:
    job_id = _dead_job(runtime)
    for role in (Role.MI_SPECIALIST, Role.AUDITOR):
        browser = browser_of(role)
        browser.get("jobs.overview", expect=403)
        browser.post("jobs.retry", job_id=job_id, expect=403)
    assert _state(runtime, job_id) is JobState.DEAD
