"""The closed lists of the field, one module per subject; import the terms from here."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.classification import Complexity, LabelStatus, Lane, OffLabelSubtype, Topic
from inquiry_service.domain.vocabulary.content import BlockKind, ContentState, LabelState, ResponseType, Severity
from inquiry_service.domain.vocabulary.evidence import EvidenceVerdict, RejectReason, Stance, StudyDesign
from inquiry_service.domain.vocabulary.intake import (
    Channel,
    Forum,
    Purpose,
    RequesterType,
    SolicitationSituation,
    Urgency,
    Verification,
)
from inquiry_service.domain.vocabulary.literature import (
    ExtractionState,
    ImportChoice,
    ImportFinding,
    ImportOutcome,
    ImportState,
    LinkKind,
    PairState,
    PeerReview,
    Population,
    RecordKind,
    RecordStatus,
    RightKind,
    RightScope,
)
from inquiry_service.domain.vocabulary.process import Action, ReasonCode, State, StatusWord
from inquiry_service.domain.vocabulary.release import (
    DeliveryMethod,
    DeliveryState,
    JobState,
    ReturnReason,
    SignatureMeaning,
)
from inquiry_service.domain.vocabulary.roles import Role
from inquiry_service.domain.vocabulary.safety import BranchState, ScreenAnswer, Seriousness, SpecialSituation
from inquiry_service.domain.vocabulary.term import Term

__all__ = [
    "Action",
    "BlockKind",
    "BranchState",
    "Channel",
    "Complexity",
    "ContentState",
    "DeliveryMethod",
    "DeliveryState",
    "EvidenceVerdict",
    "ExtractionState",
    "Forum",
    "ImportChoice",
    "ImportFinding",
    "ImportOutcome",
    "ImportState",
    "JobState",
    "LabelState",
    "LabelStatus",
    "Lane",
    "LinkKind",
    "OffLabelSubtype",
    "PairState",
    "PeerReview",
    "Population",
    "Purpose",
    "ReasonCode",
    "RecordKind",
    "RecordStatus",
    "RejectReason",
    "RequesterType",
    "ResponseType",
    "ReturnReason",
    "RightKind",
    "RightScope",
    "Role",
    "ScreenAnswer",
    "Seriousness",
    "Severity",
    "SignatureMeaning",
    "SolicitationSituation",
    "SpecialSituation",
    "Stance",
    "State",
    "StatusWord",
    "StudyDesign",
    "Term",
    "Topic",
    "Urgency",
    "Verification",
]
