"""Everything that the rules need to know about a draft, as plain values, gathered once by the services.

The defaults describe a draft of which nothing is known: a fact that was forgotten blocks the letter
instead of letting it pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from inquiry_service.domain.draft import Block
from inquiry_service.domain.vocabulary import (
    BlockKind,
    ContentState,
    LabelState,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    RecordStatus,
    RejectReason,
    ResponseType,
    Stance,
    StudyDesign,
    Topic,
)

LANES_WITH_LABEL = frozenset({Lane.HCP, Lane.PATIENT, Lane.PAYER})
"""Letters that rest on the label and carry it as an enclosure."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it bears on the letter; ``label_status`` None means not classified yet (R16)."""

    number: int
    verbatim: str
    restated: str = ""
    label_status: LabelStatus | None = None
    subtype: OffLabelSubtype | None = None
    topics: frozenset[Topic] = frozenset()
    lane: Lane | None = None

    @property
    def beyond_label(self) -> bool:
        """True for off-label and investigational questions, and while nobody has decided (R16)."""
        return self.label_status in (None, LabelStatus.OFF_LABEL, LabelStatus.INVESTIGATIONAL)


@dataclass(frozen=True)
class LabelFacts:
    """The label version that the letter rests on.

    Attributes:
        sections: LOINC codes of the sections it has.
        indications: text of 34067-9, as it must stand in the status box.
        boxed_warning: text of 34066-1; empty when the label has none.
    """

    id: str
    version: str
    effective: date
    state: LabelState
    sections: frozenset[str] = frozenset()
    indications: str = ""
    boxed_warning: str = ""


@dataclass(frozen=True)
class TemplateFacts:
    """The reviewed content that the draft was made from."""

    key: str
    version: int
    state: ContentState
    review_due: date
    expires: date
    lane: Lane
    market: str
    label_version: str = ""


@dataclass(frozen=True)
class CitedRecord:
    """A literature record that a citation key of the draft leads to.

    Attributes:
        key: as written in the draft; ``record_id`` tells two spellings of one record.
        is_notice: true for a retraction or correction notice itself.
        kept: whether the record was kept as evidence for this inquiry; with its stance and design.
    """

    key: str
    record_id: str
    title: str
    status: RecordStatus
    is_notice: bool = False
    year: int | None = None
    kept: bool = False
    stance: Stance | None = None
    design: StudyDesign | None = None


@dataclass(frozen=True)
class KeptRecord:
    """A record that was kept as evidence, with what it says on the question."""

    record_id: str
    key: str
    title: str
    stance: Stance | None = None


@dataclass(frozen=True)
class RejectedRecord:
    """A record that was looked at and not used, and why."""

    record_id: str
    key: str
    title: str
    reason: RejectReason


@dataclass(frozen=True)
class RecordedSearch:
    """A search that was run for the inquiry and is kept with its result (R52)."""

    query: str
    run_on: date
    hits: int


@dataclass(frozen=True)
class Dossier:
    """One draft with everything around it.

    Attributes:
        today: the day on which the rules are asked; expiry is judged against it.
        blocks: all parts of the letter's text, locked ones included.
        locked_texts: for each locked part, the text that label and reviewed content give today; a part that
            differs was altered (R68).
        citations: citation key, as written, to its record; keys that lead nowhere are left out.
        none_found_on: day of the signed statement that no contrary evidence was found, if there is one (R52).
        screened: an adverse event, special situation and complaint decision stands on every contact (R34).
        missing_fields: labels of required merge fields without a value.
        unprintable: characters of the letter that its fonts do not have; quoted questions are not looked at.
    """

    lane: Lane
    market: str
    today: date
    questions: tuple[AskedQuestion, ...] = ()
    blocks: tuple[Block, ...] = ()
    locked_texts: Mapping[BlockKind, str] = field(default_factory=dict)
    response_type: ResponseType = ResponseType.CUSTOM
    label: LabelFacts | None = None
    template: TemplateFacts | None = None
    citations: Mapping[str, CitedRecord] = field(default_factory=dict)
    kept: tuple[KeptRecord, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    searches: tuple[RecordedSearch, ...] = ()
    none_found_on: date | None = None
    screened: bool = False
    missing_fields: tuple[str, ...] = ()
    unprintable: tuple[str, ...] = ()
    requester_verified: bool = False
    requester_is_professional: bool = False

    @property
    def beyond_label(self) -> bool:
        """True when any question leaves the label, or nobody has decided whether it does."""
        return any(question.beyond_label for question in self.questions)

    @property
    def off_label(self) -> bool:
        """True when a question asks for a use of an approved product that its label does not describe."""
        return any(question.label_status in (None, LabelStatus.OFF_LABEL) for question in self.questions)

    @property
    def investigational(self) -> bool:
        """True when a question is about something that was never approved."""
        return any(question.label_status is LabelStatus.INVESTIGATIONAL for question in self.questions)

    @property
    def for_professionals(self) -> bool:
        """True for the lanes that report evidence."""
        return self.lane in (Lane.HCP, Lane.PAYER)

    @property
    def editable(self) -> tuple[Block, ...]:
        """The blocks that a person wrote."""
        return tuple(block for block in self.blocks if not block.locked)

    def text_of(self, kind: BlockKind) -> str:
        """Return the text of all blocks of one kind, joined."""
        return "\n\n".join(block.text for block in self.blocks if block.kind is kind).strip()

    def has_locked(self, kind: BlockKind) -> bool:
        """True when a locked, non-empty block of this kind is in the letter."""
        return any(block.kind is kind and block.locked and block.text.strip() for block in self.blocks)
