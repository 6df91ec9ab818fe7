"""A dossier that satisfies every rule, and ways to spoil it one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from inquiry_service.domain.dossier import (
    AskedQuestion,
    CitedRecord,
    Dossier,
    KeptRecord,
    LabelFacts,
    RecordedSearch,
    TemplateFacts,
)
from inquiry_service.domain.draft import Block, parse_source
from inquiry_service.domain.vocabulary import (
    BlockKind,
    ContentState,
    LabelState,
    LabelStatus,
    Lane,
    RecordStatus,
    ResponseType,
    Stance,
    StudyDesign,
    Topic,
)

TODAY = date(2026, 11, 22)
INDICATIONS = (
    "Example tablets are indicated for migraine attacks in adults.\n\n"
    "Limitations of use: They are not for prevention."
)
SOURCE = """\
## Summary {q=1}

- In one open-label study of 20 women, headache was absent in 52.4% of cycles [@newman1998].
- The study had no control group, and a trial of another dose failed [@smith2001].

## Background {q=1}

The label does not describe this use.

## Data {q=1}

In 126 treated cycles severity was reduced by half or more in 42% [@newman1998].

## Conflicting, negative or missing evidence {q=1}

A randomized trial did not separate from placebo on its primary endpoint [@smith2001].
"""
LOCKED_TEXTS = {
    BlockKind.OPENING: "Thank you for your question. It answers what you asked, and nothing else:",
    BlockKind.STATUS: "Example tablets are not approved for prevention. Safety and effectiveness have not been "
                      "established.\n\nExample tablets are indicated for migraine attacks in adults.\n\n"
                      "They are not for prevention.",
    BlockKind.SAFETY_INFORMATION: "**Boxed warning.** None.\n\n**Contraindications.** Coronary artery disease.",
    BlockKind.SEARCH_METHODS: "**Source.** Library of the department. **Queries as run.** “prevention” (12 records)",
    BlockKind.CLOSING: "This is not a recommendation. The decision rests with the treating clinician. "
                       "Please report adverse events and complaints to us.",
}
NEWMAN = CitedRecord("newman1998", "r1", "A pilot study of prevention", RecordStatus.CURRENT, year=1998, kept=True,
                     stance=Stance.SUPPORTS, design=StudyDesign.OPEN_LABEL)
SMITH = CitedRecord("smith2001", "r2", "A randomized trial of prevention", RecordStatus.CURRENT, year=2001, kept=True,
                    stance=Stance.AGAINST, design=StudyDesign.RCT)
LABEL = LabelFacts("l1", "2026-03", date(2026, 3, 2), LabelState.CURRENT, frozenset({"34067-9"}), INDICATIONS)
TEMPLATE = TemplateFacts("example-prevention", 1, ContentState.EFFECTIVE, date(2027, 11, 2), date(2028, 11, 1),
                         Lane.HCP, "US", "2026-03")
QUESTION = AskedQuestion(1, "Can it prevent migraine?", "Prevention of migraine", LabelStatus.OFF_LABEL,
                         topics=frozenset({Topic.EFFICACY}), lane=Lane.HCP)


def locked_blocks(**texts: str) -> tuple[Block, ...]:
    """The locked parts; ``closing="..."`` replaces one, an empty text leaves it out."""
    found = {kind: texts.get(kind.value, text) for kind, text in LOCKED_TEXTS.items()}
    return tuple(Block(kind, kind.label, text, locked=True, questions=(1,)) for kind, text in found.items() if text)


def good(source: str = SOURCE, **changes: Any) -> Dossier:
    """An off-label answer to a professional that no rule objects to."""
    dossier = Dossier(
        lane=Lane.HCP, market="US", today=TODAY, questions=(QUESTION,),
        blocks=(*locked_blocks(), *parse_source(source)), locked_texts=LOCKED_TEXTS,
        response_type=ResponseType.STANDARD_EDITED, label=LABEL, template=TEMPLATE,
        citations={"newman1998": NEWMAN, "smith2001": SMITH},
        kept=(KeptRecord("r1", "newman1998", NEWMAN.title, Stance.SUPPORTS),
              KeptRecord("r2", "smith2001", SMITH.title, Stance.AGAINST)),
        searches=(RecordedSearch("prevention", date(2026, 11, 18), 12),),
        screened=True, requester_verified=True, requester_is_professional=True,
    )
    return replace(dossier, **changes)


def with_locked(**texts: str) -> Dossier:
    """The good dossier with a locked part replaced or left out, consistently in text and expectation."""
    expected = {kind: texts.get(kind.value, text) for kind, text in LOCKED_TEXTS.items()}
    return good(blocks=(*locked_blocks(**texts), *parse_source(SOURCE)),
                locked_texts={kind: text for kind, text in expected.items() if text})


def adding(sentence: str, *, under: str = "## Data {q=1}") -> Dossier:
    """The good dossier with one more sentence in a section."""
    return good(SOURCE.replace(under, f"{under}\n\n{sentence}"))


PATIENT_SOURCE = """\
## Summary {q=1}

- The tablets are for treating a migraine attack. They are not meant to prevent migraine.
"""


def patient(source: str = PATIENT_SOURCE, **changes: Any) -> Dossier:
    """An on-label answer to a patient that no rule objects to."""
    question = replace(QUESTION, label_status=LabelStatus.ON_LABEL, lane=Lane.PATIENT)
    texts = {kind: text for kind, text in LOCKED_TEXTS.items()
             if kind not in (BlockKind.STATUS, BlockKind.SEARCH_METHODS)}
    blocks = tuple(block for block in locked_blocks() if block.kind in texts)
    dossier = good(
        lane=Lane.PATIENT, questions=(question,), blocks=(*blocks, *parse_source(source)), locked_texts=texts,
        template=replace(TEMPLATE, lane=Lane.PATIENT), citations={}, kept=(), searches=(),
        requester_is_professional=False, requester_verified=False,
    )
    return replace(dossier, **changes)


PUBLIC_SOURCE = "## Summary {q=1}\n\nPlease contact our Medical Information department.\n"


def public(source: str = PUBLIC_SOURCE) -> Dossier:
    """A contact-us reply in a public place that no rule objects to."""
    return good(lane=Lane.PUBLIC_CONTACT, questions=(replace(QUESTION, lane=Lane.PUBLIC_CONTACT),),
                blocks=parse_source(source), locked_texts={}, citations={}, kept=(), searches=(),
                template=replace(TEMPLATE, lane=Lane.PUBLIC_CONTACT))
