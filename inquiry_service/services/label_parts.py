"""What a letter takes from the label, word for word: status box and safety information (R53)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inquiry_service.domain import label_sections as loinc
from inquiry_service.domain.vocabulary import Lane, Topic
from inquiry_service.models.inquiries import Question
from inquiry_service.models.products import LabelVersion

LIMITATIONS_MARK = "Limitations of use"

_ALWAYS = (
    (loinc.CONTRAINDICATIONS, "Contraindications"), (loinc.WARNINGS, "Warnings"),
    (loinc.ADVERSE_REACTIONS, "Adverse reactions"),
)
_ON_TOPIC = {
    Topic.PREGNANCY: (loinc.PREGNANCY, "Pregnancy"), Topic.AGE_GROUPS: (loinc.PEDIATRIC_USE, "Pediatric use"),
    Topic.OVERDOSE: (loinc.OVERDOSAGE, "Overdosage"),
    Topic.INTERACTIONS: (loinc.DRUG_INTERACTIONS, "Drug interactions"),
    Topic.ORGAN_IMPAIRMENT: (loinc.SPECIFIC_POPULATIONS, "Use in specific populations"),
}


def section(label: LabelVersion | None, code: str) -> str:
    """Return the text of one section by its LOINC code; empty when the label has none."""
    if label is None:
        return ""
    return "\n\n".join(part.text.strip() for part in label.sections if part.code == code)


def status_facts(label: LabelVersion | None) -> dict[str, Any]:
    """Return indications and limitations in full, with the label they come from."""
    words = section(label, loinc.INDICATIONS)
    indications, _, limitations = words.partition(f"{LIMITATIONS_MARK}:")
    return {
        "indications": _paragraphs(indications), "limitations": _paragraphs(limitations),
        "label_id": label.market if label else "", "label_version": label.version if label else "",
        "label_effective": label.effective_date.isoformat() if label else None,
        "source": f"{label.title}." if label else "",
    }


def source_line(label: LabelVersion | None) -> str:
    """Return how the label is named under its words."""
    if label is None:
        return ""
    return f"{label.title}, version {label.version}, effective {label.effective_date.isoformat()}"


def safety_facts(label: LabelVersion | None, questions: Iterable[Question], lane: Lane) -> list[dict[str, str]]:
    """Return the safety information: boxed warning or “None”, the standing sections, those that touch the question."""
    if label is None:
        return []
    if lane not in (Lane.HCP, Lane.PAYER, Lane.PATIENT):
        return []
    facts = [{"term": "Boxed warning", "text": section(label, loinc.BOXED_WARNING) or "None."}]
    topics = {Topic(topic) for question in questions for topic in question.topics}
    touching = tuple(_ON_TOPIC[topic] for topic in Topic if topic in topics and topic in _ON_TOPIC)
    wanted = (*_ALWAYS[:2], *touching, _ALWAYS[2])
    facts += [{"term": term, "text": words} for code, term in wanted if (words := section(label, code))]
    return facts


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]
