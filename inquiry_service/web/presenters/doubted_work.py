"""Works that answers rest on and that stand worse now, as plain data: a line for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.services.doubted_work import Doubted, SentWithDoubted
from inquiry_service.web.presenters.literature import summary_for

_BECAME = {
    RecordStatus.RETRACTED: "was retracted", RecordStatus.EXPRESSION_OF_CONCERN: "came under an expression of concern",
    RecordStatus.CORRECTED: "was corrected",
}


def lines(found: Iterable[Doubted], viewer: Actor) -> list[dict[str, Any]]:
    """Return what ``answer/doubted.html`` shows: the record, the inquiry, and what happened to the record when."""
    return [{
        "record": summary_for(viewer, one.record), "inquiry_id": one.inquiry_id, "inquiry": one.inquiry_number,
        "use": "cited in" if one.is_cited else "kept for", "became": _BECAME[one.record.status],
        "on": _day(one.since), "is_retracted": one.record.status is RecordStatus.RETRACTED,
    } for one in found]


def sent(found: Iterable[SentWithDoubted], viewer: Actor) -> list[dict[str, Any]]:
    """Return what ``literature/letters.html`` shows of letters that were sent."""
    return [{
        "number": one.letter.number, "inquiry_id": one.letter.inquiry_id, "inquiry": one.letter.inquiry_number,
        "recipient": one.letter.recipient.label, "sent_at": one.letter.sent_at,
        "record": summary_for(viewer, one.letter.record), "on": _day(one.since),
    } for one in found]


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
