"""What is recorded of one contact, as plain values: the form and every other way in fill these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from inquiry_service.domain.attestation import Attestation
from inquiry_service.domain.vocabulary import Channel, Forum, Purpose, RequesterType, Urgency
from inquiry_service.services.attachments import Upload


@dataclass(frozen=True)
class PersonData:
    """What is known of a requester or recipient; only type and country are needed to begin."""

    type: RequesterType
    country: str
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    qualification: str = ""
    affiliation: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    details_refused_reason: str = ""


@dataclass(frozen=True)
class IntakeData:
    """One contact as it is recorded.

    Attributes:
        received_at: awareness: the first moment any company person or contractor knew (R9).
        zone: name of the time zone in which that time was given.
        questions: each question word for word, in the order asked (R1, R8).
        attestation: of a field submitter, under their own login (R4).
        confirmation: how the professional confirmed a sales-submitted request (R5); empty when not yet.
    """

    channel: Channel
    forum: Forum
    received_at: datetime
    zone: str
    product_id: str
    market: str
    language: str
    requester: PersonData
    questions: tuple[str, ...]
    urgency: Urgency = Urgency.STANDARD
    purpose: Purpose = Purpose.GENERAL
    recipient: PersonData | None = None
    recipient_reason: str = ""
    late_reason: str = ""
    place: str = ""
    others_present: str = ""
    background: str = ""
    sources_consulted: str = ""
    lot: str = ""
    requester_deadline: datetime | None = None
    attestation: Attestation | None = None
    confirmation: str = ""
    parent_id: str | None = None
    uploads: tuple[Upload, ...] = field(default=())
