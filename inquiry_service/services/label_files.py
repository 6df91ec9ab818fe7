"""Products and labels from TOML files, one per product: the demonstration's own, or a company's first load."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.label_sections import name_of, position_of
from inquiry_service.errors import InvalidInput
from inquiry_service.services import labels
from inquiry_service.services.labels import LabelData, ProductData, SectionData
from inquiry_service.store import products as store


@dataclass(frozen=True)
class ProductFile:
    """What a file says: a product and its label versions, oldest first."""

    product: ProductData
    labels: tuple[LabelData, ...]


def read(path: Path) -> ProductFile:
    """Read one product file.

    Raises:
        InvalidInput: the file cannot be read or an entry is missing; the message names the file.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        product = ProductData(**data["product"])
        versions = tuple(_label(entry) for entry in data.get("labels", []))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{path.name} cannot be read: {error}.") from error
    except (KeyError, TypeError) as error:
        raise InvalidInput(f"{path.name} is not a product file: {error}.") from error
    return ProductFile(product, tuple(sorted(versions, key=lambda version: version.effective_date)))


def load(session: Session, actor: Actor, folder: Path) -> tuple[str, ...]:
    """Take every product file of a folder into the database; what is there already stays.

    Returns:
        The products and label versions that were added, in words.

    Raises:
        Forbidden: the right is missing; InvalidInput: a file cannot be used.
    """
    added: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        file = read(path)
        product = store.by_key(session, file.product.key)
        if product is None:
            product = labels.add_product(session, actor, file.product)
            added.append(product.name)
        added.extend(
            labels.words_for(labels.add_label_version(session, actor, product, data)) for data in file.labels
            if store.label_version(session, product.id, data.market, data.version) is None
        )
    return tuple(added)


def _label(entry: dict[str, Any]) -> LabelData:
    # Three quotes begin and end on lines of their own in the file; these line breaks are not the label's.
    sections = [
        SectionData(section["code"], section.get("title") or name_of(section["code"]), section["text"].strip())
        for section in entry["sections"]
    ]
    sections.sort(key=lambda section: position_of(section.code))
    return LabelData(**{**entry, "sections": tuple(sections), "source_note": entry.get("source_note", "").strip()})
