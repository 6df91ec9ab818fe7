"""Asking the gate: the dossier of a draft, gathered from the stored rows, and what the rules find on it."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain import gate
from inquiry_service.domain.dossier import (
    AskedQuestion,
    CitedRecord,
    Dossier,
    KeptRecord,
    LabelFacts,
    RecordedSearch,
    RejectedRecord,
    TemplateFacts,
)
from inquiry_service.domain.findings import Finding
from inquiry_service.domain.label_sections import BOXED_WARNING, INDICATIONS
from inquiry_service.domain.vocabulary import EvidenceVerdict, RejectReason, Severity, Topic, Verification
from inquiry_service.errors import EvenhandError
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.evidence import EvidenceDecision
from inquiry_service.models.inquiries import Inquiry, Question
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.products import LabelVersion
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.rendering.characters import unprintable
from inquiry_service.services.composition import Composition, compose_version
from inquiry_service.services.label_parts import section
from inquiry_service.services.people_words import address_lines
from inquiry_service.store import evidence as evidence_store


def findings(session: Session, composition: Composition) -> tuple[Finding, ...]:
    """Return everything that the rules find on a composed answer, blockers first."""
    return gate.check(dossier(session, composition))


def findings_of_version(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Finding, ...]:
    """Return everything that the rules find on a saved version, with label, content and references of today.

    A text that can no longer be composed, for example because reviewed content was withdrawn, is one blocker.
    """
    try:
        return findings(session, compose_version(session, inquiry, version))
    except EvenhandError as error:
        return (Finding("draft_unreadable", Severity.BLOCKER, error.message, "draft", "Save the draft again.", "R51"),)


def dossier(session: Session, composition: Composition) -> Dossier:
    """Return all that the rules need to know, as plain values."""
    inquiry = composition.inquiry
    decisions = evidence_store.decisions(session, inquiry.id)
    # A decision on a record that was merged since counts for the one that stands for the work; its own comes first.
    by_record = {_stands_for(decision): decision
                 for decision in sorted(decisions, key=lambda one: one.record.merged_into is None)}
    content = composition.given.content
    return Dossier(
        lane=composition.lane, market=inquiry.market, today=now().date(),
        questions=tuple(_asked(question) for question in inquiry.questions),
        blocks=composition.blocks, locked_texts=composition.locked_texts, response_type=composition.type,
        label=_label(composition.label) if composition.label else None,
        template=_template(content) if content else None,
        citations={key: _cited(key, row, by_record) for key, row in composition.cited.items()},
        kept=tuple(KeptRecord(_stands_for(d), d.record.citation_key, d.record.title, d.stance)
                   for d in decisions if d.verdict is EvidenceVerdict.KEPT),
        rejected=tuple(RejectedRecord(_stands_for(d), d.record.citation_key, d.record.title,
                                      d.reject_reason or RejectReason.OTHER_QUESTION)
                       for d in decisions if d.verdict is EvidenceVerdict.REJECTED),
        searches=tuple(RecordedSearch(run.query, run.run_at.date(), run.total)
                       for run in evidence_store.searches(session, inquiry.id)),
        screened=bool(inquiry.interactions) and all(contact.screened_at for contact in inquiry.interactions),
        missing_fields=composition.missing_fields, unprintable=unprintable("".join(_printed(composition))),
        requester_verified=inquiry.requester.verification is Verification.VERIFIED,
        requester_is_professional=inquiry.requester.type.is_professional,
    )


def _printed(composition: Composition) -> Iterator[str]:
    """All that the letter prints, but for the quoted questions: those are named where they cannot be printed."""
    inquiry = composition.inquiry
    yield composition.given.title
    yield from address_lines(inquiry.recipient or inquiry.requester)
    yield from (question.restated for question in inquiry.questions)
    for block in composition.blocks:
        yield block.heading + block.text
    yield from (html.unescape(reference["html"]) for reference in composition.references)


def _asked(question: Question) -> AskedQuestion:
    found = question.classification
    return AskedQuestion(
        number=question.seq, verbatim=question.verbatim, restated=question.restated,
        label_status=found.label_status if found else None, subtype=found.off_label_subtype if found else None,
        topics=frozenset(Topic(topic) for topic in question.topics), lane=question.lane,
    )


def _label(label: LabelVersion) -> LabelFacts:
    return LabelFacts(
        id=label.id, version=label.version, effective=label.effective_date, state=label.state,
        sections=frozenset(part.code for part in label.sections),
        indications=section(label, INDICATIONS), boxed_warning=section(label, BOXED_WARNING),
    )


def _template(content: ContentVersion) -> TemplateFacts:
    return TemplateFacts(
        key=content.item.key, version=content.version, state=content.state, review_due=content.review_due,
        expires=content.expires, lane=content.lane, market=content.market, label_version=content.label_version,
    )


def _stands_for(decision: EvidenceDecision) -> str:
    return decision.record.merged_into or decision.record_id


def _cited(key: str, row: LiteratureRecord, decisions: Mapping[str, EvidenceDecision]) -> CitedRecord:
    decision = decisions.get(row.id)
    kept = decision is not None and decision.verdict is EvidenceVerdict.KEPT
    return CitedRecord(
        key=key, record_id=row.id, title=row.title, status=row.status, is_notice=row.is_notice, year=row.year,
        kept=kept, stance=decision.stance if decision and kept else None,
        design=(decision.design if decision else None) or row.design,
    )
