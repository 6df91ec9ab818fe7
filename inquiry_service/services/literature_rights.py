"""On what ground a copy of a work may be sent (R70). Without a recorded right only citation and link leave the house.

That a work can be read online for free is no right to send it. An open licence that a record names is proposed
here and recorded by a person, who looks at it first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ReasonCode, RightKind, RightScope
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.literature_holdings import LiteratureRight
from inquiry_service.services import audit, literature_versions
from inquiry_service.services.access import require
from inquiry_service.store import literature as literature_store
from inquiry_service.store import literature_holdings as store

MOST_COPIES = 1_000_000
LONGEST_HOLDER = 200
LONGEST_PROOF = 2000

_COVERS = {
    RightScope.SEND_TO_PROFESSIONALS: (RightScope.SEND_TO_PROFESSIONALS, RightScope.SEND_TO_ANYONE),
    RightScope.SEND_TO_ANYONE: (RightScope.SEND_TO_ANYONE,),
    RightScope.INTERNAL: tuple(RightScope),
}
"""Whom a copy is for, and the scopes that reach that far."""
_COUNTED = (RightKind.PURCHASED_REPRINTS, RightKind.SINGLE_PERMISSION)
_OPEN_LICENCE = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)/(?P<version>\d\.\d)|publicdomain/)"
    r"|\bCC[ -]?(?P<short>BY(?:-NC)?(?:-SA|-ND)?|0)\b", re.IGNORECASE)


@dataclass(frozen=True)
class RightData:
    """A right as a person records it.

    Attributes:
        holder: who gave it, e.g. the publisher or the collecting society.
        proof: licence address, order or permission number, contract.
        copies: how many may be used; None for no limit. expires_on: its last day; None for no end.
    """

    kind: RightKind
    scope: RightScope
    holder: str = ""
    proof: str = ""
    copies: int | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Sendable:
    """The answer to "may this copy go out?": the right that covers it, or why none does."""

    right: LiteratureRight | None
    words: str


def record(session: Session, actor: Actor, record_id: str, data: RightData) -> LiteratureRight:
    """Record a right to use copies of a work.

    Raises:
        Forbidden: the right to do so is missing; NotFound: no such record; InvalidInput: names the fields.
        Refused: the record was merged into another one.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    of = literature_versions.locked(session, actor, record_id)
    _check(data)
    row = LiteratureRight(
        record_id=of.id, kind=data.kind, scope=data.scope, holder=data.holder.strip(), proof=data.proof.strip(),
        copies=data.copies, copies_used=0, expires_on=data.expires_on, recorded_at=now(), recorded_by=actor.name)
    session.add(row)
    session.flush()
    audit.record(session, actor, Event.LITERATURE_RIGHT_RECORDED, row, label=of.citation_key, changes={
        "record": (None, of.id), "kind": (None, row.kind), "scope": (None, row.scope), "holder": (None, row.holder),
        "proof": (None, row.proof), "copies": (None, row.copies),
        "expires_on": (None, row.expires_on.isoformat() if row.expires_on else None)})
    return row


def end(session: Session, actor: Actor, right_id: str, reason: str) -> LiteratureRight:
    """End a right before its time; what was sent under it stays on record.

    Raises:
        Forbidden: the right is missing; NotFound: no such right; Refused: it has ended; InvalidInput: no reason.
    """
    require(actor, Permission.LITERATURE_MANAGE)
    row = store.right(session, right_id, lock=True)
    if row.ended_at is not None:
        raise Refused("This right has ended already.")
    said = reason.strip()
    if not said or len(said) > LONGEST_PROOF:
        raise InvalidInput("The right was not ended.", fields={"reason": "Say why it ends."})
    row.ended_at, row.ended_reason = now(), said
    session.flush()
    audit.record(session, actor, Event.LITERATURE_RIGHT_ENDED, row, label=_key(session, row),
                 reason=Reason(ReasonCode.OTHER.value, said), changes={"ended_at": (None, row.ended_at.isoformat())})
    return row


def may_send(session: Session, record_id: str, recipient: RightScope, on: date) -> Sendable:
    """Say whether a copy of a record may be used for ``recipient`` on a day, and under which right (R70).

    Of several rights one without a count is taken first, then the one that expires soonest.

    Args:
        recipient: ``SEND_TO_PROFESSIONALS`` for a healthcare professional, ``SEND_TO_ANYONE`` for anybody else.
    """
    rights = store.rights_of(session, record_id)
    reaching = [row for row in rights if row.scope in _COVERS[recipient]]
    usable = [row for row in reaching if not why_not(row, on)]
    if usable:
        chosen = min(usable, key=lambda row: (row.copies is not None, row.expires_on or date.max, row.id))
        return Sendable(chosen, f"{chosen.kind.label}: {state_words(chosen, on)}")
    if reaching:
        return Sendable(None, "No right covers a copy any more: " + "; ".join(
            f"{row.kind.label.lower()} {why_not(row, on)}" for row in reaching) + ". Send citation and link.")
    if rights:
        return Sendable(None, f"The recorded right does not cover {recipient.label.lower()}. Send citation and link.")
    return Sendable(None, "No right to send a copy is recorded. Send citation and link.")


def use_copy(session: Session, actor: Actor, right_id: str, recipient: RightScope, *, inquiry_id: str = "") -> None:
    """Use one copy under a right, when an enclosure is sent; the row is locked, so that none is used twice.

    Raises:
        NotFound: no such right; Refused: it has ended, is used up, or does not reach that far.
    """
    row = store.right(session, right_id, lock=True)
    fault = why_not(row, now().date())
    if row.scope not in _COVERS[recipient]:
        fault = fault or f"does not cover {recipient.label.lower()}"
    if fault:
        raise Refused(f"The {row.kind.label.lower()} of {_key(session, row)} {fault}.")
    before, row.copies_used = row.copies_used, row.copies_used + 1
    session.flush()
    audit.record(session, actor, Event.LITERATURE_COPY_USED, row, label=_key(session, row),
                 inquiry_id=inquiry_id or None, changes={"copies_used": (before, row.copies_used)})


def why_not(row: LiteratureRight, on: date) -> str:
    """Return why nothing can be sent under a right on a day, as the end of a sentence; empty when it can."""
    if row.ended_at is not None:
        return f"ended on {row.ended_at.date().isoformat()}"
    if row.expires_on is not None and row.expires_on < on:
        return f"expired on {row.expires_on.isoformat()}"
    if row.copies is not None and row.copies_used >= row.copies:
        return f"is used up: {row.copies_used:,} of {row.copies:,} copies"
    return ""


def state_words(row: LiteratureRight, on: date) -> str:
    """Return what is left of a right, in words."""
    left = f"{row.copies - row.copies_used:,} of {row.copies:,} copies left" if row.copies is not None else "no limit"
    until = f", until {row.expires_on.isoformat()}" if row.expires_on else ""
    return why_not(row, on) or left + until


def proposed(other: Sequence[Sequence[str]]) -> RightData | None:
    """Return the open licence that a record itself names, for a person to look at and record; None without one.

    A licence that excludes commercial use is not proposed: whether a company's answer is one is for a person.

    Args:
        other: what the record's sources say beyond the usual fields, as (field, text).
    """
    for name, text in other:
        found = _OPEN_LICENCE.search(text)
        if found and "nc" not in (found["terms"] or found["short"] or "").lower():
            return RightData(RightKind.OPEN_LICENCE, RightScope.SEND_TO_ANYONE, "", f"{name}: {text}"[:LONGEST_PROOF])
    return None


def other_of(content: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    """Return what a version of a record keeps beyond the usual fields."""
    return [pair for pair in content.get("other") or () if len(pair) == 2]


def _check(data: RightData) -> None:
    fields: dict[str, str] = {}
    if not data.proof.strip():
        fields["proof"] = "Name the proof: licence address, order, contract or permission number."
    if len(data.proof) > LONGEST_PROOF:
        fields["proof"] = f"At most {LONGEST_PROOF:,} characters."
    if len(data.holder) > LONGEST_HOLDER:
        fields["holder"] = f"At most {LONGEST_HOLDER} characters."
    if data.copies is not None and not 1 <= data.copies <= MOST_COPIES:
        fields["copies"] = f"Enter a whole number from 1 to {MOST_COPIES:,}, or nothing for no limit."
    elif data.kind in _COUNTED and data.copies is None:
        fields["copies"] = "Say how many copies it covers."
    if data.kind is RightKind.ANNUAL_LICENCE and data.expires_on is None:
        fields["expires_on"] = "An annual licence ends on a day; enter it."
    if fields:
        raise InvalidInput("The right was not recorded.", fields=fields)


def _key(session: Session, row: LiteratureRight) -> str:
    return literature_store.record(session, row.record_id, SYSTEM).citation_key
