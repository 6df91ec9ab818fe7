"""The archived letter: rendered once, complete, same bytes for same content, not shown when tampered (R73, R91)."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path

import pytest

from inquiry_service.clock import now
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.signing import short
from inquiry_service.domain.vocabulary import Action, Complexity, JobState, Role, State
from inquiry_service.errors import IntegrityBroken, NotFound, Refused, RenderingFailed
from inquiry_service.jobs import worker
from inquiry_service.models.documents import Document
from inquiry_service.models.jobs import OutboxJob
from inquiry_service.rendering.letter import letter_html, refuse_placeholders
from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.rendering.verify import verify_pdf
from inquiry_service.services import documents, inquiry_file, jobs, letters, outbox, render_trouble, triage
from inquiry_service.store import audit as audit_store
from inquiry_service.store import jobs as jobs_store
from inquiry_service.store import responses as store
from inquiry_service.store.audit import AuditFilter
from tests import answers, factories
from tests.answers import Desk


def document(desk: Desk) -> Document:
    """Return the newest document of the inquiry."""
    with desk.runtime.reading() as session:
        return store.documents(session, desk.inquiry_id)[-1]


def stored_file(desk: Desk) -> Path:
    """Return where the bytes of the newest document lie."""
    sha256 = document(desk).sha256
    return desk.runtime.config.blobs_dir / sha256[:2] / sha256


def text_of(desk: Desk) -> str:
    """Return the text of the archived PDF."""
    return verify_pdf(desk.runtime.blobs.get(document(desk).sha256)).text


def test_the_worker_makes_an_approved_letter_ready_with_one_verified_document(ready: Desk) -> None:
    with ready.runtime.reading() as session:
        assert ready.inquiry(session, lock=False).state is State.READY
        (row,) = store.documents(session, ready.inquiry_id)
        assert row.content_digest == ready.version(session).digest
        (entry,) = audit_store.page(session, AuditFilter(action=Event.DOCUMENT_RENDERED.value), limit=5)
    assert entry.data["changes"]["sha256"]["new"] == row.sha256
    assert row.pages >= 3


SECTIONS = {
    "1 letterhead": ("Example Therapeutics", "Medical Information", "Adverse events and complaints:"),
    "2 addressee": ("Dr Test Requester, MD", "Example Clinic", "1 Example Road"),
    "3 opening": ("in response to your unsolicited request", "Can I give sumatriptan around the period"),
    "4 status box": ("Not approved for this use", "are not approved by", "Approved indication, in full",
                     "acute treatment of migraine attacks", "Limitations of use"),
    "5 safety information": ("Important safety information", "Boxed warning", "Contraindications"),
    "6 summary": ("Summary", "52.4%"),
    "7 background": ("Background",),
    "8 literature search": ("How we searched", "Queries as run", "sumatriptan menstrual", "Not searched"),
    "9 data": ("Data", "Newman et al, 1998"),
    "10 contrary evidence": ("Conflicting, negative or missing evidence", "Not found:"),
    "12 closing": ("It is not a recommendation", "treating clinician", "MedWatch"),
    "13 references": ("References", "A pilot study of oral sumatriptan"),
    "14 signatures": ("Signatures", "Authorship", "Medical approval", "electronic signatures", "UTC"),
    "15 enclosures": ("Enclosures", "prescribing information", "2026-03"),
    "16 footer": ("version 1", "Page 1 of", "Confidential: for the requester", "Data to", "Content "),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_the_archived_letter_has_every_section_of_the_outline(ready: Desk, section: str) -> None:
    text = text_of(ready)
    assert [words for words in SECTIONS[section] if words not in text] == []


def test_the_archived_letter_names_each_signer_with_meaning_time_and_digest(ready: Desk) -> None:
    text = text_of(ready)
    with ready.runtime.reading() as session:
        signatures = store.signatures_of_inquiry(session, ready.inquiry_id)
        digest = ready.version(session).digest
    assert len(signatures) == 2
    for signature in signatures:
        assert signature.printed_name in text
        assert signature.meaning.label in text
        assert letters.signed_words(signature) in text
        assert signature.number in text
    assert short(digest) in text


def test_the_archived_letter_says_nothing_that_must_not_leave(ready: Desk) -> None:
    text = text_of(ready)
    assert "Placeholder" not in text
    assert "[@" not in text
    assert not re.search(r"\{\{|\}\}", text)
    assert "Draft" not in text


def test_the_same_content_gives_the_same_bytes(ready: Desk) -> None:
    with ready.runtime.reading() as session:
        version = ready.version(session)
        signatures = store.signatures_of(session, store.SIGNED_VERSION, version.id)
        html = letter_html(letters.context_of_version(version, signatures, draft=False))
    with PdfRenderer() as renderer:
        again = renderer.render_pdf(html)
    assert ready.runtime.blobs.get(document(ready).sha256) == again


def test_rendering_a_letter_that_is_ready_makes_no_second_document(ready: Desk) -> None:
    with ready.runtime.reading() as session:
        version_id = ready.version(session).id
    with PdfRenderer() as renderer:
        documents.render(ready.runtime.sessions, ready.runtime.blobs, renderer, version_id)
    with ready.runtime.reading() as session:
        assert len(store.documents(session, ready.inquiry_id)) == 1


def test_a_letter_with_a_placeholder_is_refused_before_it_is_rendered(desk: Desk) -> None:
    answers.save(desk)
    with desk.runtime.reading() as session:
        version = desk.version(session)
        snapshot = {**version.snapshot, "safety": []}
        context = letters.context_of(snapshot, digest=version.digest, version=1, moment=version.saved_at, draft=False)
    with pytest.raises(RenderingFailed, match="important safety information"):
        refuse_placeholders(letter_html(context))


def test_a_version_whose_content_was_changed_behind_the_signature_is_not_rendered(desk: Desk) -> None:
    answers.approved(desk)
    with desk.runtime.transaction() as session:
        version = desk.version(session)
        version.snapshot = {**version.snapshot, "title": "Another title"}
        factories.user(session)  # an audited change beside it, so that the transaction may commit
        version_id = version.id
    with pytest.raises(IntegrityBroken, match="is not what was signed"), PdfRenderer() as renderer:
        documents.render(desk.runtime.sessions, desk.runtime.blobs, renderer, version_id)
    with desk.runtime.reading() as session:
        assert desk.inquiry(session, lock=False).state is State.APPROVED
        assert store.documents(session, desk.inquiry_id) == []


def test_a_letter_that_can_never_be_rendered_is_put_aside_and_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> bytes:
        raise RenderingFailed("it used more processor time than one letter may")

    answers.approved(desk)
    monkeypatch.setattr(PdfRenderer, "render_pdf", fail)
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", 1)
    worker.run(desk.runtime, once=True)
    with desk.runtime.reading() as session:
        (job,) = jobs_store.in_state(session, JobState.DEAD)
        assert job.kind == outbox.RENDER_LETTER
        (entry,) = audit_store.page(session, AuditFilter(action=Event.DOCUMENT_RENDER_FAILED.value), limit=5)
        assert "processor time" in entry.data["changes"]["error"]["new"]
        assert desk.inquiry(session, lock=False).state is State.APPROVED


def test_an_approved_answer_whose_letter_cannot_be_made_goes_back_to_its_author_and_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> bytes:
        raise RenderingFailed("a line holds a character without a glyph")

    answers.approved(desk)
    with pytest.raises(Refused) as refusal:
        answers.give_back(desk)
    assert [unmet.code for unmet in refusal.value.unmet] == ["rendering_not_failed"]
    monkeypatch.setattr(PdfRenderer, "render_pdf", fail)
    worker.run(desk.runtime, once=True)
    answers.give_back(desk)
    with desk.runtime.reading() as session:
        assert desk.inquiry(session, lock=False).state is State.RETURNED
        signatures = store.signatures_of_inquiry(session, desk.inquiry_id)
        assert signatures
        assert not any(signature.is_valid for signature in signatures)


def test_the_file_of_an_inquiry_says_why_the_letter_is_missing_and_when_it_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> bytes:
        raise RenderingFailed("It used more processor time than one letter may.")

    answers.approved(desk)
    with desk.runtime.reading() as session:
        assert render_trouble.of(session, desk.inquiry(session, lock=False)) is None
    monkeypatch.setattr(PdfRenderer, "render_pdf", fail)
    worker.run(desk.runtime, once=True)
    with desk.runtime.reading() as session:
        first = render_trouble.of(session, desk.inquiry(session, lock=False))
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", 2)
    with desk.runtime.transaction() as session:
        (job,) = jobs_store.in_state(session, JobState.WAITING)
        job.not_before = job.created_at
        factories.user(session)  # an audited change beside it, so that the transaction may commit
    worker.run(desk.runtime, once=True)
    with desk.runtime.reading() as session:
        last = inquiry_file.file_of(session, desk.author, desk.inquiry_id).answer
    assert first is not None
    assert (first.words, first.attempts) == ("It used more processor time than one letter may.", 1)
    assert first.next_try is not None
    assert last is not None
    assert last.trouble is not None
    assert (last.trouble.attempts, last.trouble.next_try) == (2, None)


def test_a_smiley_in_the_quoted_question_is_named_and_the_signed_words_stay(desk: Desk) -> None:
    answers.approved(desk)
    with desk.runtime.reading() as session:
        snapshot = deepcopy(desk.version(session).snapshot)
    snapshot["questions"][0]["verbatim"] = "Does it help? \U0001f600"
    context = letters.context_of(snapshot, digest="", version=1, moment=now())
    assert context.questions[0].verbatim == "Does it help? [grinning face]"
    assert snapshot["questions"][0]["verbatim"].endswith("\U0001f600")


def test_a_download_gives_the_archived_bytes_and_is_recorded(ready: Desk) -> None:
    wanted = document(ready)
    with ready.runtime.transaction() as session:
        row, data = documents.download(session, ready.runtime.blobs, ready.reviewer, wanted.id)
    assert verify_pdf(data).pages == row.pages
    with ready.runtime.reading() as session:
        (entry,) = audit_store.page(session, AuditFilter(action=Event.DOCUMENT_DOWNLOADED.value), limit=5)
    assert entry.data["actor"]["id"] == ready.reviewer.user_id


def test_a_document_whose_bytes_were_changed_on_the_disk_is_not_handed_out(ready: Desk) -> None:
    file = stored_file(ready)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(data)
    with pytest.raises(IntegrityBroken), ready.runtime.transaction() as session:
        documents.download(session, ready.runtime.blobs, ready.reviewer, document(ready).id)


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR, Role.INTAKE_AGENT])
def test_a_document_does_not_exist_for_who_may_not_read_letters(ready: Desk, role: Role) -> None:
    with ready.runtime.transaction() as session:
        other = factories.actor(session, role)
    with pytest.raises(NotFound), ready.runtime.transaction() as session:
        documents.download(session, ready.runtime.blobs, other, document(ready).id)


def test_a_released_standard_response_is_printed_with_its_one_signature(desk: Desk) -> None:
    with desk.runtime.transaction() as session:
        inquiry = desk.inquiry(session)
        triage.set_level(session, desk.author, inquiry, Complexity.LEVEL_1, inquiry.urgency)
    answers.save(desk)
    answers.sign(desk, desk.author, Action.RELEASE)
    with desk.runtime.reading() as session:
        waiting = jobs_store.in_state(session, JobState.WAITING)
        version = desk.version(session)
        signatures = store.signatures_of(session, store.SIGNED_VERSION, version.id)
        html = letter_html(letters.context_of_version(version, signatures, draft=False))
    assert [job.kind for job in waiting if isinstance(job, OutboxJob)].count(outbox.RENDER_LETTER) == 1
    assert "Release of an approved standard response" in html
