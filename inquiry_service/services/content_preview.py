"""Reviewed content as it will look in a letter, filled with sample values, without any inquiry (R63).

What stands here is the text of the template alone: approval status, safety information and search method
come from label and inquiry when a letter is composed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain import fields
from inquiry_service.domain.draft import Block, citation_order, parse_source
from inquiry_service.domain.fields import CATALOGUE, DeclaredField, FieldKind
from inquiry_service.domain.label_sections import INDICATIONS
from inquiry_service.domain.vocabulary import BlockKind, RecordStatus
from inquiry_service.errors import EvenhandError
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.products import LabelVersion, Product
from inquiry_service.rendering.markdown import to_html
from inquiry_service.rendering.template_subset import MarkdownText
from inquiry_service.services import field_values, reference_list
from inquiry_service.services.composition import declared_by
from inquiry_service.services.label_parts import section
from inquiry_service.store import literature
from inquiry_service.store.content import STANDARD_RESPONSE


@dataclass(frozen=True)
class Part:
    """One block of the letter: its heading (none for locked parts), the questions it answers, safe HTML."""

    heading: str
    questions: tuple[int, ...]
    html: str


@dataclass(frozen=True)
class FieldUse:
    """A merge field that the template uses, with the value shown for it."""

    name: str
    sample: str
    description: str


@dataclass(frozen=True)
class TemplatePreview:
    """A template with sample values.

    Attributes:
        references: cited records in AMA style, in the shape of ``reference_list.build``.
        unknown: citation keys that lead to no record of the library.
        problem: why the template cannot be shown; empty when it can.
    """

    parts: tuple[Part, ...] = ()
    references: tuple[dict[str, Any], ...] = ()
    unknown: tuple[str, ...] = ()
    fields: tuple[FieldUse, ...] = ()
    problem: str = ""


def of(
    session: Session, content: ContentVersion, product: Product | None = None, label: LabelVersion | None = None,
) -> TemplatePreview:
    """Return the preview of a version.

    Args:
        product, label: what the content was written for; their words replace the catalogue's samples.
    """
    try:
        declared = declared_by(content)
        values = _values(declared, product, label)
        blocks = _blocks(content, field_values.fill(content.source, values, declared))
    except EvenhandError as error:
        return TemplatePreview(problem=error.message)
    keys = citation_order(blocks)
    cited = literature.by_citation(session, keys)
    marks = {row.id: _marks(row.status) for row in cited.values()}
    references = reference_list.build(keys, cited, marks)
    numbers = {reference["key"]: reference["number"] for reference in references}
    tables = count(1)
    parts = tuple(
        Part(block.heading, block.questions,
             to_html(block.text, numbers, tables=tables, columns=block.kind is BlockKind.SUMMARY))
        for block in blocks
    )
    return TemplatePreview(parts, _once(references), tuple(key for key in keys if key not in cited),
                           _used(content.source, values, declared))


def _blocks(content: ContentVersion, text: str) -> tuple[Block, ...]:
    if content.item.kind == STANDARD_RESPONSE:
        return parse_source(text)
    return (Block(BlockKind.OPENING, "", text, locked=True),)


def _values(
    declared: tuple[DeclaredField, ...], product: Product | None, label: LabelVersion | None
) -> dict[str, Any]:
    values = fields.samples(declared)
    if product is not None:
        values |= {"product.name": product.name, "product.generic_name": product.generic_name,
                   "product.forms": product.forms}
    if label is not None:
        values |= {"label.version": label.version, "label.effective_date": label.effective_date,
                   "label.authority": label.authority, "label.indications": section(label, INDICATIONS)}
    markdown = {name for name, known in CATALOGUE.items() if known.kind is FieldKind.MARKDOWN}
    return {name: MarkdownText(value) if name in markdown else value for name, value in values.items()}


def _marks(status: RecordStatus) -> tuple[str, ...]:
    return () if status is RecordStatus.CURRENT else (status.label,)


def _once(references: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Two keys of one record are one reference."""
    first = {reference["number"]: reference for reference in reversed(references)}
    return tuple(first[number] for number in sorted(first))


def _used(source: str, values: Mapping[str, Any], declared: tuple[DeclaredField, ...]) -> tuple[FieldUse, ...]:
    labels = {one.name: one.label for one in declared}
    names = [name for name in values if re.search(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b", source)]
    return tuple(FieldUse(name, str(values[name]), labels.get(name) or CATALOGUE[name].description) for name in names)
