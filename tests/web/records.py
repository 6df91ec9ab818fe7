"""One record of every kind that an address can name, each made by somebody else than the visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.vocabulary import Action, DeliveryMethod, ExtractionState, RightKind, RightScope, Role
from inquiry_service.services import (
    delivery,
    jobs,
    literature_full_text,
    literature_merge,
    literature_rights,
    outbox,
    saved_searches,
    user_sessions,
)
from inquiry_service.services.literature_rights import RightData
from inquiry_service.services.runtime import Runtime, Session
from inquiry_service.store import (
    content,
    evidence,
    inquiries,
    literature,
    literature_imports,
    people,
    products,
    responses,
)
from tests import factories
from tests.answers import OFF_LABEL, Desk
from tests.front_desk import REPORTED, FrontDesk, open_front_desk
from tests.services.library import held, parsed

FILE = ("letter.txt", b"A letter from a physician.")


def one_of_each(desk: Desk) -> dict[str, str]:
    """Return path parameter to id, for an answer that is on its way out; ``room.parameter`` goes before ``parameter``.

    Args:
        desk: an inquiry whose letter is ready (fixture ``ready``).
    """
    found = _dead_job(desk.runtime)
    with desk.runtime.transaction() as session:
        found |= _of_people(session) | _at_the_front(session, desk) | _of_the_answer(session, desk)
        found |= _of_the_library(session, desk)
        found |= _of_searches(session, desk)
    return found | {"seq": "1", "audit.seq": "0", "action": Action.WITHDRAW.value, "drafts.step": Action.SUBMIT.value,
                    "review.step": Action.APPROVE.value}


def _of_people(session: Session) -> dict[str, str]:
    owner = factories.user(session, Role.PRIVACY_OFFICER, email="owner@tests.example")
    _, browser = user_sessions.open_session(session, owner, address="", agent="")
    return {"user_id": owner.id, "session_id": browser.id}


def _at_the_front(session: Session, desk: Desk) -> dict[str, str]:
    """A question from the field, a question on hold, and one with a safety record, a complaint and a source."""
    front: FrontDesk = replace(open_front_desk(session, desk.runtime.config.data_dir), blobs=desk.runtime.blobs)
    submitter = front.person(Role.FIELD_MSL, email="submitter@tests.example")
    handed_in = front.recorded(by=submitter, files=[FILE])
    held = front.screened(front.recorded(), prompted=True)
    reported = front.screened(front.recorded(files=[FILE]), screen=REPORTED)
    return {
        "field.inquiry_id": handed_in.id, "hold.inquiry_id": held.id, "intake.inquiry_id": reported.id,
        "attachment_id": reported.interactions[0].attachments[0].id, "case_id": front.case_of(reported).id,
        "complaint_id": front.complaint_of(reported).id,
    }


def _of_the_answer(session: Session, desk: Desk) -> dict[str, str]:
    inquiry, version = desk.inquiry(session), desk.version(session)
    sent = delivery.send(session, desk.author, inquiry, DeliveryMethod.EMAIL, "questions@firm.example")
    signature: Any = responses.signatures_of_inquiry(session, inquiry.id)[0]
    return {
        "inquiry_id": inquiry.id, "contact_id": inquiry.interactions[0].id, "review.version_id": version.id,
        "document_id": sent.document_id, "delivery_id": sent.id, "signature_id": signature.id,
    }


def _of_the_library(session: Session, desk: Desk) -> dict[str, str]:
    (record, *_) = literature.by_citation(session, citations_in(desk.version(session).source)).values()
    label = products.current_labels(session, desk.owner)[0]
    return {
        "record_id": record.id, "run_id": literature_imports.runs(session)[0].id, "product_id": label.product_id,
        "label_id": label.id, "content.version_id": content.versions_of(session, OFF_LABEL)[0].id,
    } | _held(session, desk, record.id)


def _held(session: Session, desk: Desk, record_id: str) -> dict[str, str]:
    """A right to send a record, and a file of it whose text is taken out."""
    right = literature_rights.record(session, desk.owner, record_id, RightData(
        RightKind.OPEN_LICENCE, RightScope.SEND_TO_ANYONE, proof="https://creativecommons.org/licenses/by/4.0/"))
    file = literature_full_text.attach(session, desk.owner, desk.runtime.blobs, record_id, "paper.txt", b"One page.")
    file.state, file.page_count = ExtractionState.EXTRACTED, 1
    return {"right_id": right.id, "file_id": file.id, "merge_id": _merge(session, desk)}


def _merge(session: Session, desk: Desk) -> str:
    """Two records that were made one."""
    kept, gone = (held(session, parsed(title)) for title in ("Triptans and driving", "TRIPTANS AND DRIVING"))
    return literature_merge.merge(session, desk.owner, kept.id, gone.id, {}, "One work").id


def _of_searches(session: Session, desk: Desk) -> dict[str, str]:
    """A search that was recorded for the answer, and a saved one that somebody shares."""
    run = evidence.searches(session, desk.inquiry(session).id)[0]
    data = saved_searches.SearchData("Migraine", "migraine", shared=True)
    saved = saved_searches.save(session, desk.runtime.index, desk.author, data)
    return {"evidence.run_id": run.id, "search_id": saved.id}


def _dead_job(runtime: Runtime) -> dict[str, str]:
    with runtime.transaction() as session:
        outbox.enqueue(session, outbox.SEND_LETTER, {"delivery_id": "of nothing"})
    with runtime.transaction() as session:
        held = jobs.claim(session)
        assert held
        jobs.fail(session, held, "The mail server refuses.", final=True)
    return {"job_id": held.job_id}


def person_of(runtime: Runtime, email: str) -> Any:
    """Return the account with this address."""
    with runtime.reading() as session:
        return people.by_email(session, email)


def other_inquiry(runtime: Runtime) -> str:
    """Return an inquiry to which none of the records belongs."""
    with runtime.transaction() as session:
        front = open_front_desk(session, runtime.config.data_dir)
        return inquiries.get(session, front.specialist, front.recorded().id).id
