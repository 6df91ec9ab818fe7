"""Composing an answer: the author's text, the locked parts from label and reviewed content, the references.

The result is plain data. It is what the gate judges, what a signature is put on, and what the letter is
printed from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.domain import fields
from inquiry_service.domain.draft import Block, citation_order, in_letter_order, parse_source
from inquiry_service.domain.fields import DeclaredField, FieldKind
from inquiry_service.domain.vocabulary import BlockKind, LabelStatus, Lane, RecordStatus, ResponseType
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.products import LabelVersion
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.services import field_values, label_parts, reference_list, search_report
from inquiry_service.store import content as content_store
from inquiry_service.store import literature as literature_store
from inquiry_service.store import products as product_store

OPENINGS = {Lane.HCP: "opening-hcp", Lane.PAYER: "opening-hcp", Lane.PATIENT: "opening-patient"}
CLOSINGS = {Lane.HCP: "closing-hcp", Lane.PAYER: "closing-hcp", Lane.PATIENT: "closing-patient",
            Lane.DECLINE: "closing-patient"}
USE = "use.description"
STATEMENTS = {"not_approved": "not-approved-statement", "investigational": "investigational-statement"}


@dataclass(frozen=True)
class DraftInput:
    """What an author gives: title, source with merge fields, values of the template's own fields."""

    title: str
    source: str
    field_values: Mapping[str, Any]
    content: ContentVersion | None


@dataclass(frozen=True)
class Composition:
    """An answer in all its parts.

    Attributes:
        blocks: in letter order, locked ones included; merge fields are filled in.
        locked_texts: what label and reviewed content say today, by kind.
        cited: citation key to record, for keys that lead somewhere; numbering by first appearance.
        locked_content: reviewed content behind the locked parts.
        missing_fields: labels of required merge fields without a value.
    """

    inquiry: Inquiry
    given: DraftInput
    lane: Lane
    label: LabelVersion | None
    type: ResponseType
    blocks: tuple[Block, ...]
    locked_texts: Mapping[BlockKind, str]
    status: dict[str, Any]
    safety: list[dict[str, str]]
    search: list[dict[str, str]]
    cited: Mapping[str, LiteratureRecord]
    references: list[dict[str, Any]]
    locked_content: tuple[ContentVersion, ...]
    missing_fields: tuple[str, ...] = field(default=())


def lane_of(inquiry: Inquiry) -> Lane:
    """Return the lane of the letter: the strictest of its questions' lanes."""
    lanes = {question.lane for question in inquiry.questions if question.lane is not None}
    order = (Lane.PUBLIC_CONTACT, Lane.DECLINE, Lane.PATIENT, Lane.PAYER, Lane.HCP)
    return next((lane for lane in order if lane in lanes), Lane.HCP)


def compose(session: Session, inquiry: Inquiry, given: DraftInput) -> Composition:
    """Compose the answer to ``inquiry`` from an author's input and everything it rests on.

    Raises:
        InvalidInput: the source cannot be read, or uses a field that does not exist; names the line.
    """
    label = product_store.current_label(session, inquiry.product_id, inquiry.market)
    lane = lane_of(inquiry)
    declared = declared_by(given.content)
    values = field_values.values(session, inquiry, label, given.field_values, declared)
    written = parse_source(field_values.fill(given.source, values, declared))
    kind, statement = _statement(session, inquiry)
    status = {"kind": kind, "statement": _filled(statement, values), **label_parts.status_facts(label)}
    safety = label_parts.safety_facts(label, inquiry.questions, lane)
    search = search_report.facts(session, inquiry)
    frame = {part: content_store.block(session, keys[lane]) if lane in keys else None
             for part, keys in ((BlockKind.OPENING, OPENINGS), (BlockKind.CLOSING, CLOSINGS))}
    locked = _locked(inquiry, lane, frame, status, safety, search, values)
    blocks = in_letter_order((*written, *locked))
    cited = literature_store.by_citation(session, citation_order(blocks))
    marks = {row.id: _marks(row) for row in cited.values()}
    return Composition(
        inquiry=inquiry, given=given, lane=lane, label=label, type=response_type(given), blocks=blocks,
        locked_texts={block.kind: block.text for block in locked}, status=status, safety=safety, search=search,
        cited=cited, references=reference_list.build(citation_order(blocks), cited, marks),
        locked_content=tuple(block for block in (*frame.values(), statement) if block is not None),
        missing_fields=fields.missing(declared, given.field_values),
    )


def compose_version(session: Session, inquiry: Inquiry, version: ResponseVersion) -> Composition:
    """Compose a saved version again, with label, content and references as they are now."""
    given = DraftInput(version.title, version.source, version.field_values, version.content_version)
    return compose(session, inquiry, given)


def declared_by(content: ContentVersion | None) -> tuple[DeclaredField, ...]:
    """Return the fields that a piece of reviewed content asks the author to fill in."""
    return fields.declared_fields(content.fields) if content else ()


def asked_fields(inquiry: Inquiry, content: ContentVersion | None) -> tuple[DeclaredField, ...]:
    """Return the merge fields that staff fill in for this answer: the content's own, and the use asked about.

    The statement that a use is not approved names that use, so an answer beyond the label always asks for it.
    """
    declared = declared_by(content)
    beyond = any(c is None or c.label_status in (LabelStatus.OFF_LABEL, LabelStatus.INVESTIGATIONAL)
                 for c in (question.classification for question in inquiry.questions))
    if not beyond or any(field.name == USE for field in declared):
        return declared
    return (*declared, DeclaredField(USE, FieldKind.TEXT, "The use asked about, as it follows “not approved for”"))


def response_type(given: DraftInput) -> ResponseType:
    """Return what kind of answer it is: unchanged or edited standard response, or custom (R79)."""
    if given.content is None:
        return ResponseType.CUSTOM
    unchanged = _bare(given.source) == _bare(given.content.source)
    return ResponseType.STANDARD_UNCHANGED if unchanged else ResponseType.STANDARD_EDITED


def _bare(source: str) -> list[str]:
    return [line.rstrip() for line in source.replace("\r\n", "\n").strip().split("\n")]


def _statement(session: Session, inquiry: Inquiry) -> tuple[str, ContentVersion | None]:
    """Return what the status box has to say of the use, and the reviewed text that says it (R18, R53)."""
    statuses = {c.label_status if (c := q.classification) else LabelStatus.OFF_LABEL for q in inquiry.questions}
    if LabelStatus.INVESTIGATIONAL in statuses:
        kind = "investigational"
    elif LabelStatus.OFF_LABEL in statuses:
        kind = "not_approved"
    else:
        return "none", None
    return kind, content_store.block(session, STATEMENTS[kind])


def _filled(block: ContentVersion | None, values: Mapping[str, Any]) -> str:
    return field_values.fill(block.source, values, declared_by(block)).strip() if block else ""


def _locked(
    inquiry: Inquiry, lane: Lane, frame: Mapping[BlockKind, ContentVersion | None], status: Mapping[str, Any],
    safety: Sequence[Mapping[str, str]], search: Sequence[Mapping[str, str]], values: Mapping[str, Any],
) -> list[Block]:
    every = tuple(question.seq for question in inquiry.questions)
    texts = [(kind, _filled(block, values), name_of(block)) for kind, block in frame.items() if block is not None]
    if status["kind"] != "none":
        words = "\n\n".join((status["statement"], *status["indications"], *status["limitations"]))
        texts.append((BlockKind.STATUS, words, status["source"]))
    if lane in (Lane.HCP, Lane.PAYER, Lane.PATIENT):
        texts.append((BlockKind.SAFETY_INFORMATION, _facts_text(safety), status["source"]))
    if lane in (Lane.HCP, Lane.PAYER) and search:
        texts.append((BlockKind.SEARCH_METHODS, _facts_text(search), "recorded searches"))
    return [Block(kind, kind.label, text, locked=True, questions=every, origin=origin)
            for kind, text, origin in texts if text]


def name_of(content: ContentVersion) -> str:
    """Return how a letter names a piece of reviewed content."""
    return f"{content.item.key} version {content.version}"


def _facts_text(facts: Sequence[Mapping[str, str]]) -> str:
    return "\n\n".join(f"**{fact['term']}.** {fact['text']}" for fact in facts)


def _marks(record: LiteratureRecord) -> tuple[str, ...]:
    return () if record.status is RecordStatus.CURRENT else (record.status.label,)

