"""An inquiry in plain words and values, for the command line and for machines."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.models.inquiries import Inquiry, Question
from inquiry_service.services import workflow
from inquiry_service.services.letters import signed_words
from inquiry_service.store import inquiries
from inquiry_service.store import responses as store


def describe(session: Session, viewer: Actor, number: str) -> dict[str, Any]:
    """Return what ``viewer`` may see of inquiry ``number`` as plain values.

    Raises:
        NotFound: there is no such inquiry for this viewer.
    """
    inquiry = inquiries.by_number(session, viewer, number)
    facts: dict[str, Any] = {
        "number": inquiry.number, "state": inquiry.state.value, "state_since": inquiry.state_since.isoformat(),
        "product": inquiry.product.name, "market": inquiry.market, "priority": inquiry.urgency.value,
        "due_at": inquiry.due_at.isoformat() if inquiry.due_at else None,
        "assignee": inquiry.assignee.printed_name if inquiry.assignee else None,
        "requester": inquiry.requester.type.value,
        "questions": [_question(question) for question in inquiry.questions],
        "safety": [{"number": case.number, "state": case.state.value}
                   for case in inquiries.safety_cases(session, [inquiry.id])],
        "complaints": [{"number": row.number, "state": row.state.value}
                       for row in inquiries.complaints(session, [inquiry.id])],
        "next_steps": _steps(session, viewer, inquiry),
    }
    return facts | (_answer(session, inquiry) if store.readable(viewer) else {})


def _question(question: Question) -> dict[str, Any]:
    found = question.classification
    return {
        "number": question.seq, "verbatim": question.verbatim, "restated": question.restated,
        "label_status": found.label_status.value if found else None,
        "lane": question.lane.value if question.lane else None, "topics": list(question.topics),
    }


def _steps(session: Session, viewer: Actor, inquiry: Inquiry) -> list[dict[str, Any]]:
    return [
        {"action": option.transition.action.value, "open": option.is_open,
         "unmet": [condition.message for condition in option.unmet]}
        for option in workflow.options(session, viewer, inquiry)
    ]


def _answer(session: Session, inquiry: Inquiry) -> dict[str, Any]:
    return {
        "versions": [{"version": row.version, "digest": row.digest, "author": row.author_name,
                      "saved_at": row.saved_at.isoformat()} for row in store.versions(session, inquiry.id)],
        "signatures": [{"number": row.number, "name": row.printed_name, "meaning": row.meaning.value,
                        "signed_at": signed_words(row), "digest": row.digest, "valid": row.is_valid}
                       for row in store.signatures_of_inquiry(session, inquiry.id)],
        "documents": [{"number": row.number, "sha256": row.sha256, "pages": row.pages, "size": row.size}
                      for row in store.documents(session, inquiry.id)],
        "deliveries": [{"state": row.state.value, "method": row.method.value,
                        "finished_at": row.finished_at.isoformat() if row.finished_at else None}
                       for row in store.deliveries(session, inquiry.id)],
    }
