"""Reading products and their labels. Names are public; what a label says needs the right to read content."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import LabelState
from inquiry_service.errors import NotFound
from inquiry_service.models.products import LabelVersion, Product


def products(session: Session, *, own_only: bool = False) -> list[Product]:
    """Return the products, one's own first, each group by name."""
    query = select(Product).order_by(Product.own.desc(), Product.name, Product.id)
    return list(session.scalars(query.where(Product.own) if own_only else query))


def product(session: Session, product_id: str) -> Product:
    """Return one product.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.get(Product, product_id)
    if found is None:
        raise NotFound("There is no such product.")
    return found


def by_key(session: Session, key: str) -> Product | None:
    """Return the product with this stable key, e.g. ``sumatriptan-tablets``, if there is one."""
    return session.scalar(select(Product).where(Product.key == key))


def current_label(session: Session, product_id: str, market: str, *, lock: bool = False) -> LabelVersion | None:
    """Return the label in force for a product in a market, optionally locked for its replacement."""
    query = select(LabelVersion).where(
        LabelVersion.product_id == product_id, LabelVersion.market == market,
        LabelVersion.state == LabelState.CURRENT,
    ).order_by(LabelVersion.effective_date.desc(), LabelVersion.id.desc()).limit(1)
    return session.scalar(query.with_for_update(of=LabelVersion) if lock else query)


def current_labels(session: Session, viewer: Actor) -> list[LabelVersion]:
    """Return every label in force, by product and market, without loading its words; none for field roles (R24)."""
    if not _may_read(viewer):
        return []
    return list(session.scalars(
        select(LabelVersion).where(LabelVersion.state == LabelState.CURRENT)
        .options(lazyload(LabelVersion.sections))
        .order_by(LabelVersion.product_id, LabelVersion.market, LabelVersion.effective_date.desc())))


def labels_of(session: Session, viewer: Actor, product_id: str, market: str = "") -> list[LabelVersion]:
    """Return the label versions of a product, newest first; none for who may not read content (R24)."""
    if not _may_read(viewer):
        return []
    query = select(LabelVersion).where(LabelVersion.product_id == product_id)
    if market:
        query = query.where(LabelVersion.market == market)
    return list(session.scalars(query.order_by(LabelVersion.effective_date.desc(), LabelVersion.id.desc())))


def label(session: Session, viewer: Actor, label_id: str) -> LabelVersion:
    """Return one label version with its sections.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    found = session.get(LabelVersion, label_id) if _may_read(viewer) else None
    if found is None:
        raise NotFound("There is no such label version.")
    return found


def label_version(session: Session, product_id: str, market: str, version: str) -> LabelVersion | None:
    """Return the label version of this name, whatever its state."""
    return session.scalar(select(LabelVersion).where(
        LabelVersion.product_id == product_id, LabelVersion.market == market, LabelVersion.version == version))


def _may_read(viewer: Actor) -> bool:
    return viewer.is_system or viewer.may(Permission.CONTENT_READ)
