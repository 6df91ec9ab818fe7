"""Products and the versions of their labels, by market and language, in LOINC sections."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base
from inquiry_service.domain.vocabulary import LabelState
from inquiry_service.models.columns import Id, Key, LongText, Moment, TermColumn


class Product(Base):
    """A product that people ask about; ``own`` is false for another company's."""

    __tablename__ = "product"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Key]
    generic_name: Mapped[Key]
    forms: Mapped[Key] = mapped_column(default="")
    own: Mapped[bool] = mapped_column(default=True)

    labels: Mapped[list[LabelVersion]] = relationship(back_populates="product")


class LabelVersion(Base):
    """One version of a product's label in one market; never edited, only superseded or retired."""

    __tablename__ = "label_version"
    __table_args__ = (UniqueConstraint("product_id", "market", "version"),)

    id: Mapped[Id]
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), index=True)
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(10))
    version: Mapped[Key]
    title: Mapped[Key]
    authority: Mapped[Key]
    effective_date: Mapped[date] = mapped_column(Date)
    state: Mapped[LabelState] = mapped_column(TermColumn(LabelState))
    source_note: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[Moment]

    product: Mapped[Product] = relationship(back_populates="labels", lazy="joined")
    sections: Mapped[list[LabelSection]] = relationship(
        back_populates="label", order_by="LabelSection.position", lazy="selectin"
    )


class LabelSection(Base):
    """One section of a label, word for word, by LOINC code (34067-9 indications, 34066-1 boxed warning …)."""

    __tablename__ = "label_section"

    id: Mapped[Id]
    label_id: Mapped[str] = mapped_column(ForeignKey("label_version.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    title: Mapped[Key]
    text: Mapped[LongText]

    label: Mapped[LabelVersion] = relationship(back_populates="sections")
