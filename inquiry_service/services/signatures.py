"""Electronic signatures: both components each time, bound to person, meaning and exact content (R72-R78).

A signature is given in two steps. A ticket is issued for what is on screen; then user id and password
are typed and the ticket is spent. A ticket of another person, session, content or meaning, an old or a
used one is refused, and each refusal is audited and counted towards the lock-out (21 CFR 11.300(d)).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from inquiry_service import db
from inquiry_service.clock import now
from inquiry_service.domain import signing
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import SignatureMeaning
from inquiry_service.errors import Locked, SignatureRefused
from inquiry_service.models.signatures import Signature, SigningTicket
from inquiry_service.services import audit, sign_in
from inquiry_service.services.numbering import next_number
from inquiry_service.store import people
from inquiry_service.store import responses as store
from inquiry_service.store import signatures as tickets

TICKET_LIFE = timedelta(minutes=2)
COMPONENTS = "user id and password"
ZONE = "UTC"


@dataclass(frozen=True)
class Signable:
    """What is signed: which record, in which version, with which content.

    Attributes:
        digest: SHA-256 of the canonical content as it was on screen.
        label: what people call it; inquiry_id: the inquiry it belongs to.
    """

    type: str
    id: str
    version: int
    digest: str
    label: str
    inquiry_id: str

    @property
    def ref(self) -> ObjectRef:
        """The reference for the audit."""
        return ObjectRef(self.type, self.id, self.version, self.label, self.inquiry_id)


@dataclass(frozen=True)
class Components:
    """What the person typed into the sign dialog, with the ticket that the dialog carried."""

    ticket: str
    email: str
    password: str
    comment: str = ""


def issue_ticket(session: Session, actor: Actor, signable: Signable, meaning: SignatureMeaning) -> str:
    """Return the secret of a new single-use ticket; it lives for two minutes."""
    secret = secrets.token_urlsafe(32)
    moment = now()
    session.add(SigningTicket(
        secret_hash=_hash(secret), user_id=actor.user_id, session_id=actor.session_id or "",
        object_type=signable.type, object_id=signable.id, digest=signable.digest, meaning=meaning,
        issued_at=moment, expires_at=moment + TICKET_LIFE,
    ))
    return secret


def sign(
    session: Session, actor: Actor, signable: Signable, meaning: SignatureMeaning, typed: Components
) -> Signature:
    """Give a signature; call it first in the unit of work, for a refusal rolls it back.

    A ticket is good for one attempt: it is spent by a refusal too, in a transaction of its own.

    Raises:
        SignatureRefused: any component or the ticket is wrong; never says which.
        Locked: too many failures before.
    """
    user = people.account(session, actor, actor.user_id)
    try:
        # A wrong ticket fails like a wrong password: the same words, the same count, the same audit.
        good = _spend(session, actor, signable, meaning, typed.ticket)
        sign_in.verify_password(session, user, typed.password if good else "", typed_email=typed.email,
                                about=signable.ref)
    except (SignatureRefused, Locked) as refusal:
        _note_refusal(session, actor, signable, typed.ticket, refusal)
        raise
    signature = Signature(
        number=next_number(session, "ES"), user_id=user.id, user=user, printed_name=user.printed_name,
        title=user.title, role=actor.role_names, meaning=meaning, object_type=signable.type,
        object_id=signable.id, object_version=signable.version, digest=signable.digest, signed_at=now(), zone=ZONE,
        components=COMPONENTS, comment=typed.comment,
    )
    session.add(signature)
    session.flush()
    audit.record(session, actor, Event.SIGNATURE_GIVEN, signature, inquiry_id=signable.inquiry_id,
                 label=f"{signable.label} ({signature.number})", changes={
        "meaning": (None, meaning.label), "object": (None, f"{signable.type} {signable.id}"),
        "version": (None, signable.version), "digest": (None, signable.digest),
        "printed_name": (None, user.printed_name), "components": (None, COMPONENTS),
        "signed_at": (None, signature.signed_at), "policy": (None, signing.POLICY.version),
        "comment": (None, typed.comment),
    })
    return signature


def _spend(session: Session, actor: Actor, signable: Signable, meaning: SignatureMeaning, secret: str) -> bool:
    ticket = tickets.ticket(session, _hash(secret))
    if ticket is None or ticket.used_at is not None or ticket.expires_at < now():
        return False
    ticket.used_at = now()
    return (
        ticket.user_id == actor.user_id and ticket.session_id == (actor.session_id or "")
        and ticket.object_type == signable.type and ticket.object_id == signable.id
        and ticket.digest == signable.digest and ticket.meaning is meaning
    )


def _note_refusal(
    session: Session, actor: Actor, signable: Signable, secret: str, refusal: SignatureRefused | Locked
) -> None:
    """Spend the ticket of a refused attempt, whose unit of work is given up; record an attempt while locked.

    A wrong component was recorded by :func:`sign_in.verify_password` already.
    """
    request_id = session.info.get("request_id", "")
    db.rollback(session)
    with db.transaction(sessionmaker(session.get_bind())) as own:
        own.info["request_id"] = request_id
        ticket = tickets.ticket(own, _hash(secret))
        if ticket is not None:
            ticket.used_at = ticket.used_at or now()
        if isinstance(refusal, Locked):
            audit.record(own, actor, Event.SIGNATURE_REFUSED, signable.ref, changes={"locked": (None, True)})


def manifestation(signature: Signature) -> str:
    """Return the words of a signature as shown on screen (R73; 21 CFR 11.50)."""
    return signing.manifestation(signature.meaning, signature.printed_name, signature.signed_at,
                                 credentials=signature.title, zone=signature.zone)


def void_all(session: Session, actor: Actor, signable_type: str, object_id: str, why: str, inquiry_id: str) -> int:
    """Void the signatures on an object whose content changed or whose sources did; they stay visible (R74)."""
    voided = [s for s in store.signatures_of(session, signable_type, object_id) if s.is_valid]
    for signature in voided:
        signature.voided_at, signature.voided_reason = now(), why
        session.flush()
        audit.record(session, actor, Event.SIGNATURE_VOIDED, signature, inquiry_id=inquiry_id, label=signature.number,
                     changes={"voided_reason": ("", why)})
    return len(voided)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


