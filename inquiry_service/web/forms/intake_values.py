"""From the filled and valid forms of intake to what the service takes."""

from __future__ import annotations

from wtforms import Form

from inquiry_service.domain.attestation import Attestation
from inquiry_service.domain.vocabulary import Channel, Forum, Purpose, RequesterType, Urgency
from inquiry_service.services.attachments import Upload
from inquiry_service.services.intake_data import IntakeData, PersonData
from inquiry_service.web.forms.intake import FieldForm, StaffForm, as_typed


def _person(form: Form) -> PersonData:
    texts = {name: as_typed(form[name].data).strip() for name in (
        "title", "given_name", "family_name", "qualification", "affiliation", "address", "email", "phone",
        "details_refused_reason",
    )}
    return PersonData(type=RequesterType(form["type"].data), country=form["country"].data, **texts)


def staff_data(form: StaffForm, files: tuple[Upload, ...], parent_id: str | None) -> IntakeData:
    """Return what the staff form says.

    Args:
        form: validated.
        files: the original sources.
        parent_id: the inquiry that this one follows up, if any.
    """
    requester = _person(form.requester.form)
    return IntakeData(
        channel=Channel(form.channel.data), forum=Forum(form.forum.data),
        received_at=form.received_at(), zone=form.zone.data, product_id=form.product_id.data,
        market=form.market.data or requester.country, language=form.language.data,
        requester=requester, questions=form.words(),
        urgency=Urgency(form.urgency.data), purpose=Purpose(form.purpose.data),
        recipient=_person(form.recipient.form) if form.has_recipient() else None,
        recipient_reason=(form.recipient_reason.data or "").strip(),
        late_reason=as_typed(form.late_reason.data), background=as_typed(form.background.data),
        sources_consulted=as_typed(form.sources_consulted.data), lot=(form.lot.data or "").strip(),
        requester_deadline=form.deadline(), parent_id=parent_id, uploads=files,
    )


def field_data(form: FieldForm, files: tuple[Upload, ...], channel: Channel, confirmation: str) -> IntakeData:
    """Return what the field form says; the label of the requester's own country counts.

    Args:
        form: validated, attestation included.
        files: scans of notes or of a signed request.
        channel: by the submitter's role.
        confirmation: the professional's own, empty when there is none or none is needed.
    """
    requester = _person(form.requester.form)
    place, others = (form.place.data or "").strip(), (form.others_present.data or "").strip()
    return IntakeData(
        channel=channel, forum=Forum.PRIVATE, received_at=form.received_at(), zone=form.zone.data,
        product_id=form.product_id.data, market=requester.country, language="en",
        requester=requester, questions=form.words(), late_reason=as_typed(form.late_reason.data),
        place=place, others_present=others, confirmation=confirmation,
        attestation=Attestation(form.received_on.data, place, others), uploads=files,
    )
