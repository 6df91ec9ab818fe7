"""Values of the merge fields: from the records of the inquiry, and from what the author filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain import fields
from inquiry_service.domain.fields import DeclaredField
from inquiry_service.domain.label_sections import INDICATIONS
from inquiry_service.domain.permissions import FIELD_ROLES
from inquiry_service.errors import InvalidInput
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.products import LabelVersion
from inquiry_service.rendering import template_subset
from inquiry_service.rendering.template_subset import FieldType, MarkdownText
from inquiry_service.services.installation import letterhead
from inquiry_service.services.label_parts import section
from inquiry_service.services.people_words import salutation

_BY_CHANNEL = {
    "phone": "by telephone", "email": "by e-mail", "web": "through our web form", "mail": "by letter",
    "fax": "by fax", "chat": "by chat", "app": "through our app", "congress": "at a congress",
    "msl": "through our medical science liaison", "rep": "through our representative",
    "crm": "through our system", "social": "through social media",
}


def by_channel(channel: str) -> str:
    """Return how a question came, as it follows a comma in a sentence."""
    return _BY_CHANNEL[channel]


def values(
    session: Session, inquiry: Inquiry, label: LabelVersion | None, given: Mapping[str, Any],
    declared: Iterable[DeclaredField] = (),
) -> dict[str, object]:
    """Return a value for every merge field that has one, by dotted name.

    Args:
        given: what the author filled in, as typed; unusable values become placeholders, which no final
            letter may carry.
        declared: the template's own fields.
    """
    found = {**_organisation(session, inquiry), **_product(inquiry), **_label(label), **_inquiry(inquiry)}
    for field in declared:
        found[field.name] = _typed(field, str(given.get(field.name) or field.default or ""))
    use = str(given.get("use.description") or "").strip()
    if "use.description" not in found or use:
        found["use.description"] = use or _placeholder("the use asked about")
    return found


def _organisation(session: Session, inquiry: Inquiry) -> dict[str, object]:
    head = letterhead(session, inquiry.market)
    return {
        "organisation.name": str(head["name"]), "organisation.follow_up": ", ".join(_texts(head["follow_up"])),
        "organisation.safety": ", ".join(_texts(head["safety"])),
    }


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _product(inquiry: Inquiry) -> dict[str, object]:
    product = inquiry.product
    return {"product.name": product.name, "product.generic_name": product.generic_name, "product.forms": product.forms}


def _label(label: LabelVersion | None) -> dict[str, object]:
    if label is None:
        # Not left out: an unknown name would make the text unreadable, and hide that the label is what is missing.
        names = ("version", "effective_date", "authority", "indications")
        return {f"label.{name}": _placeholder(f"label {name.replace('_', ' ')}") for name in names}
    return {
        "label.version": label.version, "label.effective_date": label.effective_date,
        "label.authority": label.authority, "label.indications": MarkdownText(section(label, INDICATIONS)),
    }


def _inquiry(inquiry: Inquiry) -> dict[str, object]:
    first, person = inquiry.interactions[0], inquiry.recipient or inquiry.requester
    return {
        "requester.salutation": salutation(person).rstrip(","), "requester.name": person.full_name or "requester",
        "requester.affiliation": person.affiliation, "inquiry.number": inquiry.number,
        "inquiry.received_on": first.received_at.date(), "inquiry.channel": by_channel(first.channel.value),
        "inquiry.relayed": inquiry.submitter_role in FIELD_ROLES, "letter.number": f"{inquiry.number}-L1",
    }


def _typed(field: DeclaredField, text: str) -> object:
    if not text.strip():
        return _placeholder(field.label)
    try:
        return fields.convert(field, text)
    except InvalidInput:
        return _placeholder(field.label)


def _placeholder(words: str) -> MarkdownText:
    return MarkdownText(f"[Placeholder: {words}]")


def fill(source: str, known: Mapping[str, object], declared: Iterable[DeclaredField] = ()) -> str:
    """Return the author's Markdown with its merge fields filled in.

    Raises:
        InvalidInput: the source uses something that a template may not; names the first line.
    """
    catalogue = {name: FieldType(kind) for name, kind in fields.types(declared).items()}
    found = template_subset.problems(source, catalogue)
    if found:
        raise InvalidInput(f"Line {found[0].line}: {found[0].reason}", line=found[0].line,
                           fields={"source": f"Line {found[0].line}: {found[0].reason}"})
    return template_subset.render(source, known, catalogue)


def problems(given: Mapping[str, Any], declared: Iterable[DeclaredField]) -> dict[str, str]:
    """Return one message per declared field whose value does not fit its type."""
    found: dict[str, str] = {}
    for field in declared:
        text = str(given.get(field.name) or "")
        if text.strip():
            try:
                fields.convert(field, text)
            except InvalidInput as error:
                found |= error.fields
    return found
