"""Products and their labels: adding a product, bringing in a label version, retiring one (R55, R65, R67)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.label_sections import REQUIRED, name_of
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import LabelState, ReasonCode
from inquiry_service.errors import InvalidInput, Refused
from inquiry_service.models.products import LabelSection, LabelVersion, Product
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.store import products as store


@dataclass(frozen=True)
class ProductData:
    """A product; ``own`` is false for another company's."""

    key: str
    name: str
    generic_name: str
    forms: str = ""
    own: bool = True


@dataclass(frozen=True)
class SectionData:
    """One section, word for word; ``code`` is its LOINC code."""

    code: str
    title: str
    text: str


@dataclass(frozen=True)
class LabelData:
    """A label version as it comes in.

    Attributes:
        market: two-letter country; language: e.g. ``en-US``.
        source_note: where the words come from.
    """

    market: str
    language: str
    version: str
    title: str
    authority: str
    effective_date: date
    sections: Sequence[SectionData]
    source_note: str = ""


def add_product(session: Session, actor: Actor, data: ProductData) -> Product:
    """Add a product.

    Raises:
        Forbidden: the right is missing; InvalidInput: the key is taken or a name is missing.
    """
    _may_manage(actor)
    if not (data.key.strip() and data.name.strip()):
        raise InvalidInput("A product needs a key and a name.", fields={"name": "Give the name."})
    if store.by_key(session, data.key) is not None:
        raise InvalidInput(f"There is a product {data.key} already.", fields={"key": "Choose another key."})
    row = Product(key=data.key, name=data.name, generic_name=data.generic_name, forms=data.forms, own=data.own)
    session.add(row)
    session.flush()
    audit.record(session, actor, Event.PRODUCT_ADDED, row, changes={
        "key": (None, row.key), "name": (None, row.name), "own": (None, row.own)})
    return row


def add_label_version(session: Session, actor: Actor, product: Product, data: LabelData) -> LabelVersion:
    """Add a label version; it becomes current and the one before it in this market is superseded.

    Raises:
        Forbidden: the right is missing. InvalidInput: a required section is missing or empty, or the
            version is there already. Refused: it is older than the current one, or another company's.
    """
    _may_manage(actor)
    _ensure_usable(session, product, data)
    former = store.current_label(session, product.id, data.market, lock=True)
    if former is not None and data.effective_date < former.effective_date:
        raise Refused(f"Label {data.version} is effective before the current label {former.version}.")
    row = LabelVersion(
        product_id=product.id, product=product, market=data.market, language=data.language,
        version=data.version, title=data.title, authority=data.authority, effective_date=data.effective_date,
        state=LabelState.CURRENT, source_note=data.source_note, created_at=now(),
    )
    session.add(row)
    session.flush()
    for position, section in enumerate(data.sections, start=1):
        row.sections.append(LabelSection(label_id=row.id, position=position, code=section.code,
                                         title=section.title, text=section.text))
    if former is not None:
        _set_state(session, actor, former, LabelState.SUPERSEDED, Event.LABEL_SUPERSEDED, Reason())
    session.flush()
    audit.record(session, actor, Event.LABEL_ADDED, row, label=words_for(row), changes={
        "version": (None, row.version), "effective_date": (None, row.effective_date),
        "sections": (None, {section.code: digest(section.text) for section in data.sections}),
    })
    return row


def retire(session: Session, actor: Actor, label_id: str, why: str) -> LabelVersion:
    """Withdraw a label version without a successor; letters on it can no longer be signed or sent (R55).

    Raises:
        Forbidden: the right is missing; NotFound: there is no such label;
        Refused: it is retired already, or no reason is given.
    """
    _may_manage(actor)
    row = store.label(session, actor, label_id)
    if row.state is LabelState.RETIRED:
        raise Refused(f"{words_for(row)} is retired already.")
    if not why.strip():
        raise Refused("Say why the label is retired.")
    _set_state(session, actor, row, LabelState.RETIRED, Event.LABEL_RETIRED,
               Reason(ReasonCode.OTHER.value, why.strip()))
    return row


def words_for(row: LabelVersion) -> str:
    """Return how people call a label version."""
    return f"{row.product.name}, label {row.market} {row.version}"


def _may_manage(actor: Actor) -> None:
    if not actor.is_system:
        require(actor, Permission.CONTENT_MANAGE)


def _ensure_usable(session: Session, product: Product, data: LabelData) -> None:
    if not product.own:
        raise Refused(f"{product.name} is another company's product; its label is not kept here.")
    if store.label_version(session, product.id, data.market, data.version) is not None:
        raise InvalidInput(f"Label {data.version} of {product.name} is here already; a label is never edited.",
                           fields={"version": "Give the number of the new version."})
    codes = [section.code for section in data.sections if section.text.strip()]
    missing = [name_of(code) for code in REQUIRED if code not in codes]
    if missing:
        raise InvalidInput(f"The label lacks: {', '.join(missing)}.", fields={"sections": ", ".join(missing)})


def _set_state(
    session: Session, actor: Actor, row: LabelVersion, state: LabelState, event: Event, reason: Reason
) -> None:
    """The one place where a label's state changes."""
    old, row.state = row.state, state
    session.flush()
    audit.record(session, actor, event, row, label=words_for(row), reason=reason,
                 changes={"state": (old.value, state.value)})
