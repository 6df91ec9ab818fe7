"""What is decided on the evidence of an inquiry."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class Stance(Term):
    """What a kept record says on the question; shown as shape and word, never good against bad."""

    SUPPORTS = "supports", "Supports"
    MIXED = "mixed", "Mixed"
    AGAINST = "against", "Against"
    NEUTRAL = "neutral", "Neutral"


class EvidenceVerdict(Term):
    """Whether a hit is used for the answer."""

    KEPT = "kept", "Kept"
    REJECTED = "rejected", "Rejected"


class RejectReason(Term):
    """Why a hit is not used; counted in the letter's search record (R52)."""

    OTHER_PRODUCT = "other_product", "Other product"
    OTHER_POPULATION = "other_population", "Other population"
    OTHER_QUESTION = "other_question", "Does not bear on the question"
    NO_OUTCOME = "no_outcome", "No outcome data"
    NO_ABSTRACT = "no_abstract", "No abstract"
    DUPLICATE = "duplicate", "Duplicate report"
    RETRACTED = "retracted", "Retracted"
    WEAK = "weak", "Better evidence available"


class StudyDesign(Term):
    """Design of a study, best evidence first."""

    META_ANALYSIS = "meta_analysis", "Meta-analysis or systematic review"
    RCT = "rct", "Randomised controlled trial"
    CONTROLLED = "controlled", "Controlled, not randomised"
    OPEN_LABEL = "open_label", "Open-label or uncontrolled"
    OBSERVATIONAL = "observational", "Observational"
    CASE_REPORT = "case_report", "Case report or series"
    REVIEW = "review", "Narrative review"
    LABEL = "label", "Label"
    OTHER = "other", "Other"
