"""Products and label versions: one current label per product and market, nothing edited, everything audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inquiry_service.db import commit
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.label_sections import BOXED_WARNING, INDICATIONS, REQUIRED
from inquiry_service.domain.vocabulary import LabelState, Role
from inquiry_service.errors import Forbidden, InvalidInput, NotFound, Refused
from inquiry_service.models.audit import AuditEntry
from inquiry_service.models.products import Product
from inquiry_service.services import label_files, labels
from inquiry_service.services.labels import LabelData, ProductData, SectionData
from inquiry_service.store import products as store

LABELS = Path(__file__).resolve().parents[2] / "literature_index" / "labels"
OWNER = Actor("u-owner", "Content owner 1", frozenset({Role.CONTENT_OWNER}))
SPECIALIST = Actor("u-mi", "MI specialist 1", frozenset({Role.MI_SPECIALIST}))
SALES = Actor("u-sales", "Sales 1", frozenset({Role.FIELD_SALES}))
LABEL = LabelData("US", "en-US", "1", "Example, prescribing information", "Authority", date(2026, 1, 1),
                  tuple(SectionData(code, code, f"Text of {code}.") for code in REQUIRED))


@pytest.fixture
def product(session: Session) -> Product:
    return labels.add_product(session, OWNER, ProductData("example", "Example tablets", "examplinum"))


def test_a_new_label_supersedes_the_former_one(session: Session, product: Product) -> None:
    first = labels.add_label_version(session, OWNER, product, LABEL)
    second = labels.add_label_version(session, OWNER, product,
                                      replace(LABEL, version="2", effective_date=date(2026, 6, 1)))
    commit(session)
    assert (first.state, second.state) == (LabelState.SUPERSEDED, LabelState.CURRENT)
    assert store.current_label(session, product.id, "US") is second
    assert [row.version for row in store.labels_of(session, SPECIALIST, product.id)] == ["2", "1"]
    actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
    assert actions == ["product:added", "label:added", "label:superseded", "label:added"]


def test_markets_have_their_own_labels(session: Session, product: Product) -> None:
    us = labels.add_label_version(session, OWNER, product, LABEL)
    labels.add_label_version(session, OWNER, product, replace(LABEL, market="GB"))
    assert us.state is LabelState.CURRENT
    assert store.current_label(session, product.id, "DE") is None


def test_a_retired_label_leaves_none_in_force(session: Session, product: Product) -> None:
    row = labels.add_label_version(session, OWNER, product, LABEL)
    labels.retire(session, OWNER, row.id, "Product withdrawn")
    assert row.state is LabelState.RETIRED
    assert store.current_label(session, product.id, "US") is None
    with pytest.raises(Refused, match="retired already"):
        labels.retire(session, OWNER, row.id, "Again")


@pytest.mark.parametrize(("data", "reason"), [
    (LABEL, "is here already"),
    (replace(LABEL, version="0", sections=LABEL.sections[1:]), "lacks: Indications and usage"),
])
def test_an_incomplete_or_repeated_label_is_refused(
    session: Session, product: Product, data: LabelData, reason: str
) -> None:
    labels.add_label_version(session, OWNER, product, LABEL)
    with pytest.raises(InvalidInput, match=reason):
        labels.add_label_version(session, OWNER, product, data)


def test_an_older_label_does_not_replace_a_newer_one(session: Session, product: Product) -> None:
    labels.add_label_version(session, OWNER, product, LABEL)
    with pytest.raises(Refused, match="before the current label"):
        labels.add_label_version(session, OWNER, product, replace(LABEL, version="0", effective_date=date(2025, 1, 1)))


def test_another_companys_label_is_not_kept(session: Session) -> None:
    other = labels.add_product(session, OWNER, ProductData("other", "Other tablets", "otherinum", own=False))
    with pytest.raises(Refused, match="another company's product"):
        labels.add_label_version(session, OWNER, other, LABEL)
    assert [row.key for row in store.products(session, own_only=True)] == []


def test_a_product_key_is_used_once(session: Session, product: Product) -> None:
    with pytest.raises(InvalidInput) as refused:
        labels.add_product(session, OWNER, ProductData(product.key, "Again", "again"))
    assert "key" in refused.value.fields


def test_rights_are_asked_for(session: Session, product: Product) -> None:
    row = labels.add_label_version(session, OWNER, product, LABEL)
    for act in (
        lambda: labels.add_product(session, SPECIALIST, ProductData("x", "X", "x")),
        lambda: labels.add_label_version(session, SPECIALIST, product, replace(LABEL, version="2")),
        lambda: labels.retire(session, SPECIALIST, row.id, "No"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_field_roles_read_product_names_and_no_label(session: Session, product: Product) -> None:
    row = labels.add_label_version(session, OWNER, product, LABEL)
    assert store.products(session) == [product]
    assert store.labels_of(session, SALES, product.id) == []
    with pytest.raises(NotFound):
        store.label(session, SALES, row.id)
    assert store.label(session, SPECIALIST, row.id) is row


def test_the_demonstration_labels_are_loaded_once(session: Session) -> None:
    added = label_files.load(session, SYSTEM, LABELS)
    commit(session)
    assert len(added) == 5
    assert label_files.load(session, SYSTEM, LABELS) == ()
    sumatriptan = store.by_key(session, "sumatriptan-tablets")
    assert sumatriptan is not None
    label = store.current_label(session, sumatriptan.id, "US")
    assert label is not None
    texts = {section.code: section.text for section in label.sections}
    assert texts[INDICATIONS].startswith("Sumatriptan succinate tablets are indicated for the acute treatment of")
    assert BOXED_WARNING not in texts
    assert [product.own for product in store.products(session)] == [True, True, False]


def test_a_file_that_is_no_product_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("[product]\nkey = 'x'\n")
    with pytest.raises(InvalidInput, match=r"broken\.toml is not a product file"):
        label_files.read(path)
    path.write_text("not toml")
    with pytest.raises(InvalidInput, match=r"broken\.toml cannot be read"):
        label_files.read(path)
